package catalog

import (
	"slices"
	"strings"
	"testing"
)

func TestProducts_search(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for i, p := range []Product{
		{Slug: "name-tag", Name: "なまえタグ", NameEn: "Name tag", Summary: "通園バッグに"},
		{Slug: "dog", Name: "犬の迷子札", Summary: "100%手仕上げ"},
		{Slug: "magnet", Name: "季節のマグネット", Description: "積み木の かたち。犬にも"},
		{Slug: "wild", Name: `50%_off\`, Summary: "ＡＢＣ　ｄｅｆ"},
		{Slug: "draft", Name: "なまえの下書き", State: Draft},
	} {
		p.Position = i
		save(t, s, p)
	}
	if _, err := s.SaveCollection(t.Context(), author, Collection{Slug: "season", Name: "季節"}, []string{"dog"}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text, collection string
		want             []string
	}{
		{"なまえ", "", []string{"name-tag"}},
		{"ナマエ", "", []string{"name-tag"}},
		{"ﾅﾏｴﾀｸﾞ", "", []string{"name-tag"}},
		{"ＮＡＭＥ", "", []string{"name-tag"}},
		{"まえた", "", []string{"name-tag"}},
		{"マグ", "", []string{"magnet"}},
		{"積み木", "", []string{"magnet"}},
		{"犬", "", []string{"dog"}}, // one character is looked for in the name only
		{"犬 手仕", "", []string{"dog"}},
		{"季節 犬", "", []string{}},
		{"バッグ 通園", "", []string{"name-tag"}},
		{"abc DEF", "", []string{"wild"}},
		{"%", "", []string{"wild"}},
		{"_", "", []string{"wild"}},
		{`\`, "", []string{"wild"}},
		{"%_", "", []string{"wild"}},
		{"0%", "", []string{"dog", "wild"}},
		{"な%え", "", []string{}},
		{"まええ", "", []string{}},
		{"たぐまえ", "", []string{}}, // every bigram could be there, the word is not
		{"'; DROP TABLE products; --", "", []string{}},
		{"なまえ\x00", "", []string{"name-tag"}},
		{"\xffなまえ", "", []string{}},
		{"な\u200bまえ", "", []string{"name-tag"}},
		{"札", "season", []string{"dog"}},
		{"なまえ", "season", []string{}},
		{" \t　", "", []string{"name-tag", "dog", "magnet", "wild"}},
		{strings.Repeat("なまえ", 10_000), "", []string{}},
	}
	for _, test := range tests {
		page, err := s.Products(t.Context(), ProductQuery{Text: test.text, Collection: test.collection})
		if got := slugsOf(page); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("search %.40q in %q = %v, %v, want %v", test.text, test.collection, got, err, test.want)
		}
	}
}

func TestProducts_search_pages(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, slug := range []string{"a", "b", "c"} {
		save(t, s, Product{Slug: slug, Name: "積み木"})
	}
	var got []string
	for query := (ProductQuery{Text: "積み", Limit: 1}); ; {
		page, err := s.Products(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, slugsOf(page)...)
		if query.Cursor = page.NextCursor; query.Cursor == "" {
			break
		}
	}
	if !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("pages show %v", got)
	}
}

func TestProducts_search_follows_edits(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	save(t, s, Product{Slug: "p", Name: "積み木"})
	save(t, s, Product{Slug: "p", Name: "独楽"})
	for text, want := range map[string]int{"積み木": 0, "独楽": 1, "独": 1} {
		page, err := s.Products(t.Context(), ProductQuery{Text: text})
		if err != nil || len(page.Items) != want {
			t.Errorf("search %s finds %d, %v, want %d", text, len(page.Items), err, want)
		}
	}
}
