package orders_test

import (
	"strings"
	"testing"

	"tsukuriba/orders"
)

// rareNames have letters that normalization would change or that lie beyond the first plane.
var rareNames = []string{"\uFA19田 \uFA1B", "\uF9DC 介", "\U00020BB7野家", "髙﨑", "葛\U000E0100城"}

// Names keep every byte from the form over the database to the letter.
func TestRareNamesSurvive(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, name := range rareNames {
		filled := form(orders.Konbini)
		filled.Name, filled.Building, filled.Company = name, name+"方", name+"商店"
		checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled)
		must(t, err)
		shown, err := s.Checkout(t.Context(), checkout.Key())
		must(t, err)
		placed, err := s.Confirm(t.Context(), checkout.Key())
		must(t, err)
		contact, err := s.Contact(t.Context(), staff, placed.Order.ID)
		must(t, err)
		if shown.Contact.Name != name || contact.Name != name || contact.Building != name+"方" || contact.Company != name+"商店" {
			t.Errorf("%+q became %+q and %+q", name, shown.Contact.Name, contact)
		}
	}
	s.settle()
	for _, name := range rareNames {
		found := false
		for _, letter := range s.letters.letters {
			found = found || strings.Contains(letter.Text, name+" 様") && strings.Contains(letter.HTML, name)
		}
		if !found {
			t.Errorf("no letter calls %+q by that name", name)
		}
	}
}

// addresses are of the shapes that forms of other shops refuse.
var addresses = map[string]orders.Contact{
	"Kyoto by its streets": {PostalCode: "6048005", Prefecture: "京都府", City: "京都市中京区", Street: "三条通河原町西入ル石橋町16"},
	"a 大字 and a 字":         {PostalCode: "0393501", Prefecture: "青森県", City: "青森市", Street: "大字野内字菊川123番地の4"},
	"no number":            {PostalCode: "9071801", Prefecture: "沖縄県", City: "八重山郡与那国町", Street: "字与那国 番地なし"},
	"a building alone":     {PostalCode: "1006090", Prefecture: "東京都", City: "千代田区", Street: "霞が関", Building: "霞が関ビルディング(地階・階層不明)"},
	"in somebody's house":  {PostalCode: "2100001", Prefecture: "神奈川県", City: "川崎市川崎区", Street: "本町１丁目８−２５", Building: "山田様方 102号"},
	"a company":            {PostalCode: "100-8901", Prefecture: "東京都", City: "千代田区", Street: "霞が関1丁目3番1号", Company: "㈱つくる", Department: "総務部 2課"},
	"a long building":      {PostalCode: "5300001", Prefecture: "大阪府", City: "大阪市北区", Street: "梅田3-1-3", Building: strings.Repeat("ノースゲートビルディング", 9)},
	"Sapporo by 条 and 丁目":  {PostalCode: "0600001", Prefecture: "北海道", City: "札幌市中央区", Street: "北一条西２丁目１"},
	"Sapporo in short":     {PostalCode: "064-0809", Prefecture: "北海道", City: "札幌市中央区", Street: "南9条西3丁目10-301"},
	"Kyoto with 上ル":        {PostalCode: "〒６０２ー８０２４", Prefecture: "京都府", City: "京都市上京区", Street: "室町通丸太町上る大門町２５３番地"},
	"full width all over":  {PostalCode: "〒１００−０００１", Prefecture: "東京都", City: "千代田区", Street: "千代田１−１−１　１０１号"},
	"no building":          {PostalCode: "5200003", Prefecture: "滋賀県", City: "大津市", Street: "皇子が丘1-1"},
	"a mark and a space":   {PostalCode: "〒 900-0001", Prefecture: "沖縄県", City: "那覇市", Street: "港町2−5−1 港ヒルズ３Ｆ"},
	"letters and numbers":  {PostalCode: "〒060－0042", Prefecture: "北海道", City: "札幌市中央区", Street: "大通西28丁目1-1 Bldg. No.5 #301"},
}

func TestAddressesOfEveryShape(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for shape, address := range addresses {
		filled := form(orders.Card)
		address.Name, address.Email, address.Phone = "山田", "a@example.jp", "06012345678"
		filled.Contact = address
		checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled)
		if err != nil {
			t.Errorf("%s: %v", shape, err)
			continue
		}
		got := checkout.Contact
		if got.Street != address.Street || got.Building != address.Building || got.Company != address.Company || got.Department != address.Department {
			t.Errorf("%s became %+v", shape, got)
		}
	}
}

func TestEnglishTitles(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	filled := form(orders.Konbini)
	filled.Language = orders.English
	checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled)
	must(t, err)
	if !strings.Contains(checkout.Legal[0].Text, "magnet in English") {
		t.Errorf("the confirmation says %s", checkout.Legal[0].Text)
	}
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	s.settle()
	order := s.order(placed)
	if line := order.Lines[0]; line.Title != "magnet" || line.TitleIn(order.Language) != "magnet in English" || line.TitleIn(orders.Easy) != "magnet" {
		t.Errorf("line %+v", line)
	}
	if letter := s.letters.letters[0].Text; !strings.Contains(letter, "magnet in English") {
		t.Errorf("the letter says %s", letter)
	}
}
