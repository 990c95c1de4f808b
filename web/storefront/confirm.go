package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type confirmPage struct {
	page
	ID        string
	PlaceAt   string // where it is ordered
	Items     []confirmItem
	DeliverTo []string // lines of the label
	Card      []string // lines of the card in the parcel
	Pictures  []ui.Viewer
	Total     string
	Valid     string
	Sold      string // by whom
	Problem   string
	Title     string
	Lead      string
	Frozen    bool      // a quotation's: nothing can be corrected any more
	Quotation ui.Action // its PDF
	Quote     bool      // whether a quotation can be taken instead
	Over      ui.Notice // why it cannot be ordered (any more); then there is no button
}

// confirmItem is one of the six legal items with the way to where it can be corrected, if it can.
type confirmItem struct {
	Title   string
	Lines   []string
	Correct ui.Action
}

// correctAt is where the legal items are decided that a customer decides. What remains of the price after the quantity
// is the postage.
var correctAt = map[string]string{
	"quantity": "/cart", "price": "/checkout#shipping_method-0", "payment": "/checkout#payment_method-0",
	"delivery": "/checkout#shipping_method-0",
}

// confirm is the final confirmation screen of a distance sale (特定商取引法 第12条の6).
func (s *shop) confirm(c echo.Context) error {
	checkout, err := s.lastCheckout(c)
	if errors.Is(err, orders.ErrCheckoutNotFound) || errors.Is(err, orders.ErrCheckoutExpired) {
		return seeOther(c, "/checkout")
	}
	if err != nil {
		return err
	}
	return s.showConfirm(c, http.StatusOK, checkout, "")
}

// showConfirm shows what would be ordered, and also what makes a quotation of it.
func (s *shop) showConfirm(c echo.Context, status int, checkout orders.Checkout, refusal string, also ...func(*confirmPage)) error {
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	p := confirmPage{
		page: frame, ID: checkout.ID.String(), PlaceAt: "/checkout/confirm", DeliverTo: label(checkout.Contact), Total: checkout.Total.String(),
		Valid: fmt.Sprintf(frame.Words.Confirm.Valid, checkout.ExpiresAt.In(jst.Zone).Format("15:04")), Problem: refusal,
	}
	seller, err := s.seller(c.Request().Context())
	if err != nil {
		return err
	}
	told := seller.In(orders.Language(p.Head.Language))
	p.Sold = fmt.Sprintf(p.Words.Info.Sold, told.Name, told.Phone)
	p.Title, p.Lead, p.Quote = p.Words.Confirm.Title, p.Words.Confirm.Lead, checkout.Contact.Company != ""
	if checkout.Quoted != nil {
		p.Title, p.Frozen, p.Quote, p.PlaceAt = p.Words.Invoice.QuoteConfirm, true, false, "/quotations/"+checkout.Secret+"/confirm"
		p.Valid = fmt.Sprintf(p.Words.Invoice.QuoteText, p.day(checkout.Quoted.Valid))
	}
	for _, change := range also {
		change(&p)
	}
	p.Head.Title, p.Head.NoIndex = p.Title, true
	if checkout.Contact.GiftMessage != "" {
		p.Card = strings.Split(checkout.Contact.GiftMessage, "\n")
	}
	for _, item := range checkout.Legal {
		p.Items = append(p.Items, confirmItem{Title: item.Title, Lines: strings.Split(item.Text, "\n"), Correct: p.correct(item)})
	}
	for _, line := range checkout.Lines {
		if !line.DesignID.IsZero() {
			p.Pictures = append(p.Pictures, ui.Viewer{Image: proof(line.DesignID), Alt: fmt.Sprintf(p.Words.Cart.PictureAlt, line.DesignText)})
		}
	}
	confidential(c)
	return render(c, status, confirmView(p))
}

// correct leads to where an item is decided. It has no address for what the shop decides.
func (p confirmPage) correct(item orders.LegalItem) ui.Action {
	if p.Frozen {
		return ui.Action{}
	}
	return ui.Action{
		Label: p.Words.Confirm.WhatChanged, Kind: ui.Quiet, Icon: ui.IconPencil, URL: correctAt[item.Key],
		Attributes: map[string]any{"aria-label": fmt.Sprintf(p.Words.Confirm.ChangeOf, item.Title)},
	}
}

// label is a contact as it stands on a parcel. What was not asked for is left out.
func label(contact orders.Contact) []string {
	var lines []string
	if contact.PostalCode != "" {
		lines = append(lines, postalMark(contact.PostalCode))
	}
	for _, line := range []string{
		contact.Prefecture + contact.City + contact.Street, contact.Building, contact.Company, contact.Department, contact.Name,
		contact.Phone, contact.Email,
	} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// postalMark writes a postal code as on a parcel. Who picks up a parcel may have typed anything.
func postalMark(code string) string {
	if len(code) != 7 {
		return "〒" + code
	}
	return "〒" + code[:3] + "-" + code[3:]
}

// place confirms the very checkout that was on the screen, and leads to where it is paid.
func (s *shop) place(c echo.Context) error {
	shown, err := shownCheckout(c)
	if err != nil {
		return err
	}
	return s.placeOrder(c, shown)
}

// shownCheckout is what was on the screen. It opens for the browser in whose cart it was.
func shownCheckout(c echo.Context) (orders.CheckoutKey, error) {
	form, err := posted(c)
	if err != nil {
		return orders.CheckoutKey{}, err
	}
	shown := orders.CheckoutKey{Secret: cookie(c, cartCookie)}
	if shown.ID.UnmarshalText([]byte(form.Get("checkout"))) != nil {
		return orders.CheckoutKey{}, orders.ErrCheckoutNotFound
	}
	return shown, nil
}

func (s *shop) placeOrder(c echo.Context, shown orders.CheckoutKey) error {
	placed, err := s.Orders.Confirm(c.Request().Context(), shown)
	if err != nil && placed.LinkToken == "" {
		return s.refuseOrder(c, shown, err)
	}
	s.setCookie(c, checkoutCookie, "", -1)
	if placed.PayURL == "" {
		return seeOther(c, "/orders/"+placed.LinkToken)
	}
	return seeOther(c, placed.PayURL)
}

// refuseOrder shows the confirmation again with the reason, as long as it still says something true, and else the form.
func (s *shop) refuseOrder(c echo.Context, shown orders.CheckoutKey, err error) error {
	told, mendable := blankPage(c, "").refused(err)
	if !mendable {
		return err
	}
	checkout, lost := s.Orders.Checkout(c.Request().Context(), shown)
	if errors.Is(lost, orders.ErrCheckoutExpired) {
		return s.showCheckout(c, http.StatusUnprocessableEntity, checkoutView{form: formOf(checkout), refusal: lost})
	}
	if lost != nil {
		return err
	}
	return s.showConfirm(c, http.StatusUnprocessableEntity, checkout, s.why(c, checkout, err, sentence(told)))
}

// why names the line that has run out, and else says what was told.
func (s *shop) why(c echo.Context, checkout orders.Checkout, err error, told string) string {
	p := blankPage(c, "")
	if notice := p.tooMuch(err); notice != nil {
		return strings.TrimSpace(notice.Text + " " + notice.Detail)
	}
	var none *catalog.OutOfStockError
	var mistakes *orders.FormError
	switch {
	case errors.As(err, &none) && checkout.Quoted == nil:
		for _, line := range checkout.Lines {
			if line.VariantID == none.Variant {
				return fmt.Sprintf(p.Words.Prices.OutOfStock, p.name(line.Title, line.TitleEn), max(none.Left, 0))
			}
		}
	case errors.As(err, &mistakes) && mistakes.Fields["company"] != "":
		return p.Words.Invoice.QuoteInvalid
	case errors.As(err, &mistakes) && mistakes.Fields["discount_code"] != "":
		return p.reason(mistakes.Fields["discount_code"])
	}
	return told
}

func (p confirmPage) changeAddress() string {
	return fmt.Sprintf(p.Words.Confirm.ChangeOf, p.Words.Confirm.DeliverTo)
}

func (p confirmPage) changeCard() string {
	return fmt.Sprintf(p.Words.Confirm.ChangeOf, p.Words.Prices.CardText)
}
