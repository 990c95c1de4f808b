package staff

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type ordersPage struct {
	Head   ui.StaffHead
	Number ui.Field
	State  ui.Field
	Table  ui.Table
	Pager  ui.Pager
}

func orderAddress(id orders.OrderID) string { return "/staff/orders/" + id.String() }

// proofOf is the picture of a design that its customer agreed to.
func proofOf(design catalog.DesignID) string {
	return "/api/v1/designs/" + design.String() + "/proof.png"
}

// showOrders lists orders, narrowed to a state or to one number.
func (s *console) showOrders(c echo.Context, who fulfilment.Staff) error {
	query := orders.OrderQuery{Number: strings.ToUpper(strings.TrimSpace(c.QueryParam("number"))), Cursor: c.QueryParam("cursor")}
	if state := orders.State(c.QueryParam("state")); state != "" {
		query.States = []orders.State{state}
	}
	found, err := s.Orders.Orders(c.Request().Context(), query)
	if err != nil {
		return err
	}
	page := ordersPage{
		Head:   headFor(c, who, "注文", "/staff/orders"),
		Number: ui.Field{Name: "number", Label: "注文番号", Value: query.Number},
		State:  ui.Field{Name: "state", Label: "状態", Value: c.QueryParam("state"), Options: stateChoices()},
		Table:  ui.Table{Caption: "注文の一覧", Columns: []ui.Column{{Label: "注文"}, {Label: "文字"}, {Label: "状態"}, {Label: "発送予定"}, {Label: "合計", Numeric: true}}},
		Pager:  ui.Pager{Label: "ページ"},
	}
	risks, err := s.riskLines(c.Request().Context())
	if err != nil {
		return err
	}
	likely := map[string]string{}
	for _, risk := range risks {
		likely[risk.Order.Label] = risk.Likely
	}
	for _, order := range found.Items {
		page.Table.Rows = append(page.Table.Rows, orderRow(order, likely[order.Number]))
	}
	if found.NextCursor != "" {
		values := c.QueryParams()
		values.Set("cursor", found.NextCursor)
		page.Pager.Next = ui.Link{Label: "次の注文", URL: "/staff/orders?" + values.Encode()}
	}
	return render(c, http.StatusOK, orderList(page))
}

func stateChoices() []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: "すべて"}}
	for _, known := range orderStates {
		choices = append(choices, ui.Choice{Value: string(known.state), Label: known.badge.Text})
	}
	return choices
}

// orderRow is an order of the list; likely is when it will probably be sent, if that is too late.
func orderRow(order orders.Order, likely string) []ui.Cell {
	var texts []string
	for _, line := range order.Lines {
		if label := line.DesignText; label != "" {
			texts = append(texts, oneLine(label))
		} else {
			texts = append(texts, line.Title)
		}
	}
	badge := orderBadge(order.State)
	if len(order.Holds) > 0 {
		badge = ui.Badge{Text: "保留：" + holdReasons[order.Holds[0].Reason], Tone: ui.ToneAttention}
	}
	return []ui.Cell{
		{Text: order.Number, URL: orderAddress(order.ID), Note: moment(order.PlacedAt)},
		{Text: strings.Join(slices.Compact(texts), "、")},
		{Badge: badge},
		{Text: window(order.Window), Note: lateNote(likely)},
		{Text: order.Total.String(), Note: methods[order.Method]},
	}
}

func lateNote(likely string) string {
	if likely == "" {
		return ""
	}
	return "見込みは" + likely + "ごろ。遅れそうです"
}
