package storefront

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type orderPage struct {
	page
	Title     string
	Number    string // within the title
	Status    ui.Status
	Notice    ui.Notice
	Why       string // the workshop ended the order
	Lines     []orderLine
	Facts     []ui.Fact
	Downloads []orderDownload
	Claims    []claimCard
	Thank     string // where to thank the makers
	Thanked   string // what became of it
	Claim     string // address of the form; empty while canceling is possible, and long after shipping
	Bank      string // what to do for a refund that waits for a bank account
	CodeIsOut string // not to pay by the number that was issued, before and after canceling
	Cancel    string // address of the question; empty when it is too late
	CancelNow string // address of the answer
	Back      string
	Legal     string // what held when it was placed
	Receipt   receiptCard
	Invoice   invoiceCard
}

type orderLine struct {
	Title   string
	Text    string
	Count   string
	Total   string
	Picture string
	Alt     string
}

// orderDownload is what can be downloaded: for how long and how often, or why not any more.
type orderDownload struct {
	Title string
	Text  string
	Get   ui.Action // without an address once it is over
}

// order is the customer's secret page, and where the provider sends them back to.
func (s *shop) order(c echo.Context) error {
	ctx, token := c.Request().Context(), c.Param("token")
	find := s.Orders.ByLink
	if c.QueryParam("returned") != "" {
		find = s.Orders.Refresh
	}
	found, err := find(ctx, token)
	if err != nil {
		return err
	}
	p, err := s.orderPage(c, found)
	if err != nil {
		return err
	}
	confidential(c)
	return render(c, http.StatusOK, orderView(p))
}

func (s *shop) orderPage(c echo.Context, found orders.Order) (orderPage, error) {
	frame, err := s.page(c, "")
	if err != nil {
		return orderPage{}, err
	}
	units, err := s.Fulfilment.UnitsOfOrder(c.Request().Context(), found.ID)
	if err != nil {
		return orderPage{}, err
	}
	p := orderPage{page: frame, Number: found.Number, Back: "/orders/" + c.Param("token")}
	p.Title = fmt.Sprintf(p.Words.Order.Title, found.Number)
	p.Head.Title, p.Head.NoIndex = p.Title, true
	p.Head.Path = p.Back // no switch may ask the provider again
	p.Status = p.steps(found, api.StepOf(found, units))
	p.Legal = infoAt(orders.LegalPage, found.PlacedAt)
	if p.Why, err = found.WhyCanceled(orders.Language(p.Head.Language)); err != nil {
		return p, err
	}
	if codeIsOut(found, s.Now()) {
		p.CodeIsOut = p.Words.Claim.CodeIsOut
	}
	p.Notice = p.notice(found)
	for _, line := range found.Lines {
		p.Lines = append(p.Lines, p.line(line))
	}
	if p.Downloads, err = s.downloads(c, p.page, found); err != nil {
		return orderPage{}, err
	}
	p.Facts = append(p.facts(found), p.refunds(found)...)
	claims, err := s.Orders.Claims(c.Request().Context(), found.ID)
	if err != nil {
		return orderPage{}, err
	}
	p.Claims = p.claims(found, claims)
	written, err := s.Orders.ThanksOf(c.Request().Context(), found.ID)
	if err != nil && !errors.Is(err, orders.ErrThanksNotFound) {
		return orderPage{}, err
	}
	p.thanks(found, written)
	if found.CanBeClaimed(s.Now()) {
		p.Claim = p.Back + "/claim"
	}
	if waitsForBank(found) {
		p.Bank = p.Words.Claim.BankAccount
	}
	if c.QueryParam("thanked") != "" {
		p.Notice = ui.Notice{Kind: ui.NoticeDone, Text: p.Words.Thanks.SentTitle, Detail: p.Words.Thanks.SentText}
	}
	if c.QueryParam("sent") != "" {
		p.Notice = ui.Notice{Kind: ui.NoticeDone, Text: p.Words.Claim.SentTitle, Detail: p.Words.Claim.SentText}
	}
	if c.QueryParam("photo") != "" {
		p.Notice = ui.Notice{Kind: ui.NoticeDone, Text: p.Words.Photos.Sent, Detail: p.Words.Photos.Added}
	}
	if found.CanBeCanceled() {
		p.Cancel, p.CancelNow = p.Back+"/cancel", p.Back+"/cancelation"
	}
	if p.Invoice, err = s.invoiceCard(c, p, found); err != nil {
		return orderPage{}, err
	}
	p.Receipt, err = s.receiptCard(c, p, found)
	return p, err
}

// shownSteps are the plain states in their order.
var shownSteps = []orders.Step{
	orders.StepReceived, orders.StepChecking, orders.StepMaking, orders.StepFinishing, orders.StepShipped,
}

// steps shows how far the order has come; one that ended without a parcel has none.
func (p orderPage) steps(found orders.Order, at orders.Step) ui.Status {
	now := slices.Index(shownSteps, at)
	if now < 0 || found.Digital() {
		return ui.Status{}
	}
	status := ui.Status{Label: p.All.StatusLabel}
	labels := []string{p.All.Received, p.All.Reviewing, p.All.Making, p.All.Finishing, p.All.Shipped}
	for i, label := range labels {
		step := ui.StatusStep{Label: label, State: ui.StepLater, Said: p.All.StepLater}
		switch {
		case i < now || i == now && at == orders.StepShipped:
			step.State, step.Said = ui.StepDone, p.All.StepDone
		case i == now:
			step.State, step.Said = ui.StepNow, p.All.StepNow
		}
		step.Detail = p.stepDetail(i, now, found)
		status.Steps = append(status.Steps, step)
	}
	return status
}

// stepDetail is the line below a step: when it was, what happens in it, or when it is to be.
func (p orderPage) stepDetail(i, now int, found orders.Order) string {
	words := p.Words.Order
	switch {
	case i == 0:
		return fmt.Sprintf(words.ReceivedDetail, p.day(found.PlacedAt))
	case i == len(shownSteps)-1 && found.ShippedAt != nil:
		return p.day(*found.ShippedAt)
	case i == len(shownSteps)-1:
		return p.window(words.ShippedDetail, found.Window)
	case i != now:
		return ""
	case found.State == orders.AwaitingPayment: // its text has been read
		return words.CheckedDetail
	}
	return []string{1: words.CheckingDetail, 2: words.MakingDetail, 3: words.FinishingDetail}[i]
}

// because puts the reason of the workshop before what follows from it.
func (p orderPage) because(then string) string { return strings.TrimSpace(p.Why + " " + then) }

// notice says what the customer should know or do now.
func (p orderPage) notice(found orders.Order) ui.Notice {
	words := p.Words.Order
	switch {
	case found.State == orders.Canceled && p.CodeIsOut != "":
		return ui.Notice{Kind: ui.NoticeAttention, Text: words.CanceledTitle, Detail: p.because(p.CodeIsOut)}
	case found.State == orders.Canceled:
		return ui.Notice{Kind: ui.NoticeInfo, Text: words.CanceledTitle, Detail: p.because(words.CanceledText), Action: ui.Action{Label: words.Again, URL: "/products"}}
	case found.State == orders.Expired:
		return ui.Notice{Kind: ui.NoticeInfo, Text: words.ExpiredTitle, Detail: words.ExpiredText, Action: ui.Action{Label: words.Again, URL: "/products"}}
	case len(found.Holds) > 0:
		return ui.Notice{Kind: ui.NoticeInfo, Text: words.HoldTitle, Detail: words.HoldText}
	case found.State == orders.AwaitingPayment && found.Method == orders.ByInvoice:
		return p.toTransfer(found)
	case found.State == orders.AwaitingPayment:
		return p.unpaid(found)
	case found.State == orders.InReview && found.Method == orders.ByInvoice:
		return ui.Notice{Kind: ui.NoticeDone, Text: words.ThanksTitle, Detail: p.Words.Invoice.Review}
	case found.State == orders.InReview && found.Method == orders.Konbini && found.Paid == 0:
		return ui.Notice{Kind: ui.NoticeDone, Text: words.ThanksTitle, Detail: words.KonbiniReview}
	case found.State == orders.InReview:
		return ui.Notice{Kind: ui.NoticeDone, Text: words.ThanksTitle, Detail: words.ThanksReview}
	case found.Digital():
		return ui.Notice{Kind: ui.NoticeDone, Text: p.Words.Prices.DownloadReady, Detail: p.Words.Prices.DownloadReadyText}
	case found.State == orders.Approved:
		return ui.Notice{Kind: ui.NoticeDone, Text: words.ThanksTitle, Detail: words.ThanksPaid}
	}
	return ui.Notice{}
}

// unpaid asks for the money. At a konbini that takes a number first, and then the way back to the number that is out.
func (p orderPage) unpaid(found orders.Order) ui.Notice {
	words := p.Words.Order
	notice := ui.Notice{Kind: ui.NoticeAttention, Action: ui.Action{Kind: ui.Primary, Post: true, URL: p.Back + "/payment"}}
	sentence, until := words.UnpaidText, found.ExpiresAt
	live := found.LivePayment()
	switch {
	case live != nil && live.State == orders.PaymentCodeIssued:
		notice.Text, notice.Action.Label = words.CodeTitle, words.ShowCode
		sentence, until = words.CodeText, live.ExpiresAt
	case found.Method == orders.Konbini:
		notice.Text, notice.Action.Label = words.GetCodeTitle, words.GetCode
		sentence = words.GetCodeText
	default:
		notice.Text, notice.Action.Label = words.UnpaidTitle, words.PayNow
	}
	if until != nil {
		notice.Detail = fmt.Sprintf(sentence, p.moment(*until))
	}
	return notice
}

func (p orderPage) line(line orders.Line) orderLine {
	shown := orderLine{
		Title: p.name(line.Title, line.TitleEn), Text: line.DesignText, Count: fmt.Sprintf("%s × %d", line.UnitPrice, line.Quantity), Total: line.Total.String(),
	}
	if !line.DesignID.IsZero() {
		shown.Picture, shown.Alt = proof(line.DesignID), fmt.Sprintf(p.Words.Cart.PictureAlt, line.DesignText)
	}
	return shown
}

func (p orderPage) facts(found orders.Order) []ui.Fact {
	words := p.Words.Order
	method, paid := words.Card, words.NotPaidYet
	if found.Method == orders.Konbini {
		method = words.Konbini
	}
	if found.Method == orders.ByInvoice {
		method = p.Words.Invoice.Method
	}
	if found.Captured >= found.Owed() {
		paid = words.Paid
	}
	payment := method + " ・ " + paid
	if found.Method == orders.NothingToPay {
		payment = p.Words.Prices.NothingToPay
	}
	facts := append(p.prices(found), ui.Fact{Name: words.Method, Value: payment})
	switch {
	case found.Shipment != nil:
		return append(facts, ui.Fact{Name: words.Carrier, Value: found.Shipment.Carrier}, ui.Fact{Name: words.Tracking, Value: found.Shipment.Tracking})
	case found.State.Final(): // nothing is promised any more
		return facts
	}
	return append(facts, ui.Fact{Name: words.ShipPromise, Value: p.window("%s – %s", found.Window)})
}

// prices are the parts of the total.
func (p orderPage) prices(found orders.Order) []ui.Fact {
	facts := []ui.Fact{{Name: p.All.Subtotal, Value: found.Goods.String()}}
	if found.DiscountCode != "" {
		facts = append(facts, ui.Fact{Name: fmt.Sprintf(p.Words.Prices.Discount, found.DiscountCode), Value: (-found.Discount).String()})
	}
	if found.Wrapped {
		facts = append(facts, ui.Fact{Name: p.Words.Prices.Wrapping, Value: found.Wrapping.String()})
	}
	if !found.Digital() {
		facts = append(facts, ui.Fact{Name: p.All.PostageFee, Value: found.Shipping.String()})
	}
	facts = append(facts, ui.Fact{Name: p.All.Total, Value: found.Total.String() + "（" + p.All.TaxIncludedShort + "）"})
	if found.WrittenOff > 0 {
		facts = append(facts, ui.Fact{Name: p.Words.Invoice.WrittenOff, Value: (-found.WrittenOff).String()})
	}
	return facts
}

// downloads lists what the order may download.
func (s *shop) downloads(c echo.Context, p page, found orders.Order) ([]orderDownload, error) {
	if !slices.ContainsFunc(found.Lines, func(line orders.Line) bool { return line.Digital }) {
		return nil, nil
	}
	open, err := s.Orders.Downloads(c.Request().Context(), c.Param("token"))
	var shown []orderDownload
	for _, download := range open {
		entry := orderDownload{Text: p.Words.Prices.DownloadOver}
		for _, line := range found.Lines {
			if line.ID == download.Line {
				entry.Title = p.name(line.Title, line.TitleEn)
			}
		}
		if download.Left > 0 {
			entry.Text = fmt.Sprintf(p.Words.Prices.DownloadLeft, p.day(download.ExpiresAt), download.Left)
			entry.Get = ui.Action{Label: p.Words.Prices.Download, Kind: ui.Primary, Post: true, URL: "/downloads/" + download.Token}
		}
		shown = append(shown, entry)
	}
	return shown, err
}

// download hands over what was bought.
func (s *shop) download(c echo.Context) error {
	file, err := s.Orders.TakeDownload(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	confidential(c)
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	return c.Blob(http.StatusOK, "application/octet-stream", file.Content)
}

// pay leads to where the order can be paid now.
func (s *shop) pay(c echo.Context) error {
	address, err := s.Orders.RetryPayment(c.Request().Context(), c.Param("token"))
	if errors.Is(err, orders.ErrWrongState) { // paid or ended meanwhile: the page says so
		return seeOther(c, "/orders/"+c.Param("token"))
	}
	if err != nil {
		return err
	}
	return seeOther(c, address)
}

// askCancel asks once, because there is no way back.
func (s *shop) askCancel(c echo.Context) error {
	found, err := s.Orders.ByLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	p, err := s.orderPage(c, found)
	if err != nil {
		return err
	}
	if p.Cancel == "" {
		return seeOther(c, p.Back)
	}
	p.Head.Title = p.Words.Order.CancelTitle
	confidential(c)
	return render(c, http.StatusOK, cancelView(p))
}

func (s *shop) cancel(c echo.Context) error {
	_, err := s.Orders.CancelByCustomer(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return seeOther(c, "/orders/"+c.Param("token"))
}

func (p orderPage) beforeNumber() string {
	before, _, _ := strings.Cut(p.Title, p.Number)
	return before
}

func (p orderPage) afterNumber() string {
	_, after, _ := strings.Cut(p.Title, p.Number)
	return after
}
