package stripetest

import (
	"net/url"
	"strings"
	"testing"
)

func TestParams(t *testing.T) {
	t.Parallel()
	form, err := url.ParseQuery("a[2][n]=3&a[10][n]=11&a[0][n]=1&list[]=x&list[]=y&meta[k]=v&n=7")
	if err != nil {
		t.Fatal(err)
	}
	p := parseParams(form)
	var sum []int64
	for _, row := range p.list("a") {
		sum = append(sum, row.requiredWhole("n"))
	}
	if len(sum) != 3 || sum[0] != 1 || sum[1] != 3 || sum[2] != 11 {
		t.Errorf("got %v", sum)
	}
	if got := p.texts("list"); len(got) != 2 || got[0] != "x" || got[1] != "y" {
		t.Errorf("got %v", got)
	}
	if got := p.dictionary("meta"); got["k"] != "v" {
		t.Errorf("got %v", got)
	}
	if err := p.finish(); err == nil || err.Error() != "Received unknown parameter: n" {
		t.Errorf("got %v", err)
	}
}

func TestParams_limits(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("a[", 100_000), "a[b[c[d[e[f[g[h[i"} {
		if err := parseParams(url.Values{name: {"1"}}).finish(); err == nil {
			t.Errorf("took %.20s…", name)
		}
	}
}

// FuzzParams: no form makes the reader panic, and what is accepted was read to the last field.
func FuzzParams(f *testing.F) {
	f.Add("line_items[0][price_data][currency]=jpy&expand[]=a")
	f.Add("a[]]=1&[b]=2&=3&a[=4&metadata[x]=1&limit=10")
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		p := parseParams(form)
		for _, row := range p.list("line_items") {
			row.whole("quantity")
		}
		p.dictionary("metadata")
		p.whole("limit")
		if p.finish() == nil {
			wantRead(t, p)
		}
	})
}

func wantRead(t *testing.T, p *params) {
	t.Helper()
	for _, child := range p.children {
		if child.given && !child.asked {
			t.Errorf("%q was accepted unread", child.name)
		}
		wantRead(t, child)
	}
}
