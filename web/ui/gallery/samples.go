package main

import (
	"slices"

	"github.com/a-h/templ"

	"tsukuriba/web/ui"
)

var spools = []string{"#f0e6d2", "#d9572b", "#e8a33d", "#8fae8b", "#3f6b57", "#5f8fa8", "#2f4a6b", "#c98f93", "#3a3632"}

var products = []ui.Product{
	{URL: "/product", Name: "名札 まるみ", Image: "/pictures/f0e6d2-ad4518/HARUTO", Alt: "生成りの名札", Price: "¥1,100", Note: "税込", Detail: "10〜14日で発送", Colors: spools[:4]},
	{URL: "/product", Name: "かばん札", Image: "/pictures/3f6b57-f0e6d2/MIO", Alt: "松葉色の札", Price: "¥1,320", Note: "税込", Detail: "10〜14日で発送", Colors: spools[3:7]},
	{URL: "/product", Name: "まわるかぼちゃ", Image: "/pictures/d9572b-3a3632/BOO", Alt: "柿色のかぼちゃ", Price: "¥550", Note: "税込", Detail: "在庫あり", Badge: "10月20日までのご注文で間に合います"},
	{URL: "/product", Name: "迷子札（犬・猫）", Image: "/pictures/5f8fa8-fdfbf6/KURO", Alt: "空色の迷子札", Price: "¥1,980", Note: "税込", Detail: "10〜14日で発送", Colors: spools[5:8]},
}

var colorChoices = []ui.Choice{
	{Value: "kinari", Label: "生成り", Swatches: spools[0:1], Checked: true},
	{Value: "kaki", Label: "柿", Swatches: spools[1:2]},
	{Value: "yamabuki", Label: "山吹", Swatches: spools[2:3]},
	{Value: "wakakusa", Label: "若草", Swatches: spools[3:4]},
	{Value: "matsuba", Label: "松葉", Swatches: spools[4:5]},
	{Value: "sora", Label: "空", Swatches: spools[5:6]},
	{Value: "ai", Label: "藍", Swatches: spools[6:7]},
	{Value: "sumi", Label: "墨", Swatches: spools[8:9], Disabled: true},
}

var shapeChoices = []ui.Choice{
	{Value: "outline", Label: "文字のかたち", Detail: "輪郭に沿って 約62 × 24 mm", Checked: true},
	{Value: "round", Label: "まる札", Detail: "角のまるい板 約60 × 22 mm"},
	{Value: "ring", Label: "穴あり", Detail: "金具を通せます ＋¥0"},
}

var status = ui.Status{Label: "ご注文の状況", Steps: []ui.StatusStep{
	{Label: "受付", Detail: "11月20日", State: ui.StepDone, Said: "完了"},
	{Label: "確認中", Detail: "文字を確認しました", State: ui.StepDone, Said: "完了"},
	{Label: "制作中", Detail: "いま印刷しています", State: ui.StepNow, Said: "いまここ"},
	{Label: "仕上げ", State: ui.StepLater, Said: "これから"},
	{Label: "発送済み", Detail: "12月1日〜4日の予定", State: ui.StepLater, Said: "これから"},
}}

var events = []ui.Event{
	{When: "今日 9:42", Machine: "2026-11-22T09:42:00+09:00", Text: "印刷が始まりました", Detail: "1号機 ・ プレート P-0142 ・ 生成り", By: "上原さん", Icon: ui.IconPrinter},
	{When: "今日 8:51", Machine: "2026-11-22T08:51:00+09:00", Text: "お金を受け取りました", By: "自動", Icon: ui.IconReceipt},
	{When: "今日 8:50", Machine: "2026-11-22T08:50:00+09:00", Text: "文字「はると」を承認しました", By: "中村", Icon: ui.IconCheck},
}

var orderTable = ui.Table{
	Caption: "確認を待つ注文",
	Columns: []ui.Column{{Label: "注文"}, {Label: "文字"}, {Label: "状態"}, {Label: "発送予定"}, {Label: "合計", Numeric: true}},
	Rows: [][]ui.Cell{
		{{Text: "T-1042", URL: "/staff/orders"}, {Text: "はると", Colors: []string{"#f0e6d2", "#d9572b"}, Note: "まるみ ・ 62 mm"}, {Badge: ui.Badge{Text: "確認中", Tone: ui.ToneAccent}}, {Text: "12月1日〜4日"}, {Text: "¥1,285", Note: "カード"}},
		{{Text: "T-1041", URL: "/staff/orders"}, {Text: "髙﨑 美桜", Colors: []string{"#3f6b57", "#f0e6d2"}, Note: "異体字あり：髙 﨑"}, {Badge: ui.Badge{Text: "確認中", Tone: ui.ToneAccent}}, {Text: "12月1日〜4日"}, {Text: "¥1,505", Note: "コンビニ"}},
		{{Text: "T-1038", URL: "/staff/orders"}, {Text: "Halloween 2026", Colors: []string{"#d9572b", "#3a3632"}}, {Badge: ui.Badge{Text: "遅れそう", Tone: ui.ToneAttention}}, {Text: "11月24日", Note: "あと2日"}, {Text: "¥3,300", Note: "カード"}},
		{{Text: "T-1030", URL: "/staff/orders"}, {Text: "さくら工房", Colors: []string{"#c98f93", "#fdfbf6"}}, {Badge: ui.Badge{Text: "制作中", Tone: ui.TonePine}}, {Text: "11月26日〜29日"}, {Text: "¥6,000", Note: "カード"}},
	},
}

var stats = []ui.Stat{
	{Label: "確認する文字", Value: "7", Unit: "件", URL: "/staff/orders"},
	{Label: "来る人", Value: "9", Unit: "人", Note: "午前7 ・ 午後5"},
	{Label: "動いている印刷機", Value: "2", Unit: "台", Note: "3台のうち"},
	{Label: "今週の残り", Value: "8", Unit: "個"},
}

var trimming = ui.WorkCard{
	Title: ui.ParseRuby("｜名札《なふだ》の まわりを きれいに する"), Image: "/pictures/f0e6d2-ad4518/HARUTO", Alt: "なふだ",
	HowMany: ui.ParseRuby("5こ"), HowLong: ui.ParseRuby("おちゃ いっぱい くらい"), Familiar: true, Label: "いつもの しごと",
	Actions: []ui.Action{
		{Label: "やってみる", Kind: ui.Primary, Post: true, URL: "/tablet/step"},
		{Label: "あとで", Post: true, URL: "/tablet"},
	},
}

var setUp = ui.WorkCard{
	Title: ui.ParseRuby("｜印刷機《いんさつき》の ｜準備《じゅんび》"), Image: "/pictures/5f8fa8-fdfbf6/KURO", Alt: "いんさつき",
	HowMany: ui.ParseRuby("1だい"), HowLong: ui.ParseRuby("すこし"), Label: "ちょっと ちがう しごと",
	Actions: []ui.Action{{Label: "やってみる", Post: true, URL: "/tablet/step"}},
}

var rest = ui.WorkCard{
	Title: ui.ParseRuby("しずかに すごす"), HowMany: ui.ParseRuby("すきな だけ"), Label: "きょうは",
	Actions: []ui.Action{{Label: "そうする", Icon: ui.IconLeaf, Post: true, URL: "/tablet"}},
}

var slots = ui.Slots{
	What:     ui.ParseRuby("｜名札《なふだ》の うらの でこぼこを とる"),
	HowMany:  ui.ParseRuby("5この うち 2こめ"),
	Finished: ui.ParseRuby("ゆびで さわって つるつる"),
	Next:     ui.ParseRuby("はこに いれる"),
}

var feelings = []ui.Face{
	{Label: "げんき", Icon: ui.IconSunrise, Name: "feeling", Value: "good"},
	{Label: "ふつう", Icon: ui.IconLeaf, Name: "feeling", Value: "usual"},
	{Label: "つかれている", Icon: ui.IconBreak, Name: "feeling", Value: "tired"},
	{Label: "こたえない", Icon: ui.IconMinus, Name: "feeling", Value: "none"},
}

func consoleHead(h ui.PageHead, title, current string) ui.StaffHead {
	h.Title = title
	nav := ui.StaffNav(current)
	nav[0].Items[1].Count = 7
	return ui.StaffHead{PageHead: h, Nav: nav, Person: "中村 恵", Role: "職業指導員"}
}

func tabletHead(h ui.PageHead, title string) ui.TabletHead {
	h.Title = title
	h.Scripts = []string{"tablet.js"}
	return ui.TabletHead{
		PageHead: h, Person: "たかさん", Picture: "/pictures/8fae8b-3f6b57/T",
		Home:  ui.Action{Label: "きょうの しごと", Icon: ui.IconHome, URL: "/tablet"},
		Break: ui.Action{Label: "きゅうけい", Icon: ui.IconBreak, Post: true, URL: "/tablet/break"},
		Help:  ui.Action{Label: "てつだって", Icon: ui.IconHelp, Post: true, URL: "/tablet/help"},
	}
}

func titled(h ui.PageHead, title, current string) ui.PageHead {
	h.Title, h.Current, h.CartCount = title, current, 2
	return h
}

func orderHead(h ui.PageHead) ui.PageHead {
	h = titled(h, "ご注文 T-1042", "")
	h.NoIndex = true
	h.Notices = []ui.Notice{{Kind: ui.NoticeDone, Text: "ご注文を受け付けました。", Detail: "確認のメールをお送りしています。"}}
	return h
}

// recolored lets each choice of a colour paint the model at once.
func recolored(part string, choices []ui.Choice) []ui.Choice {
	painted := slices.Clone(choices)
	for i, c := range painted {
		painted[i].Attributes = templ.Attributes{"data-recolor": part, "data-color": c.Swatches[0]}
	}
	return painted
}

func withModel(h ui.PageHead) ui.PageHead {
	h.Scripts = []string{"studio.js"}
	return h
}
