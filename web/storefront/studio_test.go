package storefront_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestStudioOfEachProduct makes a piece of every template without script, and reads it back from its address.
func TestStudioOfEachProduct(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	for slug, test := range map[string]struct {
		answers url.Values
		told    string
	}{
		"name-tag":         {url.Values{"icon": {"paw"}, "relief": {"engraved"}, "border": {"yes"}}, "絵 あしあと、"},
		"pet-tag":          {url.Values{"shape": {"round"}, "second_line": {"090-0000-0000"}}, "形 まる、"},
		"bag-tag":          {url.Values{"icon": {"none"}}, "絵 なし、"},
		"key-charm":        {url.Values{"size": {"large"}}, "大きさ 文字 18 mm、"},
		"door-plate":       {url.Values{"mount": {"screws"}}, "とめかた ねじ（左右に穴）、"},
		"spinning-pumpkin": {url.Values{"second_line": {"2026"}}, "ゆい、2026、"},
	} {
		path := "/products/" + slug + "/studio"
		test.answers.Set("text", "ゆい")
		test.answers.Set("do", "preview")
		if blank := v.open(path).body; !strings.Contains(blank, "/products/"+slug+"/picture.jpg?") || strings.Contains(blank, "proof.png") {
			t.Errorf("the studio of %s does not begin with the small picture of its sample", slug)
		}
		proof := v.follow(v.submit(v.open(path), path, test.answers)).says("できあがりの見本", "ゆい、", test.told, "縦")
		if strings.Contains(proof.body, "srcset") || !strings.Contains(proof.body, "/proof.png\" alt") {
			t.Errorf("%s shows another picture than what was written", slug)
		}
		kept := proof.form(path)
		for key, want := range test.answers {
			if key != "do" && kept.Get(key) != want[0] {
				t.Errorf("%s forgets %s: %q, want %q", slug, key, kept.Get(key), want[0])
			}
		}
	}
}

// TestPicturesAreSaidInWords holds every picture of a product to an alternative text of its own that names text and colors.
func TestPicturesAreSaidInWords(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	for language, want := range map[string][]string{
		"ja":   {"迷子札の見本「こむぎ 090-0000-0000」、空に白の文字。ななめ上から", "別の色で: 柿に生成りの文字"},
		"easy": {"空に 白の 文字。ななめ 上から"},
		"en":   {"Sample of Pet tag, “こむぎ 090-0000-0000”: Sky blue with White letters, from above at an angle", "Persimmon with Natural white letters"},
	} {
		page := v.open("/products/pet-tag?lang=" + language)
		for _, words := range want {
			if !strings.Contains(page.body, words) {
				t.Errorf("%s: no picture is said to be %q", language, words)
			}
		}
	}
	for _, view := range []string{"angle", "front", "close", "second", "third"} {
		v.get("/api/v1/products/pet-tag/picture.png?view=" + view).is(http.StatusOK)
	}
}

func TestCards(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	for path, kind := range map[string]string{
		"/cards/font/noto-sans-jp-bold": "\x89PNG", "/cards/shape/bone": "\x89PNG", "/cards/shape/plate": "\x89PNG", "/cards/relief/engraved": "\x89PNG",
		"/cards/border/yes": "\x89PNG", "/cards/hole/no": "\x89PNG", "/cards/mount/screws": "\x89PNG", "/cards/icon/leaf": "<svg",
	} {
		if got := v.get(path).is(http.StatusOK); !strings.HasPrefix(got.body, kind) {
			t.Errorf("%s is no %q", path, kind)
		}
	}
}
