package catalog

import (
	"fmt"
	"sync/atomic"
	"testing"
)

var (
	things   = []string{"名札", "マグネット", "しおり", "キーホルダー", "積み木", "コースター", "ブローチ", "箸置き", "ペンたて", "時計"}
	subjects = []string{"春の", "夏の", "秋の", "冬の", "犬の", "猫の", "鳥の", "花の", "星の", "海の", "森の"}
)

// openFull returns a catalog with 10,000 products.
func openFull(b *testing.B) *Service {
	b.Helper()
	s, db := open(b)
	tx := db.MustBegin()
	for i := range 10_000 {
		p := Product{
			Slug: fmt.Sprintf("p-%d", i), Kind: Stock, State: Published, WidthMM: 100, DepthMM: 80, HeightMM: 20, Price: 1100, Position: i,
			Name:    fmt.Sprintf("%s%s %d", subjects[i%len(subjects)], things[i/7%len(things)], i),
			Summary: "ひとつずつ 手で 仕上げた、木の ような 手ざわりの 品です。", Description: "贈りものにも、毎日の 暮らしにも。",
			Variants: []Variant{{SKU: fmt.Sprintf("sku-%d", i), Tracked: true, OnHand: i % 10}},
		}
		if err := saveProduct(b.Context(), tx, author, p); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	db.MustExec(`ANALYZE`)
	return s
}

// BenchmarkProducts is the list of 24 of 10,000 products, beside the words of the search.
func BenchmarkProducts(b *testing.B) {
	s := openFull(b)
	for name, query := range map[string]ProductQuery{
		"list": {}, "search_common": {Text: "仕上げ"}, "search_some": {Text: "ツミキ"}, "search_rare": {Text: "名札 4321"},
		"search_2_characters": {Text: "犬の"}, "search_1_character": {Text: "犬"}, "search_nothing": {Text: "ぞうきん"},
	} {
		b.Run(name, func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := s.Products(b.Context(), query); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkCreateDesign is a quote: of a text never seen, and of one seen before.
func BenchmarkCreateDesign(b *testing.B) {
	s, _ := openDemo(b)
	s.memory.forget(true)
	kana := []rune("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん")
	var number atomic.Int64
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			n := int(number.Add(1))
			typed := string([]rune{kana[n%45], kana[n/45%45], kana[n/2025%45], kana[n/91125%45]})
			create(b, s, DesignChoice{Product: "name-tag", Text: typed})
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			create(b, s, DesignChoice{Product: "name-tag", Text: "たろう"})
		}
	})
}
