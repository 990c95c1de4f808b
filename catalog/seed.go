package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/yen"
)

// SeedDemo fills the shop with the goods of a small workshop. What is there already, even if it
// was edited since, is left as it is.
func (s *Service) SeedDemo(ctx context.Context) error {
	system := audit.Actor{Role: audit.System}
	for _, product := range demoProducts() {
		_, err := s.findProduct(ctx, product.Slug)
		if errors.Is(err, ErrProductNotFound) {
			_, err = s.SaveProduct(ctx, system, product)
		}
		if err != nil {
			return fmt.Errorf("seed product %s: %w", product.Slug, err)
		}
	}
	for _, demo := range demoCollections() {
		var there bool
		err := s.db.GetContext(ctx, &there, `
			SELECT EXISTS (
				SELECT
				FROM collections
				WHERE slug = $1)`, demo.Slug)
		if err == nil && !there {
			_, err = s.SaveCollection(ctx, system, demo.Collection, demo.products)
		}
		if err != nil {
			return fmt.Errorf("seed collection %s: %w", demo.Slug, err)
		}
	}
	return nil
}

const (
	demoMaterial = "PLA（とうもろこし などの でんぷんから つくる 樹脂）"
	demoCare     = "約55℃で やわらかくなります。夏の車内、食器洗い機、乾燥機、火のそばでは 使わないでください。" +
		"よごれは 水か うすめた中性洗剤で ふいてください。3Dプリンターで つくるため、表面に 細かい 層の すじが あります。"
	demoSmallParts = "小さな部品です。3才未満の お子さまの 手の とどかないところで お使いください。"
)

// demoProducts are the goods in the order of the list.
func demoProducts() []Product {
	products := []Product{nameTag(), petTag(), bagTag(), keyCharm(), doorPlate(), halloweenTag()}
	for i := range products {
		p := &products[i]
		p.State, p.TaxRate, p.Material, p.Position = Published, 10, demoMaterial, 10*(i+1)
		p.Care = demoCare + p.Care
		if p.Schema != nil {
			p.Variants = []Variant{{SKU: p.Slug, Price: p.Price}}
		}
	}
	return products
}

func nameTag() Product {
	plate := tag.Spec{Base: 2000, Relief: 1000, Margin: 3000, Radius: 4000}
	sample := plate
	sample.Text, sample.SecondLine, sample.Font = "はると", "さくら組", tag.MPlusRoundedExtraBold
	sample.Em, sample.Hole = 14_000, 4000
	return Product{
		Slug: "name-tag", Name: "なまえタグ", NameEn: "Name tag", Kind: Personalized, Routing: "name-tag", Price: 1100, WeightG: 14,
		Summary:     "ひらがなも 漢字も、書いたとおりの字で。一行でも二行でも。",
		Description: "通園バッグや 水筒、お稽古の かばんに。髙や 﨑のような 字も、入力されたそのままの形で つくります。名前の下に 組や 電話番号を 入れることも できます。",
		Sample:      &Sample{Spec: sample, BaseColor: "kinari", TextColor: "matsuba"},
		Schema: &Schema{Template: plate, Fields: []Field{
			lineField(TextField, "名まえ", "Name", 1, 24, &PriceRule{Free: 8, PerGrapheme: 50}),
			lineField(SecondLineField, "二行目（なくても かまいません）", "Second line (optional)", 0, 16, &PriceRule{Used: 200}),
			fontField(), sizeField("medium",
				Option{Key: "small", Label: "小（文字 10 mm）", LabelEn: "Small (10 mm letters)", Micron: 10_000},
				Option{Key: "medium", Label: "中（文字 12 mm）", LabelEn: "Medium (12 mm letters)", Micron: 12_000},
				Option{Key: "large", Label: "大（文字 16 mm）", LabelEn: "Large (16 mm letters)", Micron: 16_000, Yen: 220}),
			colorField(BaseColorField, "kinari"), colorField(TextColorField, "matsuba"),
			holeField(4000), borderField(1200, 110, No),
		}},
	}
}

func petTag() Product {
	plate := tag.Spec{Base: 2000, Relief: 800, Margin: 3500, Radius: 9000, Hole: 4000}
	sample := plate
	sample.Text, sample.SecondLine, sample.Font, sample.Em, sample.SecondEm = "こむぎ", "090-0000-0000", tag.MPlusRoundedExtraBold, 11_000, 6000
	return Product{
		Slug: "pet-tag", Name: "迷子札", NameEn: "Pet tag", Kind: Personalized, Routing: "name-tag", Price: 1320, WeightG: 10,
		Summary:     "犬や 猫の 首輪に。名まえと 電話番号を 浮き出た字で。",
		Description: "角を 大きく まるめ、毛に からみにくい 厚さに しました。ぬれても 消えない、浮き出た文字です。首輪に つける 二重リングが つきます。",
		Care:        demoSmallParts + "かむくせのある子には おすすめしません。",
		Sample:      &Sample{Spec: sample, BaseColor: "sora", TextColor: "shiro"},
		Schema: &Schema{Template: plate, Fields: []Field{
			lineField(TextField, "名まえ", "Name", 1, 8, nil),
			phoneField(), fontField(), sizeField("medium",
				Option{Key: "small", Label: "小型犬・猫（文字 9 mm）", LabelEn: "Cats and small dogs (9 mm)", Micron: 9000, SecondEm: 5500},
				Option{Key: "medium", Label: "中型犬から（文字 11 mm）", LabelEn: "Larger dogs (11 mm)", Micron: 11_000, SecondEm: 6000}),
			colorField(BaseColorField, "sora"), colorField(TextColorField, "shiro"),
		}},
	}
}

func bagTag() Product {
	plate := tag.Spec{Base: 2000, Relief: 1200, Margin: 4000, Radius: 5000, Hole: 6000}
	sample := plate
	sample.Text, sample.SecondLine, sample.Font, sample.Em, sample.Border = "上原 亮介", "UEHARA", tag.NotoSansJPBold, 14_000, 1600
	return Product{
		Slug: "bag-tag", Name: "かばんの名札", NameEn: "Bag tag", Kind: Personalized, Routing: "name-tag", Price: 1650, WeightG: 24,
		Summary:     "旅行かばんや ランドセルに。ふちどりの ある 大きめの名札。",
		Description: "遠くからでも 読める 大きな文字に、ふちどりを つけました。幅 6 mm までの 革ひもや ベルトが 通ります。",
		Sample:      &Sample{Spec: sample, BaseColor: "ai", TextColor: "shiro"},
		Schema: &Schema{Template: plate, Fields: []Field{
			lineField(TextField, "名まえ", "Name", 1, 12, &PriceRule{Free: 8, PerGrapheme: 60}),
			lineField(SecondLineField, "二行目（なくても かまいません）", "Second line (optional)", 0, 16, &PriceRule{Used: 220}),
			fontField(), sizeField("medium",
				Option{Key: "medium", Label: "中（文字 14 mm）", LabelEn: "Medium (14 mm letters)", Micron: 14_000},
				Option{Key: "large", Label: "大（文字 18 mm）", LabelEn: "Large (18 mm letters)", Micron: 18_000, Yen: 330}),
			colorField(BaseColorField, "ai"), colorField(TextColorField, "shiro"), borderField(1600, 0, Yes),
		}},
	}
}

func keyCharm() Product {
	plate := tag.Spec{Base: 2000, Relief: 1600, Margin: 2500, Radius: 3000, Hole: 4500}
	sample := plate
	sample.Text, sample.Font, sample.Em = "ゆい", tag.MPlusRoundedExtraBold, 18_000
	return Product{
		Slug: "key-charm", Name: "ひと文字チャーム", NameEn: "Key charm", Kind: Personalized, Routing: "name-tag", Price: 880, WeightG: 9,
		Summary:     "鍵や 筆箱に。一文字から 四文字までの ぷっくりした チャーム。",
		Description: "指で さわって わかるように、文字を 高めに しました。イニシャルでも、漢字一文字でも。ボールチェーンが つきます。",
		Care:        demoSmallParts,
		Sample:      &Sample{Spec: sample, BaseColor: "sakura", TextColor: "shiro"},
		Schema: &Schema{Template: plate, Fields: []Field{
			lineField(TextField, "文字", "Letters", 1, 4, nil),
			fontField(), sizeField("medium",
				Option{Key: "medium", Label: "文字 14 mm", LabelEn: "14 mm letters", Micron: 14_000},
				Option{Key: "large", Label: "文字 18 mm", LabelEn: "18 mm letters", Micron: 18_000, Yen: 110}),
			colorField(BaseColorField, "sakura"), colorField(TextColorField, "shiro"),
		}},
	}
}

func doorPlate() Product {
	plate := tag.Spec{Base: 3000, Relief: 1200, Margin: 8000, Radius: 6000}
	sample := plate
	sample.Text, sample.SecondLine, sample.Font, sample.Em, sample.Border = "図工室", "ART ROOM", tag.NotoSansJPBold, 24_000, 2000
	return Product{
		Slug: "door-plate", Name: "ドアプレート", NameEn: "Door plate", Kind: Personalized, Routing: "name-tag", Price: 2980, WeightG: 70,
		Summary:     "部屋や 教室の とびらに。はばは 最大 20 cm。",
		Description: "離れた ところからも 読める 大きさで、浮き出た字は 指でも たどれます。裏に 貼る 強力両面テープを 同封します。文字の数と 大きさによっては 幅が 20 cm を こえるため、入力のときに お知らせします。",
		Sample:      &Sample{Spec: sample, BaseColor: "shiro", TextColor: "sumi"},
		Schema: &Schema{Template: plate, Fields: []Field{
			lineField(TextField, "一行目", "First line", 1, 10, nil),
			lineField(SecondLineField, "二行目（なくても かまいません）", "Second line (optional)", 0, 20, &PriceRule{Used: 330}),
			fontField(), sizeField("medium",
				Option{Key: "medium", Label: "中（文字 20 mm）", LabelEn: "Medium (20 mm letters)", Micron: 20_000},
				Option{Key: "large", Label: "大（文字 28 mm）", LabelEn: "Large (28 mm letters)", Micron: 28_000, Yen: 770}),
			colorField(BaseColorField, "shiro"), colorField(TextColorField, "sumi"), borderField(2000, 0, Yes),
		}},
	}
}

func halloweenTag() Product {
	return Product{
		Slug: "halloween-2026", Name: "ハロウィンのタグ 2026", NameEn: "Halloween tag 2026", Kind: Stock, Price: 660, WeightG: 12,
		WidthMM: 75, DepthMM: 45, HeightMM: 5,
		Summary:     "ことしの ハロウィンの記念に。できあがった品を すぐ おとどけします。",
		Description: "お菓子の袋や かばんに つけられる 小さなタグです。工房の 仲間が 一枚ずつ 仕上げた 在庫から お送りします。なくなりしだい おわります。",
		Care:        demoSmallParts,
		Sample: &Sample{BaseColor: "kaki", TextColor: "sumi", Spec: tag.Spec{
			Text: "Halloween", SecondLine: "2026", Font: tag.MPlusRoundedExtraBold,
			Em: 12_000, SecondEm: 9000, Base: 2000, Relief: 1000, Margin: 3000, Radius: 8000, Hole: 4000, Border: 1200,
		}},
		Variants: []Variant{
			{SKU: "halloween-2026-kaki", Name: "柿に 墨の文字", NameEn: "ink on persimmon", Price: 660, Tracked: true, OnHand: 12},
			{SKU: "halloween-2026-sumi", Name: "墨に 柿の文字", NameEn: "persimmon on ink", Price: 660, Tracked: true, OnHand: 8},
		},
	}
}

func lineField(key, label, labelEn string, shortest, longest int, price *PriceRule) Field {
	return Field{
		Key: key, Type: TextType, Label: label, LabelEn: labelEn, Required: shortest > 0,
		MinGraphemes: shortest, MaxGraphemes: longest, Price: price,
	}
}

func phoneField() Field {
	return Field{
		Key: SecondLineField, Type: TextType, Label: "電話番号（なくても かまいません）", LabelEn: "Phone number (optional)",
		MaxGraphemes: 13, Characters: "0123456789-", Price: &PriceRule{Used: 110},
	}
}

func fontField() Field {
	return Field{
		Key: FontField, Type: FontType, Label: "書体", LabelEn: "Lettering", Default: string(tag.MPlusRoundedExtraBold),
		Options: []Option{
			{Key: string(tag.MPlusRoundedExtraBold), Label: "まるゴシック（極太）", LabelEn: "Rounded, extra bold"},
			{Key: string(tag.MPlusRoundedBold), Label: "まるゴシック（太）", LabelEn: "Rounded, bold"},
			{Key: string(tag.NotoSansJPBold), Label: "角ゴシック（太）", LabelEn: "Sans serif, bold"},
		},
	}
}

func sizeField(standard string, sizes ...Option) Field {
	return Field{Key: SizeField, Type: ChoiceType, Label: "大きさ", LabelEn: "Size", Default: standard, Options: sizes}
}

func colorField(key, standard string) Field {
	field := Field{Key: key, Type: ColorType, Label: "台の色", LabelEn: "Plate color", Default: standard}
	if key == TextColorField {
		field.Label, field.LabelEn = "文字の色", "Letter color"
	}
	return field
}

func holeField(diameter tag.Micron) Field {
	return Field{
		Key: HoleField, Type: FlagType, Label: "ひもを通す穴", LabelEn: "Hole for a string", Default: Yes,
		Options: []Option{{Key: Yes, Label: "あり", LabelEn: "Yes", Micron: diameter}, {Key: No, Label: "なし", LabelEn: "No"}},
	}
}

func borderField(width tag.Micron, price yen.Amount, standard string) Field {
	return Field{
		Key: BorderField, Type: FlagType, Label: "ふちどり", LabelEn: "Raised rim", Default: standard,
		Options: []Option{{Key: Yes, Label: "あり", LabelEn: "Yes", Micron: width, Yen: price}, {Key: No, Label: "なし", LabelEn: "No"}},
	}
}

// demoCollection is a collection with the slugs of its products.
type demoCollection struct {
	Collection
	products []string
}

func demoCollections() []demoCollection {
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return []demoCollection{
		{Collection{
			Slug: "halloween-2026", Name: "ハロウィン 2026", NameEn: "Halloween 2026", Position: 1,
			Summary: "10月31日まで。柿色と 墨色の タグを そろえました。",
			OpensOn: day(2026, time.September, 1), ClosesOn: day(2026, time.October, 31),
		}, []string{"halloween-2026", "key-charm"}},
		{Collection{
			Slug: "winter-gifts-2026", Name: "冬の おくりもの", NameEn: "Winter gifts", Position: 2,
			Summary: "名まえを 入れた 小さな おくりもの。年内の お届けは 12月10日の ご注文までです。",
			OpensOn: day(2026, time.November, 1), ClosesOn: day(2026, time.December, 25), OrderBy: day(2026, time.December, 10),
		}, []string{"key-charm", "bag-tag", "pet-tag"}},
		{Collection{
			Slug: "new-school-year-2027", Name: "入園・入学の したく", NameEn: "A new school year", Position: 3,
			Summary: "かばんに、水筒に、げた箱に。四月の まえに 名まえを。",
			OpensOn: day(2027, time.January, 10), ClosesOn: day(2027, time.April, 10),
		}, []string{"name-tag", "bag-tag"}},
		{Collection{
			Slug: "living-with-names", Name: "名まえの ある 暮らし", NameEn: "Living with names", Position: 4,
			Summary: "一年中 つくっている、いつもの品。",
		}, []string{"name-tag", "door-plate", "pet-tag"}},
	}
}
