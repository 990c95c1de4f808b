package mail_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"tsukuriba/internal/mail"
)

// postOffice is a mail server that hangs up at one command: before it answers, or after.
type postOffice struct {
	before, after  string
	calls, letters atomic.Int64
}

func openPostOffice(t *testing.T, office *postOffice) *mail.Sender {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			caller, err := listener.Accept()
			if err != nil {
				return
			}
			office.calls.Add(1)
			office.answer(caller)
		}
	}()
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		<-ended
	})
	sender, err := mail.NewSender("smtp://"+listener.Addr().String(), "つくり場 <shop@tsukuriba.example>", "")
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// answer talks to one caller at a time, until either hangs up.
func (o *postOffice) answer(caller net.Conn) {
	defer caller.Close() //nolint:errcheck // the caller may have gone
	fmt.Fprint(caller, "220 office\r\n")
	for lines := bufio.NewScanner(caller); lines.Scan(); {
		command, _, _ := strings.Cut(lines.Text(), " ")
		if command == o.before {
			return
		}
		answer := "250 fine"
		switch command {
		case "DATA":
			fmt.Fprint(caller, "354 go on\r\n")
			for lines.Scan() && lines.Text() != "." { //nolint:revive // the letter itself is of no interest
			}
			o.letters.Add(1)
		case "QUIT":
			answer = "221 bye"
		}
		fmt.Fprint(caller, answer+"\r\n")
		if command == o.after || command == "QUIT" {
			return
		}
	}
}

func TestSend_to_a_server_that_hangs_up(t *testing.T) {
	t.Parallel()
	const letters = 3
	cases := map[string]struct {
		office *postOffice
		calls  int64
	}{
		"never":                                {&postOffice{}, 1},
		"when_a_letter_was_taken":              {&postOffice{after: "RSET"}, letters},
		"before_it_has_said_that_all_is_over":  {&postOffice{before: "RSET"}, letters},
		"when_it_is_asked_whether_it_is_there": {&postOffice{before: "NOOP"}, letters},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sender := openPostOffice(t, c.office)
			for i := range letters {
				letter := mail.Message{Key: fmt.Sprint("letter:", i), To: "taka@example.jp", Subject: "ご注文", Text: "はると さま"}
				if err := sender.Send(t.Context(), letter); err != nil {
					t.Fatal(err)
				}
			}
			if got := c.office.letters.Load(); got != letters {
				t.Errorf("%d letters came, want %d", got, letters)
			}
			if got := c.office.calls.Load(); got != c.calls {
				t.Errorf("%d calls, want %d", got, c.calls)
			}
		})
	}
}
