package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api"
	"tsukuriba/api/problem"
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
	Region   ui.Field   // prefecture
	Shipping ui.Choices
	Payment  ui.Choices
	Summary  []ui.Fact
}

// checkout shows the address form, filled with what the last confirmation said.
func (s *shop) checkout(c echo.Context) error {
	form := orders.CheckoutForm{Method: orders.Card}
	last, err := s.lastCheckout(c)
	switch {
	case err == nil:
		form.Contact, form.Shipping, form.Method = last.Contact, last.ShippingKey, last.Method
	case !errors.Is(err, orders.ErrCheckoutNotFound) && !errors.Is(err, orders.ErrCheckoutExpired):
		return err
	}
	return s.showCheckout(c, http.StatusOK, checkoutView{form: form})
}

// lastCheckout is the confirmation this browser has seen last.
func (s *shop) lastCheckout(c echo.Context) (orders.Checkout, error) {
	var last orders.CheckoutID
	if last.UnmarshalText([]byte(cookie(c, checkoutCookie))) != nil {
		return orders.Checkout{}, orders.ErrCheckoutNotFound
	}
	return s.Orders.Checkout(c.Request().Context(), last)
}

// prepare freezes the cart for the confirmation, or fills the address in for who has no script.
func (s *shop) prepare(c echo.Context) error {
	posted, err := posted(c)
	if err != nil {
		return err
	}
	view := checkoutView{form: checkoutForm(posted)}
	view.form.Language = orders.Language(blankPage(c, "").Head.Language)
	if posted.Get("do") == "postal" {
		s.fillAddress(&view, posted.Get("place"))
		return s.showCheckout(c, http.StatusUnprocessableEntity, view)
	}
	prepared, err := s.Orders.PrepareCheckout(c.Request().Context(), cookie(c, cartCookie), view.form)
	var mistakes *orders.FormError
	switch {
	case errors.Is(err, orders.ErrCartEmpty) || errors.Is(err, orders.ErrCartNotFound):
		return seeOther(c, "/cart")
	case errors.As(err, &mistakes):
		view.refusal = err
		return s.showCheckout(c, http.StatusUnprocessableEntity, view)
	case err != nil:
		return err
	}
	s.setCookie(c, checkoutCookie, prepared.ID.String(), time.Until(prepared.ExpiresAt))
	return seeOther(c, "/checkout/confirm")
}

func checkoutForm(posted url.Values) orders.CheckoutForm {
	return orders.CheckoutForm{
		Contact: orders.Contact{
			Name: posted.Get("name"), Email: posted.Get("email"), Phone: posted.Get("phone"), PostalCode: posted.Get("postal_code"),
			Prefecture: posted.Get("prefecture"), City: posted.Get("city"), Street: posted.Get("street"), Building: posted.Get("building"),
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
	ctx, token := c.Request().Context(), cookie(c, cartCookie)
	options, err := s.Orders.ShippingOptions(ctx, token, view.form.Prefecture)
	if errors.Is(err, orders.ErrCartEmpty) || errors.Is(err, orders.ErrCartNotFound) {
		return seeOther(c, "/cart")
	}
	if err != nil {
		return err
	}
	cart, err := s.Orders.Cart(ctx, token)
	if err != nil {
		return err
	}
	p := checkoutPage{page: blankPage(c, "")}
	p.Head.Title, p.Head.CartCount, p.Head.NoIndex = p.Words.Checkout.Title, pieces(cart), true
	p.Head.Scripts = []string{"address.js"}
	p.askAddress(view)
	p.askShipping(view.form.Shipping, options)
	p.askPayment(view.form.Method)
	p.summarize(cart)
	if view.refusal != nil {
		p.correct(view.refusal)
	}
	confidential(c)
	return render(c, status, checkoutViewOf(p))
}

func (p *checkoutPage) askAddress(view checkoutView) {
	words, form := p.Words.Checkout, view.form
	p.Contact = []ui.Field{
		{Name: "name", Label: p.All.FullName, Hint: words.NameHint, Value: form.Name, Autocomplete: "name", Required: true},
		{Name: "email", Label: p.All.Email, Hint: words.EmailHint, Value: form.Email, Type: "email", Autocomplete: "email", Required: true},
		{Name: "phone", Label: p.All.Phone, Hint: words.PhoneHint, Value: form.Phone, Type: "tel", Autocomplete: "tel", Required: true},
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
}

// askShipping offers the ways that take the parcel; the cheapest is chosen unless another was.
func (p *checkoutPage) askShipping(chosen string, options []orders.ShippingOption) {
	p.Shipping = ui.Choices{Name: "shipping_method", Legend: p.Words.Checkout.ShippingTitle, Hint: p.Words.Checkout.PickupHint}
	for _, option := range options {
		price := option.Price.String()
		if option.Price == 0 {
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

func (p *checkoutPage) askPayment(chosen orders.Method) {
	words := p.Words.Checkout
	p.Payment = ui.Choices{Name: "payment_method", Legend: words.PaymentTitle, Options: []ui.Choice{
		{Value: string(orders.Card), Label: words.Card, Detail: words.CardDetail, Checked: chosen == orders.Card},
		{Value: string(orders.Konbini), Label: words.Konbini, Detail: words.KonbiniDetail + " ・ " + words.NotSevenEleven, Checked: chosen == orders.Konbini},
	}}
}

func (p *checkoutPage) summarize(cart orders.Cart) {
	for _, line := range cart.Lines {
		title := line.Title
		if line.DesignText != "" {
			title += "「" + line.DesignText + "」"
		}
		value := fmt.Sprintf("%s × %d", line.UnitPrice, line.Quantity)
		p.Summary = append(p.Summary, ui.Fact{Name: title, Value: value})
	}
	p.Summary = append(p.Summary, ui.Fact{Name: p.All.Subtotal, Value: cart.Goods.String() + "（" + p.All.TaxIncludedShort + "）"})
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
