package pdf

import (
	"fmt"
	"strings"

	"github.com/signintech/gopdf"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// A card is A6, upright. The edge is kept free, as few printers reach it.
const (
	cardWidth, cardHeight = 105, 148
	cardEdge              = 8
	cardMargin            = 17
	cardFoot              = 12 // for the name of the workshop
)

// cardSizes are tried from the largest; a message that does not fit at the smallest takes more pages.
var cardSizes = []float64{15, 13, 11.5, 10, 9}

// TypesetCard sets the card of a gift: the message as it was typed, line by line, in the middle of
// the card, and who sends the goods below. Errors: ErrFontsMissing.
func (Setter) TypesetCard(card orders.GiftCard) ([]byte, error) {
	pen, err := newPen(cardWidth, cardHeight)
	if err != nil {
		return nil, err
	}
	pen.SetInfo(gopdf.PdfInfo{Title: "A6", Creator: "tsukuriba", CreationDate: card.Set.In(jst.Zone)})
	style, lines := pen.cardLines(card.Message)
	fits := linesOnCard(style)
	for begin := 0; begin == 0 || begin < len(lines); begin += fits {
		pen.card(card.Workshop, style, lines[begin:min(begin+fits, len(lines))])
	}
	if pen.err != nil {
		return nil, fmt.Errorf("set card: %w", pen.err)
	}
	file, err := pen.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fmt.Errorf("write card: %w", err)
	}
	return searchable(file), nil
}

// cardLines chooses the largest size at which the whole message fits on one card.
func (p *pen) cardLines(message string) (chosen style, lines []string) {
	for _, size := range cardSizes {
		chosen, lines = style{regular, size, ink, 0.2}, nil
		for written := range strings.SplitSeq(message, "\n") {
			lines = append(lines, p.wrap(chosen, written, cardWidth-2*cardMargin)...)
		}
		if len(lines) <= linesOnCard(chosen) {
			break
		}
	}
	return chosen, lines
}

// linesOnCard is how many lines of a style a card has room for.
func linesOnCard(s style) int { return int((cardHeight - 2*cardMargin - cardFoot) / s.leading()) }

func (p *pen) card(workshop string, s style, lines []string) {
	p.AddPage()
	p.frame(cardEdge, cardEdge, cardWidth-2*cardEdge, cardHeight-2*cardEdge, 0.3, indigo)
	p.frame(cardEdge+1.4, cardEdge+1.4, cardWidth-2*cardEdge-2.8, cardHeight-2*cardEdge-2.8, 0.12, indigo)
	room := float64(cardHeight - 2*cardMargin - cardFoot)
	y := cardMargin + (room-float64(len(lines))*s.leading())/2
	p.paragraph(cardMargin, y+s.ascent()+(s.leading()-s.size/mm)/2, s, lines)
	name := drawable(workshop)
	p.write((cardWidth-p.measure(labelStyle, name))/2, cardHeight-cardMargin, labelStyle, name)
}
