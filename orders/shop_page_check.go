package orders

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tsukuriba/orders/prose"
)

const (
	longestTitle = 60
	longestBody  = 20_000
)

// PageError says why texts cannot become a version of a page. There is at least one fault.
type PageError struct{ Faults []PageFault }

// PageFault is one thing that is wrong with a text, in a Part ("title" or "body") and maybe a line of it.
type PageFault struct {
	Language Language
	Part     string
	Line     int
	Code     PageFaultCode
	About    string // what the code is about: a heading to be added, an address, a field
}

// PageFaultCode is a stable code; those of package prose are codes, too.
type PageFaultCode string

// What can be wrong with a page beyond its marks.
const (
	PageRequired     PageFaultCode = "required"
	PageTooLong      PageFaultCode = "too_long"
	PageInvalid      PageFaultCode = "invalid"       // control characters
	PageUnknownField PageFaultCode = "unknown_field" // About is its name
	PageMissing      PageFaultCode = "missing"       // what the law demands; About is a field, or the heading of a row
	PageTypedTwice   PageFaultCode = "typed_twice"   // a particular that is to be inserted; About is the field
)

func (e *PageError) Error() string {
	var parts []string
	for _, fault := range e.Faults {
		parts = append(parts, fmt.Sprintf("%s %s %d: %s %s", fault.Language, fault.Part, fault.Line, fault.Code, fault.About))
	}
	return "the page cannot be shown: " + strings.Join(parts, ", ")
}

// demand is something that a page has to tell: what a field stands for, or a row of a table under one of these headings.
type demand struct {
	field    string
	headings map[Language]string
}

// demands are what laws want told where. 特定商取引法 第11条 with 施行規則 第23条: who sells, prices and what else is to
// be paid, when and how, when it is handed over, how to withdraw, and for software what it runs on. 個人情報保護法 第32条:
// who keeps personal data, and where to complain.
var demands = map[PageKey][]demand{
	LegalPage: {
		{field: "name"},
		{field: "manager"},
		{field: "address"},
		{field: "phone"},
		{field: "hours"},
		{field: "email"},
		{headings: map[Language]string{Japanese: "販売価格", Easy: "ねだん", English: "Prices"}},
		{headings: map[Language]string{Japanese: "商品代金以外の料金", Easy: "ほかに かかる お金", English: "Other costs"}},
		{field: paymentField},
		{headings: map[Language]string{Japanese: "引き渡しの時期", Easy: "いつ とどくか", English: "Delivery"}},
		{field: returnsField},
		{headings: map[Language]string{Japanese: "動作環境", Easy: "ダウンロードの ものを 使う きかい", English: "System requirements"}},
		{field: "registration"},
	},
	PrivacyPage:  {{field: "name"}, {field: "manager"}, {field: "address"}, {field: "email"}},
	ShippingPage: {{field: postageField}},
	ReturnsPage:  {{field: returnsField}, {field: "email"}},
	AccessibilityPage: {
		{field: "email"},
	},
}

// checkPage returns *PageError, or ErrPageNotFound.
func (s *Service) checkPage(ctx context.Context, key PageKey, texts PageTexts) error {
	if !slices.Contains(PageKeys, key) {
		return ErrPageNotFound
	}
	versions, err := s.SellerVersions(ctx)
	if err != nil {
		return err
	}
	check := pageCheck{}
	for _, language := range Languages {
		check.language = language
		check.text(key, texts[language])
		if len(versions) > 0 {
			check.typedTwice(texts[language], versions[0].Content)
		}
	}
	if len(check.faults) > 0 {
		return &PageError{Faults: check.faults}
	}
	return nil
}

// pageCheck collects what is wrong with the texts of a page.
type pageCheck struct {
	language Language
	faults   []PageFault
}

func (c *pageCheck) fault(part string, line int, code PageFaultCode, about string) {
	c.faults = append(c.faults, PageFault{c.language, part, line, code, about})
}

func (c *pageCheck) text(key PageKey, text PageText) {
	c.note("title", strings.TrimSpace(text.Title), longestTitle)
	c.note("body", strings.TrimSpace(strings.ReplaceAll(text.Body, "\r\n", "\n")), longestBody)
	document, faults := prose.Parse(text.Body)
	for _, fault := range faults {
		c.fault("body", fault.Line, PageFaultCode(fault.Code), fault.About)
	}
	known, used := fieldNames(), document.Fields()
	for _, field := range used {
		if !slices.Contains(known, field) {
			c.fault("body", 0, PageUnknownField, field)
		}
	}
	if strings.TrimSpace(text.Body) == "" {
		return
	}
	for _, demand := range demands[key] {
		switch heading := demand.headings[c.language]; {
		case demand.field != "" && !slices.Contains(used, demand.field):
			c.fault("body", 0, PageMissing, "{{"+demand.field+"}}")
		case demand.field == "" && !tells(document, heading):
			c.fault("body", 0, PageMissing, heading)
		}
	}
}

// note checks a text as a text.
func (c *pageCheck) note(part, text string, most int) {
	reason := checkNote(text, most)
	if text == "" {
		reason = string(PageRequired)
	}
	if reason != "" {
		c.fault(part, 0, PageFaultCode(reason), "")
	}
}

// tells says whether a document has a row with that heading and something in it. Spaces do not count, which divide the
// words of easy Japanese.
func tells(document prose.Document, heading string) bool {
	folded := func(words string) string { return strings.Join(strings.Fields(words), "") }
	for _, block := range document {
		for _, row := range block.Rows {
			if folded(prose.SpansText(row[0])) == folded(heading) && folded(prose.SpansText(row[1])) != "" {
				return true
			}
		}
	}
	return false
}

// typedTwice finds particulars that were typed instead of inserted: they would stay when the particulars change.
func (c *pageCheck) typedTwice(text PageText, seller Seller) {
	for _, typed := range []struct{ field, value string }{
		{"address", seller.Address}, {"phone", seller.Phone}, {"email", seller.Email}, {"registration", seller.Registration},
	} {
		if typed.value == "" {
			continue
		}
		for i, line := range strings.Split(text.Body, "\n") {
			if strings.Contains(line, typed.value) {
				c.fault("body", i+1, PageTypedTwice, "{{"+typed.field+"}}")
			}
		}
	}
}
