package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// invoiceCard is what an order's page says of its invoice: what to transfer while that is to be done, and the document.
type invoiceCard struct {
	Facts []ui.Fact
	File  ui.Action
}

func (s *shop) invoiceCard(c echo.Context, p orderPage, found orders.Order) (invoiceCard, error) {
	if found.Method != orders.ByInvoice {
		return invoiceCard{}, nil
	}
	bill, err := s.Orders.Bill(c.Request().Context(), found)
	if errors.Is(err, orders.ErrDocumentNotFound) { // staff look at the order first
		return invoiceCard{}, nil
	}
	if err != nil {
		return invoiceCard{}, err
	}
	words := p.Words.Invoice
	card := invoiceCard{File: ui.Action{
		Label: fmt.Sprintf(words.File, bill.Number), Icon: ui.IconDownload, URL: p.Back + "/documents/" + bill.Document.String(),
	}}
	if found.State == orders.AwaitingPayment {
		account := strings.Join([]string{bill.Bank.Bank, bill.Bank.Branch, bill.Bank.Kind, bill.Bank.Number}, " ")
		card.Facts = []ui.Fact{
			{Name: words.Account, Value: account},
			{Name: words.Holder, Value: bill.Bank.Holder},
			{Name: words.Rest, Value: bill.Rest.String()},
			{Name: words.Due, Value: p.day(bill.Due)},
		}
	}
	return card, nil
}

// toTransfer asks for the money of an invoice, or for what is left of it.
func (p orderPage) toTransfer(found orders.Order) ui.Notice {
	words := p.Words.Invoice
	notice := ui.Notice{Kind: ui.NoticeAttention, Detail: words.DueText}
	if live := found.LivePayment(); live != nil && live.ExpiresAt != nil {
		notice.Text = fmt.Sprintf(words.DueTitle, p.day(*live.ExpiresAt))
	}
	if found.Captured > 0 {
		notice.Detail = fmt.Sprintf(words.PartText, found.Missing()) + " " + words.DueText
	}
	return notice
}

// quote makes a quotation of the very checkout that was on the screen.
func (s *shop) quote(c echo.Context) error {
	shown, err := shownCheckout(c)
	if err != nil {
		return err
	}
	made, err := s.Orders.Quote(c.Request().Context(), shown)
	if err != nil {
		return s.refuseOrder(c, shown, err)
	}
	return seeOther(c, "/quotations/"+made.LinkToken)
}

// quotation is the confirmation of what was quoted, from which it can be ordered until its last day.
func (s *shop) quotation(c echo.Context) error {
	found, err := s.Orders.Quotation(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return s.showConfirm(c, http.StatusOK, found.Checkout, "", func(p *confirmPage) { p.quoted(c, found) })
}

// placeQuoted orders what was quoted.
func (s *shop) placeQuoted(c echo.Context) error {
	found, err := s.Orders.Quotation(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return s.placeOrder(c, found.Checkout.Key())
}

// quoted makes a confirmation the page of a quotation.
func (p *confirmPage) quoted(c echo.Context, found orders.Quotation) {
	words := p.Words.Invoice
	p.Title, p.Lead = fmt.Sprintf(words.QuoteTitle, found.Number), words.QuoteMailed
	p.Quotation = ui.Action{Label: fmt.Sprintf(words.QuoteFile, found.Number), Icon: ui.IconDownload, URL: c.Request().URL.Path + "/file.pdf"}
	switch {
	case found.OrderToken != "":
		p.Over = ui.Notice{
			Kind: ui.NoticeDone, Text: words.QuoteOrdered, Action: ui.Action{Label: words.QuoteToOrder, URL: "/orders/" + found.OrderToken},
		}
	case found.Ended:
		p.Over = ui.Notice{
			Kind: ui.NoticeInfo, Text: words.QuoteEnded, Detail: words.QuoteEndedText, Action: ui.Action{Label: p.All.Cart, URL: "/cart"},
		}
	}
}

// mend is where a refusal can be mended: in the cart, but for a quotation, whose contents stand.
func (p confirmPage) mend() ui.Action {
	if p.Frozen {
		return ui.Action{}
	}
	return ui.Action{Label: p.All.Cart, URL: "/cart"}
}

// quotationFile shows a quotation as PDF.
func (s *shop) quotationFile(c echo.Context) error {
	document, file, err := s.Orders.QuotationFile(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return showFile(c, document, file)
}
