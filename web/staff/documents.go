package staff

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/width"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

const documentsPath = "/staff/documents"

// documentWords are the kinds as staff call them.
var documentWords = map[orders.DocumentKind]string{
	orders.Quote: "見積書", orders.Invoice: "請求書", orders.Receipt: "領収書", orders.RefundNote: "返金明細書", orders.PackingSlip: "納品書（同梱・金額なし）", orders.DeliveryNote: "納品書（金額あり）",
}

var exportWords = map[orders.ExportKind]string{
	orders.ExportOrders: "注文の一覧", orders.ExportSales: "日ごと・税率ごとの売上と返金", orders.ExportLedger: "入出金の記録", orders.ExportDocuments: "発行した書類",
}

type documentsPage struct {
	Head      ui.StaffHead
	Kind      ui.Field
	Number    ui.Field
	Recipient ui.Field
	From      ui.Field
	Until     ui.Field
	AtLeast   ui.Field
	AtMost    ui.Field
	Documents []documentRow
	Pager     ui.Pager
	Export    ui.Field
	Month     ui.Field
	Names     ui.Field
}

type documentRow struct {
	Number    string
	Kind      string
	Badge     ui.Badge
	Recipient string
	Facts     []ui.Fact
	File      ui.Action
	Reissue   ui.Action
}

// showDocuments finds documents by what the law wants them to be found by: day, amount, recipient.
func (s *console) showDocuments(c echo.Context, who fulfilment.Staff) error {
	query := orders.DocumentQuery{
		Kind: orders.DocumentKind(c.QueryParam("kind")), Number: strings.TrimSpace(c.QueryParam("number")),
		Recipient: strings.TrimSpace(c.QueryParam("recipient")), From: dayOf(c, "from"), Until: dayOf(c, "until"),
		AtLeast: amountOf(c, "at_least"), AtMost: amountOf(c, "at_most"), Cursor: c.QueryParam("cursor"), Limit: 20,
	}
	found, err := s.Orders.SearchDocuments(c.Request().Context(), by(who), query)
	if err != nil {
		return err
	}
	page := documentsForm(c)
	page.Head = headFor(c, who, "書類", documentsPath)
	page.Month.Value = s.Now().In(jst.Zone).Format("2006-01")
	for _, document := range found.Items {
		page.Documents = append(page.Documents, rowOf(document))
	}
	if found.NextCursor != "" {
		values := c.QueryParams()
		values.Set("cursor", found.NextCursor)
		page.Pager = ui.Pager{Label: "ページ", Next: ui.Link{Label: "前の書類", URL: documentsPath + "?" + values.Encode()}}
	}
	return render(c, http.StatusOK, documentList(page))
}

// documentsForm is the search as it was asked, and the choices of an export.
func documentsForm(c echo.Context) documentsPage {
	asked := func(name, label, kind string) ui.Field {
		return ui.Field{Name: name, Label: label, Value: c.QueryParam(name), Type: kind}
	}
	page := documentsPage{
		Kind: asked("kind", "種類", ""), Number: asked("number", "書類の番号", ""), Recipient: asked("recipient", "宛名", ""),
		From: asked("from", "発行日（から）", "date"), Until: asked("until", "発行日（まで）", "date"),
		AtLeast: asked("at_least", "金額（以上）", ""), AtMost: asked("at_most", "金額（以下）", ""),
		Export: ui.Field{Name: "table", Label: "表"},
		Month:  ui.Field{Name: "month", Label: "月", Type: "month", Required: true},
		Names:  ui.Field{Name: "names", Label: "お客さまの名前も入れる", Hint: "注文と書類の表だけ。書き出したことは記録に残ります。"},
	}
	page.AtLeast.InputMode, page.AtMost.InputMode = "numeric", "numeric"
	page.Kind.Options = []ui.Choice{{Label: "すべて"}}
	for _, kind := range orders.DocumentKinds {
		page.Kind.Options = append(page.Kind.Options, ui.Choice{Value: string(kind), Label: documentWords[kind]})
	}
	for _, kind := range orders.ExportKinds {
		page.Export.Options = append(page.Export.Options, ui.Choice{Value: string(kind), Label: exportWords[kind]})
	}
	return page
}

func dayOf(c echo.Context, name string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, c.QueryParam(name), jst.Zone)
	if err != nil {
		return time.Time{}
	}
	return day
}

// amountOf reads an amount to narrow a search by; what is no number does not narrow.
func amountOf(c echo.Context, name string) yen.Amount { return typedAmount(c.QueryParam(name)) }

// typedAmount reads yen as people type them, in any width; 0 for what is none.
func typedAmount(typed string) yen.Amount { return max(typedYen(typed), 0) }

// typedYen does the same where 0 means something: what is no amount is less than none, and refused.
func typedYen(typed string) yen.Amount {
	amount, err := strconv.ParseInt(strings.NewReplacer(",", "", "¥", "", "円", "", " ", "").Replace(width.Narrow.String(typed)), 10, 64)
	if err != nil || amount < 0 {
		return -1
	}
	return yen.Amount(amount)
}

func rowOf(document orders.Document) documentRow {
	row := documentRow{
		Number: document.Number, Kind: documentWords[document.Kind], Recipient: document.Recipient,
		Facts:   []ui.Fact{{Name: "発行日", Value: day(document.IssuedAt)}},
		File:    fileOf(document),
		Reissue: ui.Action{Label: "再発行する", Kind: ui.Quiet, Icon: ui.IconReset, Post: true, URL: documentsPath + "/" + document.ID.String() + "/reissue"},
	}
	if !document.OrderID.IsZero() { // a quotation is of none
		row.Facts = append(row.Facts, ui.Fact{Name: "注文", Value: document.OrderNumber, URL: orderAddress(document.OrderID)})
	}
	if document.Kind != orders.PackingSlip {
		row.Facts = append(row.Facts, ui.Fact{Name: "金額", Value: document.Amount.String()})
	}
	if !document.ReissueOf.IsZero() {
		row.Badge = ui.Badge{Text: "再発行", Tone: ui.ToneAccent}
	}
	return row
}

func fileOf(document orders.Document) ui.Action {
	return ui.Action{Label: "PDFを開く", Icon: ui.IconDownload, URL: documentsPath + "/" + document.ID.String()}
}

// downloadDocument shows a PDF, which leaves an audit entry.
func (s *console) downloadDocument(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.DocumentID](c, "document")
	if err != nil {
		return err
	}
	document, file, err := s.Orders.Document(c.Request().Context(), by(who), id)
	if err != nil {
		return err
	}
	return pdf(c, document, file)
}

// pdf opens in the browser, from where it is printed or saved under its number.
func pdf(c echo.Context, document orders.Document, file []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `inline; filename="`+document.FileName()+`"`)
	return c.Blob(http.StatusOK, "application/pdf", file)
}

func (s *console) reissueDocument(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.DocumentID](c, "document")
	if err != nil {
		return err
	}
	again, err := s.Orders.Reissue(c.Request().Context(), by(who), id)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, documentsPath+"?done=reissued&number="+again.Number)
}

// exportTable sends a table of a month while it is being read.
func (s *console) exportTable(c echo.Context, who fulfilment.Staff) error {
	month, err := time.ParseInLocation("2006-01", c.QueryParam("month"), jst.Zone)
	request := orders.ExportRequest{Kind: orders.ExportKind(c.QueryParam("table")), Month: month, Names: c.QueryParam("names") != ""}
	if err != nil || !slices.Contains(orders.ExportKinds, request.Kind) {
		return problem.ErrRouteNotFound
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="tsukuriba-`+string(request.Kind)+"-"+month.Format("2006-01")+`.csv"`)
	return s.Orders.Export(c.Request().Context(), by(who), request, c.Response())
}

// papers are the documents of an order: those there are, and those that can be issued now.
type papers struct {
	Address string
	Issued  []documentRow
	Slip    bool
	Card    bool // a gift has a message
	Issue   []paper
}

// paper is a document that could be issued.
type paper struct {
	Label  string
	Kind   string
	Refund string
}

func (s *console) papers(ctx context.Context, who fulfilment.Staff, order orders.Order) (papers, error) {
	found := papers{Address: orderAddress(order.ID)}
	packed := !order.Digital() && (order.State == orders.Ready || order.Step() == orders.StepShipped)
	if found.Slip = packed && can(who, auth.ShipOrders); found.Slip {
		var err error
		if found.Card, err = s.Orders.HasGiftMessage(ctx, order.ID); err != nil {
			return papers{}, err
		}
	}
	if !can(who, auth.Money) {
		return found, nil
	}
	documents, err := s.Orders.OrderDocuments(ctx, order.ID)
	if err != nil {
		return papers{}, err
	}
	for _, document := range documents {
		found.Issued = append(found.Issued, rowOf(document))
	}
	has := func(kind orders.DocumentKind, refund orders.RefundID) bool {
		return slices.ContainsFunc(documents, func(document orders.Document) bool { return document.Kind == kind && document.RefundID == refund })
	}
	offer := func(kind orders.DocumentKind, refund orders.RefundID) {
		if !has(kind, refund) {
			found.Issue = append(found.Issue, paper{Label: documentWords[kind] + "を発行する", Kind: string(kind), Refund: refund.String()})
		}
	}
	if order.CanBeReceipted() {
		offer(orders.Receipt, orders.RefundID{})
	}
	if packed {
		offer(orders.DeliveryNote, orders.RefundID{})
	}
	for _, refund := range order.Refunds {
		if refund.State == orders.RefundSucceeded && !refund.Unassigned() {
			offer(orders.RefundNote, refund.ID)
		}
	}
	return found, nil
}

// issueDocument issues what the order's page offers.
func (s *console) issueDocument(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	request := orders.IssueRequest{Order: id, Kind: orders.DocumentKind(c.FormValue("kind"))}
	if request.Refund.UnmarshalText([]byte(c.FormValue("refund"))) != nil {
		return orders.ErrRefundNotFound
	}
	if _, err := s.Orders.Issue(c.Request().Context(), by(who), request); err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "issued")
}

// paper shows something printed for a parcel, which opens in the browser.
func (s *console) paper(c echo.Context, paper orders.Paper, err error) error {
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `inline; filename="`+paper.Name+`"`)
	return c.Blob(http.StatusOK, "application/pdf", paper.File)
}

func (s *console) giftCard(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	paper, err := s.Orders.GiftCard(c.Request().Context(), by(who), id)
	return s.paper(c, paper, err)
}

func (s *console) remakeSlip(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.ClaimID](c, "claim")
	if err != nil {
		return err
	}
	paper, err := s.Orders.RemakeSlip(c.Request().Context(), by(who), id)
	return s.paper(c, paper, err)
}

// packingSlip is what goes into the parcel.
func (s *console) packingSlip(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	document, file, err := s.Orders.PackingSlip(c.Request().Context(), by(who), id)
	if err != nil {
		return err
	}
	return pdf(c, document, file)
}
