package orders

import (
	"bytes"
	"embed"
	"errors"
	html "html/template"
	"slices"
	"strings"
	"text/template"

	"tsukuriba/internal/mail"
)

//go:embed mails
var mailFiles embed.FS

var (
	mailTexts  = parseMails()
	mailLayout = html.Must(html.ParseFS(mailFiles, "mails/layout.html"))
)

func parseMails() map[Language]*template.Template {
	texts := map[Language]*template.Template{}
	for _, language := range Languages {
		texts[language] = template.Must(template.ParseFS(mailFiles, "mails/"+string(language)+".tmpl")).Option("missingkey=error")
	}
	return texts
}

// letter writes subject, text and HTML of a mail. The HTML says what the text says.
func letter(language Language, kind LetterKind, data mailData) (mail.Message, error) {
	texts := written{of: mailTexts[language], data: data}
	subject, text, footer := texts.part(string(kind)+"_subject"), texts.part(string(kind)), texts.part("footer")
	page := mailPage{
		Lang: htmlLang(language), Subject: subject, Title: withoutNumber(subject, data.Number),
		Workshop: data.Workshop, Link: data.Link, OutlookOpen: outlookOpen, OutlookClose: outlookClose,
	}
	labels := map[string]string{data.Link: texts.part("link_label"), data.Page: texts.part("page_label")}
	for _, order := range data.Orders {
		labels[order.Link] = texts.part("link_label")
	}
	page.Blocks = blocks(strings.TrimSuffix(text, footer), labels)
	page.Footer = blocks(footer, nil)
	if !slices.ContainsFunc(page.Blocks, func(b block) bool { return b.URL != "" }) {
		page.Blocks = append(page.Blocks, block{URL: data.Link, Label: labels[data.Link]})
	}
	page.Preheader = page.Blocks[min(1, len(page.Blocks)-1)].Lines // after the name
	var document bytes.Buffer
	err := errors.Join(texts.failed, mailLayout.Execute(&document, page))
	return mail.Message{Subject: subject, Text: text + "\n", HTML: document.String(), Lang: htmlLang(language)}, err
}

// written executes the parts of a mail and keeps the first failure.
type written struct {
	of     *template.Template
	data   mailData
	failed error
}

func (w *written) part(name string) string {
	var text bytes.Buffer
	if err := w.of.ExecuteTemplate(&text, name, w.data); err != nil && w.failed == nil {
		w.failed = err
	}
	return collapse(text.String())
}

// collapse leaves one empty line where a condition left several.
func collapse(text string) string {
	var paragraphs []string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			paragraphs = append(paragraphs, part)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// mailPage is what the layout of an HTML mail is filled with. The comments for Outlook, which
// knows no greatest width, are ours; html/template would drop them from the layout.
type mailPage struct {
	Lang, Subject, Title, Workshop string
	Link                           string // the customer's page
	Preheader                      []string
	Blocks, Footer                 []block
	OutlookOpen, OutlookClose      html.HTML
}

const (
	outlookOpen  html.HTML = `<!--[if mso]><table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0"><tr><td><![endif]-->`
	outlookClose html.HTML = `<!--[if mso]></td></tr></table><![endif]-->`
)

// block is one paragraph of a mail: lines of text, facts set beside their names, or a button.
type block struct {
	Lines []string
	Facts []fact
	URL   string
	Label string
}

// fact is a line like "Total: ¥1,100"; without a name it takes the whole width.
type fact struct{ Name, Value string }

// blocks sets a text. An address that has a label and a line of its own becomes a button.
func blocks(text string, labels map[string]string) []block {
	var set []block
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		var lines []string
		for line := range strings.SplitSeq(strings.TrimSpace(paragraph), "\n") {
			if label := labels[line]; label != "" && line != "" {
				set = append(set, textBlocks(lines)...)
				set = append(set, block{URL: line, Label: label})
				lines = nil
				continue
			}
			lines = append(lines, line)
		}
		set = append(set, textBlocks(lines)...)
	}
	return set
}

func textBlocks(lines []string) []block {
	switch {
	case len(lines) == 0 || len(lines) == 1 && lines[0] == "":
		return nil
	case len(lines) == 1:
		return []block{{Lines: lines}}
	}
	facts := make([]fact, len(lines))
	for i, line := range lines {
		name, value, named := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "・") || strings.HasPrefix(line, "- "):
			facts[i] = fact{Value: strings.TrimPrefix(strings.TrimPrefix(line, "・"), "- ")}
		case named:
			facts[i] = fact{Name: name, Value: value}
		default:
			return []block{{Lines: lines}}
		}
	}
	return []block{{Facts: facts}}
}

// withoutNumber is a subject as a heading.
func withoutNumber(subject, number string) string {
	return strings.TrimSpace(strings.TrimSuffix(subject, "("+number+")"))
}

func htmlLang(language Language) string {
	if language == English {
		return "en"
	}
	return "ja"
}
