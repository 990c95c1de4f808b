// Package mail sends plain letters over SMTP. It retries nothing and remembers nothing: the job
// that calls it does. A key makes the same letter recognizable where it arrives twice.
//
// It refuses line breaks and other control characters in what becomes a header, more than one
// recipient, and to show a password to a server beyond this machine without TLS.
package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

var (
	// ErrAddress is returned for what is not exactly one mail address.
	ErrAddress = errors.New("this is not a mail address")
	// ErrHeader is returned for control characters where only text may stand.
	ErrHeader = errors.New("a mail header may not hold control characters")
	// ErrRefused is returned when the server said no for good; trying again is of no use.
	ErrRefused = errors.New("the mail server refused the message")
)

// Message is one letter to one person. HTML is optional and says the same as Text.
type Message struct {
	Key     string // names this letter for good, as long as it is about the same
	To      string // `a@example.jp` or `山田 <a@example.jp>`
	Subject string
	Text    string
	HTML    string
	Lang    string // BCP 47, such as "ja"; may be empty
}

// Sender sends from one address through one server. It may be used by many at once.
type Sender struct {
	from    *mail.Address
	replyTo *mail.Address // nil: answers go to from
	lines   *lines
}

const timeout = 20 * time.Second

// NewSender reads the server's address, smtp://user:password@host:587 or smtps://…:465, the
// address in From, and the one that answers go to, "" for the same. TLS is used where the server
// offers it, insisted on where there is a password, and left out on this machine.
func NewSender(server, from, replyTo string) (*Sender, error) {
	address, err := url.Parse(server)
	if err != nil || address.Hostname() == "" || (address.Scheme != "smtp" && address.Scheme != "smtps") {
		return nil, fmt.Errorf("read mail server: %q is not like smtp://host:25", server)
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("%w: %q", ErrAddress, from)
	}
	var answers *mail.Address
	if replyTo != "" {
		if answers, err = mail.ParseAddress(replyTo); err != nil {
			return nil, fmt.Errorf("%w: %q", ErrAddress, replyTo)
		}
	}
	options, err := clientOptions(address)
	if err != nil {
		return nil, err
	}
	client, err := gomail.NewClient(address.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("set up mail client: %w", err)
	}
	return &Sender{from: sender, replyTo: answers, lines: newLines(client)}, nil
}

func clientOptions(server *url.URL) ([]gomail.Option, error) {
	password, hasPassword := server.User.Password()
	options := []gomail.Option{gomail.WithTimeout(timeout), gomail.WithoutNoop()}
	switch {
	case server.Scheme == "smtps":
		options = append(options, gomail.WithSSLPort(false))
	case isLoopback(server.Hostname()):
		options = append(options, gomail.WithTLSPortPolicy(gomail.NoTLS))
	case hasPassword:
		options = append(options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPortPolicy(gomail.TLSOpportunistic))
	}
	if hasPassword {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(server.User.Username()), gomail.WithPassword(password))
	}
	if server.Port() == "" {
		return options, nil
	}
	port, err := strconv.Atoi(server.Port())
	if err != nil {
		return nil, fmt.Errorf("read mail server port: %w", err)
	}
	return append(options, gomail.WithPort(port)), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands m to the server. The error wraps ErrAddress, ErrHeader or ErrRefused when another
// attempt would end the same way.
func (s *Sender) Send(ctx context.Context, m Message) error {
	letter, err := s.compose(m)
	if err != nil {
		return fmt.Errorf("write mail %s: %w", m.Key, err)
	}
	line, err := s.lines.take(ctx)
	if err != nil {
		return fmt.Errorf("send mail %s: %w", m.Key, refusal(err))
	}
	if err := s.lines.client.SendWithSMTPClient(line.Client, letter); err != nil {
		s.lines.close(line)
		if letter.IsDelivered() { // it was the good-bye that failed
			return nil
		}
		return fmt.Errorf("send mail %s: %w", m.Key, refusal(err))
	}
	s.lines.give(line)
	return nil
}

// refusal keeps the codes of a server's answer and drops its words, which tend to repeat the
// recipient and would carry the address into logs.
func refusal(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return err
	}
	if failed.ErrorCode() == 0 {
		return errors.New("the connection to the mail server broke off")
	}
	answer := fmt.Errorf("the mail server answered %d %s", failed.ErrorCode(), failed.EnhancedStatusCode())
	if !failed.IsTemp() && failed.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", ErrRefused, answer)
	}
	return answer
}

func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	if strings.ContainsFunc(m.To+m.Subject+m.Lang, unicode.IsControl) {
		return nil, ErrHeader
	}
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return nil, ErrAddress // without the address, which does not belong into a log
	}
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	letter.FromMailAddress(s.from)
	letter.SetAddrHeaderFromMailAddress(gomail.HeaderTo, to)
	letter.Subject(m.Subject)
	letter.SetDate()
	letter.SetMessageIDWithValue(s.messageID(m.Key))
	s.setHeaders(letter, m)
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		letter.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return letter, nil
}

// setHeaders marks a letter about somebody's own affairs: absence notices stay away (RFC 3834, and
// what Exchange asks for), answers find a person. There is no List- header, as nobody is on a list
// that could be left.
func (s *Sender) setHeaders(letter *gomail.Msg, m Message) {
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetGenHeader("X-Auto-Response-Suppress", "OOF, AutoReply")
	if s.replyTo != nil {
		letter.ReplyToMailAddress(s.replyTo)
	}
	if m.Lang != "" {
		letter.SetGenHeader("Content-Language", m.Lang)
	}
}

// messageID is the same for the same key, so that a letter sent twice is shown once by many
// mail programs.
func (s *Sender) messageID(key string) string {
	sum := sha256.Sum256([]byte(key))
	_, domain, _ := strings.Cut(s.from.Address, "@")
	return hex.EncodeToString(sum[:16]) + "@" + domain
}
