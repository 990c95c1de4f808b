package staff

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

const pricesAddress = "/staff/prices"

// pricesPage shows what shipping and wrapping cost from when on.
type pricesPage struct {
	Head  ui.StaffHead
	Lists []priceCard
	Zones []ui.Fact
}

type priceCard struct {
	Name  string
	Badge ui.Badge
	Rows  []priceRow
	Form  *priceForm // nil for who may not
}

type priceRow struct {
	From, Price string
	Zones       []ui.Fact
	Badge       ui.Badge
	Note        string
	Acts        []ui.Action
}

// priceForm asks for a price from a day on, or for a limit.
type priceForm struct {
	Key    string
	Noun   string
	From   ui.Field
	Prices []ui.Field
	Open   bool
}

func (s *console) showPrices(c echo.Context, who fulfilment.Staff) error {
	return s.renderPrices(c, who, http.StatusOK, &orders.FormError{})
}

func (s *console) renderPrices(c echo.Context, who fulfilment.Staff, status int, refused *orders.FormError) error {
	ctx := c.Request().Context()
	lists, err := s.Orders.PriceLists(ctx)
	if err != nil {
		return err
	}
	zones, err := s.Orders.ShippingZones(ctx)
	if err != nil {
		return err
	}
	page := pricesPage{Head: headFor(c, who, "送料と包装の値段", pricesAddress)}
	for _, zone := range zones {
		page.Zones = append(page.Zones, ui.Fact{Name: zoneName(zone.Key), Value: strings.Join(zone.Prefectures, "、")})
	}
	for _, list := range lists {
		page.Lists = append(page.Lists, priceCardOf(c, who, list, refused))
	}
	return render(c, status, priceLists(page))
}

func priceCardOf(c echo.Context, who fulfilment.Staff, list orders.PriceList, refused *orders.FormError) priceCard {
	card := priceCard{Name: list.Name}
	may := can(who, auth.SetPrices)
	for _, price := range list.Prices {
		row := priceRowOf(price)
		address := pricesAddress + "/" + price.Key + "/" + price.ValidFrom.Format(time.DateOnly)
		if price.Confirmed == nil && price.When != orders.PricePast {
			card.Badge = ui.Badge{Text: "確認が必要", Tone: ui.ToneAttention}
			row.Note = "この値段は、まだだれも運送会社の料金表と見くらべていません。"
			if may {
				row.Acts = append(row.Acts, ui.Action{Label: "料金表と同じだった", Icon: ui.IconCheck, Post: true, URL: address + "/confirm"})
			}
		}
		if price.When == orders.PriceToCome && may {
			row.Acts = append(row.Acts, ui.Action{Label: "取り消す", Kind: ui.Quiet, Icon: ui.IconUndo, Post: true, URL: address + "/withdraw"})
		}
		card.Rows = append(card.Rows, row)
	}
	if may {
		card.Form = priceFormOf(c, list, refused)
	}
	return card
}

var seasons = map[orders.PriceSeason]ui.Badge{
	orders.PricePast: {Text: "これまで"}, orders.PriceInForce: {Text: "いま", Tone: ui.TonePine}, orders.PriceToCome: {Text: "これから", Tone: ui.ToneAccent},
}

func priceRowOf(price orders.DatedPrice) priceRow {
	row := priceRow{From: fmt.Sprintf("%d年%sから", price.ValidFrom.Year(), day(price.ValidFrom)), Badge: seasons[price.When]}
	if price.Price != nil {
		row.Price = price.Price.String()
	}
	for _, zone := range price.Zones {
		row.Zones = append(row.Zones, ui.Fact{Name: zoneName(zone.Zone), Value: zone.Price.String()})
	}
	return row
}

var zoneNames = map[string]string{
	"home": "県内", "near": "東北・関東・信越・北陸・東海", "kinki": "近畿", "west": "中国・四国", "far": "北海道・九州", "okinawa": "沖縄",
}

func zoneName(key string) string { return cmp.Or(zoneNames[key], key) }

// priceFormOf is the form of a list; only the one that was sent back is filled in.
func priceFormOf(c echo.Context, list orders.PriceList, refused *orders.FormError) *priceForm {
	sent := c.FormValue("key") == list.Key && len(refused.Fields) > 0
	field := func(name, label string) ui.Field {
		f := ui.Field{Name: name, ID: list.Key + "-" + strings.ReplaceAll(name, "/", "-"), Label: label, Required: true}
		if sent {
			f.Value, f.Error = c.FormValue(name), priceSentence(list, name, refused.Fields[name])
		}
		return f
	}
	form := &priceForm{Key: list.Key, Noun: priceNoun(list.Key), From: field("valid_from", "いつから"), Open: sent}
	form.From.Type, form.From.Hint = "date", "あした以降の日"
	if !list.ByZone {
		form.Prices = []ui.Field{field("price_yen", form.Noun+"（円・税込）")}
	}
	if list.Key == orders.WriteOffKey {
		form.Prices[0].Hint = "9999円まで。それより多い値引きには、返還インボイスがいります。"
	}
	for _, zone := range list.Prices[0].Zones {
		form.Prices = append(form.Prices, field("zones/"+zone.Zone, zoneName(zone.Zone)+"（円・税込）"))
	}
	for i := range form.Prices {
		form.Prices[i].InputMode = "numeric"
	}
	return form
}

func priceNoun(key string) string {
	if key == orders.WriteOffKey {
		return "上限"
	}
	return "値段"
}

func priceSentence(list orders.PriceList, field, reason string) string {
	switch {
	case reason == "":
		return ""
	case reason == "taken":
		return "この日からの" + priceNoun(list.Key) + "は、もうあります。"
	case field == "valid_from":
		return "あしたか、それより後の日を入れてください。"
	default:
		least, most := list.Bounds()
		return fmt.Sprintf("%dから%dまでの数字で入れてください。", least, most)
	}
}

func (s *console) addPrice(c echo.Context, who fulfilment.Staff) error {
	wanted, err := newPriceOf(c)
	if err == nil {
		err = s.Orders.AddPrice(c.Request().Context(), by(who), wanted)
	}
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.renderPrices(c, who, http.StatusUnprocessableEntity, refused)
	}
	if err != nil {
		return err
	}
	return backTo(c, pricesAddress, "price-added")
}

// newPriceOf reads the form. A day or a number that is none is refused at its field.
func newPriceOf(c echo.Context) (orders.NewPrice, error) {
	fields, wanted := map[string]string{}, orders.NewPrice{Key: c.FormValue("key")}
	if from := dateField(c, "valid_from", fields); from != nil {
		wanted.From = *from
	}
	sent, err := c.FormParams()
	if err != nil {
		return wanted, problem.ErrRouteNotFound
	}
	for name := range sent {
		zone, ofZone := strings.CutPrefix(name, "zones/")
		if !ofZone && name != "price_yen" || strings.TrimSpace(c.FormValue(name)) == "" {
			continue
		}
		amount := yen.Amount(number(c, name, fields))
		if !ofZone {
			wanted.Price = &amount
			continue
		}
		if wanted.Zones == nil {
			wanted.Zones = map[string]yen.Amount{}
		}
		wanted.Zones[zone] = amount
	}
	if len(fields) > 0 {
		return wanted, &orders.FormError{Fields: fields}
	}
	return wanted, nil
}

// onPrice does something about one dated price.
func (s *console) onPrice(c echo.Context, done string, do func(orders.PriceRef) error) error {
	ref := orders.PriceRef{Key: c.Param("key"), From: c.Param("from")}
	if _, err := time.Parse(time.DateOnly, ref.From); err != nil {
		return problem.ErrRouteNotFound
	}
	if err := do(ref); err != nil {
		return err
	}
	return backTo(c, pricesAddress, done)
}

func (s *console) confirmPrice(c echo.Context, who fulfilment.Staff) error {
	return s.onPrice(c, "price-confirmed", func(ref orders.PriceRef) error {
		return s.Orders.ConfirmPrice(c.Request().Context(), by(who), ref)
	})
}

func (s *console) withdrawPrice(c echo.Context, who fulfilment.Staff) error {
	return s.onPrice(c, "price-withdrawn", func(ref orders.PriceRef) error {
		return s.Orders.WithdrawPrice(c.Request().Context(), by(who), ref)
	})
}
