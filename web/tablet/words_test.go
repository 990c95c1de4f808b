package tablet

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// pressing are words that no member shall ever read.
var pressing = []string{"納期", "期限", "遅れ", "ノルマ", "失敗", "エラー", "不良", "評価", "レベル", "ランク", "未達", "がんばれ"}

func TestSentences_are_kind(t *testing.T) {
	t.Parallel()
	said := []string{kindSentence(errors.New("unheard of"))}
	for _, known := range sentences {
		said = append(said, kindSentence(known.err))
	}
	for _, words := range next {
		said = append(said, words.Plain())
	}
	for _, sentence := range said {
		for _, word := range pressing {
			if strings.Contains(sentence, word) {
				t.Errorf("%q says %q", sentence, word)
			}
		}
	}
}

func TestVoice(t *testing.T) {
	t.Parallel()
	const text = fulfilment.Ruby("｜名札《なふだ》の｜文字《もじ》を｜見《み》ます")
	for furigana, want := range map[string][]string{ // the readings shown
		"all": {"なふだ", "もじ", "み"}, "": {"なふだ", "もじ", "み"}, "difficult": {"なふだ"}, "none": nil,
	} {
		var readings []string
		var plain strings.Builder
		for _, run := range (voice{furigana}).runs(text) {
			plain.WriteString(run.Base)
			if run.Reading != "" {
				readings = append(readings, run.Reading)
			}
		}
		if !slices.Equal(readings, want) || plain.String() != text.Plain() {
			t.Errorf("%q shows %v in %q, want %v", furigana, readings, plain.String(), want)
		}
	}
}

func TestBags(t *testing.T) {
	t.Parallel()
	pieces := []fulfilment.Piece{{Code: "K7-3F"}}
	options := func(c ui.Choices) (codes []string) {
		for _, option := range c.Options {
			codes = append(codes, option.Value)
		}
		return codes
	}
	codes := options(bags("piece", pieces[0], pieces, ""))
	if len(codes) != 3 || !slices.Contains(codes, "K7-3F") || !slices.IsSorted(codes) {
		t.Errorf("one piece is to be chosen from %v", codes)
	}
	if unique := slices.Compact(slices.Clone(codes)); len(unique) != 3 {
		t.Errorf("codes stand twice in %v", codes)
	}
	four := []fulfilment.Piece{{Code: "AA-AA"}, {Code: "BB-BB"}, {Code: "CC-CC"}, {Code: "DD-DD"}}
	if codes := options(bags("piece", four[0], four, "")); len(codes) != 4 {
		t.Errorf("four pieces are to be chosen from %v", codes)
	}
}

func TestPictureOf(t *testing.T) {
	t.Parallel()
	for picture, want := range map[string]string{"sun": "sign-sun", "": "sign-leaf", "dragon": "sign-leaf", "../words": "sign-leaf"} {
		if got := pictureOf(fulfilment.Member{Picture: picture}); got != "/tablet/pictures/"+want+".svg" {
			t.Errorf("%q is drawn by %s", picture, got)
		}
	}
}
