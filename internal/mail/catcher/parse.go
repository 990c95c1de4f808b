package catcher

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// maxDepth bounds parts within parts.
const maxDepth = 5

// parse reads a letter in UTF-8: its subject, its message id and its text and HTML parts.
func parse(r io.Reader) (Mail, error) {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return Mail{}, err
	}
	m := Mail{MessageID: strings.Trim(letter.Header.Get("Message-Id"), "<> ")}
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject")); err != nil {
		m.Subject = letter.Header.Get("Subject")
	}
	return m, m.readPart(textproto.MIMEHeader(letter.Header), letter.Body, maxDepth)
}

// readPart adds what is in a part, or in the parts within it, to m. Attachments are passed over.
func (m *Mail) readPart(header textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain" // RFC 2045, 5.2
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.readParts(multipart.NewReader(body, parameters["boundary"]), depth)
	}
	content, err := io.ReadAll(decoded(body, header.Get("Content-Transfer-Encoding")))
	if err != nil {
		return fmt.Errorf("decode part: %w", err)
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(string(content), "\uFFFD"), "\r\n", "\n")
	switch kind {
	case "text/plain":
		m.Text += text
	case "text/html":
		m.HTML += text
	}
	return nil
}

func (m *Mail) readParts(parts *multipart.Reader, depth int) error {
	if depth == 0 {
		return fmt.Errorf("more than %d parts within each other", maxDepth)
	}
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find next part: %w", err)
		}
		if err := m.readPart(part.Header, part, depth-1); err != nil {
			return err
		}
	}
}

func decoded(body io.Reader, encoding string) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}
