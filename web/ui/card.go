package ui

// FilamentColors are the colours on the workshop's shelf, as #rrggbb, used as ornament. What can be ordered comes from
// the catalogue.
var FilamentColors = []string{
	"#d9572b", "#e8a33d", "#f0d9a8", "#8fae8b", "#3f6b57", "#5f8fa8", "#2f4a6b", "#7a5a7e", "#c98f93", "#3a3632",
}

// Product is what a card in a list shows.
type Product struct {
	URL    string
	Name   string
	Image  string
	Alt    string
	Price  string // "¥1,100"
	Note   string // "税込"
	Detail string // ship window, one line
	Badge  string
	Colors []string // filament colours to choose from, #rrggbb
}

// Price is an amount as a customer reads it: tax included, and said so.
type Price struct {
	Amount string // "¥1,100"
	Note   string // "税込"
	Detail string // "＋送料 ¥185"
	Large  bool
	Show   string // studio: path of the answer that replaces the amount, such as "price_yen"
}

// Viewer is a printed piece to look at: a model that turns, and its picture where that cannot be.
type Viewer struct {
	ID     string
	Model  string // address of a GLB; empty shows only the picture
	Image  string // address of its picture
	Images string // the same in several widths (srcset), of which Sizes says how wide it is shown; both may be empty
	Sizes  string
	Alt    string
	Hint   string // how to turn it
	Still  string // instead of Hint, where it cannot be turned
	Base   string // #rrggbb of the body
	Text   string // #rrggbb of the letters
	Width  int    // of the picture, in px
	Height int

	Coin        bool   // lay a 100-yen coin beside it
	ShowModel   string // studio: paths of the answer that replace the model, such as "model_url",
	ShowPicture string // and the picture where the model cannot be shown
}

// Tone colours a badge.
type Tone string

// The tones. Words carry the meaning, tones only repeat it.
const (
	ToneNeutral   Tone = "neutral"
	ToneAccent    Tone = "accent"
	TonePine      Tone = "pine"
	ToneAttention Tone = "attention"
)

// Badge is a short state in words.
type Badge struct {
	Text string
	Tone Tone
}

func (b Badge) class() string {
	if b.Tone == "" {
		return "badge badge--neutral"
	}
	return "badge badge--" + string(b.Tone)
}

// Section is a part of a page with a heading at its side (above it on a phone).
type Section struct {
	ID    string
	Title string
	Lead  string
	Link  Link
}
