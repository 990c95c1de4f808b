package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/id"
	"tsukuriba/internal/yen"
)

// manyProducts is how many the search is measured on.
const manyProducts = 100_000

var (
	whose    = []string{"春の", "夏の", "秋の", "冬の", "犬の", "猫の", "鳥の", "花の", "星の", "海の", "森の", "ハロウィーンの", "クリスマスの", "入学の", "お茶の", "旅の"}
	wares    = []string{"名札", "マグネット", "しおり", "キーホルダー", "積み木", "コースター", "ブローチ", "箸置き", "ペンたて", "時計", "チャーム", "ドアプレート", "鍋敷き", "スプーン"}
	finishes = []string{"ひとつずつ 手で 仕上げた、木の ような 手ざわりの 品です。", "角を まるく 整えて あります。", "贈りものにも、毎日の 暮らしにも。", "水に 強く、軽い 樹脂で つくりました。", "名まえを 入れる ことが できます。"}
)

// seedMany copies a large shop into the database, as SaveProduct would write it.
func seedMany(b *testing.B, db *sqlx.DB) {
	b.Helper()
	db.MustExec(`DROP INDEX products_grams`)
	tx := db.MustBegin()
	copied, err := tx.Prepare(`
		COPY products (id, slug, name, name_en, summary, description, kind, state, price_yen, position, width_mm, depth_mm,
		               height_mm, offered, colors, search_text, search_grams)
		FROM STDIN`)
	if err != nil {
		b.Fatal(err)
	}
	for i := range manyProducts {
		p := Product{
			Slug: fmt.Sprintf("p-%d", i), Price: priceOf(i), Position: i, NameEn: fmt.Sprintf("Ware %d", i),
			Name:    fmt.Sprintf("%s%s %d", whose[i%len(whose)], wares[i/3%len(wares)], i),
			Summary: finishes[i/5%len(finishes)], Description: finishes[i/11%len(finishes)] + fmt.Sprintf("型番は %06x です。", i*7919%manyProducts),
			Sample: &Sample{BaseColor: "kinari", TextColor: "sumi"},
		}
		all, grams := searchable(p)
		_, err := copied.Exec(id.New[productKind](), p.Slug, p.Name, p.NameEn, p.Summary, p.Description, "stock", "published",
			int64(p.Price), p.Position, 100, 80, 20, 1, pq.Array(p.colorKeys()), all, pq.Array(grams))
		if err != nil {
			b.Fatal(err)
		}
	}
	if _, err := copied.Exec(); err != nil {
		b.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	db.MustExec(`CREATE INDEX products_grams ON products USING gin (search_grams)`)
	db.MustExec(`VACUUM ANALYZE products`)
}

// priceOf makes some wares dearer than others, so that the cheapest that a text finds may be far down the list.
func priceOf(i int) yen.Amount { return yen.Amount(500 + i/3%len(wares)*400 + i%50*10) }

// BenchmarkSearch looks for many different things in 100,000 products, one after the other: how long half of the
// searches take at most (p50-ms), and 95 of 100 (p95-ms).
func BenchmarkSearch(b *testing.B) {
	s, db := open(b)
	seedMany(b, db)
	var every []time.Duration
	for _, kind := range searches() {
		b.Run(kind.name, func(b *testing.B) {
			took := measure(b, s, kind.queries(ByPlace))
			every = append(every, took...)
			report(b, took)
		})
	}
	b.Run("all", func(b *testing.B) { report(b, every) })
}

// BenchmarkSort reads lists of 100,000 products in each order: pages from the beginning and the middle, what searches
// find, what filters leave, and a season of 2,000.
func BenchmarkSort(b *testing.B) {
	s, db := open(b)
	seedMany(b, db)
	addSeason(b, s, db)
	for _, sort := range Sorts {
		var every []time.Duration
		lists := map[string][]ProductQuery{
			"pages":  {{Sort: sort}, {Sort: sort, Cursor: middle(b, db, sort)}},
			"filter": filters(sort),
			"season": {{Collection: "season", Sort: sort}, {Collection: "season", Sort: sort, Text: "犬の"}},
		}
		for _, kind := range searches() {
			lists["search"] = append(lists["search"], kind.queries(sort)...)
		}
		for name, queries := range lists {
			b.Run(cmp.Or(string(sort), "by_place")+"/"+name, func(b *testing.B) {
				took := measure(b, s, queries)
				every = append(every, took...)
				report(b, took)
			})
		}
		b.Run(cmp.Or(string(sort), "by_place")+"/all", func(b *testing.B) { report(b, every) })
	}
}

func addSeason(b *testing.B, s *Service, db *sqlx.DB) {
	b.Helper()
	if _, err := s.SaveCollection(b.Context(), author, Collection{Slug: "season", Name: "季節"}, nil); err != nil {
		b.Fatal(err)
	}
	db.MustExec(`
		INSERT INTO collection_products (collection_id, product_id, position)
		SELECT c.id, p.id, -p.position
		FROM collections c, products p
		WHERE p.position % 50 = 0`)
	db.MustExec(`ANALYZE collection_products`)
}

// middle is the cursor of a page in the middle of the whole list.
func middle(b *testing.B, db *sqlx.DB, sort Sort) string {
	b.Helper()
	order, p := ProductQuery{Sort: sort}.order(CollectionID{}), place{}
	err := db.QueryRow(`
		SELECT `+order.number+`, p.id
		FROM products p
		ORDER BY `+order.by(order.number)+`
		OFFSET $1
		LIMIT 1`, manyProducts/2).Scan(&p.number, &p.id)
	if err != nil {
		b.Fatal(err)
	}
	return p.cursor(order)
}

// filters leave all, some or nothing, of all products and of those a text finds.
func filters(sort Sort) (queries []ProductQuery) {
	for _, filter := range []Filter{
		{Kind: Stock},
		{Kind: Digital},
		{Color: "kinari"},
		{Color: "none"},
		{PriceFrom: 1000, PriceUntil: 1999},
		{PriceFrom: 6000},
		{PriceUntil: 499},
		{Ready: []Kind{Stock}},
	} {
		queries = append(queries, ProductQuery{Filter: filter, Sort: sort}, ProductQuery{Filter: filter, Sort: sort, Text: "時計"})
	}
	return queries
}

// measure asks each query about as often, some 200 times in all.
func measure(b *testing.B, s *Service, queries []ProductQuery) (took []time.Duration) {
	b.Helper()
	for range max(1, 200/len(queries)) {
		for _, query := range queries {
			began := time.Now()
			if _, err := s.Products(b.Context(), query); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
		}
	}
	return took
}

func report(b *testing.B, took []time.Duration) {
	b.Helper()
	took = slices.Sorted(slices.Values(took))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

type kindOfSearch struct {
	name  string
	texts []string
}

func (k kindOfSearch) queries(sort Sort) (queries []ProductQuery) {
	for _, text := range k.texts {
		queries = append(queries, ProductQuery{Text: text, Sort: sort})
	}
	return queries
}

func searches() []kindOfSearch {
	return []kindOfSearch{
		{"1_character", []string{"犬", "猫", "札", "の", "森", "木", "ぬ", "鯨", "7", "w"}},
		{"2_characters", []string{"犬の", "名札", "仕上", "品で", "旅の", "お茶", "木琴", "42", "ほん", "角を"}},
		{"3_characters", []string{"しおり", "仕上げ", "ひとつ", "積み木", "名札は", "暮らし", "すぷん", "777", "ぶろち", "鍋敷き"}},
		{"hiragana_for_katakana", []string{"まぐねっと", "ちゃーむ", "こーすたー", "はろうぃん", "くりすます", "ぶろーち", "どあぷれーと"}},
		{"katakana_for_hiragana", []string{"シオリ", "ヒトツズツ", "オクリモノ", "クラシ", "ペンタテ", "カルイ"}},
		{"width", []string{"ﾏｸﾞﾈｯﾄ", "ｺｰｽﾀｰ", "Ｗａｒｅ　４２", "１２３４", "ﾊﾛｳｨﾝ", "ｗａｒｅ"}},
		{"mixed", []string{"犬の 名札", "春 しおり 手", "ハロウィン チャーム 7", "仕上げ 樹脂 森", "名札 4321", "ware 99 猫", "旅 時計 暮らし"}},
		{"long", []string{"ひとつずつ 手で 仕上げた、木の ような 手ざわりの 品です。", "贈りものにも、毎日の 暮らしにも。", "水に 強く、軽い 樹脂で つくりました。 森"}},
		{"no_hit", []string{"ぞうきん", "冷蔵庫", "鯨の骨", "げたばこ", "zebra", "名札名札", "犬猫鳥", "タグまえの"}},
	}
}
