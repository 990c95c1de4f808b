package ui_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"tsukuriba/orders/prose"
	"tsukuriba/web/ui"
)

// drawn are all the elements that a text may become, in the frame that the parser of HTML puts around them.
var drawn = []string{"html", "head", "body", "h2", "h3", "p", "br", "ul", "li", "table", "tbody", "tr", "th", "td", "a", "ruby", "rp", "rt"}

// TestProseIsHarmless draws texts made of marks and of what attackers write, filled with the same.
func TestProseIsHarmless(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{
		"[", "](", ")", "[x](/returns)", "[x](https://example.jp/?a=1&b='2')", "[x](javascript:alert)", "[｜名《な》](mailto:a@example.jp)", "｜", "《", "》", "{{v}}",
		"|", "| a | b |", "## ", "### ", "- ", "\n", "\n\n", "<script>alert(1)</script>", "</td></table>", "<img src=x onerror=y>", `" onclick="x`, "'", "&#106;avascript:",
		"<!--", "-->", "<![CDATA[", "<svg/onload=x>", "\x00", "\u2028", "名札", " ",
	})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(pieces, 0, 30).Draw(t, "pieces"), "") })
	rapid.Check(t, func(t *rapid.T) {
		document, _ := prose.Parse(text.Draw(t, "text"))
		value := text.Draw(t, "value")
		filled := document.Fill(map[string]prose.Value{"v": prose.Words(value), "w": prose.Plain(value)})
		var page strings.Builder
		if err := ui.Prose(filled).Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(strings.NewReader(page.String()))
		if err != nil {
			t.Fatal(err)
		}
		for node := range root.Descendants() {
			checkDrawn(t, node)
		}
	})
}

func checkDrawn(t *rapid.T, node *html.Node) {
	if node.Type == html.CommentNode || node.Type == html.ElementNode && !slices.Contains(drawn, node.Data) {
		t.Errorf("it became %q", node.Data)
	}
	for _, a := range node.Attr {
		known := node.Data == "table" && a.Key == "class" || node.Data == "th" && a.Key == "scope" || node.Data == "a" && a.Key == "href" && prose.SafeURL(a.Val)
		if !known {
			t.Errorf("it became <%s %s=%q>", node.Data, a.Key, a.Val)
		}
	}
}
