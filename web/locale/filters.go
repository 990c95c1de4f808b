package locale

// FilterWords are the words of narrowing a list, of a season's dates, and of a search that found nothing.
type FilterWords struct {
	Title, Apply, Clear, Remove, All, Count string
	Kind, Personalized, Stock, Digital      string
	Color, Price, Below, Between, Above     string
	Collection, ShipsBy, By                 string
	Season, LastOrder, LastOrderOver        string
	SeasonOver, SeasonToCome, OpenNow       string
	Nearest, Try, NothingTitle, NothingHelp string
	LookUp, LookUpHelp                      string
	Sort                                    string
	Sorts                                   map[string]string // by catalog.Sort
}

var filtersJapanese = FilterWords{
	Title: "しぼりこむ", Apply: "この条件で見る", Clear: "条件をすべて外す", Remove: "「%s」を外す", All: "すべて", Count: "%s（%d）",
	Kind: "種類", Personalized: "名前を入れてつくる品", Stock: "できあがっている品", Digital: "データの品",
	Color: "色", Price: "価格", Below: "%sまで", Between: "%sから%sまで", Above: "%s以上",
	Collection: "季節のもの", ShipsBy: "発送", By: "%sまでに発送",
	Season: "%sから%sまで", LastOrder: "ご注文は%sまで", LastOrderOver: "間に合うご注文の受付は%sで終わりました",
	SeasonOver: "この季節の販売は終わりました。ありがとうございました。", SeasonToCome: "%sにはじまります。もう少しお待ちください。", OpenNow: "いまは、こちらをご覧いただけます。",
	Nearest: "近いことばの品", Try: "季節のものから探す", NothingTitle: "この条件の品はありません", NothingHelp: "条件をひとつ外すと、見つかるかもしれません。",
	LookUp: "商品をさがす", LookUpHelp: "ことばで探すこともできます。",
	Sort: "並べ方", Sorts: map[string]string{"": "おすすめ順", "newest": "新着順", "price_asc": "価格の安い順", "price_desc": "価格の高い順"},
}

var filtersEasy = FilterWords{
	Title: "えらぶ", Apply: "これで 見る", Clear: "ぜんぶ やめる", Remove: "「%s」を やめる", All: "ぜんぶ", Count: "%s（%d）",
	Kind: "どんな もの", Personalized: "名前を 入れて つくる もの", Stock: "できて いる もの", Digital: "データの もの",
	Color: "色", Price: "ねだん", Below: "%sまで", Between: "%sから %sまで", Above: "%sより 高い",
	Collection: "季節の もの", ShipsBy: "いつ 送るか", By: "%sまでに 送る",
	Season: "%sから %sまで", LastOrder: "%sまでに 注文して ください", LastOrderOver: "間に合う 注文は %sで おわりました",
	SeasonOver: "この 季節の ものは おわりました。ありがとうございました。", SeasonToCome: "%sに はじまります。もう すこし 待って ください。", OpenNow: "いまは、これを 見る ことが できます。",
	Nearest: "にて いる 名前の もの", Try: "季節の ものから さがす", NothingTitle: "この 条件の ものは ありません", NothingHelp: "ひとつ やめると、見つかるかも しれません。",
	LookUp: "商品を さがす", LookUpHelp: "ことばで さがす ことも できます。",
	Sort: "ならべかた", Sorts: map[string]string{"": "おすすめ", "newest": "新しい もの から", "price_asc": "安い もの から", "price_desc": "高い もの から"},
}

var filtersEnglish = FilterWords{
	Title: "Narrow down", Apply: "Show these", Clear: "Remove all filters", Remove: "Remove “%s”", All: "All", Count: "%s (%d)",
	Kind: "Kind", Personalized: "Made with your text", Stock: "Ready-made", Digital: "Digital",
	Color: "Color", Price: "Price", Below: "up to %s", Between: "%s to %s", Above: "%s and more",
	Collection: "Seasonal", ShipsBy: "Ships by", By: "Ships by %s",
	Season: "%s to %s", LastOrder: "Order by %s", LastOrderOver: "Orders that arrive in time closed on %s",
	SeasonOver: "This season is over. Thank you.", SeasonToCome: "This season begins on %s. Please come back then.", OpenNow: "Open now:",
	Nearest: "Things with a similar name", Try: "Look through the seasons", NothingTitle: "Nothing fits all of that", NothingHelp: "Try removing one filter.",
	LookUp: "Search the shop", LookUpHelp: "You can also search by a word.",
	Sort: "Sort by", Sorts: map[string]string{"": "Recommended", "newest": "Newest", "price_asc": "Price: low to high", "price_desc": "Price: high to low"},
}
