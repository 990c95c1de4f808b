package staff

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// stockPage is the shelf: what lies there, what comes in, what was counted.
type stockPage struct {
	Head    ui.StaffHead
	Shelves []shelfCard
}

type shelfCard struct {
	Title    string
	Address  string
	Facts    []ui.Fact
	Receive  ui.Field
	Counted  ui.Field
	Reason   ui.Field
	LastOnes bool
}

func (s *console) showStock(c echo.Context, who fulfilment.Staff) error {
	shelves, err := s.Catalog.Shelves(c.Request().Context())
	if err != nil {
		return err
	}
	page := stockPage{Head: headFor(c, who, "在庫", "/staff/stock")}
	for _, shelf := range shelves {
		id := shelf.Variant.String()
		field := func(name, label string) ui.Field {
			return ui.Field{Name: name, ID: name + "-" + id, Label: label}
		}
		card := shelfCard{
			Title: strings.TrimSpace(shelf.Product + " " + shelf.Name), Address: "/staff/stock/" + id, LastOnes: shelf.Free() <= 0,
			Facts: []ui.Fact{
				{Name: "品番", Value: shelf.SKU},
				{Name: "棚にある数", Value: strconv.Itoa(shelf.OnHand)},
				{Name: "うち注文の取り置き", Value: strconv.Itoa(shelf.Reserved)},
				{Name: "売れる数", Value: strconv.Itoa(shelf.Free())},
			},
			Receive: field("quantity", "入荷した数"), Counted: field("counted", "数えた数"), Reason: field("reason", "直す理由"),
		}
		card.Receive.InputMode, card.Counted.InputMode, card.Reason.MaxLength = "numeric", "numeric", 200
		page.Shelves = append(page.Shelves, card)
	}
	return render(c, http.StatusOK, stockList(page))
}

func (s *console) receiveStock(c echo.Context, who fulfilment.Staff) error {
	return s.onShelf(c, "received", func(variant catalog.VariantID) error {
		_, err := s.Catalog.Receive(c.Request().Context(), by(who), variant, count(c.FormValue("quantity")))
		return err
	})
}

func (s *console) correctStock(c echo.Context, who fulfilment.Staff) error {
	return s.onShelf(c, "counted", func(variant catalog.VariantID) error {
		correction := catalog.Correction{Variant: variant, Counted: count(c.FormValue("counted")), Reason: c.FormValue("reason")}
		_, err := s.Catalog.CorrectStock(c.Request().Context(), by(who), correction)
		return err
	})
}

func (s *console) onShelf(c echo.Context, done string, do func(catalog.VariantID) error) error {
	variant, err := idParam[catalog.VariantID](c, "variant")
	if err != nil {
		return err
	}
	if err := do(variant); err != nil {
		return err
	}
	return backTo(c, "/staff/stock", done)
}

// count reads a number of pieces; what is none is refused as too few.
func count(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}
