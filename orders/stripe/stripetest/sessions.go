package stripetest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	shortestSession = 30 * time.Minute
	longestSession  = 24 * time.Hour
	cardMinimum     = 50 // yen, as for konbiniMinimum and the two maxima
	cardMaximum     = 99_999_999
	konbiniMinimum  = 120
	konbiniMaximum  = 300_000
)

// intentPlan is what a session says about the intent it will make when the payer acts.
type intentPlan struct {
	CaptureMethod string            `json:"capture_method"`
	Description   string            `json:"description"`
	ReceiptEmail  string            `json:"receipt_email"`
	Metadata      map[string]string `json:"metadata"`
	KonbiniDays   int64             `json:"konbini_days"`
}

func (s *Server) createSession(c *call) (any, error) {
	o := s.readSession(c)
	plan := readPlan(c)
	lines := readLines(c)
	if err := c.finish(); err != nil {
		return nil, err
	}
	for _, line := range lines {
		o.AmountSubtotal += line.AmountTotal
		o.Currency = line.Currency
	}
	o.AmountTotal = o.AmountSubtotal
	if err := allowSession(o, plan); err != nil {
		return nil, err
	}
	o.ID = newID("cs_test_")
	o.URL = text(s.options.PublicURL + "/pay/" + o.ID)
	s.state.Sessions.add(o)
	s.state.Lines[o.ID], s.state.Plans[o.ID] = lines, plan
	s.expectEnding(o.ExpiresAt)
	return o, nil
}

func (s *Server) readSession(c *call) *session {
	o := &session{
		Object: "checkout.session", Created: s.now().Unix(), Status: "open", PaymentStatus: "unpaid",
		Mode:               c.oneOf("mode", "payment", "payment"),
		CancelURL:          text(c.text("cancel_url")),
		ClientReferenceID:  text(c.text("client_reference_id")),
		CustomerEmail:      text(c.text("customer_email")),
		Locale:             text(c.oneOf("locale", "", "auto", "ja", "en")),
		Metadata:           c.dictionary("metadata"),
		PaymentMethodTypes: c.texts("payment_method_types"),
		SuccessURL:         c.requiredText("success_url"),
	}
	c.oneOf("submit_type", "auto", "auto", "pay")
	o.readCustomText(c.at("custom_text"))
	o.ExpiresAt = s.readExpiry(c)
	if len(o.PaymentMethodTypes) == 0 {
		o.PaymentMethodTypes = []string{"card"}
	}
	for _, method := range o.PaymentMethodTypes {
		if method != "card" && method != "konbini" {
			c.at("payment_method_types").refuse("", "The payment method type \""+method+"\" is not served here")
		}
	}
	return o
}

func (o *session) readCustomText(p *params) {
	o.CustomText = map[string]any{}
	for _, place := range []string{"submit", "after_submit"} {
		message := p.at(place).at("message")
		if len([]rune(message.value)) > 1200 {
			message.refuse("", "custom_text may have at most 1200 characters")
		}
		o.CustomText[place] = nil
		if message.given {
			o.CustomText[place] = map[string]any{"message": message.value}
		}
	}
}

func (s *Server) readExpiry(c *call) int64 {
	at, given := c.whole("expires_at")
	if !given {
		return s.now().Add(longestSession).Unix()
	}
	if at < s.now().Add(shortestSession).Unix() {
		c.at("expires_at").refuse("", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.")
	}
	if at > s.now().Add(longestSession).Unix() {
		c.at("expires_at").refuse("", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.")
	}
	return at
}

func readPlan(c *call) intentPlan {
	data := c.at("payment_intent_data")
	plan := intentPlan{
		CaptureMethod: data.oneOf("capture_method", "automatic", "automatic", "automatic_async", "manual"),
		Description:   data.text("description"),
		ReceiptEmail:  data.text("receipt_email"),
		Metadata:      data.dictionary("metadata"),
		KonbiniDays:   3,
	}
	data.text("statement_descriptor_suffix")
	options := c.at("payment_method_options")
	card := options.at("card")
	card.text("statement_descriptor_suffix_kana")
	card.text("statement_descriptor_suffix_kanji")
	card.oneOf("request_three_d_secure", "automatic", "automatic", "any", "challenge")
	konbini := options.at("konbini")
	if days, given := konbini.whole("expires_after_days"); given {
		plan.KonbiniDays = days
		if days < 1 || days > 60 {
			konbini.at("expires_after_days").refuse("", "expires_after_days must be between 1 and 60")
		}
	}
	return plan
}

func readLines(c *call) []*lineItem {
	var lines []*lineItem
	for _, p := range c.list("line_items") {
		quantity, given := p.whole("quantity")
		if !given || quantity < 1 {
			p.at("quantity").refuse("parameter_invalid_integer", "Quantity must be at least 1")
		}
		data := p.at("price_data")
		line := &lineItem{
			ID: newID("li_"), Object: "item", Quantity: quantity, Currency: data.requiredText("currency"),
			Description: data.at("product_data").requiredText("name"),
		}
		readUnusedLineFields(data)
		unit := data.requiredWhole("unit_amount")
		if unit < 0 {
			data.at("unit_amount").refuse("parameter_invalid_integer", "Invalid non-negative integer")
		}
		line.Price = price{ID: newID("price_"), Object: "price", Currency: line.Currency, UnitAmount: unit}
		line.AmountSubtotal = unit * quantity
		line.AmountTotal = line.AmountSubtotal
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		c.at("line_items").refuse("parameter_missing", "You must pass at least one line item.")
	}
	return lines
}

// readUnusedLineFields accepts what Stripe only shows to the payer.
func readUnusedLineFields(data *params) {
	data.oneOf("tax_behavior", "unspecified", "inclusive", "exclusive", "unspecified")
	product := data.at("product_data")
	product.text("description")
	product.texts("images")
	product.dictionary("metadata")
}

func allowSession(o *session, plan intentPlan) error {
	least, most := int64(cardMinimum), int64(cardMaximum)
	if slices.Contains(o.PaymentMethodTypes, "konbini") {
		least, most = konbiniMinimum, konbiniMaximum
		if plan.CaptureMethod == "manual" {
			return invalid("", "konbini cannot be used with capture_method=manual")
		}
	}
	switch {
	case o.Currency != "jpy":
		return invalid("", "Only jpy is served here, not "+o.Currency)
	case o.AmountTotal < least:
		return invalid("amount_too_small", fmt.Sprintf("The Checkout Session's total amount due must add up to at least ¥%d jpy", least))
	case o.AmountTotal > most:
		return invalid("amount_too_large", fmt.Sprintf("The Checkout Session's total amount must be no more than ¥%d jpy", most))
	}
	return nil
}

func (s *Server) session(id string) (*session, error) {
	o, ok := s.state.Sessions.get(id)
	if !ok {
		return nil, notFound("checkout.session", id)
	}
	return o, nil
}

func (s *Server) getSession(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	return s.session(c.path("id"))
}

func (s *Server) listSessions(c *call) (any, error) {
	intent, status := c.text("payment_intent"), c.text("status")
	return listOf(c, s.state.Sessions.Rows, func(o *session) bool {
		return (intent == "" || string(o.PaymentIntent) == intent) && (status == "" || o.Status == status)
	})
}

func (s *Server) listLineItems(c *call) (any, error) {
	if _, err := s.session(c.path("id")); err != nil {
		return nil, err
	}
	lines := slices.Clone(s.state.Lines[c.path("id")])
	slices.Reverse(lines)
	return listOf(c, lines, func(*lineItem) bool { return true })
}

func (s *Server) expireSession(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	o, err := s.session(c.path("id"))
	if err != nil {
		return nil, err
	}
	if o.Status != "open" {
		return nil, invalid("", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of "+o.Status+".")
	}
	s.expire(o)
	return o, nil
}

func (s *Server) expire(o *session) {
	o.Status, o.URL = "expired", ""
	s.emit("checkout.session.expired", o)
}

func (s *Server) complete(o *session) {
	o.Status, o.URL = "complete", ""
	s.emit("checkout.session.completed", o)
}

// returnAddress is success_url with the session's id in place of its placeholder.
func (o *session) returnAddress() string {
	return strings.ReplaceAll(o.SuccessURL, "{CHECKOUT_SESSION_ID}", o.ID)
}
