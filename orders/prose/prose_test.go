package prose_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsukuriba/orders/prose"
)

func text(words string) []prose.Span { return []prose.Span{{Text: words}} }

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, source string
		want         prose.Document
		faults       []prose.Fault
	}{
		{name: "nothing", source: " \n\n"},
		{name: "headings", source: "## 送料\n### 離島", want: prose.Document{
			{Kind: prose.Heading, Spans: text("送料")}, {Kind: prose.Subheading, Spans: text("離島")},
		}},
		{name: "lines of a paragraph stay lines", source: "一\r\n二\n\n三", want: prose.Document{
			{Spans: []prose.Span{{Text: "一"}, {Break: true}, {Text: "二"}}}, {Spans: text("三")},
		}},
		{name: "list", source: "- 一\n- 二\n\n- 三", want: prose.Document{
			{Kind: prose.List, Items: [][]prose.Span{text("一"), text("二")}}, {Kind: prose.List, Items: [][]prose.Span{text("三")}},
		}},
		{name: "a row goes on", source: "| 支払い | カード |\n| | コンビニ |\n| 送料 | 185円 |", want: prose.Document{
			{Kind: prose.Table, Rows: [][][]prose.Span{
				{text("支払い"), {{Text: "カード"}, {Break: true}, {Text: "コンビニ"}}}, {text("送料"), text("185円")},
			}},
		}},
		{name: "link, reading and field", source: "[｜返品《へんぴん》](/returns)は {{ email }} へ", want: prose.Document{{Spans: []prose.Span{
			{URL: "/returns", Inside: []prose.Span{{Text: "返品", Reading: "へんぴん"}}}, {Text: "は "}, {Field: "email"}, {Text: " へ"},
		}}}},
		{name: "a link that is none stays words", source: "[押す](javascript:alert(1)) [押す](javascript:alert)", want: prose.Document{
			{Spans: []prose.Span{{Text: "[押す](javascript:alert(1)) "}, {Text: "押す"}}},
		}, faults: []prose.Fault{{Line: 1, Code: prose.BadLink, About: "javascript:alert"}}},
		{name: "HTML is words", source: "<b>太い</b>", want: prose.Document{{Spans: text("<b>太い</b>")}}},
		{name: "a title is no heading", source: "# 大\n#### 小\n##", want: prose.Document{{Spans: text("# 大")}, {Spans: text("#### 小")}, {Spans: text("##")}}, faults: []prose.Fault{
			{Line: 1, Code: prose.BadHeading, About: "# 大"}, {Line: 2, Code: prose.BadHeading, About: "#### 小"}, {Line: 3, Code: prose.BadHeading, About: "##"},
		}},
		{name: "a row has two cells", source: "| 一 |", want: prose.Document{{Kind: prose.Table, Rows: [][][]prose.Span{{text("一"), nil}}}}, faults: []prose.Fault{
			{Line: 1, Code: prose.BadRow, About: "| 一 |"},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, faults := prose.Parse(test.source)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.faults, faults); diff != "" {
				t.Errorf("faults (-want +got)\n%s", diff)
			}
		})
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	document, _ := prose.Parse("{{prices}}\n\n電話 {{phone}}、{{other}}、[{{mail}}](/contact)")
	table := prose.Block{Kind: prose.Table, Rows: [][][]prose.Span{{text("普通便"), text("¥185")}}}
	mail := prose.Value{Spans: []prose.Span{{URL: "mailto:a@example.jp", Inside: text("a@example.jp")}}}
	filled := document.Fill(map[string]prose.Value{
		"prices": {Blocks: []prose.Block{table}}, "phone": prose.Plain("[x](/y)"), "mail": mail,
	})
	want := prose.Document{table, {Spans: []prose.Span{
		{Text: "電話 "}, {Text: "[x](/y)"}, {Text: "、"}, {Text: "{{other}}"}, {Text: "、"}, {URL: "/contact", Inside: text("a@example.jp")},
	}}}
	if diff := cmp.Diff(want, filled); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"mail", "other", "phone", "prices"}, document.Fields()); diff != "" {
		t.Errorf("fields (-want +got)\n%s", diff)
	}
	if got, want := filled.Text(), "普通便: ¥185\n\n電話 [x](/y)、{{other}}、a@example.jp"; got != want {
		t.Errorf("text is %q, want %q", got, want)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	want := []prose.Span{{Text: "お金", Reading: "おかね"}, {Text: "は"}, {Break: true}, {Text: "[x](/y) {{z}}"}}
	if diff := cmp.Diff(want, prose.Words("｜お金《おかね》は\n[x](/y) {{z}}").Spans); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := prose.WithoutReadings("｜お金《おかね》は ｜半端"); got != "お金は ｜半端" {
		t.Errorf("without readings: %q", got)
	}
}

func TestSafeURL(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"/returns": true, "/products?q=名札#top": true, "https://www.post.japanpost.jp/": true, "https://例え.jp/あ": true,
		"mailto:shop@example.jp": true, "tel:045-000-0000": true, "tel:+8145000000": true,
		"": false, "returns": false, "#top": false, "//evil.example": false, "/\\evil.example": false, "\\\\evil": false, "http://example.jp": false,
		"javascript:alert(1)": false, "JaVaScRiPt:alert(1)": false, " javascript:alert(1)": false, "java\tscript:alert(1)": false, "\x01javascript:alert(1)": false,
		"data:text/html,<script>": false, "vbscript:x": false, "https:evil.example": false, "https://user@evil.example": false, "https://": false,
		"mailto:a@example.jp?bcc=b@example.jp": false, "tel:javascript": false, "/a\"onclick=\"x": false, "/a b": false, "/\u202eevil": false, "/a\u00a0b": false,
	}
	for address, want := range tests {
		if got := prose.SafeURL(address); got != want {
			t.Errorf("SafeURL(%q) = %t", address, got)
		}
	}
}

// hostile is text made of what the marks are made of, and of what attackers write.
func hostile() *rapid.Generator[string] {
	pieces := rapid.SampledFrom([]string{
		"[", "]", "(", ")", "](", "｜", "《", "》", "{{", "}}", "{{phone}}", "|", "## ", "### ", "# ", "- ", "\n", "\n\n", "\r\n", "<script>alert(1)</script>",
		"javascript:", "data:text/html,", "[x](javascript:alert)", "[x](/returns)", "[x](//evil)", "<img src=x onerror=y>", "\"", "'", "&lt;", "\x00", "\u202e", "名札", " ", "　",
	})
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "free") {
			return rapid.String().Draw(t, "text")
		}
		return strings.Join(rapid.SliceOfN(pieces, 0, 40).Draw(t, "pieces"), "")
	})
}

func TestHostileTextLeadsNowhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		source := hostile().Draw(t, "source")
		value := hostile().Draw(t, "value")
		document, _ := prose.Parse(source)
		checkLinks(t, document)
		checkLinks(t, document.Fill(map[string]prose.Value{"phone": prose.Plain(value), "x": prose.Words(value)}))
	})
}

func checkLinks(t interface{ Errorf(string, ...any) }, document prose.Document) {
	check := func(spans []prose.Span) {
		for _, span := range spans {
			if span.URL == "" {
				continue
			}
			parsed, err := url.Parse(span.URL)
			if err != nil || !map[string]bool{"": true, "https": true, "mailto": true, "tel": true}[parsed.Scheme] {
				t.Errorf("leads to %q (%v)", span.URL, err)
			}
			for _, inner := range span.Inside {
				if inner.URL != "" {
					t.Errorf("a link stands in a link: %+v", span)
				}
			}
		}
	}
	for _, block := range document {
		check(block.Spans)
		for _, item := range block.Items {
			check(item)
		}
		for _, row := range block.Rows {
			if len(row) < 2 {
				t.Errorf("a row of %d cells", len(row))
			}
			for _, cell := range row {
				check(cell)
			}
		}
	}
}

// FuzzParse: no text is too odd, and no word of it is lost but for marks.
func FuzzParse(f *testing.F) {
	f.Add("## 見出し\n| a | b |\n| | c |\n- [x](/y)｜漢字《かんじ》{{name}}")
	f.Add("[[[]()](javascript:)")
	f.Fuzz(func(t *testing.T, source string) {
		document, _ := prose.Parse(source)
		checkLinks(t, document)
		if strings.ContainsAny(source, "#-|[]()｜《》{} \t\r\n\v\f\u0085\u00a0　") {
			return
		}
		if got := document.Text(); strings.TrimSpace(source) != got && strings.TrimSpace(got) != strings.TrimSpace(source) {
			t.Errorf("%q became %q", source, got)
		}
	})
}
