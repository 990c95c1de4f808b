package staff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// orderPage is an order with everything but its contact.
type orderPage struct {
	Head        ui.StaffHead
	Number      string
	Address     string
	Badge       ui.Badge
	Holds       []ui.Notice
	Lines       []orderLine
	Facts       []ui.Fact
	Money       []ui.Fact
	Refunds     []refundCard
	Refund      string // address of the form; "" if nothing is left or this person may not
	Claims      []claimCard
	Claim       string // address of the form for what a customer told
	Units       ui.Table
	Timeline    []ui.Event
	Undelivered []undelivered
	Sent        []ui.Choice // letters of which staff may say that they came back
	Decide      *decision   // texts, or a customer by invoice, wait for one that this person may take
	Transfers   *transfersCard
	Contact     bool
	Ship        *shipForm
	Hold        *holdForm
	Cancel      bool
	Papers      papers
}

type orderLine struct {
	textLine
	Amount string
	State  string
}

type shipForm struct {
	Carrier  ui.Field
	Tracking ui.Field
}

func (s *console) showOrder(c echo.Context, who fulfilment.Staff) error {
	return s.renderOrder(c, who, http.StatusOK, nil)
}

// renderOrder shows an order, with what a form was refused for.
func (s *console) renderOrder(c echo.Context, who fulfilment.Staff, status int, refused error) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	order, err := s.Orders.Order(ctx, id)
	if err != nil {
		return err
	}
	page := orderPage{
		Head: headFor(c, who, "注文 "+order.Number, "/staff/orders"), Number: order.Number, Address: orderAddress(id), Badge: orderBadge(order.State),
		Lines: linesOf(order), Facts: factsOf(order), Contact: can(who, auth.ReadContacts),
	}
	if card := textCardOf(order); order.State == orders.InReview && can(who, auth.ApproveOrders) && card.toDecide() {
		page.Decide = &card.Decide
	}
	for i, line := range page.Lines {
		if line.Text == "" {
			continue
		}
		if page.Lines[i].Notes, err = s.notes(ctx, line.Text); err != nil {
			return err
		}
	}
	for _, hold := range order.Holds {
		page.Holds = append(page.Holds, holdNotice(order, hold, who))
	}
	if can(who, auth.ApproveOrders) && !order.State.Final() {
		page.Hold = holdFormOf(c, mistakesIn(c, "hold_reason", refused))
	}
	page.Cancel = mayCancel(order, who)
	if order.State == orders.Ready && can(who, auth.ShipOrders) {
		page.Ship = shipFormOf(c, mistakesIn(c, "carrier", refused))
	}
	if page.Transfers, err = s.transfers(c, who, order, refused); err != nil {
		return err
	}
	page.Money, page.Refunds = moneyOf(order), refundCards(order, who)
	if can(who, auth.Money) && mayRefund(order) {
		page.Refund = orderAddress(id) + "/refund"
	}
	if page.Claims, err = s.claimCards(c, who, order); err != nil {
		return err
	}
	if can(who, auth.ApproveOrders) && (order.State == orders.InProduction || order.State == orders.Ready || order.ShippedAt != nil) {
		page.Claim = orderAddress(id) + "/claim"
	}
	if page.Units, err = s.units(ctx, order.ID); err != nil {
		return err
	}
	if page.Timeline, err = s.timeline(ctx, id); err != nil {
		return err
	}
	written, missing, sent, err := s.letters(c, id)
	if err != nil {
		return err
	}
	page.Timeline = merged(page.Timeline, written)
	if can(who, auth.ApproveOrders) {
		page.Undelivered, page.Sent = missing, sent
	}
	if page.Papers, err = s.papers(ctx, who, order); err != nil {
		return err
	}
	return render(c, status, orderDetail(page))
}

var textStates = map[orders.TextState]string{
	orders.TextPending: "文字の確認待ち", orders.TextAccepted: "文字を承認済み", orders.TextRefused: "文字をお断り",
}

func linesOf(order orders.Order) []orderLine {
	lines := make([]orderLine, len(order.Lines))
	for i, line := range order.Lines {
		lines[i] = orderLine{
			textLine: textLine{Title: line.Title},
			Amount:   fmt.Sprintf("%s × %d ＝ %s", line.UnitPrice, line.Quantity, line.Total), State: textStates[line.TextState],
		}
		if !line.DesignID.IsZero() {
			lines[i].Text, lines[i].Image = line.DesignText, proofOf(line.DesignID)
		}
	}
	return lines
}

func factsOf(order orders.Order) []ui.Fact {
	facts := []ui.Fact{
		{Name: "受付", Value: moment(order.PlacedAt)},
		{Name: "発送予定", Value: window(order.Window)},
		{Name: "送りかた", Value: cmp.Or(shippingMethods[order.ShippingMethod], order.ShippingMethod)},
	}
	if order.Wrapped {
		facts = append(facts, ui.Fact{Name: "包装", Value: "ギフト包装にする"})
	}
	if order.WithoutPrices {
		facts = append(facts, ui.Fact{Name: "同封物", Value: "金額のわかる紙を入れない"})
	}
	if order.Shipment != nil {
		facts = append(facts, ui.Fact{Name: "発送", Value: strings.TrimSpace(order.Shipment.Carrier + " " + order.Shipment.Tracking)})
	}
	return facts
}

// moneyOf lists what was agreed, paid and given back.
func moneyOf(order orders.Order) []ui.Fact {
	facts := []ui.Fact{{Name: "品代", Value: order.Goods.String()}}
	if order.DiscountCode != "" {
		facts = append(facts, ui.Fact{Name: "割引 " + order.DiscountCode, Value: (-order.Discount).String()})
	}
	if order.Wrapped {
		facts = append(facts, ui.Fact{Name: "ギフト包装", Value: order.Wrapping.String()})
	}
	facts = append(facts,
		ui.Fact{Name: "送料", Value: order.Shipping.String()}, ui.Fact{Name: "合計", Value: order.Total.String() + "（税込）"},
		ui.Fact{Name: "受け取り", Value: order.Captured.String()},
	)
	if order.WrittenOff > 0 {
		facts = append(facts, ui.Fact{Name: "振込手数料の値引き", Value: order.WrittenOff.String()})
	}
	if refunded := order.Refunded(); refunded > 0 {
		facts = append(facts, ui.Fact{Name: "返金", Value: refunded.String()}, ui.Fact{Name: "手もとの残り", Value: (order.Captured - refunded).String()})
	}
	for _, payment := range order.Payments {
		facts = append(facts, ui.Fact{
			Name: fmt.Sprintf("%d回目 %s", payment.Attempt, methods[payment.Method]), Value: payment.Amount.String() + " " + paymentStates[payment.State],
		})
	}
	return facts
}

// mayRefund says whether anything of the order can be given back now.
func mayRefund(order orders.Order) bool {
	if order.State == orders.AwaitingPayment || order.State == orders.InReview {
		return false
	}
	return slices.ContainsFunc(order.Refundable(), func(part orders.Refundable) bool { return part.Left > 0 })
}

// units traces every piece ever made for the order.
func (s *console) units(ctx context.Context, id orders.OrderID) (ui.Table, error) {
	table := ui.Table{Caption: "ひとつずつ", Columns: []ui.Column{{Label: "記号"}, {Label: "いま"}, {Label: "仕上げた人"}, {Label: "確かめた人"}}}
	units, err := s.Fulfilment.UnitsOfOrder(ctx, id)
	if err != nil {
		return table, err
	}
	names, err := s.memberNames(ctx)
	if err != nil {
		return table, err
	}
	codes, replaced := map[fulfilment.UnitID]string{}, map[fulfilment.UnitID]bool{}
	for _, unit := range units {
		codes[unit.ID] = unit.Code
		replaced[unit.Replaces] = true
	}
	for _, unit := range units {
		note := ""
		if !unit.Replaces.IsZero() {
			note = codes[unit.Replaces] + " の作り直し"
		} else if !unit.ClaimID.IsZero() {
			note = "お客さまへの送り直し"
		}
		state := unitStates[unit.State]
		if unit.State == fulfilment.UnitScrapped && !replaced[unit.ID] {
			state = "取りやめ"
		}
		table.Rows = append(table.Rows, []ui.Cell{
			{Text: unit.Code, Note: note}, {Text: state}, {Text: names[unit.FinishedBy]}, {Text: names[unit.PassedBy]},
		})
	}
	return table, nil
}

// timeline tells what happened, newest first, with the names of those who did it.
func (s *console) timeline(ctx context.Context, id orders.OrderID) ([]ui.Event, error) {
	entries, err := s.Orders.Timeline(ctx, id)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	events := make([]ui.Event, 0, len(entries))
	for _, entry := range slices.Backward(entries) {
		event := ui.Event{When: moment(entry.At), Machine: entry.At.Format(time.RFC3339), Text: entry.Action, Icon: ui.IconInfo}
		if known, found := happenings[entry.Action]; found {
			event.Text, event.Icon = known.words, known.icon
		}
		if event.Detail, err = why(entry); err != nil {
			return nil, err
		}
		if event.By, err = s.actorName(ctx, entry.Actor, names); err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

var actors = map[audit.Role]string{audit.Customer: "お客さま", audit.System: "自動", audit.Member: "利用者", audit.Staff: "職員"}

// actorName remembers in names whom it has looked up.
func (s *console) actorName(ctx context.Context, actor audit.Actor, names map[string]string) (string, error) {
	if actor.Role != audit.Staff {
		return actors[actor.Role], nil
	}
	if name, known := names[actor.ID]; known {
		return name, nil
	}
	var id fulfilment.StaffID
	if id.UnmarshalText([]byte(actor.ID)) != nil {
		return actors[audit.Staff], nil
	}
	who, err := s.Fulfilment.StaffByID(ctx, id)
	if errors.Is(err, fulfilment.ErrStaffNotFound) { // has left since
		who.Name, err = actors[audit.Staff], nil
	}
	names[actor.ID] = who.Name
	return who.Name, err
}

func (s *console) approve(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	if _, err := s.Orders.Approve(c.Request().Context(), by(who), id); err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "approved")
}

func (s *console) refuse(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	if _, err := s.Orders.Refuse(c.Request().Context(), by(who), id, c.FormValue("reason")); err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "refused")
}

func (s *console) ship(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	handover := orders.Handover{Carrier: strings.TrimSpace(c.FormValue("carrier")), Tracking: strings.TrimSpace(c.FormValue("tracking"))}
	_, err = s.Orders.Ship(c.Request().Context(), by(who), id, handover)
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.renderOrder(c, who, http.StatusUnprocessableEntity, refused)
	}
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "shipped")
}

// carriers are offered as one types; others can be written.
var carriers = []string{"日本郵便", "ヤマト運輸", "佐川急便", "工房での受け取り"}

// mistakesIn are those of a refusal if it was the form with this field that was sent, of all forms of the page.
func mistakesIn(c echo.Context, field string, refusal error) *orders.FormError {
	mistakes := &orders.FormError{}
	if c.Request().Form.Has(field) {
		errors.As(refusal, &mistakes)
	}
	return mistakes
}

func shipFormOf(c echo.Context, refused *orders.FormError) *shipForm {
	form := &shipForm{
		Carrier:  ui.Field{Name: "carrier", Label: "運送会社", Value: c.FormValue("carrier"), Error: shipSentence(refused.Fields["carrier"])},
		Tracking: ui.Field{Name: "tracking", Label: "追跡番号", Hint: "工房での受け取りには要りません", Value: c.FormValue("tracking"), Error: shipSentence(refused.Fields["tracking"])},
	}
	for _, carrier := range carriers {
		form.Carrier.Options = append(form.Carrier.Options, ui.Choice{Value: carrier, Label: carrier})
	}
	return form
}

func shipSentence(reason string) string {
	switch reason {
	case "":
		return ""
	case "required":
		return "入れてください。"
	default:
		return "この形では受け取れません。英数字とハイフンで入れてください。"
	}
}

type contactPage struct {
	Head  ui.StaffHead
	Back  string
	Facts []ui.Fact
	Card  []string // lines of the card that goes into the parcel
}

// showContact reads name and address, which leaves an audit entry. Those who only ship see them
// from ready until two weeks after the parcel has left.
func (s *console) showContact(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	read := s.Orders.Contact
	if who.Role == fulfilment.ShippingStaff {
		read = s.Orders.ContactForShipping
	}
	contact, err := read(c.Request().Context(), by(who), id)
	if err != nil {
		return err
	}
	page := contactPage{
		Head: headFor(c, who, "お届け先", "/staff/orders"), Back: orderAddress(id), Facts: contactFacts(contact),
	}
	if contact.GiftMessage != "" {
		page.Card = strings.Split(contact.GiftMessage, "\n")
	}
	return render(c, http.StatusOK, contactDetail(page))
}

// contactFacts are the lines of a label. What was not asked for is left out.
func contactFacts(contact orders.Contact) []ui.Fact {
	var facts []ui.Fact
	for _, fact := range []ui.Fact{
		{Name: "お名前", Value: contact.Name + " 様"},
		{Name: "会社名", Value: contact.Company},
		{Name: "部署名", Value: contact.Department},
		{Name: "郵便番号", Value: contact.PostalCode},
		{Name: "住所", Value: contact.Prefecture + contact.City + contact.Street},
		{Name: "建物", Value: contact.Building},
		{Name: "電話", Value: contact.Phone},
		{Name: "メール", Value: contact.Email},
	} {
		if fact.Value != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}
