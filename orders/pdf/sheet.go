// Package pdf sets documents as PDF on A4: quotations, invoices, receipts, refund notes, packing slips, delivery notes, in
// Japanese or with English beside it. Every letter stays the letter it is, can be searched for,
// and no two texts ever lie upon each other.
//
// It decides nothing: what stands on a document is frozen in its orders.Sheet, and the same sheet
// gives the same bytes. It refuses to guess: a character that the font has not is shown as 〓.
package pdf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signintech/gopdf"

	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// The page in millimeters.
const (
	pageWidth, pageHeight = 210, 297
	left, right           = 20, 190
	top, bottom           = 18, 272
	issuerLeft            = 126
)

var (
	titleStyle   = style{bold, 23, ink, 3}
	captionStyle = style{regular, 9, grey, 0.4}
	labelStyle   = style{regular, 8, grey, 0}
	smallStyle   = style{regular, 8, ink, 0}
	bodyStyle    = style{regular, 9.5, ink, 0}
	strongStyle  = style{bold, 9.5, ink, 0}
	issuerStyle  = style{bold, 10.5, ink, 0}
	nameStyle    = style{regular, 15, ink, 0.3}
	amountStyle  = style{bold, 24, ink, 0.2}
	badgeStyle   = style{bold, 10, indigo, 0.6}
)

// Setter is the typesetter of orders.
type Setter struct{}

// layout is a document while it is being set; y is where the next thing may begin.
type layout struct {
	*pen
	orders.Sheet
	form form
	y    float64
}

// Typeset sets a sheet. Errors: ErrFontsMissing, orders.ErrUnknownDocument.
func (Setter) Typeset(sheet orders.Sheet) ([]byte, error) {
	form, known := forms[sheet.Kind]
	if !known {
		return nil, orders.ErrUnknownDocument
	}
	pen, err := newPen(pageWidth, pageHeight)
	if err != nil {
		return nil, err
	}
	l := &layout{pen: pen, Sheet: sheet, form: form}
	l.describe()
	l.set()
	if l.err != nil {
		return nil, fmt.Errorf("set %s: %w", sheet.Number, l.err)
	}
	file, err := l.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", sheet.Number, err)
	}
	return searchable(file), nil
}

// describe names the file. It tells no name: gopdf 0.33 cannot write 𠮷 there.
func (l *layout) describe() {
	issued := l.Issued
	if l.Reissued != nil {
		issued = *l.Reissued
	}
	l.SetInfo(gopdf.PdfInfo{
		Title: l.form.title.in(l.Language) + " " + l.Number, Creator: "tsukuriba", CreationDate: issued.In(jst.Zone),
	})
}

func (l *layout) set() {
	l.AddPage()
	l.head()
	l.parties()
	if l.form.priced {
		l.band()
	}
	l.sentence()
	l.table()
	if l.form.priced {
		l.totals()
	}
	l.terms()
	l.closing()
	l.message()
	l.folios()
}

// head is the title with its particulars above the double rule.
func (l *layout) head() {
	y := float64(top) + titleStyle.ascent()
	l.write(left, y, titleStyle, l.form.title.ja)
	x := left + l.measure(titleStyle, l.form.title.ja) + 2
	if l.Language == orders.English {
		l.write(x, y, captionStyle, l.form.title.en)
	}
	if l.Issuer.Registered() && l.form.qualified.ja != "" {
		l.write(left, y+6.5, captionStyle, l.form.qualified.in(l.Language))
	}
	l.y = l.particulars(float64(top) + 3)
	l.y = max(l.y, y+9)
	l.rule(left, l.y, right, l.y, 0.7, indigo)
	l.rule(left, l.y+1, right, l.y+1, 0.15, indigo)
	l.y += 12
}

// particulars are the number and the days, at the right.
func (l *layout) particulars(y float64) float64 {
	type particular struct {
		label term
		value string
	}
	particulars := []particular{
		{termIssued, date(l.Issued, l.Language)},
	}
	if l.form.traded.ja != "" {
		particulars = append(particulars, particular{l.form.traded, date(l.Traded, l.Language)})
	}
	if l.Order != "" { // a quotation is of none
		particulars = append(particulars, particular{termOrder, l.Order})
	}
	if !l.Due.IsZero() {
		particulars = append(particulars, particular{termDue, date(l.Due, l.Language)})
	}
	if !l.Valid.IsZero() {
		particulars = append(particulars, particular{termValid, date(l.Valid, l.Language)})
	}
	if l.Number != "" {
		particulars = slices.Insert(particulars, 0, particular{termNumber, l.Number})
	}
	if !l.Original.IsZero() {
		particulars = append(particulars, particular{termOriginal, date(l.Original, l.Language)})
	}
	if l.Reissued != nil {
		particulars = append(particulars, particular{termReissued, date(*l.Reissued, l.Language)})
		l.badge(y)
	}
	for _, each := range particulars {
		l.write(issuerLeft, y, labelStyle, each.label.in(l.Language))
		l.writeRight(right, y, smallStyle, each.value)
		y += labelStyle.leading()
	}
	return y
}

// badge marks a reissue beside the title.
func (l *layout) badge(y float64) {
	text := termReissue.in(l.Language)
	width := l.measure(badgeStyle, text) + 5
	x := float64(issuerLeft) - 6 - width
	l.frame(x, y-4.6, width, 7, 0.4, indigo)
	l.write(x+2.5, y, badgeStyle, text)
}

// parties are the customer at the left and the seller at the right.
func (l *layout) parties() {
	l.y = max(l.recipient(l.y), l.issuer(l.y)) + 6
}

func (l *layout) recipient(y float64) float64 {
	width := float64(issuerLeft - left - 12)
	if code := l.Recipient.PostalCode; len(code) == 7 {
		y = l.paragraph(left, y, bodyStyle, []string{"〒" + code[:3] + "-" + code[3:]})
	}
	for _, address := range l.Recipient.Address {
		y = l.paragraph(left, y, bodyStyle, l.wrap(bodyStyle, address, width))
	}
	if l.Recipient.Name == "" {
		return y
	}
	if len(l.Recipient.Address) > 0 {
		y += 2.5
	}
	name := l.Recipient.Name
	if l.Recipient.Honorific != "" {
		name += "\u3000" + l.Recipient.Honorific
	}
	style := nameStyle
	if l.measure(style, drawable(name)) > 2*width {
		style.size = 11
	}
	y = l.paragraph(left, y+2, style, l.wrap(style, name, width)) - style.leading() + 2.6
	l.rule(left, y, left+width, y, 0.2, ink)
	return y + 4
}

func (l *layout) issuer(y float64) float64 {
	width := float64(right - issuerLeft)
	y = l.paragraph(issuerLeft, y, issuerStyle, l.wrap(issuerStyle, l.Issuer.Name, width))
	y = l.paragraph(issuerLeft, y, smallStyle, l.wrap(smallStyle, l.Issuer.Address, width))
	if l.form.phone && l.Issuer.Phone != "" {
		y = l.paragraph(issuerLeft, y, smallStyle, l.wrap(smallStyle, "TEL "+l.Issuer.Phone, width))
	}
	y = l.paragraph(issuerLeft, y, smallStyle, l.wrap(smallStyle, l.Issuer.Email, width))
	if l.form.priced && l.Issuer.Registered() {
		y = l.paragraph(issuerLeft, y, smallStyle, []string{termRegistration.in(l.Language) + " " + l.Issuer.Registration})
	}
	return y
}

// band is the large amount on a tinted ground.
func (l *layout) band() {
	const height = 19
	l.fill(left, l.y, right-left, height, kinari)
	l.rule(left, l.y, right, l.y, 0.3, indigo)
	l.rule(left, l.y+height, right, l.y+height, 0.3, indigo)
	l.write(left+6, l.y+11.3, strongStyle, l.form.sum.in(l.Language))
	amount := l.Total.String()
	x := pageWidth/2 - l.measure(amountStyle, amount)/2
	l.write(x, l.y+12.9, amountStyle, amount)
	l.write(x+l.measure(amountStyle, amount)+2, l.y+12.9, labelStyle, termTaxIncluded.in(l.Language))
	l.y += height + 7
}

// sentence says in words what the document is.
func (l *layout) sentence() {
	l.y = l.paragraph(left, l.y, bodyStyle, l.wrap(bodyStyle, l.form.sentence.ja, right-left))
	if l.Language == orders.English {
		l.y = l.paragraph(left, l.y, bodyStyle, l.wrap(bodyStyle, l.form.sentence.en, right-left))
	}
	if method, known := methods[l.Method]; known && l.Kind == orders.Receipt {
		l.y = l.paragraph(left, l.y, bodyStyle, []string{termMethod.in(l.Language) + "：" + method.in(l.Language)})
	}
	l.y += 3
}

// room makes sure that so much fits on the page, and begins another one otherwise.
func (l *layout) room(height float64) (began bool) {
	if l.y+height <= bottom {
		return false
	}
	l.AddPage()
	l.y = float64(top) + 3
	l.write(left, l.y, strongStyle, l.form.title.in(l.Language)+" "+l.Number+termContinued.in(l.Language))
	l.y += 3
	l.rule(left, l.y, right, l.y, 0.4, indigo)
	l.y += 6
	return true
}

func mark(item orders.SheetItem) string {
	if item.TaxRate == orders.ReducedTaxRate {
		return " ※"
	}
	return ""
}

// totals are the sum and its tax, once per rate, kept together.
func (l *layout) totals() {
	const from, row = 104, 6.6
	l.room(float64(2*len(l.Taxes)+1)*row + 8)
	l.y += 8
	l.sum(from, strongStyle, termTotal.in(l.Language), l.Total)
	l.rule(from, l.y+2.4, right, l.y+2.4, 0.3, ink)
	l.y += 1.6
	for _, tax := range l.Taxes {
		l.y += row
		l.sum(from, smallStyle, taxed(tax.Rate, l.Language), tax.Total)
		l.y += row - 1.6
		l.sum(from, labelStyle, "\u3000"+termIncludedTax.in(l.Language), tax.Tax)
	}
	l.y += 3
}

func (l *layout) sum(x float64, s style, label string, amount yen.Amount) {
	l.write(x+2, l.y, s, label)
	l.writeRight(right-2, l.y, s, amount.String())
}

// terms say where an invoice is paid to, and what a quotation promises, each beside its name.
func (l *layout) terms() {
	from := float64(left + 26)
	if l.Language == orders.English {
		from += 18
	}
	for _, each := range l.conditions() {
		var lines []string
		for written := range strings.SplitSeq(each.value, "\n") {
			lines = append(lines, l.wrap(bodyStyle, written, right-from)...)
		}
		height := float64(len(lines)) * bodyStyle.leading()
		if l.y += 4; l.room(height + 4) {
			l.y += 2
		}
		l.write(left, l.y+4, labelStyle, each.label.in(l.Language))
		l.y = l.paragraph(from, l.y+4, bodyStyle, lines) - bodyStyle.leading()
	}
}

type condition struct {
	label term
	value string
}

func (l *layout) conditions() []condition {
	var conditions []condition
	if l.Bank.Complete() {
		account := strings.Join([]string{l.Bank.Bank, l.Bank.Branch, l.Bank.Kind, l.Bank.Number}, "\u3000")
		conditions = append(conditions, condition{termBank, account}, condition{termHolder, l.Bank.Holder})
	}
	if l.Kind == orders.Quote {
		conditions = append(conditions, condition{termToPay, methods[l.Method].in(l.Language)}, condition{termDelivery, l.Delivery})
	}
	return slices.DeleteFunc(conditions, func(c condition) bool { return c.value == "" })
}

// closing are the small sentences at the end.
func (l *layout) closing() {
	notes := l.form.closing
	for _, item := range l.Items {
		if item.TaxRate == orders.ReducedTaxRate && l.form.priced {
			notes = append([]term{termReduced}, notes...)
			break
		}
	}
	l.y += 8
	for _, note := range notes {
		text := note.ja
		if l.Language == orders.English {
			text += "\u3000" + note.en
		}
		lines := l.wrap(labelStyle, text, right-left)
		l.room(float64(len(lines)) * labelStyle.leading())
		l.y = l.paragraph(left, l.y, labelStyle, lines)
	}
}

// message is the card of a gift.
func (l *layout) message() {
	if l.Recipient.Message == "" {
		return
	}
	var lines []string
	for written := range strings.SplitSeq(l.Recipient.Message, "\n") {
		lines = append(lines, l.wrap(nameStyle, written, right-left-32)...)
	}
	height := float64(len(lines))*nameStyle.leading() + 20
	l.y += 8
	l.room(height)
	l.frame(left, l.y, right-left, height, 0.3, indigo)
	l.frame(left+1.4, l.y+1.4, right-left-2.8, height-2.8, 0.12, indigo)
	l.write(left+7, l.y+8, captionStyle, termMessage.in(l.Language))
	l.paragraph(left+16, l.y+17, nameStyle, lines)
	l.y += height
}

// folios number the pages once their count is known.
func (l *layout) folios() {
	pages := l.GetNumberOfPages()
	for page := 1; page <= pages; page++ {
		l.keep(l.SetPage(page))
		l.rule(left, bottom+8, right, bottom+8, 0.12, line)
		l.write(left, bottom+12.5, labelStyle, drawable(l.Issuer.Name)+"\u3000"+l.Number)
		l.writeRight(right, bottom+12.5, labelStyle, fmt.Sprintf("%d / %d", page, pages))
	}
}
