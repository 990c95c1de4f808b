package orders

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tsukuriba/internal/jst"
	"tsukuriba/orders/prose"
)

// Fields that stand for what this program does: the very sentences of the confirmation screen, and the tariffs.
const (
	paymentField = "payment"
	returnsField = "returns"
	postageField = "postage"
)

// fieldNames are all fields that a page may have.
func fieldNames() []string {
	return append(slices.Sorted(maps.Keys(pageValues(Japanese, Seller{}))), postageField)
}

// PageField is a field that staff may write into a page, with what it stands for today.
type PageField struct {
	Name  string
	Words string
}

// PageFields lists the fields with what they stand for in Japanese. Errors: ErrNoSeller while nobody is named.
func (s *Service) PageFields(ctx context.Context) ([]PageField, error) {
	seller, err := s.Seller(ctx)
	if err != nil {
		return nil, err
	}
	values := pageValues(Japanese, seller)
	if values[postageField], err = s.postageTable(ctx, Japanese, s.now()); err != nil {
		return nil, err
	}
	var fields []PageField
	for _, name := range fieldNames() {
		value := values[name]
		words := prose.Document{{Spans: value.Spans}}
		if len(value.Blocks) > 0 {
			words = value.Blocks
		}
		fields = append(fields, PageField{name, words.Text()})
	}
	return fields, nil
}

// pageValues are what the fields stand for but for those that ask the database.
func pageValues(language Language, seller Seller) map[string]prose.Value {
	terms, told := termsIn[language], seller.In(language)
	values := map[string]prose.Value{
		"name": prose.Plain(told.Name), "manager": prose.Plain(told.Manager), "address": prose.Plain(told.Address), "hours": prose.Plain(told.Hours),
		"phone": linked("tel:"+digits(told.Phone), told.Phone), "email": linked("mailto:"+told.Email, told.Email),
		"registration": prose.Plain(told.Registration),
		paymentField:   prose.Words(terms.payments(seller.Bank.Complete())),
		returnsField:   prose.Words(strings.Join([]string{terms.custom, terms.stock, terms.digital, terms.cancelUntilStart}, "\n")),
		"download":     prose.Words(terms.download),
	}
	for name, value := range values {
		if prose.SpansText(value.Spans) == "" {
			values[name] = prose.Words(terms.none)
		}
	}
	return values
}

// linked is an address that can be followed, if it is one.
func linked(address, words string) prose.Value {
	if !prose.SafeURL(address) {
		return prose.Plain(words)
	}
	return prose.Value{Spans: []prose.Span{{URL: address, Inside: []prose.Span{{Text: words}}}}}
}

// postageTable is what it costs to send something, as of a day.
func (s *Service) postageTable(ctx context.Context, language Language, at time.Time) (prose.Value, error) {
	tariffs, err := tariffsOn(ctx, s.db, jst.Midnight(at), "")
	if err != nil {
		return prose.Value{}, err
	}
	terms, table := termsIn[language], prose.Block{Kind: prose.Table}
	for _, tariff := range tariffs {
		price := prose.Words(terms.free)
		switch {
		case tariff.From:
			price = prose.Words(fmt.Sprintf(terms.fromPrice, tariff.Price))
		case tariff.Price > 0:
			price = prose.Plain(tariff.Price.String())
		}
		name := tariff.Name
		if language == English {
			name = tariff.NameEn
		}
		table.Rows = append(table.Rows, [][]prose.Span{{{Text: name}}, price.Spans})
	}
	if len(table.Rows) == 0 {
		return prose.Words(terms.none), nil
	}
	return prose.Value{Blocks: []prose.Block{table}}, nil
}
