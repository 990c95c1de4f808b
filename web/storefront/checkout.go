package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api"
	"tsukuriba/api/problem"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type checkoutPage struct {
	page
	Mistakes []ui.Field
	Problem  string
	Contact  []ui.Field // name, e-mail, phone
	Postal   ui.Field
	Several  ui.Choices // the places of a postal code that names more than one
	Address  []ui.Field // city, street, building
	Company  []ui.Field // company, department
	Region   ui.Field   // prefecture
	Shipping ui.Choices
	Digital  bool // nothing is sent
	Gift     []ui.Field
	Message  ui.Field
	Payment  ui.Choices
	Free     bool // nothing can be to pay
	Summary  []ui.Fact
	Total    string // with what is chosen so far
}

// checkout shows the address form, filled with what the last confirmation said.
func (s *shop) checkout(c echo.Context) error {
	last, err := s.lastCheckout(c)
	if err != nil && !errors.Is(err, orders.ErrCheckoutNotFound) && !errors.Is(err, orders.ErrCheckoutExpired) {
		return err
	}
	return s.showCheckout(c, http.StatusOK, checkoutView{form: formOf(last)})
}

// formOf is the form as it was sent for a confirmation, which may be too old to be ordered; blank if there was none.
func formOf(last orders.Checkout) orders.CheckoutForm {
	if last.ID.IsZero() {
		return orders.CheckoutForm{Method: orders.Card}
	}
	return orders.CheckoutForm{
		Contact: last.Contact, Shipping: last.ShippingKey, Method: last.Method,
		Gift: orders.Gift{Wrapped: last.Wrapped, Message: last.Contact.GiftMessage, WithoutPrices: last.WithoutPrices},
	}
}

// lastCheckout is the confirmation this browser has seen last.
func (s *shop) lastCheckout(c echo.Context) (orders.Checkout, error) {
	last := orders.CheckoutKey{Secret: cookie(c, cartCookie)}
	if last.ID.UnmarshalText([]byte(cookie(c, checkoutCookie))) != nil {
		return orders.Checkout{}, orders.ErrCheckoutNotFound
	}
	return s.Orders.Checkout(c.Request().Context(), last)
}

// prepare freezes the cart for the confirmation, or fills in the address or the total for who has no script.
func (s *shop) prepare(c echo.Context) error {
	posted, err := posted(c)
	if err != nil {
		return err
	}
	view := checkoutView{form: checkoutForm(posted)}
	view.form.Language = orders.Language(blankPage(c, "").Head.Language)
	switch posted.Get("do") {
	case "postal":
		s.fillAddress(&view, posted.Get("place"))
		return s.showCheckout(c, http.StatusUnprocessableEntity, view)
	case "price":
		return s.showCheckout(c, http.StatusUnprocessableEntity, view)
	}
	prepared, err := s.Orders.PrepareCheckout(c.Request().Context(), cookie(c, cartCookie), view.form)
	var mistakes *orders.FormError
	var closed *orders.IntakeError
	switch {
	case errors.Is(err, orders.ErrCartEmpty) || errors.Is(err, orders.ErrCartNotFound) || errors.As(err, &closed):
		return seeOther(c, "/cart") // which says what is the matter
	case errors.As(err, &mistakes):
		view.refusal = err
		return s.showCheckout(c, http.StatusUnprocessableEntity, view)
	case err != nil:
		return err
	}
	s.setCookie(c, checkoutCookie, prepared.ID.String(), prepared.ExpiresAt.Sub(s.Now()))
	return seeOther(c, "/checkout/confirm")
}

func checkoutForm(posted url.Values) orders.CheckoutForm {
	return orders.CheckoutForm{
		Contact: orders.Contact{
			Name: posted.Get("name"), Email: posted.Get("email"), Phone: posted.Get("phone"), PostalCode: posted.Get("postal_code"),
			Prefecture: posted.Get("prefecture"), City: posted.Get("city"), Street: posted.Get("street"), Building: posted.Get("building"),
			Company: posted.Get("company"), Department: posted.Get("department"),
		},
		Gift: orders.Gift{
			Wrapped: posted.Get("gift_wrapping") != "", Message: posted.Get("gift_message"), WithoutPrices: posted.Get("without_prices") != "",
		},
		Shipping: posted.Get("shipping_method"), Method: orders.Method(posted.Get("payment_method")),
	}
}

// fillAddress writes the place of the postal code into the form, unless there is none or more than one to choose from.
func (s *shop) fillAddress(view *checkoutView, chosen string) {
	places := s.Places.At(view.form.PostalCode)
	if i := slices.IndexFunc(places, func(place api.Place) bool { return keyOf(place) == chosen }); i >= 0 {
		places = places[i : i+1]
	}
	switch len(places) {
	case 0:
		view.unknownPostal = true
	case 1:
		view.form.Prefecture, view.form.City, view.form.Street = places[0].Prefecture, places[0].City, places[0].Town
	default:
		view.places = places
	}
}

func keyOf(place api.Place) string { return place.Prefecture + " " + place.City + " " + place.Town }

// checkoutView is what an address form is made from.
type checkoutView struct {
	form          orders.CheckoutForm
	refusal       error
	places        []api.Place
	unknownPostal bool
}

func (s *shop) showCheckout(c echo.Context, status int, view checkoutView) error {
	offer, err := s.Orders.Offer(c.Request().Context(), cookie(c, cartCookie), view.form.Prefecture)
	if errors.Is(err, orders.ErrCartEmpty) || errors.Is(err, orders.ErrCartNotFound) {
		return seeOther(c, "/cart")
	}
	if err != nil {
		return err
	}
	p := checkoutPage{page: blankPage(c, "")}
	p.Head.Title, p.Head.CartCount, p.Head.NoIndex = p.Words.Checkout.Title, pieces(offer.Cart), true
	p.Head.Scripts = []string{"address.js"}
	p.askAddress(view, offer.Cart)
	p.askGift(view.form.Gift, offer.Wrapping)
	p.price(view.form, offer)
	if view.refusal != nil {
		p.correct(view.refusal)
	}
	confidential(c)
	return render(c, status, checkoutViewOf(p))
}

// reprice answers with those parts of the form that depend on where the parcel goes and how, keeping what is chosen in
// them. Nothing else of the form is sent back, so that what is being typed stays.
func (s *shop) reprice(c echo.Context) error {
	posted, err := posted(c)
	if err != nil {
		return err
	}
	form := checkoutForm(posted)
	offer, err := s.Orders.Offer(c.Request().Context(), cookie(c, cartCookie), form.Prefecture)
	if errors.Is(err, orders.ErrCartEmpty) || errors.Is(err, orders.ErrCartNotFound) {
		c.Response().Header().Set("HX-Redirect", "/cart")
		return c.NoContent(http.StatusOK)
	}
	if err != nil {
		return err
	}
	p := checkoutPage{page: blankPage(c, "")}
	p.price(form, offer)
	confidential(c)
	return render(c, http.StatusOK, repriced(p))
}

// price fills in what depends on where the parcel goes and how.
func (p *checkoutPage) price(form orders.CheckoutForm, offer orders.Offer) {
	p.askShipping(form.Shipping, offer.Options)
	p.askPayment(form.Method, offer)
	p.summarize(offer.Cart)
	p.sumUp(offer, form.Wrapped)
}

// sumUp adds what is chosen to the summary. A price that depends on a prefecture nobody has named yet makes the total
// one "from".
func (p *checkoutPage) sumUp(offer orders.Offer, wrapped bool) {
	var way orders.ShippingOption
	if i := slices.IndexFunc(p.Shipping.Options, func(option ui.Choice) bool { return option.Checked }); i >= 0 {
		way = offer.Options[i]
	}
	charged, ok := offer.Charge(way.Key, wrapped)
	if !ok {
		return
	}
	said := "%s"
	if way.From {
		said = p.Words.Prices.From
	}
	if way.Key != "" {
		p.Summary = append(p.Summary, ui.Fact{Name: p.All.PostageFee, Value: fmt.Sprintf(said, way.Price)})
	}
	if charged.Wrapped {
		p.Summary = append(p.Summary, ui.Fact{Name: p.Words.Prices.Wrapping, Value: charged.Wrapping.String()})
	}
	p.Total = fmt.Sprintf(said, charged.Total)
}

func (p *checkoutPage) askAddress(view checkoutView, cart orders.Cart) {
	words, form := p.Words.Checkout, view.form
	p.Digital = !slices.ContainsFunc(cart.Lines, func(line orders.CartLine) bool { return !line.Digital })
	p.Contact = []ui.Field{
		{Name: "name", Label: p.All.FullName, Hint: words.NameHint, Value: form.Name, Autocomplete: "name", Required: true},
		{Name: "email", Label: p.All.Email, Hint: words.EmailHint, Value: form.Email, Type: "email", Autocomplete: "email", Required: true},
	}
	if !p.Digital {
		p.Contact = append(p.Contact, ui.Field{
			Name: "phone", Label: p.All.Phone, Hint: words.PhoneHint, Value: form.Phone, Type: "tel", Autocomplete: "tel", Required: true,
		})
	}
	p.Postal = ui.Field{Name: "postal_code", Label: p.All.PostalCode, Hint: words.PostalHint, Value: form.PostalCode, Autocomplete: "postal-code", InputMode: "numeric"}
	if view.unknownPostal {
		p.Postal.Error = words.PostalNone
	}
	p.Several = ui.Choices{Name: "place", Legend: words.PostalSeveral}
	for _, place := range view.places {
		p.Several.Options = append(p.Several.Options, ui.Choice{Value: keyOf(place), Label: keyOf(place)})
	}
	p.Region = ui.Field{
		Name: "prefecture", Label: p.All.Prefecture, Value: form.Prefecture, Autocomplete: "address-level1",
		Options: []ui.Choice{{Label: words.Choose}},
	}
	for _, prefecture := range orders.Prefectures {
		p.Region.Options = append(p.Region.Options, ui.Choice{Value: prefecture, Label: prefecture})
	}
	p.Address = []ui.Field{
		{Name: "city", Label: p.All.City, Value: form.City, Autocomplete: "address-level2"},
		{Name: "street", Label: p.All.Street, Hint: words.StreetHint, Value: form.Street, Autocomplete: "address-line1"},
		{Name: "building", Label: p.All.Building, Note: p.All.Optional, Value: form.Building, Autocomplete: "address-line2"},
	}
	p.Company = []ui.Field{
		{Name: "company", Label: p.Words.Prices.Company, Note: p.All.Optional, Value: form.Company, Autocomplete: "organization"},
		{Name: "department", Label: p.Words.Prices.Department, Note: p.All.Optional, Value: form.Department},
	}
}

// askShipping offers the ways that take the parcel; the cheapest is chosen unless another was.
func (p *checkoutPage) askShipping(chosen string, options []orders.ShippingOption) {
	p.Shipping = ui.Choices{Name: "shipping_method", Legend: p.Words.Checkout.ShippingTitle, Hint: p.Words.Checkout.PickupHint}
	for _, option := range options {
		price := option.Price.String()
		switch {
		case option.From:
			price = fmt.Sprintf(p.Words.Prices.From, option.Price)
			p.Shipping.Hint = p.Words.Checkout.PickupHint + " " + p.Words.Prices.FromHint
		case option.Price == 0:
			price = p.Words.Checkout.Free
		}
		detail := []string{price, p.window(p.Words.Checkout.Window, option.Window)}
		switch {
		case option.Cheapest:
			detail = append(detail, p.Words.Checkout.Cheapest)
		case option.ExtraDays > 0:
			detail = append(detail, p.Words.Checkout.NoHurry)
		}
		p.Shipping.Options = append(p.Shipping.Options, ui.Choice{
			Value: option.Key, Label: p.name(option.Name, option.NameEn), Detail: strings.Join(detail, " ・ "),
			Checked: option.Key == chosen || chosen == "" && option.Cheapest,
		})
	}
}

func (p *checkoutPage) askGift(gift orders.Gift, wrapping yen.Amount) {
	words := p.Words.Prices
	p.Gift = []ui.Field{
		{Name: "gift_wrapping", Label: fmt.Sprintf(words.Wrap, wrapping), Hint: words.WrapHint, Checked: gift.Wrapped},
		{Name: "without_prices", Label: words.WithoutPrices, Hint: words.WithoutPricesHint, Checked: gift.WithoutPrices},
	}
	p.Message = ui.Field{Name: "gift_message", Label: words.Message, Note: p.All.Optional, Hint: words.MessageHint, Value: gift.Message, Rows: 3}
}

// askPayment offers the ways to pay. One that takes no amount the cart can come to says so and cannot be chosen.
func (p *checkoutPage) askPayment(chosen orders.Method, offer orders.Offer) {
	cheapest, dearest := offer.Payable()
	words := p.Words.Checkout
	p.Payment = ui.Choices{Name: "payment_method", Legend: words.PaymentTitle, Options: []ui.Choice{
		{Value: string(orders.Card), Label: words.Card, Detail: words.CardDetail},
		{Value: string(orders.Konbini), Label: words.Konbini, Detail: words.KonbiniDetail + " ・ " + words.NotSevenEleven},
	}}
	if offer.Invoice {
		p.Payment.Options = append(p.Payment.Options, ui.Choice{Value: string(orders.ByInvoice), Label: p.Words.Invoice.Method, Detail: p.Words.Invoice.Detail})
	}
	for i := range p.Payment.Options {
		option := &p.Payment.Options[i]
		least, most := orders.Method(option.Value).Limits()
		option.Checked = orders.Method(option.Value) == chosen
		if dearest < least || cheapest > most {
			option.Disabled, option.Checked = true, false
			option.Detail = fmt.Sprintf(p.Words.Prices.MethodRange, least, most)
		}
	}
	p.Free = dearest == 0
	if cheapest == 0 {
		p.Payment.Hint = p.Words.Prices.NothingToPayHint
	}
}

func (p *checkoutPage) summarize(cart orders.Cart) {
	for _, line := range cart.Lines {
		title := p.name(line.Title, line.TitleEn)
		if line.DesignText != "" {
			title += "「" + line.DesignText + "」"
		}
		value := fmt.Sprintf("%s × %d", line.UnitPrice, line.Quantity)
		p.Summary = append(p.Summary, ui.Fact{Name: title, Value: value})
	}
	if cart.Discount > 0 {
		p.Summary = append(p.Summary, ui.Fact{Name: fmt.Sprintf(p.Words.Prices.Discount, cart.Code), Value: (-cart.Discount).String()})
	}
	p.Summary = append(p.Summary, ui.Fact{Name: p.All.Subtotal, Value: (cart.Goods - cart.Discount).String() + "（" + p.All.TaxIncludedShort + "）"})
}

// correct writes each refusal at its field and into the summary above the form.
func (p *checkoutPage) correct(err error) {
	told, _ := p.refused(err)
	mistakes := p.mistakes(told)
	note := func(name, anchor, label string) string {
		mistake := mistakes[name]
		if mistake != "" {
			p.Mistakes = append(p.Mistakes, ui.Field{Name: anchor, Label: label, Error: mistake})
		}
		return mistake
	}
	mark := func(field *ui.Field) { field.Error = note(field.Name, field.Name, field.Label) }
	for i := range p.Contact {
		mark(&p.Contact[i])
	}
	mark(&p.Postal)
	mark(&p.Region)
	for i := range p.Address {
		mark(&p.Address[i])
	}
	mark(&p.Message)
	for i := range p.Company {
		mark(&p.Company[i])
	}
	note("discount_code", "summary", p.Words.Prices.Code)
	p.Shipping.Error = note(p.Shipping.Name, "shipping_method-0", p.Shipping.Legend)
	p.Payment.Error = note(p.Payment.Name, "payment_method-0", p.Payment.Legend)
	if len(p.Mistakes) == 0 {
		p.Problem = sentence(told)
	}
}

// mistakes are the sentences of a refusal by field. What a form of an address has to look like is told by example.
func (p *checkoutPage) mistakes(told problem.Problem) map[string]string {
	words := p.Words.Checkout
	shapes := map[string]string{"email": words.EmailWrong, "phone": words.PhoneWrong, "postal_code": words.PostalWrong}
	mistakes := byField(told)
	for _, field := range told.Errors {
		name := strings.TrimPrefix(field.Pointer, "/")
		if shape, known := shapes[name]; known && field.Code == "invalid" {
			mistakes[name] = shape
		}
	}
	return mistakes
}
