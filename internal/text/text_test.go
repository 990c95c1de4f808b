package text_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tsukuriba/internal/text"
)

func TestGraphemes(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"": 0, "たろう": 3, "か\u3099": 1, "か\u3099か\u309a": 2, "葛\U000E0100飾": 2, "𠮷野家": 3, "髙﨑": 2,
		"👨‍👩‍👧": 1, "\uFA19\uFA1B": 2, "e\u0301": 1, "🇯🇵": 1,
	} {
		if got := text.Graphemes(s); got != want {
			t.Errorf("Graphemes(%+q) = %d, want %d", s, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"ナマエ":     "なまえ",
		"ﾅﾏｴ ﾀｸﾞ": "なまえ たぐ",
		"Ｈａｌｌｏｗｅｅｎ　２０２６": "halloween 2026",
		"か\u3099":         "が",
		"\uFA19":          "神",
		"ヴァイオリンヽヾ":        "ゔぁいおりんゝゞ",
		"ラーメン":            "らーめん",
		" a \t\n b\x00c ": "a b c",
		"ね\u200bこ":        "ねこ",
		"㌔㌘":              "きろぐらむ",
		"a\xffb":          "a\uFFFDb",
	} {
		if got := text.Fold(s); got != want {
			t.Errorf("Fold(%+q) = %+q, want %+q", s, got, want)
		}
	}
}

func TestSound(t *testing.T) {
	t.Parallel()
	for _, alike := range [][]string{
		{"ハロウィーン", "ハロウイン", "はろうぃん", "ﾊﾛｳｨｰﾝ"},
		{"コンピューター", "コンピュータ", "コンピュータ−"},
		{"キャンディー", "キヤンデイ"},
		{"すーーぱー", "スーパ"},
		{"がっこう", "ガツコウ"},
	} {
		for _, s := range alike {
			if got, want := text.Sound(text.Fold(s)), text.Sound(text.Fold(alike[0])); got != want {
				t.Errorf("%s sounds like %q, want %q", s, got, want)
			}
		}
	}
	for s, want := range map[string]string{"A-1": "a-1", "ー": "ー", "2026-11": "2026-11", "名札ー": "名札ー", "ーる": "る", "": ""} {
		if got := text.Sound(text.Fold(s)); got != want {
			t.Errorf("Sound(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestFold_is_storable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		folded := text.Fold(string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")))
		if !utf8.ValidString(folded) || strings.ContainsRune(folded, 0) || strings.TrimSpace(folded) != folded {
			t.Errorf("Fold gives %+q", folded)
		}
	})
}

func TestBigrams(t *testing.T) {
	t.Parallel()
	for folded, want := range map[string][]string{
		"": {}, "犬": {}, "なまえ": {"なま", "まえ"}, "ab 犬 abc": {"ab", "bc"}, "ああああ": {"ああ"}, "𠮷野": {"𠮷野"},
	} {
		if got := text.Bigrams(folded); !slices.Equal(got, want) || got == nil {
			t.Errorf("Bigrams(%q) = %q, want %q", folded, got, want)
		}
	}
}

func TestBigrams_of_a_part_are_bigrams_of_the_whole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, part, after := rapid.String().Draw(t, "before"), rapid.String().Draw(t, "part"), rapid.String().Draw(t, "after")
		whole := text.Bigrams(before + part + after)
		for _, pair := range text.Bigrams(part) {
			if !slices.Contains(whole, pair) {
				t.Errorf("%q is missing from %q", pair, whole)
			}
		}
	})
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "たろう", " は る と ", "　", "髙﨑", "𠮷野家", "\uFA19\uFA1B\uFA1A\uF9DC\uFA12", "か\u3099", "葛\U000E0100飾区", "☂\ufe0e", "🎃",
	} {
		if err := text.Visible(s); err != nil {
			t.Errorf("Visible(%+q): %v", s, err)
		}
	}
}

func TestVisible_names_what_is_hidden(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][]string{
		"は\u200bる\u200bと":   {"U+200B ZERO WIDTH SPACE"},
		"\u202eabc\u202c":   {"U+202E RIGHT-TO-LEFT OVERRIDE", "U+202C POP DIRECTIONAL FORMATTING"},
		"\u2066a\u2069":     {"U+2066 LEFT-TO-RIGHT ISOLATE", "U+2069 POP DIRECTIONAL ISOLATE"},
		"a\x00b":            {"U+0000 control character"},
		"a\nb\t":            {"U+000A control character", "U+0009 control character"},
		"\ufeffa":           {"U+FEFF ZERO WIDTH NO-BREAK SPACE"},
		"\u3164":            {"U+3164 HANGUL FILLER"},
		"a\u00adb":          {"U+00AD SOFT HYPHEN"},
		"👨\u200d👩":          {"U+200D ZERO WIDTH JOINER"},
		"a\u2028b":          {"U+2028 LINE SEPARATOR"},
		"\u2800":            {"U+2800 BRAILLE PATTERN BLANK"},
		"x\U000E0041\u034f": {"U+E0041 TAG LATIN CAPITAL LETTER A", "U+034F COMBINING GRAPHEME JOINER"},
	} {
		err := text.Visible(s)
		if got := text.InvisibleNames(err); !slices.Equal(got, want) {
			t.Errorf("Visible(%+q) names %q, want %q", s, got, want)
		}
		if err == nil || !strings.Contains(err.Error(), want[0]) {
			t.Errorf("Visible(%+q) = %v, want a sentence with %s", s, err, want[0])
		}
	}
}

func TestVisible_refuses_what_is_no_text(t *testing.T) {
	t.Parallel()
	if err := text.Visible("a\xffb"); !errors.Is(err, text.ErrEncoding) || text.InvisibleNames(err) != nil {
		t.Errorf("Visible = %v, want %v", err, text.ErrEncoding)
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("たろう")
	f.Add("a\u202e\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if text.Visible(s) == nil && strings.ContainsAny(s, "\x00\u200b\u202e\ufeff\n") {
			t.Errorf("%+q passes", s)
		}
	})
}
