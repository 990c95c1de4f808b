package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/audit"
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
	products := []Product{nameTag(), petTag(), bagTag(), keyCharm(), doorPlate(), spinningPumpkin(), halloweenTag()}
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
	schema := &Schema{Template: tag.Spec{Base: 2000, Relief: 1000, Margin: 3000, Radius: 4000}, Fields: []Field{
		lineField(TextField, "名まえ", "Name", 1, 24, &PriceRule{Free: 8, PerGrapheme: 50}),
		lineField(SecondLineField, "二行目（なくても かまいません）", "Second line (optional)", 0, 16, &PriceRule{Used: 200}),
		fontField(), sizeField("medium",
			Option{Key: "small", Label: "小（文字 10 mm）", LabelEn: "Small (10 mm letters)", Micron: 10_000},
			Option{Key: "medium", Label: "中（文字 12 mm）", LabelEn: "Medium (12 mm letters)", Micron: 12_000},
			Option{Key: "large", Label: "大（文字 16 mm）", LabelEn: "Large (16 mm letters)", Micron: 16_000, Yen: 220}),
		iconField(NoIcon, 0, 110, tag.Icons()...),
		colorField(BaseColorField, "kinari"), colorField(TextColorField, "matsuba"),
		reliefField(1000, 800), holeField(4000), borderField(1200, 110, No),
	}}
	return Product{
		Slug: "name-tag", Name: "なまえタグ", NameEn: "Name tag", Kind: Personalized, Routing: "name-tag", Price: 1100, WeightG: 14,
		Summary:     "ひらがなも 漢字も、書いたとおりの字で。一行でも二行でも。",
		Description: "通園バッグや 水筒、お稽古の かばんに。髙や 﨑のような 字も、入力されたそのままの形で つくります。名前の下に 組や 電話番号を 入れることも、小さな絵を そえることも できます。文字は 浮き彫りでも、地の色が のぞく 沈み彫りでも。",
		Schema:      schema,
		Sample: sampled(schema, DesignChoice{
			Text: "はると", SecondLine: "さくら組", Size: "large", Icon: "train", BaseColor: "kinari", TextColor: "matsuba",
		}, Palette{"sora", "shiro"}, Palette{"nanohana", "ai"}),
	}
}

func petTag() Product {
	schema := &Schema{Template: tag.Spec{Base: 2000, Relief: 800, Margin: 2000, Radius: 9000, Hole: 4000}, Fields: []Field{
		lineField(TextField, "名まえ", "Name", 1, 8, nil),
		phoneField(), fontField(), shapeField("bone",
			Option{Key: "bone", Label: "ほね", LabelEn: "Bone"}, Option{Key: "round", Label: "まる", LabelEn: "Round"}),
		sizeField("medium",
			Option{Key: "small", Label: "小型犬・猫（文字 7 mm）", LabelEn: "Cats and small dogs (7 mm)", Micron: 7000, SecondEm: 4000},
			Option{Key: "medium", Label: "中型犬から（文字 9 mm）", LabelEn: "Larger dogs (9 mm)", Micron: 9000, SecondEm: 5000}),
		iconField(NoIcon, 7000, 110, tag.Paw, tag.Heart, tag.Star, tag.Flower, tag.Ball, tag.Moon),
		colorField(BaseColorField, "sora"), colorField(TextColorField, "shiro"), borderField(800, 110, No),
	}}
	return Product{
		Slug: "pet-tag", Name: "迷子札", NameEn: "Pet tag", Kind: Personalized, Routing: "name-tag", Price: 1320, WeightG: 10,
		Summary:     "犬や 猫の 首輪に。ほねの形と まる形。名まえと 電話番号を 浮き出た字で。",
		Description: "角の ない 形で、毛に からみにくい 厚さに しました。ぬれても 消えない、浮き出た文字です。首輪に つける 二重リングが つきます。",
		Care:        demoSmallParts + "かむくせのある子には おすすめしません。",
		Schema:      schema,
		Sample: sampled(schema, DesignChoice{
			Text: "こむぎ", SecondLine: "090-0000-0000", Icon: "paw", Border: Yes, BaseColor: "sora", TextColor: "shiro",
		}, Palette{"kaki", "kinari"}, Palette{"fuji", "shiro"}),
	}
}

func bagTag() Product {
	schema := &Schema{Template: tag.Spec{Base: 2400, Relief: 1200, Margin: 3500, Radius: 5000, Hole: 4500, Slot: 17_000}, Fields: []Field{
		lineField(TextField, "名まえ", "Name", 1, 12, &PriceRule{Free: 8, PerGrapheme: 60}),
		lineField(SecondLineField, "二行目（なくても かまいません）", "Second line (optional)", 0, 16, &PriceRule{Used: 220}),
		fontField(), sizeField("medium",
			Option{Key: "medium", Label: "中（文字 14 mm）", LabelEn: "Medium (14 mm letters)", Micron: 14_000},
			Option{Key: "large", Label: "大（文字 18 mm）", LabelEn: "Large (18 mm letters)", Micron: 18_000, Yen: 330}),
		iconField("star", 15_000, 0, tag.Icons()...),
		colorField(BaseColorField, "ai"), colorField(TextColorField, "shiro"), borderField(1600, 0, Yes),
	}}
	return Product{
		Slug: "bag-tag", Name: "かばんの名札", NameEn: "Bag tag", Kind: Personalized, Routing: "name-tag", Price: 1650, WeightG: 24,
		Summary:     "旅行かばんや ランドセルに。ベルトが 通る、絵の ついた 大きめの名札。",
		Description: "遠くからでも 読める 大きな文字に、ふちどりと 絵を つけました。たて長の 穴に、幅 16 mm までの 革ひもや ベルトが 通ります。字の 読めない お子さまも、絵で 自分の かばんが わかります。",
		Schema:      schema,
		Sample: sampled(schema, DesignChoice{
			Text: "上原 亮介", Font: string(tag.NotoSansJPBold), Icon: "train", BaseColor: "ai", TextColor: "shiro",
		}, Palette{"matsuba", "nanohana"}, Palette{"kinari", "kaki"}),
	}
}

func keyCharm() Product {
	schema := &Schema{Template: tag.Spec{Base: 2000, Relief: 1600, Margin: 2500, Hole: 4500, Shape: tag.Letters}, Fields: []Field{
		lineField(TextField, "文字", "Letters", 1, 4, nil),
		fontField(), sizeField("medium",
			Option{Key: "medium", Label: "文字 14 mm", LabelEn: "14 mm letters", Micron: 14_000},
			Option{Key: "large", Label: "文字 18 mm", LabelEn: "18 mm letters", Micron: 18_000, Yen: 110}),
		iconField(NoIcon, 12_000, 110, tag.Heart, tag.Star, tag.Flower, tag.Music, tag.Leaf, tag.Moon, tag.Sun, tag.Paw),
		colorField(BaseColorField, "sakura"), colorField(TextColorField, "shiro"), borderField(800, 110, No),
	}}
	return Product{
		Slug: "key-charm", Name: "もじチャーム", NameEn: "Letter charm", Kind: Personalized, Routing: "name-tag", Price: 880, WeightG: 9,
		Summary:     "鍵や 筆箱に。文字の 形に そった、一文字から 四文字までの チャーム。",
		Description: "台が 文字の ふちを なぞるので、名まえごとに ちがう 形に なります。指で さわって わかるように、文字を 高めに しました。イニシャルでも、漢字一文字でも。ボールチェーンが つきます。",
		Care:        demoSmallParts,
		Schema:      schema,
		Sample: sampled(schema, DesignChoice{
			Text: "ゆい", Size: "large", BaseColor: "sakura", TextColor: "shiro",
		}, Palette{"ai", "nanohana"}, Palette{"matsuba", "kinari"}),
	}
}

func doorPlate() Product {
	schema := &Schema{Template: tag.Spec{Base: 3000, Relief: 1200, Margin: 8000, Radius: 6000}, Fields: []Field{
		lineField(TextField, "一行目", "First line", 1, 10, nil),
		lineField(SecondLineField, "二行目（なくても かまいません）", "Second line (optional)", 0, 20, &PriceRule{Used: 330}),
		fontField(), sizeField("medium",
			Option{Key: "medium", Label: "中（文字 20 mm）", LabelEn: "Medium (20 mm letters)", Micron: 20_000},
			Option{Key: "large", Label: "大（文字 28 mm）", LabelEn: "Large (28 mm letters)", Micron: 28_000, Yen: 770}),
		iconField(NoIcon, 0, 330, tag.Icons()...), mountField(4000),
		colorField(BaseColorField, "shiro"), colorField(TextColorField, "sumi"), reliefField(1200, 1200), borderField(2000, 0, Yes),
	}}
	return Product{
		Slug: "door-plate", Name: "ドアプレート", NameEn: "Door plate", Kind: Personalized, Routing: "name-tag", Price: 2980, WeightG: 70,
		Summary:     "部屋や 教室の とびらに。はばは 最大 20 cm。ねじでも テープでも。",
		Description: "離れた ところからも 読める 大きさで、浮き出た字は 指でも たどれます。裏に 貼る 強力両面テープか、木の とびらに とめる ねじ 二本を 同封します。文字の数と 大きさによっては 幅が 20 cm を こえるため、入力のときに お知らせします。",
		Schema:      schema,
		Sample: sampled(schema, DesignChoice{
			Text: "図工室", SecondLine: "ART ROOM", Font: string(tag.NotoSansJPBold), Mount: "screws", BaseColor: "shiro", TextColor: "sumi",
		}, Palette{"matsuba", "kinari"}, Palette{"kinari", "kaki"}),
	}
}

func spinningPumpkin() Product {
	schema := &Schema{Template: tag.Spec{Base: 5000, Relief: 800, Margin: 4000, Radius: 30_000, Hole: 4000, Spin: 30_000}, Fields: []Field{
		lineField(TextField, "名まえ", "Name", 1, 8, nil),
		lineField(SecondLineField, "二行目（なくても かまいません）", "Second line (optional)", 0, 10, &PriceRule{Used: 110}),
		fontField(), sizeField("medium",
			Option{Key: "small", Label: "文字 10 mm", LabelEn: "10 mm letters", Micron: 10_000},
			Option{Key: "medium", Label: "文字 13 mm", LabelEn: "13 mm letters", Micron: 13_000}),
		colorField(BaseColorField, "kaki"), colorField(TextColorField, "sumi"),
	}}
	return Product{
		Slug: "spinning-pumpkin", Name: "くるくるかぼちゃ", NameEn: "Spinning pumpkin", Kind: Personalized, Routing: "name-tag", Price: 1540, WeightG: 18,
		Summary:     "窓の 中で かぼちゃが くるくる まわる、名まえ入りの ハロウィンの 飾り。",
		Description: "窓と かぼちゃは 組み立てず、動く形の まま 一度に 印刷します。指で そっと はじくと、軸を 中心に まわります。お菓子の袋や かばんに。",
		Care:        demoSmallParts + "はじめに まわすときは、軸を 痛めないよう そっと 動かしてください。",
		Schema:      schema,
		Sample: sampled(schema, DesignChoice{
			Text: "はると", SecondLine: "2026", BaseColor: "kaki", TextColor: "sumi",
		}, Palette{"fuji", "shiro"}, Palette{"nanohana", "sumi"}),
	}
}

// sampled is what a customer would get for a choice. One that the schema refuses leaves a blank
// sample, which no product can be saved with.
func sampled(schema *Schema, choice DesignChoice, others ...Palette) *Sample {
	decided, _ := schema.decide(choice, 0, []Color{{Key: choice.BaseColor}, {Key: choice.TextColor}})
	return &Sample{Spec: decided.spec, BaseColor: decided.baseColor, TextColor: decided.textColor, Others: others}
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

func phoneField() Field {
	return Field{
		Key: SecondLineField, Type: TextType, Label: "電話番号（なくても かまいません）", LabelEn: "Phone number (optional)",
		MaxGraphemes: 13, Characters: "0123456789-", Price: &PriceRule{Used: 110},
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
		}, []string{"spinning-pumpkin", "halloween-2026", "key-charm"}},
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
