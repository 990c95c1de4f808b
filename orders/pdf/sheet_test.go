package pdf_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-text/typesetting/font"
	gocmp "github.com/google/go-cmp/cmp"
	reader "github.com/ledongthuc/pdf"
	"pgregory.net/rapid"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/pdf"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("JST", 9*60*60))

// receipt is one of everything that can stand on a receipt.
func receipt() orders.Sheet {
	return orders.Sheet{
		Kind: orders.Receipt, Number: "R2026-000123", Language: orders.Japanese, Order: "2026-000456", Issued: noon,
		Traded: noon.AddDate(0, 0, -2), Method: orders.Card,
		Issuer: orders.Issuer{
			Name: "つくり場", Address: "〒000-0000 みほん県みほん市見本町 1-2-3", Phone: "000-000-0000", Email: "shop@example.jp",
			Registration: "T1234567890123",
		},
		Items: []orders.SheetItem{
			{Kind: orders.ItemGoods, Title: "名札", Quantity: 2, UnitPrice: 1100, Amount: 2200, TaxRate: 10},
			{Kind: orders.ItemGoods, Title: "クッキー", Quantity: 1, UnitPrice: 540, Amount: 540, TaxRate: 8},
			{Kind: orders.ItemDiscount, Amount: -200, TaxRate: 10},
			{Kind: orders.ItemWrapping, Amount: 220, TaxRate: 10},
			{Kind: orders.ItemShipping, Amount: 185, TaxRate: 10},
		},
		Taxes: []orders.TaxLine{{Rate: 10, Total: 2405, Tax: 218}, {Rate: 8, Total: 540, Tax: 40}}, Total: 2945,
		Recipient: orders.Recipient{Name: "𠮷田 神福隆晴", Honorific: "様"},
	}
}

func set(t interface{ Fatal(...any) }, sheet orders.Sheet) []byte {
	file, err := pdf.Setter{}.Typeset(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// letter is one drawn character with its place in points from the lower left corner.
type letter struct {
	text             string
	x, y, size, wide float64
}

// letters reads what stands on each page, with a reader that knows nothing of how it was made. It
// finds where each text begins and how far its letters are spaced; how wide they are, the font says.
func letters(t interface{ Fatal(...any) }, file []byte) (pages [][]letter) {
	read, err := reader.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	faces := faces()
	for page := 1; page <= read.NumPage(); page++ {
		var found []letter
		drawn := 0.0 // width of the text so far
		for _, text := range read.Page(page).Content().Text {
			if text.S == "\uFFFD" { // the reader's mark between texts
				drawn = 0
				continue
			}
			wide := text.FontSize * advance(faces, text.Font, text.S)
			found = append(found, letter{text.S, text.X + drawn, text.Y, text.FontSize, wide})
			drawn += wide
		}
		pages = append(pages, found)
	}
	return pages
}

var outlines = sync.OnceValue(func() map[string]*font.Font {
	outlines := map[string]*font.Font{}
	for name, file := range map[string]string{"Regular": "fonts/NotoSansJP_400Regular.ttf", "Bold": "fonts/NotoSansJP_700Bold.ttf"} {
		content, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		face, err := font.ParseTTF(bytes.NewReader(content))
		if err != nil {
			panic(err)
		}
		outlines[name] = face.Font
	}
	return outlines
})

// faces are for one goroutine, as they remember what they were asked.
func faces() map[string]*font.Face {
	faces := map[string]*font.Face{}
	for name, outline := range outlines() {
		faces[name] = font.NewFace(outline)
	}
	return faces
}

// advance is the width of a character in ems.
func advance(faces map[string]*font.Face, name, character string) float64 {
	_, weight, _ := strings.Cut(name, "-")
	face := faces[weight]
	glyph, _ := face.NominalGlyph([]rune(character)[0])
	return float64(face.HorizontalAdvance(glyph)) / float64(face.Upem())
}

// lines joins the letters of a page from the upper left to the lower right.
func lines(page []letter) []string {
	slices.SortStableFunc(page, func(a, b letter) int {
		return cmp.Or(cmp.Compare(math.Round(b.y), math.Round(a.y)), cmp.Compare(a.x, b.x))
	})
	var joined []string
	for i, each := range page {
		switch {
		case i == 0 || math.Round(page[i-1].y) != math.Round(each.y):
			joined = append(joined, each.text)
		case each.x-page[i-1].x-page[i-1].wide > page[i-1].size: // another column
			joined[len(joined)-1] += " | " + each.text
		default:
			joined[len(joined)-1] += each.text
		}
	}
	return joined
}

func text(t interface{ Fatal(...any) }, file []byte) string {
	var all []string
	for _, page := range letters(t, file) {
		all = append(all, lines(page)...)
	}
	return strings.Join(all, "\n")
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	file := set(t, receipt())
	want := []string{
		"番号 | R2026-000123", "領収書", "発行日 | 2026年11月23日", "お支払日 | 2026年11月21日", "適格簡易請求書", "注文番号 | 2026-000456",
		"つくり場", "𠮷田 神福隆晴　様", "〒000-0000 みほん県みほん市見本町 1-2-3", "TEL 000-000-0000", "shop@example.jp", "登録番号 T1234567890123",
		"領収金額", "¥2,945（税込）", "但し、下記の商品の代金として、上記の金額を正に領収いたしました。", "お支払方法：クレジットカード",
		"品目 | 数量 | 単価 | 金額", "名札 | 2 | ¥1,100 | ¥2,200", "クッキー ※ | 1 | ¥540 | ¥540", "割引 | −¥200", "ギフト包装 | ¥220", "送料 | ¥185",
		"合計 | ¥2,945", "10%対象（税込） | ¥2,405", "　うち消費税 | ¥218", "8%対象※（税込） | ¥540", "　うち消費税 | ¥40",
		"※は軽減税率（8%）の対象です。", "この領収書は電子データで発行しています。収入印紙は必要ありません。", "つくり場　R2026-000123 | 1 / 1",
	}
	if diff := gocmp.Diff(want, lines(letters(t, file)[0])); diff != "" {
		t.Error(diff)
	}
	if len(file) > 100_000 {
		t.Errorf("%d bytes", len(file))
	}
}

// invoice asks for what receipt confirms.
func invoice() orders.Sheet {
	sheet := receipt()
	sheet.Kind, sheet.Number, sheet.Method = orders.Invoice, "S2026-000012", orders.ByInvoice
	sheet.Due = time.Date(2026, 12, 7, 23, 59, 59, 0, noon.Location())
	sheet.Bank = orders.BankAccount{Bank: "みほん銀行", Branch: "本店営業部", Kind: "普通", Number: "0123456", Holder: "ツクリバ"}
	sheet.Recipient = orders.Recipient{Name: "株式会社ひかり 総務部", Honorific: "御中"}
	return sheet
}

func TestInvoice(t *testing.T) {
	t.Parallel()
	got := text(t, set(t, invoice()))
	for _, want := range []string{
		"請求書", "適格請求書", "登録番号 T1234567890123", "株式会社ひかり 総務部　御中", "ご請求金額", "¥2,945（税込）", "お支払期限 | 2026年12月7日",
		"10%対象（税込） | ¥2,405", "　うち消費税 | ¥218", "8%対象※（税込） | ¥540", "お振込先 | みほん銀行　本店営業部　普通　0123456", "口座名義 | ツクリバ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "領収") || strings.Contains(got, "簡易") {
		t.Errorf("it says that the money has arrived:\n%s", got)
	}
	sheet := invoice()
	if sheet.Issuer.Registration = ""; strings.Contains(text(t, set(t, sheet)), "適格") {
		t.Error("an unregistered issuer claims a qualified invoice")
	}
}

func TestQuotation(t *testing.T) {
	t.Parallel()
	sheet := invoice()
	sheet.Kind, sheet.Number, sheet.Order = orders.Quote, "Q2026-000012", ""
	sheet.Due, sheet.Bank, sheet.Valid = time.Time{}, orders.BankAccount{}, time.Date(2026, 12, 23, 23, 59, 59, 0, noon.Location())
	sheet.Delivery = "ご注文の日から8日〜12日ほどで発送します。\nダウンロード商品は、お支払いの確認後すぐに。"
	got := text(t, set(t, sheet))
	for _, want := range []string{
		"見積書", "有効期限 | 2026年12月23日", "お見積金額", "納期 | ご注文の日から8日〜12日ほどで発送します。\nダウンロード商品は、", "お支払条件 | 銀行振込（請求書払い）",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	for _, wrong := range []string{"注文番号", "適格", "お振込先", "請求金額"} {
		if strings.Contains(got, wrong) {
			t.Errorf("a quotation says %q:\n%s", wrong, got)
		}
	}
}

func TestReceiptOfAnUnregisteredIssuer(t *testing.T) {
	t.Parallel()
	for _, registration := range []string{"", "T123", "1234567890123"} {
		sheet := receipt()
		sheet.Issuer.Registration = registration
		got := text(t, set(t, sheet))
		for _, claim := range []string{"適格", "登録番号", "1234567890123"} {
			if strings.Contains(got, claim) {
				t.Errorf("with %q it claims %s", registration, claim)
			}
		}
		if !strings.Contains(got, "領収書") {
			t.Error("it is no receipt any more")
		}
	}
}

func TestEnglish(t *testing.T) {
	t.Parallel()
	sheet := receipt()
	sheet.Language, sheet.Reissued = orders.English, new(noon.AddDate(0, 0, 9))
	got := text(t, set(t, sheet))
	for _, want := range []string{
		"領収書RECEIPT", "再発行 REISSUE", "再発行日 Reissued | 2026-12-02", "発行日 Issued | 2026-11-23", "合計 Total | ¥2,945", "10%対象 at 10% | ¥2,405",
		"お支払方法 Paid by：クレジットカード Credit card", "登録番号 Registration T1234567890123",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestReissueIsMarked(t *testing.T) {
	t.Parallel()
	sheet := receipt()
	if got := text(t, set(t, sheet)); strings.Contains(got, "再発行") {
		t.Error("the first issue is marked")
	}
	sheet.Reissued = new(noon.AddDate(0, 1, 0))
	if got := text(t, set(t, sheet)); !strings.Contains(got, "再発行日 | 2026年12月23日") || !strings.Contains(got, "発行日 | 2026年11月23日") {
		t.Error(got)
	}
}

func TestPackingSlip(t *testing.T) {
	t.Parallel()
	sheet := receipt()
	sheet.Kind = orders.PackingSlip
	sheet.Items[0].Text = "はると\nHaruto"
	sheet.Recipient.PostalCode, sheet.Recipient.Address = "0640941", []string{"北海道札幌市中央区旭ヶ丘1-2-3"}
	sheet.Recipient.Message = "おめでとう。\nばあばより"
	got := text(t, set(t, sheet))
	for _, private := range []string{"¥", "税", "000-000-0000", "クレジット", "領収"} {
		if strings.Contains(got, private) {
			t.Errorf("it shows %s", private)
		}
	}
	for _, want := range []string{"納品書", "「はると／Haruto」", "〒064-0941", "メッセージ", "おめでとう。\nばあばより"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// TestLettersStayThemselves holds for names: what is one letter to a person is not another one on
// paper, and can be searched for and copied as it was typed.
func TestLettersStayThemselves(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"神と神", "福と福", "隆と隆", "晴と晴", "祥と祥", "髙﨑 高崎", "𠮷野家の吉", "𩸽と𠮟", "辻邉邊", "ヴヷゑゐ々〆ヶ", "㈱①Ⅳ㌔", "ＡａアＡ", "José Çelik", "¥\\~〜",
	} {
		sheet := receipt()
		sheet.Recipient.Name = name
		if got := text(t, set(t, sheet)); !strings.Contains(got, name+"　様") {
			t.Errorf("%q became\n%s", name, strings.Join(strings.Split(got, "\n")[6:9], "\n"))
		}
	}
}

func TestLettersThatAreComposed(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"か\u3099": "が", "e\u0301": "é", "葛\U000E0100": "葛", "a\u200Bb": "ab", "\uFA19\uFE00": "\uFA19", "👍": "〓", "ขา": "〓〓", "\x07": "",
	} {
		sheet := receipt()
		sheet.Recipient.Name = "ー" + typed + "ー"
		if got := text(t, set(t, sheet)); !strings.Contains(got, "ー"+want+"ー　様") && want != "" {
			t.Errorf("%q is not drawn as %q:\n%s", typed, want, got)
		}
	}
}

func TestFiftyLines(t *testing.T) {
	t.Parallel()
	sheet := receipt()
	sheet.Kind, sheet.Items = orders.DeliveryNote, nil
	for i := range 50 {
		sheet.Items = append(sheet.Items, orders.SheetItem{
			Kind: orders.ItemGoods, Title: fmt.Sprintf("品%02d 折り返しを確かめるための長い名前の商品です、はい。", i), Quantity: 99, UnitPrice: 110_000, Amount: 10_890_000, TaxRate: 10,
		})
	}
	file := set(t, sheet)
	pages := letters(t, file)
	if len(pages) < 3 || len(file) > 100_000 {
		t.Errorf("%d pages, %d bytes", len(pages), len(file))
	}
	for i, page := range pages {
		got := strings.Join(lines(page), "\n")
		if strings.Count(got, "品目 | 数量 | 単価 | 金額") != 1 || !strings.Contains(got, fmt.Sprintf("%d / %d", i+1, len(pages))) {
			t.Errorf("page %d has no head or number:\n%s", i+1, got)
		}
		if last := i == len(pages)-1; strings.Contains(got, "合計 | ") != last {
			t.Errorf("page %d and the total", i+1)
		}
	}
	all := text(t, file)
	for i := range 50 {
		if n := strings.Count(all, fmt.Sprintf("品%02d ", i)); n != 1 {
			t.Errorf("item %d stands there %d times", i, n)
		}
	}
}

func TestTheSameSheetGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	want := set(t, receipt())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := set(t, receipt()); !bytes.Equal(got, want) {
				t.Error("another file")
			}
		})
	}
	all.Wait()
}

// hostile draws texts as people and attackers type them.
func hostile(label string, longest int) func(*rapid.T) string {
	alphabet := rapid.SampledFrom([]rune("あ漢𠮷\uFA19aW1 　-（）「」。、ー\n\t\u0301\u3099\u200F\U000E0100👨\u200D👩عبขา\u2028<>\\%)"))
	return func(t *rapid.T) string { return string(rapid.SliceOfN(alphabet, 0, longest).Draw(t, label)) }
}

func TestNothingEverOverlaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sheet := receipt()
		sheet.Kind = rapid.SampledFrom(orders.DocumentKinds).Draw(t, "kind")
		sheet.Language = rapid.SampledFrom([]orders.Language{orders.Japanese, orders.English}).Draw(t, "language")
		if rapid.Bool().Draw(t, "reissued") {
			sheet.Reissued = &noon
		}
		sheet.Total = yen.Amount(rapid.Int64Range(0, 99_999_999).Draw(t, "total"))
		sheet.Issuer.Name, sheet.Issuer.Address = hostile("issuer", 60)(t), hostile("address", 80)(t)
		sheet.Recipient = orders.Recipient{
			Name: hostile("name", 120)(t), Honorific: "御中", PostalCode: "0640941", Address: []string{hostile("street", 120)(t), hostile("building", 120)(t)},
			Message: hostile("message", 200)(t),
		}
		switch sheet.Kind {
		case orders.Invoice:
			sheet.Due, sheet.Bank = noon, orders.BankAccount{Bank: hostile("bank", 60)(t) + "銀行", Branch: hostile("branch", 60)(t) + "支店", Kind: "普通", Number: "0123456", Holder: hostile("holder", 80)(t) + "ﾂｸﾘﾊﾞ"}
		case orders.Quote:
			sheet.Valid, sheet.Delivery = noon, hostile("delivery", 200)(t)
		}
		sheet.Items = nil
		for range rapid.IntRange(0, 12).Draw(t, "lines") {
			sheet.Items = append(sheet.Items, orders.SheetItem{
				Kind: orders.ItemGoods, Title: hostile("title", 120)(t), Text: hostile("text", 40)(t), Quantity: 99, UnitPrice: 9_999_999, Amount: 99_999_999,
				TaxRate: rapid.SampledFrom([]int{8, 10}).Draw(t, "rate"),
			})
		}
		for number, page := range letters(t, set(t, sheet)) {
			apart(t, number+1, page)
		}
	})
}

// apart fails for letters that leave the page's margins or lie upon each other.
func apart(t *rapid.T, number int, page []letter) {
	const point = 72 / 25.4
	slices.SortFunc(page, func(a, b letter) int { return cmp.Compare(a.y, b.y) })
	for i, a := range page {
		if a.x < 19*point || a.x+a.wide > 191*point || a.y < 10*point || a.y > 285*point {
			t.Fatalf("page %d: %q at %.0f, %.0f is outside", number, a.text, a.x, a.y)
		}
		for _, b := range slices.Backward(page[:i]) {
			if a.y-b.y > 30 { // points, more than the largest letter
				break
			}
			beside := a.x+a.wide <= b.x+0.1 || b.x+b.wide <= a.x+0.1
			if below := a.y-b.y >= 0.8*min(a.size, b.size); !beside && !below && strings.TrimSpace(a.text+b.text) != "" {
				t.Fatalf("page %d: %q at %.1f, %.1f lies upon %q at %.1f, %.1f", number, a.text, a.x, a.y, b.text, b.x, b.y)
			}
		}
	}
}
