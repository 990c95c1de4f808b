package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// receiptCard is what an order's page says of its receipt: the form before the first issue, the
// documents after it.
type receiptCard struct {
	Files     []ui.Action
	Form      bool
	Address   string
	Name      ui.Field
	Honorific ui.Field
}

func (s *shop) receiptCard(c echo.Context, p orderPage, found orders.Order) (receiptCard, error) {
	documents, err := s.Orders.OrderDocuments(c.Request().Context(), found.ID)
	if err != nil {
		return receiptCard{}, err
	}
	words := p.Words.Receipt
	card := receiptCard{
		Form: found.CanBeReceipted(), Address: p.Back + "/receipt",
		Name: ui.Field{Name: "addressee", Label: words.Name, Hint: words.NameHint, Value: c.FormValue("addressee"), MaxLength: 120, Autocomplete: "organization"},
		Honorific: ui.Field{Name: "honorific", Label: words.Honorific, Value: c.FormValue("honorific"), Options: []ui.Choice{
			{Value: "様", Label: words.Person}, {Value: "御中", Label: words.Company}, {Value: "", Label: words.None},
		}},
	}
	if !c.Request().Form.Has("honorific") {
		card.Honorific.Value = "様"
	}
	for _, document := range documents {
		switch {
		case !document.Kind.ForCustomer() || document.Kind == orders.Invoice:
			continue
		case document.Kind == orders.Receipt:
			card.Form = false
		}
		label := words.Receipt
		if document.Kind == orders.RefundNote {
			label = words.RefundNote
		}
		card.Files = append(card.Files, ui.Action{
			Label: fmt.Sprintf(label, document.Number), Icon: ui.IconDownload, URL: p.Back + "/documents/" + document.ID.String(),
		})
	}
	return card, nil
}

// issueReceipt makes the receipt out, once.
func (s *shop) issueReceipt(c echo.Context) error {
	var addressee *orders.Addressee
	if name := strings.TrimSpace(c.FormValue("addressee")); name != "" {
		addressee = &orders.Addressee{Name: name, Honorific: c.FormValue("honorific")}
	}
	_, err := s.Orders.IssueReceipt(c.Request().Context(), c.Param("token"), addressee)
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.refuseReceipt(c, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/orders/"+c.Param("token"))
}

// refuseReceipt shows the order with what cannot be printed still in the form.
func (s *shop) refuseReceipt(c echo.Context, refusal error) error {
	found, err := s.Orders.ByLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	p, err := s.orderPage(c, found)
	if err != nil {
		return err
	}
	told := problem.From(refusal, blankPage(c, "").language())
	for _, field := range told.Errors {
		switch {
		case strings.HasSuffix(field.Pointer, "addressee"):
			p.Receipt.Name.Error = field.Message
		case strings.HasSuffix(field.Pointer, "honorific"):
			p.Receipt.Honorific.Error = field.Message
		}
	}
	confidential(c)
	return render(c, http.StatusUnprocessableEntity, orderView(p))
}

// ownDocument shows an invoice, a receipt or a refund note as PDF.
func (s *shop) ownDocument(c echo.Context) error {
	var id orders.DocumentID
	if id.UnmarshalText([]byte(c.Param("document"))) != nil {
		return orders.ErrDocumentNotFound
	}
	document, file, err := s.Orders.OwnDocument(c.Request().Context(), c.Param("token"), id)
	if err != nil {
		return err
	}
	return showFile(c, document, file)
}

func showFile(c echo.Context, document orders.Document, file []byte) error {
	confidential(c)
	c.Response().Header().Set(echo.HeaderContentDisposition, `inline; filename="`+document.FileName()+`"`)
	return c.Blob(http.StatusOK, "application/pdf", file)
}
