package mail

import (
	"context"
	"fmt"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// How long, how many and for how many letters lines are kept: servers hang up on those who overdo it.
const (
	idleTime   = 5 * time.Second
	maxIdle    = 4
	maxLetters = 50
)

// line is a connection to the mail server.
type line struct {
	*smtp.Client
	letters int // sent on it
}

// lines keeps connections open between letters that follow each other closely: to open one, with
// TLS and a password, takes longer than a letter.
type lines struct {
	client *gomail.Client

	mu   sync.Mutex
	idle []*line
	end  *time.Timer // hangs up on all that are idle
}

func newLines(client *gomail.Client) *lines {
	l := &lines{client: client}
	l.end = time.AfterFunc(idleTime, l.hangUp)
	return l
}

// take returns a line that answers.
func (l *lines) take(ctx context.Context) (*line, error) {
	for kept := l.pop(); kept != nil; kept = l.pop() {
		if kept.UpdateDeadline(timeout) == nil && kept.Noop() == nil {
			return kept, nil
		}
		l.close(kept)
	}
	client, err := l.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("dial mail server: %w", err)
	}
	return &line{Client: client}, nil
}

func (l *lines) pop() *line {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := len(l.idle) - 1
	if last < 0 {
		return nil
	}
	kept := l.idle[last]
	l.idle = l.idle[:last]
	return kept
}

// give takes back a line on which a letter was sent.
func (l *lines) give(used *line) {
	used.letters++
	l.mu.Lock()
	keep := len(l.idle) < maxIdle && used.letters < maxLetters
	if keep {
		l.idle = append(l.idle, used)
		l.end.Reset(idleTime)
	}
	l.mu.Unlock()
	if !keep {
		l.close(used)
	}
}

func (l *lines) hangUp() {
	for kept := l.pop(); kept != nil; kept = l.pop() {
		l.close(kept)
	}
}

// close hangs up. A server that does not say good-bye has hung up already.
func (l *lines) close(used *line) { _ = l.client.CloseWithSMTPClient(used.Client) }
