package ui

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsukuriba/web/locale"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEveryIconConstantHasItsDrawing(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("icon.go")
	if err != nil {
		t.Fatal(err)
	}
	var named []IconName
	for _, m := range regexp.MustCompile(`IconName = "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		named = append(named, IconName(m[1]))
		if icons[IconName(m[1])] == "" {
			t.Errorf("%s has no drawing", m[1])
		}
	}
	for name := range icons {
		if !slices.Contains(named, name) {
			t.Errorf("icons/%s.svg has no name", name)
		}
	}
}

func TestParseRuby(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]RubyRun{
		"":                {},
		"つくる":             {{Base: "つくる"}},
		"｜名札《なふだ》をつくる":    {{"名札", "なふだ"}, {Base: "をつくる"}},
		"今日は｜十日《とおか》":     {{Base: "今日は"}, {"十日", "とおか"}},
		"《これは》ふつうの文字":     {{Base: "《これは》ふつうの文字"}},
		"｜閉じていない《よみ":      {{Base: "｜閉じていない《よみ"}},
		"｜福《ふく》｜神《かみ》":    {{"福", "ふく"}, {"神", "かみ"}},
		"｜鬼《おに》は｜外《そと》！！": {{"鬼", "おに"}, {Base: "は"}, {"外", "そと"}, {Base: "！！"}},
	} {
		got := ParseRuby(text)
		if len(want) == 0 && len(got) == 0 {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ParseRuby(%q): %s", text, diff)
		}
	}
}

func TestRubyLosesNoCharacter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("｜《》名札なふだ a"))).Draw(t, "text")
		var whole strings.Builder
		for _, run := range ParseRuby(text) {
			whole.WriteString(run.Base + run.Reading)
		}
		strip := strings.NewReplacer("｜", "", "《", "", "》", "")
		if strip.Replace(whole.String()) != strip.Replace(text) {
			t.Fatalf("%q became %q", text, whole.String())
		}
	})
}

func TestSpokenUsesStoredReadings(t *testing.T) {
	t.Parallel()
	if got := Spoken(ParseRuby("今日は｜十日《とおか》")); got != "今日はとおか" {
		t.Errorf("Spoken = %q", got)
	}
}

func TestFieldErrorIsLinkedToItsInput(t *testing.T) {
	t.Parallel()
	html := render(t, TextField(Field{Name: "postal", Label: "郵便番号", Hint: "7桁", Error: "数字で", InputMode: "numeric"}))
	for _, want := range []string{
		`<label for="postal"`, `id="postal"`, `aria-describedby="postal-hint postal-error"`, `aria-invalid="true"`,
		`id="postal-hint"`, `id="postal-error"`, `inputmode="numeric"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing in %s", want, html)
		}
	}
}

func TestFieldWithoutErrorClaimsNone(t *testing.T) {
	t.Parallel()
	html := render(t, TextField(Field{Name: "city", Label: "市区町村", Value: `"><script>`}))
	for _, unwanted := range []string{"aria-invalid", "aria-describedby", "required", "<script>"} {
		if strings.Contains(html, unwanted) {
			t.Errorf("%s is in %s", unwanted, html)
		}
	}
}

func TestOneStepIsCurrent(t *testing.T) {
	t.Parallel()
	html := render(t, StatusSteps(Status{Label: "状況", Steps: []StatusStep{
		{Label: "受付", State: StepDone}, {Label: "確認中", State: StepNow}, {Label: "制作中", State: StepLater},
	}}))
	if got := strings.Count(html, `aria-current="step"`); got != 1 {
		t.Errorf("%d steps are current, want 1: %s", got, html)
	}
}

func TestPagesNeedNoInlineStyleOrScript(t *testing.T) {
	t.Parallel()
	head := PageHead{Title: "名札", Language: locale.EasyJapanese, Theme: ThemeCalm, Path: "/products?q=a", CartCount: 2, LinkedData: map[string]string{"@type": "Product"}}
	inline := regexp.MustCompile(`\sstyle=|\son[a-z]+=|<style|<script>`)
	for name, page := range map[string]templ.Component{
		"storefront": StorefrontPage(head),
		"staff":      StaffPage(StaffHead{PageHead: head, Nav: StaffNav("/staff"), Person: "中村"}),
		"tablet":     TabletPage(TabletHead{PageHead: head, Person: "たかさん", Help: Action{Label: "てつだって"}}),
	} {
		html := render(t, page)
		if found := inline.FindString(html); found != "" {
			t.Errorf("%s has %q", name, found)
		}
		for _, want := range []string{`lang="ja"`, `data-theme="calm"`, `href="#content"`, `id="content"`, `data-face="` + name} {
			if !strings.Contains(html, want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
}

func TestSwitchesKeepTheRestOfTheAddress(t *testing.T) {
	t.Parallel()
	html := render(t, StorefrontPage(PageHead{Path: "/search?q=%E5%90%8D&lang=en"}))
	for _, want := range []string{`href="/search?lang=easy&amp;q=%E5%90%8D"`, `href="/theme?back=%2Fsearch%3Fq%3D%25E5%2590%258D%26lang%3Den&amp;to=dark"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestThemeFrom(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]Theme{"dark": ThemeDark, "calm": ThemeCalm, "auto": ThemeAuto, "neon": ThemeAuto} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: ThemeCookieName, Value: value})
		if got := ThemeFrom(r); got != want {
			t.Errorf("theme of %q is %q, want %q", value, got, want)
		}
	}
}

func TestTabletBarKeepsItsPlaces(t *testing.T) {
	t.Parallel()
	html := render(t, TabletPage(TabletHead{Help: Action{Label: "てつだって", Post: true, URL: "/tablet/help"}}))
	if got := strings.Count(html, `class="tablet__place"`); got != 3 {
		t.Errorf("the bar has %d places, want 3", got)
	}
}

// TestStorefrontPage_drawn_again is the frame of a page whose parts were drawn before, in each language.
func TestStorefrontPage_drawn_again(t *testing.T) {
	t.Parallel()
	for _, language := range locale.Languages {
		head := PageHead{Title: "商品", Language: language, Path: "/products"}
		first, again := render(t, StorefrontPage(head)), render(t, StorefrontPage(head))
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
		words := locale.In(language).Shared
		for _, said := range []string{words.FooterAbout, words.Help, words.Legal, "filaments"} {
			if !strings.Contains(again, templ.EscapeString(said)) {
				t.Errorf("%s: the frame does not say %q", language, said)
			}
		}
	}
}
