// Package prose reads the few marks in which staff write the shop's pages, and gives them back as a tree. A page is
// drawn from the tree, so nothing that was written can become HTML, and no address is followed that [SafeURL] does not
// know. Engine: it knows nothing of shops, laws or languages.
//
// A line is one of
//
//	## heading          ### smaller heading
//	- item of a list
//	| cell | cell |     row of a table; the first cell names the row, an empty one goes on with the row above
//	anything else       paragraph; each line stays a line, an empty line ends it
//
// and within it stand [words](address), ｜漢字《かんじ》 and {{field}}, which [Document.Fill] replaces.
package prose

import (
	"regexp"
	"strings"
)

// Document is a text as its blocks.
type Document []Block

// Kind says what a block is.
type Kind int

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading
	Subheading
	List
	Table
)

// Block is a heading or a paragraph (Spans), a list (Items) or a table (Rows of cells, each some spans).
type Block struct {
	Kind  Kind
	Spans []Span
	Items [][]Span
	Rows  [][][]Span
}

// Span is a piece of a line. One of these is set: Text, with the Reading of its characters if it has one; Field, a
// place to be filled; Break, where a line ends; or URL, a link around Inside.
type Span struct {
	Text    string
	Reading string
	Field   string
	Break   bool
	URL     string
	Inside  []Span
}

// Fault is something that cannot be meant so, in a line counted from 1.
type Fault struct {
	Line  int
	Code  FaultCode
	About string // the address, heading or row
}

// FaultCode says what is wrong.
type FaultCode string

// What can be wrong.
const (
	BadLink    FaultCode = "bad_link"    // an address that no page may lead to
	BadHeading FaultCode = "bad_heading" // neither ## nor ###
	BadRow     FaultCode = "bad_row"     // a row of less than two cells, or one that goes on with none
)

// Parse reads a text. What is faulty stays in the document as plain words.
func Parse(source string) (Document, []Fault) {
	p := &parser{}
	for i, line := range strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n") {
		p.line = i + 1
		p.read(strings.TrimSpace(line))
	}
	return p.document, p.faults
}

type parser struct {
	document Document
	faults   []Fault
	line     int
	ended    bool // the block before is over
}

func (p *parser) read(line string) {
	switch {
	case line == "":
		p.ended = true
	case strings.HasPrefix(line, "#"):
		p.heading(line)
	case strings.HasPrefix(line, "- "):
		block := p.open(List)
		block.Items = append(block.Items, p.spans(strings.TrimSpace(line[2:])))
	case strings.HasPrefix(line, "|"):
		p.row(line)
	default:
		block := p.open(Paragraph)
		if len(block.Spans) > 0 {
			block.Spans = append(block.Spans, Span{Break: true})
		}
		block.Spans = append(block.Spans, p.spans(line)...)
	}
}

// open is the block that a line belongs to: the one before, if it is of that kind and not over.
func (p *parser) open(kind Kind) *Block {
	if last := len(p.document) - 1; last >= 0 && !p.ended && p.document[last].Kind == kind {
		return &p.document[last]
	}
	p.ended = false
	p.document = append(p.document, Block{Kind: kind})
	return &p.document[len(p.document)-1]
}

func (p *parser) fault(code FaultCode, about string) {
	p.faults = append(p.faults, Fault{p.line, code, about})
}

func (p *parser) heading(line string) {
	marks, words, _ := strings.Cut(line, " ")
	kind, known := map[string]Kind{"##": Heading, "###": Subheading}[marks]
	if words = strings.TrimSpace(words); !known || words == "" {
		p.fault(BadHeading, line)
		kind, words = Paragraph, line
	}
	p.ended = true
	block := p.open(kind)
	block.Spans = p.spans(words)
	p.ended = true
}

func (p *parser) row(line string) {
	cells := strings.Split(strings.TrimSuffix(line[1:], "|"), "|")
	row := make([][]Span, len(cells))
	for i, cell := range cells {
		row[i] = p.spans(strings.TrimSpace(cell))
	}
	block := p.open(Table)
	last := len(block.Rows) - 1
	switch {
	case len(row) < 2:
		p.fault(BadRow, line)
		row = append(row, nil)
	case len(row[0]) == 0 && last >= 0 && len(row) == len(block.Rows[last]):
		goOn(block.Rows[last], row)
		return
	case len(row[0]) == 0:
		p.fault(BadRow, line)
	}
	block.Rows = append(block.Rows, row)
}

// goOn puts the cells of a row below those of the row above.
func goOn(above, row [][]Span) {
	for i, cell := range row[1:] {
		if len(cell) == 0 {
			continue
		}
		if len(above[i+1]) > 0 {
			above[i+1] = append(above[i+1], Span{Break: true})
		}
		above[i+1] = append(above[i+1], cell...)
	}
}

var marks = regexp.MustCompile(`\[([^\[\]]+)\]\(([^()]*)\)|｜([^｜《》]+)《([^《》]+)》|\{\{ *([a-z_]+) *\}\}`)

func (p *parser) spans(line string) (found []Span) {
	rest := 0
	for _, at := range marks.FindAllStringSubmatchIndex(line, -1) {
		found = addText(found, line[rest:at[0]])
		rest = at[1]
		group := func(i int) string { return line[at[2*i]:at[2*i+1]] }
		switch {
		case at[2] >= 0:
			found = append(found, p.link(group(1), group(2))...)
		case at[6] >= 0:
			found = append(found, Span{Text: group(3), Reading: group(4)})
		default:
			found = append(found, Span{Field: group(5)})
		}
	}
	return addText(found, line[rest:])
}

func addText(spans []Span, text string) []Span {
	if text == "" {
		return spans
	}
	return append(spans, Span{Text: text})
}

// link is its words alone where the address is not one to be followed.
func (p *parser) link(words, address string) []Span {
	inside := p.spans(words)
	if !SafeURL(address) {
		p.fault(BadLink, address)
		return inside
	}
	return []Span{{URL: address, Inside: inside}}
}
