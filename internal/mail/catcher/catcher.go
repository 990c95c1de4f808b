// Package catcher is the mail server of a development instance: it takes every letter, delivers
// none, and shows them on a page and as JSON. It keeps the newest ones in a folder and refuses
// letters of more than a megabyte. It asks nobody who they are: listen on loopback only.
package catcher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
)

const (
	keptMails    = 200
	maxBytes     = 1 << 20
	maxReceivers = 10
	ioTimeout    = 10 * time.Second
)

// Mail is a caught letter.
type Mail struct {
	ID         string    `json:"id"` // grows with time
	MessageID  string    `json:"message_id"`
	ReceivedAt time.Time `json:"received_at"`
	From       string    `json:"from"`
	To         []string  `json:"to"` // as said to the server, so Bcc too
	Subject    string    `json:"subject"`
	Text       string    `json:"text"`
	HTML       string    `json:"html,omitempty"`
}

// Catcher holds the newest 200 mails, newest first. It may be used by many at once.
type Catcher struct {
	dir   string
	mu    sync.Mutex
	mails []Mail
}

// New makes a catcher that keeps its mails in dir, and reads those that lie there.
func New(dir string) (*Catcher, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make mail folder: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list mails: %w", err)
	}
	c := &Catcher{dir: dir}
	for _, file := range files { // sorted by name, so by time
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read mail: %w", err)
		}
		var m Mail
		if json.Unmarshal(content, &m) == nil { // a file cut short by a crash is passed over
			c.mails = slices.Insert(c.mails, 0, m)
		}
	}
	return c, nil
}

// Mails are the mails caught so far, newest first: an empty list in JSON while there are none.
func (c *Catcher) Mails() []Mail {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Mail{}, c.mails...)
}

// Serve takes mails from the listener until ctx is done, which is not an error.
func (c *Catcher) Serve(ctx context.Context, listener net.Listener) error {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{catcher: c}, nil
	}))
	server.Domain = "localhost"
	server.MaxMessageBytes, server.MaxRecipients = maxBytes, maxReceivers
	server.ReadTimeout, server.WriteTimeout = ioTimeout, ioTimeout
	server.EnableSMTPUTF8 = true
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); err != nil && ctx.Err() == nil && !errors.Is(err, smtp.ErrServerClosed) {
		return fmt.Errorf("catch mail: %w", err)
	}
	return nil
}

// session is one letter being handed over.
type session struct {
	catcher *Catcher
	from    string
	to      []string
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	m, err := parse(r)
	if err != nil {
		return fmt.Errorf("read mail: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("name mail: %w", err)
	}
	m.ID, m.ReceivedAt, m.From, m.To = id.String(), time.Now(), s.from, s.to
	return s.catcher.keep(m)
}

// keep adds m as the newest and lets go of the oldest.
func (c *Catcher) keep(m Mail) error {
	content, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := os.WriteFile(c.file(m), content, 0o600); err != nil {
		return errors.Join(fmt.Errorf("keep mail: %w", err), os.Remove(c.file(m)))
	}
	c.mails = slices.Insert(c.mails, 0, m)
	for len(c.mails) > keptMails {
		oldest := c.mails[len(c.mails)-1]
		c.mails = c.mails[:len(c.mails)-1]
		if err := os.Remove(c.file(oldest)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("drop oldest mail: %w", err)
		}
	}
	return nil
}

func (c *Catcher) file(m Mail) string { return filepath.Join(c.dir, m.ID+".json") }

func (c *Catcher) find(id string) (Mail, bool) {
	mails := c.Mails()
	i := slices.IndexFunc(mails, func(m Mail) bool { return strings.EqualFold(m.ID, id) })
	if i < 0 {
		return Mail{}, false
	}
	return mails[i], true
}
