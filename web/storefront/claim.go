package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/internal/audit"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// claimPage asks what is wrong with what arrived.
type claimPage struct {
	orderPage
	Lead    string
	Address string
	Line    ui.Choices
	Count   ui.Field
	Reason  ui.Field
	Note    ui.Field
	Photos  ui.Field
	Problem string
}

// claimCard is what the customer wrote, and our answer.
type claimCard struct {
	Title  string
	State  string
	Words  string
	Answer string
	Photos []claimPhoto
	Facts  []ui.Fact

	AddPhoto string // address of the form; "" when there is no room, or nothing to ask any more
	Photo    ui.Field
}

type claimPhoto struct{ Address, Alt string }

func (s *shop) askClaim(c echo.Context) error {
	found, err := s.Orders.ByLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	if !found.CanBeClaimed(s.Now()) {
		return seeOther(c, "/orders/"+c.Param("token"))
	}
	return s.showClaim(c, found, 0, nil)
}

// claim sends what the customer wrote to the workshop.
func (s *shop) claim(c echo.Context) error {
	found, err := s.Orders.ByLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	photos, err := postedPhotos(c, orders.MaxClaimPhotos)
	if err != nil {
		return s.showClaim(c, found, len(photos), err)
	}
	request := orders.ClaimRequest{Reason: orders.ClaimReason(c.FormValue("reason")), Note: c.FormValue("note"), Photos: photos}
	request.Quantity = whole(c.FormValue("quantity"))
	_ = request.Line.UnmarshalText([]byte(c.FormValue("line"))) // what cannot be read is of another order
	_, err = s.Orders.ClaimByCustomer(c.Request().Context(), c.Param("token"), request)
	if err == nil {
		return seeOther(c, "/orders/"+c.Param("token")+"?sent=1")
	}
	return s.showClaim(c, found, len(photos), err)
}

// showClaim shows the form, with what was refused beside its field. What cannot be mended there is the page's.
func (s *shop) showClaim(c echo.Context, found orders.Order, photos int, refusal error) error {
	frame, err := s.orderPage(c, found)
	if err != nil {
		return err
	}
	p := claimPage{orderPage: frame, Address: frame.Back + "/claim"}
	words := p.Words.Claim
	p.Head.Title, p.Lead = words.Title, words.Lead
	if found.ShippedAt == nil {
		p.Lead = words.EarlyLead
	}
	p.Line = ui.Choices{Name: "line", Legend: words.Line}
	for i, line := range found.Lines {
		id := line.ID.String()
		p.Line.Options = append(p.Line.Options, ui.Choice{
			Value: id, Label: line.Title, Detail: strings.TrimSpace(line.DesignText + fmt.Sprintf(" × %d", line.Quantity)),
			Checked: c.FormValue("line") == id || c.FormValue("line") == "" && i == 0 && len(found.Lines) == 1,
		})
	}
	p.Count = ui.Field{Name: "quantity", Label: words.Quantity, Value: c.FormValue("quantity"), InputMode: "numeric", Required: true}
	if p.Count.Value == "" {
		p.Count.Value = "1"
	}
	p.Reason = ui.Field{Name: "reason", Label: words.Reason, Value: c.FormValue("reason"), Options: []ui.Choice{{Label: words.Choose}}, Required: true}
	for _, reason := range found.ClaimReasons() {
		p.Reason.Options = append(p.Reason.Options, ui.Choice{Value: string(reason), Label: words.Reasons[string(reason)]})
	}
	p.Note = ui.Field{Name: "note", Label: words.Note, Hint: words.NoteHint, Value: c.FormValue("note"), Rows: 5, MaxLength: 1000, Required: true}
	p.Photos = photosField(p.Words.Photos, orders.MaxClaimPhotos)
	p.Photos.Error = photoError(p.Words.Photos, refusal, photos)
	status := http.StatusOK
	if refusal != nil {
		status = http.StatusUnprocessableEntity
		if !p.explain(refusal) {
			return refusal
		}
	}
	confidential(c)
	return render(c, status, claimView(p))
}

// explain puts what was refused beside its field, and reports whether it can be mended here.
func (p *claimPage) explain(refusal error) bool {
	mistakes, inForm := errors.AsType[*orders.FormError](refusal)
	switch {
	case errors.Is(refusal, orders.ErrClaimOpen):
		p.Problem = problem.From(refusal, p.language()).Title
		return true
	case !inForm:
		return photoRefusal(p.Words.Photos, refusal) != ""
	}
	words := p.Words.Claim
	for name, into := range map[string]struct {
		place *string
		said  string
	}{
		"line": {&p.Line.Error, words.BadLine}, "quantity": {&p.Count.Error, words.BadQuantity},
		"reason": {&p.Reason.Error, words.BadReason}, "note": {&p.Note.Error, words.BadNote},
	} {
		if mistakes.Fields[name] != "" {
			*into.place = into.said
		}
	}
	return true
}

// mistakes are the fields that need another look.
func (p claimPage) mistakes() []ui.Field {
	line := ui.Field{Name: "line-0", Label: p.Line.Legend, Error: p.Line.Error}
	return wrong(line, p.Count, p.Reason, p.Note, p.Photos)
}

// claims lists what the customer wrote, with our answers.
func (p orderPage) claims(found orders.Order, claims []orders.Claim) []claimCard {
	words := p.Words.Claim
	var cards []claimCard
	for _, claim := range claims {
		card := claimCard{Title: words.Reasons[string(claim.Reason)], State: p.claimState(claim), Words: claim.Note, Answer: words.Answers[claim.Answer]}
		for _, line := range found.Lines {
			if line.ID == claim.LineID {
				card.Title += fmt.Sprintf(" ・ %s × %d", line.Title, claim.Quantity)
			}
		}
		if claim.Origin != audit.Customer { // staff's own words are for staff
			card.Words = ""
		} else {
			p.photos(&card, claim)
		}
		if claim.Shipment != nil {
			card.Facts = []ui.Fact{{Name: p.Words.Order.Carrier, Value: claim.Shipment.Carrier}, {Name: p.Words.Order.Tracking, Value: claim.Shipment.Tracking}}
		}
		cards = append(cards, card)
	}
	return cards
}

func (p orderPage) claimState(claim orders.Claim) string {
	words := p.Words.Claim
	switch {
	case claim.State == orders.ClaimOpen:
		return words.Open
	case claim.State == orders.ClaimRefused:
		return words.Declined
	case claim.Remedy == orders.RemedyRefund:
		return words.GivenBack
	case claim.State == orders.ClaimSettled:
		return words.Resent
	}
	return words.Remaking
}

// refunds lists the money that goes back; one that was tried again is told once.
func (p orderPage) refunds(found orders.Order) []ui.Fact {
	words := p.Words.Claim
	var facts []ui.Fact
	for _, refund := range found.Refunds {
		said := words.RefundMoving
		switch {
		case refund.Retried:
			continue
		case refund.Over():
			said = words.RefundStuck
		case refund.State == orders.RefundRequiresAction:
			said = words.RefundWaits
		case refund.State == orders.RefundSucceeded:
			said = words.RefundDone
		}
		facts = append(facts, ui.Fact{Name: words.Refund, Value: refund.Amount.String() + " ・ " + said})
	}
	return facts
}

// waitsForBank says that a refund waits until the customer has named a bank account.
func waitsForBank(found orders.Order) bool {
	for _, refund := range found.Refunds {
		if refund.State == orders.RefundRequiresAction {
			return true
		}
	}
	return false
}

// codeIsOut says that a number was issued with which the order could still be paid at a till.
func codeIsOut(found orders.Order, now time.Time) bool {
	live := found.LivePayment()
	return live != nil && live.State == orders.PaymentCodeIssued && (live.ExpiresAt == nil || now.Before(*live.ExpiresAt))
}
