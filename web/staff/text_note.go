package staff

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"tsukuriba/internal/text"
)

// lookalikes are characters that are easily taken for one another, with their names.
var lookalikes = map[rune]string{
	'ー': "長音", '一': "漢字の一", '―': "ダッシュ", '‐': "ハイフン", '－': "全角マイナス", '−': "マイナス",
	'ニ': "カタカナのニ", '二': "漢字の二", 'ロ': "カタカナのロ", '口': "漢字の口", 'カ': "カタカナのカ", '力': "漢字の力",
	'エ': "カタカナのエ", '工': "漢字の工", 'ハ': "カタカナのハ", '八': "漢字の八", 'タ': "カタカナのタ", '夕': "漢字の夕",
	'ト': "カタカナのト", '卜': "漢字の卜", 'へ': "ひらがなのへ", 'ヘ': "カタカナのヘ", 'べ': "ひらがなのべ", 'ベ': "カタカナのベ",
	'ぺ': "ひらがなのぺ", 'ペ': "カタカナのペ", 'り': "ひらがなのり", 'リ': "カタカナのリ", 'O': "英字のO", '0': "数字の0",
	'l': "小文字のl", 'I': "大文字のI", '1': "数字の1", '〇': "漢数字の〇", '○': "記号の○",
}

// scripts are the kinds of writing a text may mix.
var scripts = []struct {
	table *unicode.RangeTable
	words string
}{
	{unicode.Hiragana, "ひらがな"},
	{unicode.Katakana, "カタカナ"},
	{unicode.Han, "漢字"},
	{unicode.Latin, "英字"},
	{unicode.Nd, "数字"},
}

// textNote tells staff what the eye may miss in a text before it is printed for good: which kinds
// of writing each line mixes, how long it is, and what looks like something else.
func textNote(typed string) []string {
	var notes []string
	for line := range strings.SplitSeq(typed, "\n") {
		notes = append(notes, fmt.Sprintf("%s ・ %d文字", strings.Join(scriptsOf(line), "と"), text.Graphemes(line)))
		if err := text.Visible(line); err != nil {
			notes = append(notes, "見えない文字："+strings.Join(text.InvisibleNames(err), "、"))
			if errors.Is(err, text.ErrEncoding) {
				notes = append(notes, "文字として読めない部分があります")
			}
		}
	}
	seen := map[rune]bool{}
	for _, r := range typed {
		if seen[r] {
			continue
		}
		seen[r] = true
		switch {
		case lookalikes[r] != "":
			notes = append(notes, fmt.Sprintf("紛らわしい字：「%c」は%s", r, lookalikes[r]))
		case unicode.In(r, compatibility):
			notes = append(notes, fmt.Sprintf("異体字：「%c」（U+%04X）はこの字形のまま作ります", r, r))
		case unicode.Is(unicode.Mn, r):
			notes = append(notes, fmt.Sprintf("結合文字 U+%04X を含みます", r))
		}
	}
	return notes
}

// compatibility are the CJK compatibility ideographs (福 and others), which no normalization may touch.
var compatibility = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0xF900, Hi: 0xFAFF, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x2F800, Hi: 0x2FA1F, Stride: 1}},
}

func scriptsOf(typed string) []string {
	var found []string
	for _, script := range scripts {
		if strings.ContainsFunc(typed, func(r rune) bool { return unicode.Is(script.table, r) }) {
			found = append(found, script.words)
		}
	}
	other := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) && r != 'ー' }
	if strings.ContainsFunc(typed, other) {
		found = append(found, "記号")
	}
	if len(found) == 0 {
		found = []string{"文字"}
	}
	return found
}
