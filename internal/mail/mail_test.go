package mail_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"unicode"

	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"tsukuriba/internal/mail"
	"tsukuriba/internal/mail/catcher"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// caught starts a mail server and returns it with a sender to it.
func caught(t *testing.T) (*catcher.Catcher, *mail.Sender) {
	t.Helper()
	server, err := catcher.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	sender, err := mail.NewSender("smtp://"+listener.Addr().String(), "つくり場 <shop@tsukuriba.example>", "")
	if err != nil {
		t.Fatal(err)
	}
	return server, sender
}

func TestSend(t *testing.T) {
	t.Parallel()
	server, sender := caught(t)
	letter := mail.Message{
		Key: "ord_1:approved:1", To: "髙﨑 <taka@example.jp>", Subject: "𠮷野家さま、ご注文の確認ができました（長い件名でも折り返して届きます）",
		Text: "はると さま\n.\n.点で始まる行\nhttp://localhost:8080/o/abc\n", HTML: "<p>はると さま</p>",
	}
	for range 2 {
		if err := sender.Send(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
	}
	mails := server.Mails()
	if len(mails) != 2 {
		t.Fatalf("%d mails, want 2", len(mails))
	}
	got := mails[0]
	if got.Subject != letter.Subject || strings.TrimRight(got.Text, "\n") != strings.TrimRight(letter.Text, "\n") || strings.TrimSpace(got.HTML) != letter.HTML {
		t.Errorf("got %+v", got)
	}
	if len(got.To) != 1 || got.To[0] != "taka@example.jp" || got.From != "shop@tsukuriba.example" {
		t.Errorf("envelope = %s → %v", got.From, got.To)
	}
	if got.MessageID != mails[1].MessageID || !strings.HasSuffix(got.MessageID, "@tsukuriba.example") {
		t.Errorf("message ids = %q and %q, want the same one", got.MessageID, mails[1].MessageID)
	}
}

// open is a mail server that keeps what it is given byte for byte.
type open struct {
	smtp.Session
	got chan<- string
}

func (open) Mail(string, *smtp.MailOptions) error { return nil }
func (open) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (open) Logout() error                        { return nil }
func (open) Reset()                               {}
func (o open) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	o.got <- string(letter)
	return err
}

func TestSend_headers(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return open{got: got}, nil }))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() { _ = errors.Join(server.Close(), <-ended) }()
	sender, err := mail.NewSender("smtp://"+listener.Addr().String(), "つくり場 <shop@tsukuriba.example>", "つくり場の職員 <help@tsukuriba.example>")
	if err != nil {
		t.Fatal(err)
	}
	const name = "髙﨑 羽 𠮷田 \uFA19\uFA1B"
	subject := strings.Repeat("𠮷\uFA19\uFA1B\uF9DC様のご注文について、", 12)
	letter := mail.Message{
		Key: "ord_1:approved:1", To: (&netmail.Address{Name: name, Address: "taka@example.jp"}).String(), Subject: subject,
		Text: name, HTML: "<p>" + name + "</p>", Lang: "ja",
	}
	if err := sender.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	raw := <-got
	head, _, _ := strings.Cut(raw, "\r\n\r\n")
	for line := range strings.SplitSeq(head, "\r\n") {
		if len(line) > 78 || strings.ContainsFunc(line, func(r rune) bool { return r > unicode.MaxASCII }) {
			t.Errorf("a header line of %d bytes: %s", len(line), line)
		}
	}
	read, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if to, err := read.Header.AddressList("To"); err != nil || to[0].Name != name {
		t.Errorf("to %v, %v", to, err)
	}
	if decoded, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject")); err != nil || decoded != subject {
		t.Errorf("subject %q, %v", decoded, err)
	}
	if answers, err := read.Header.AddressList("Reply-To"); err != nil || answers[0].Address != "help@tsukuriba.example" {
		t.Errorf("answers go to %v, %v", answers, err)
	}
	for header, want := range map[string]string{"Auto-Submitted": "auto-generated", "Content-Language": "ja", "X-Auto-Response-Suppress": "OOF, AutoReply"} {
		if got := read.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if list := read.Header.Get("List-Unsubscribe"); list != "" {
		t.Errorf("a letter about an order is a mailing list: %s", list)
	}
}

func TestSend_refuses(t *testing.T) {
	t.Parallel()
	server, sender := caught(t)
	cases := map[string]struct {
		letter mail.Message
		want   error
	}{
		"a_header_in_the_subject":   {mail.Message{To: "a@example.jp", Subject: "hello\r\nBcc: all@example.jp"}, mail.ErrHeader},
		"a_header_in_the_recipient": {mail.Message{To: "a@example.jp\nBcc: all@example.jp"}, mail.ErrHeader},
		"two_recipients":            {mail.Message{To: "a@example.jp, b@example.jp"}, mail.ErrAddress},
		"no_recipient":              {mail.Message{}, mail.ErrAddress},
	}
	for name, c := range cases {
		if err := sender.Send(t.Context(), c.letter); !errors.Is(err, c.want) {
			t.Errorf("%s: error = %v, want %v", name, err, c.want)
		}
	}
	if mails := server.Mails(); len(mails) != 0 {
		t.Errorf("mails = %+v, want none", mails)
	}
}

// closed is a mail server that knows no mailbox.
type closed struct{ smtp.Session }

func (closed) Mail(string, *smtp.MailOptions) error { return nil }
func (closed) Logout() error                        { return nil }
func (closed) Reset()                               {}
func (closed) Rcpt(to string, _ *smtp.RcptOptions) error {
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no mailbox " + to}
}

func TestSend_of_what_the_server_refuses(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return closed{}, nil }))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() { _ = errors.Join(server.Close(), <-ended) }()
	sender, err := mail.NewSender("smtp://"+listener.Addr().String(), "shop@tsukuriba.example", "")
	if err != nil {
		t.Fatal(err)
	}
	err = sender.Send(t.Context(), mail.Message{Key: "k", To: "secret@example.jp"})
	if !errors.Is(err, mail.ErrRefused) || strings.Contains(err.Error(), "secret") {
		t.Errorf("error = %v, want %v without the address", err, mail.ErrRefused)
	}
}

func TestSend_to_a_server_that_is_gone(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sender, err := mail.NewSender("smtp://"+listener.Addr().String(), "shop@tsukuriba.example", "")
	if err := errors.Join(err, listener.Close()); err != nil {
		t.Fatal(err)
	}
	err = sender.Send(t.Context(), mail.Message{To: "a@example.jp"})
	if err == nil || errors.Is(err, mail.ErrRefused) {
		t.Errorf("error = %v, want one that another attempt may cure", err)
	}
}

func TestNewSender_refuses(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"", "mail.example.jp:25", "http://mail.example.jp", "smtp://"} {
		if _, err := mail.NewSender(server, "shop@tsukuriba.example", ""); err == nil {
			t.Errorf("took the server %q", server)
		}
	}
	if _, err := mail.NewSender("smtp://localhost:25", "shop", ""); !errors.Is(err, mail.ErrAddress) {
		t.Errorf("error = %v, want %v", err, mail.ErrAddress)
	}
	if _, err := mail.NewSender("smtp://localhost:25", "shop@tsukuriba.example", "nobody"); !errors.Is(err, mail.ErrAddress) {
		t.Errorf("error = %v, want %v", err, mail.ErrAddress)
	}
}
