package text_test

import (
	"slices"
	"strings"
	"testing"

	"tsukuriba/internal/text"
)

func TestRemarks(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]text.RemarkKind{
		"はると": nil, "さくら組 3番": nil, "髙﨑 力": nil, "UEHARA": nil, "2026": nil, "Ｈａｌｌｏ": nil, "東京タワー": nil, "3-4-5": nil,
		"090-1234-5678": {text.PhoneNumber},
		"０９０　１２３４　５６７８":     {text.PhoneNumber},
		"TEL(03)1234-5678":  {text.PhoneNumber},
		"+81 90 1234 5678":  {text.PhoneNumber},
		"haru@example.jp":   {text.MailAddress, text.WebAddress},
		"https://example.x": {text.WebAddress},
		"ｅｘａｍｐｌｅ．ｃｏｍ":       {text.WebAddress},
		"@haruto_tag":       {text.SocialHandle},
		"LINE ID: haru":     {text.SocialHandle},
		"ｲﾝｽﾀ:haru":         {text.SocialHandle},
		"〒064-0941":         {text.StreetAddress},
		"京都府京都市":            {text.StreetAddress},
		"上樵木町5番地":           {text.StreetAddress},
		"pаypal":            {text.MixedScripts, text.ForeignScript}, // the first a is Cyrillic
		"Привет":            {text.ForeignScript},
		"안녕":                {text.ForeignScript},
		"☂🎃":                nil,
	} {
		var got []text.RemarkKind
		for _, remark := range text.Remarks(line) {
			got = append(got, remark.Kind)
			if remark.Part == "" {
				t.Errorf("the %s in %q has no part", remark.Kind, line)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("Remarks(%q) = %v, want %v", line, got, want)
		}
	}
}

func TestShadows(t *testing.T) {
	t.Parallel()
	for word, hidden := range map[string][]string{
		"ばか":   {"バカ", "ﾊﾞｶ", "ば か", "バ・カ", "バ力", "ばーか", "ば\u200bか", "バ★カ"[:3] + "カ"},
		"hate": {"HATE", "ｈａｔｅ", "h a t e", "h4t3", "hаtе", "h.a.t.e"},
		"きや":   {"キャ", "キヤ"},
	} {
		for _, typed := range hidden {
			found := slices.ContainsFunc(text.Shadows(typed), func(shadow string) bool { return strings.Contains(shadow, word) })
			if !found {
				t.Errorf("%s hides in %q: %q", word, typed, text.Shadows(typed))
			}
		}
	}
	for _, innocent := range []string{"はると", "かば", "\uFA19田", ""} {
		for _, shadow := range text.Shadows(innocent) {
			if strings.Contains(shadow, "ばか") {
				t.Errorf("%q is taken for something else: %q", innocent, shadow)
			}
		}
	}
}

func FuzzRemarks(f *testing.F) {
	f.Add("はると 090-1234-5678 @haru")
	f.Fuzz(func(t *testing.T, line string) {
		text.Remarks(line)
		for _, shadow := range text.Shadows(line) {
			if strings.ContainsAny(shadow, " \t\x00") {
				t.Errorf("%+q stays in a shadow", shadow)
			}
		}
	})
}
