// Package text knows what a reader sees in a text: how many characters it has, which of them
// are invisible, and which words are the same to somebody who searches.
//
// It never changes a text that is stored, shown or printed. Folding makes a shadow copy for
// search; the name 髙﨑 stays 髙﨑.
package text

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// Graphemes counts the characters of s as a reader counts them (UAX #29): か followed by U+3099
// is one, 葛 with a variation selector is one.
func Graphemes(s string) int { return uniseg.GraphemeClusterCount(s) }

// Fold returns the shadow copy of s in which a search looks: compatibility forms made one
// (NFKC), lower case, katakana as hiragana, invisible characters gone, each run of white space
// or controls one space, none at the ends. It is valid UTF-8 whatever s is.
func Fold(s string) string {
	folded := strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD")))
	return strings.Join(strings.Fields(strings.Map(fold, folded)), " ")
}

// fold maps the katakana that have a hiragana twin, which ヷ to ヺ have not.
func fold(r rune) rune {
	switch {
	case 'ァ' <= r && r <= 'ヶ', r == 'ヽ', r == 'ヾ':
		return r - ('ァ' - 'ぁ')
	case unicode.IsControl(r):
		return ' '
	case invisible(r):
		return -1
	}
	return r
}

// Sound returns a folded text as one hears it: small kana large and without the long vowel's mark, so that
// ハロウィーン is found by ハロウイン and コンピューター by コンピュータ. A mark that stands beside no kana stays.
func Sound(folded string) string {
	runes := []rune(folded)
	heard := make([]rune, 0, len(runes))
	for i, r := range runes {
		before, after := i > 0 && hiragana(runes[i-1]), i+1 < len(runes) && hiragana(runes[i+1])
		if long := strings.ContainsRune(longMarks, r); long && (before || after) {
			continue
		}
		if large, small := largeKana[r]; small {
			r = large
		}
		heard = append(heard, r)
	}
	return string(heard)
}

// longMarks are what people type for ー, the mark itself among them.
const longMarks = "ー‐‑–—―−-~〜"

var largeKana = map[rune]rune{
	'ぁ': 'あ', 'ぃ': 'い', 'ぅ': 'う', 'ぇ': 'え', 'ぉ': 'お', 'っ': 'つ', 'ゃ': 'や', 'ゅ': 'ゆ', 'ょ': 'よ', 'ゎ': 'わ', 'ゕ': 'か', 'ゖ': 'け',
}

// hiragana is true of the long vowel's mark, too, of which there may be several.
func hiragana(r rune) bool { return 'ぁ' <= r && r <= 'ゖ' || r == 'ー' }

// Bigrams returns every pair of neighboring runes within the words of a folded text, each once,
// in order of appearance. A word of one rune has none.
func Bigrams(folded string) []string {
	pairs := []string{}
	seen := map[string]bool{}
	for word := range strings.FieldsSeq(folded) {
		runes := []rune(word)
		for i := 1; i < len(runes); i++ {
			pair := string(runes[i-1 : i+1])
			if !seen[pair] {
				seen[pair] = true
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}
