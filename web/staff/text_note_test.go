package staff

import (
	"slices"
	"strings"
	"testing"
)

func TestTextNote(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]string{
		"はると":            {"ひらがな ・ 3文字"},
		"さくら工房":          {"ひらがなと漢字 ・ 5文字", "紛らわしい字：「工」は漢字の工"},
		"Halloween 2026": {"英字と数字 ・ 14文字", "紛らわしい字：「l」は小文字のl", "紛らわしい字：「0」は数字の0"},
		"福\uFA1B":        {"漢字 ・ 2文字", "異体字：「\uFA1B」（U+FA1B）はこの字形のまま作ります"},
		"か\u3099く":       {"ひらがな ・ 2文字", "結合文字 U+3099 を含みます"},
		"あ\u200Bい":       {"ひらがな ・ 3文字", "見えない文字：U+200B ZERO WIDTH SPACE"},
		"はると\nさくら工房":     {"ひらがな ・ 3文字", "ひらがなと漢字 ・ 5文字", "紛らわしい字：「工」は漢字の工"},
		"♪":              {"記号 ・ 1文字"},
	} {
		if got := textNote(typed); !slices.Equal(got, want) {
			t.Errorf("%q: %s, want %s", typed, strings.Join(got, " | "), strings.Join(want, " | "))
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]string{0: "0分", 1: "1分", 60: "1分", 3600: "1時間0分", 4810: "1時間21分"} {
		if got := duration(seconds); got != want {
			t.Errorf("%d s: %s, want %s", seconds, got, want)
		}
	}
}
