package pagetest_test

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var renew = flag.Bool("golden", false, "keep today's pictures of key pages where they differ from those in "+goldenFolder)

const (
	goldenFolder = "testdata/golden"
	resultFolder = "../../test-results/golden"
)

// look is how somebody sees a page.
type look struct {
	width int
	theme string
}

var phone, desk = look{360, "light"}, look{1280, "light"}

// goldens are the key pages, and the looks of each of which a picture is kept.
var goldens = map[string][]look{
	"shop-home-ja":       {phone, desk, {1280, "dark"}},
	"shop-products-ja":   {phone, desk},
	"shop-product-ja":    {phone, desk, {360, "calm"}},
	"shop-studio-ja":     {phone, desk, {360, "dark"}},
	"shop-cart-ja":       {phone, desk},
	"shop-checkout-ja":   {phone, desk},
	"shop-order-ja":      {phone, desk},
	"shop-nowhere-ja":    {phone, desk},
	"shop-legal-ja":      {phone, desk},
	"staff-board-texts":  {phone, desk, {1280, "dark"}},
	"staff-order-review": {phone, desk},
	"tablet-today-one":   {phone, desk, {1280, "calm"}},
	"tablet-prepare":     {phone, desk},
}

// mishaps befall one of them on a phone. Its picture must tell them from what another browser may draw otherwise.
var mishaps = map[string]struct {
	style string
	tells bool
}{
	"accent":     {":root { --accent: #8a3560 }", true},
	"paper":      {":root { --paper: #f2ecdf }", true},
	"moved":      {"main .button { translate: 10px 0 }", true},
	"spaced":     {"main > * { margin-block-start: 8px }", true},
	"no picture": {"main img { visibility: hidden }", true},
	"no style":   {"main { all: initial }", true},
	"no letters": {"main { color: transparent }", true},
	"smoothed":   {"main { translate: 0.3px 0.3px }", false},
	"bolder":     {"main { -webkit-text-stroke: 0.1px }", false},
	"brighter":   {"main { filter: brightness(1.004) }", false},
}

const mishapped = "shop-product-ja"

// portrait is one picture of a page.
type portrait struct {
	Name   string `json:"name"`
	Width  int    `json:"width"`
	Theme  string `json:"theme"`
	Mishap string `json:"mishap"` // a style
}

func portraitsOf(page string) (portraits []portrait) {
	for _, look := range goldens[page] {
		portraits = append(portraits, portrait{Name: fmt.Sprintf("%s-%d-%s", page, look.width, look.theme), Width: look.width, Theme: look.theme})
	}
	if page == mishapped {
		for name, mishap := range mishaps {
			portraits = append(portraits, portrait{Name: name, Width: phone.width, Theme: phone.theme, Mishap: mishap.style})
		}
	}
	return portraits
}

// compare holds today's picture of a page, in the gallery, against the one that is kept, or of a mishap against the page that is well.
func (p portrait) compare(t testing.TB, gallery string) {
	t.Helper()
	today := readPicture(t, filepath.Join(gallery, p.Name+".png"), shrink)
	if p.Mishap != "" {
		well := readPicture(t, filepath.Join(gallery, portraitsOf(mishapped)[0].Name+".png"), shrink)
		if places := differing(well, today); len(places) > 0 != mishaps[p.Name].tells {
			t.Errorf("%s befell %s, and %d places differ", p.Name, mishapped, len(places))
		}
		return
	}
	file := filepath.Join(goldenFolder, p.Name+".png")
	kept := image.NewRGBA(image.Rectangle{})
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		kept = readPicture(t, file, 1)
	}
	places := differing(kept, today)
	switch {
	case len(places) == 0:
	case *renew:
		writePicture(t, file, today)
	default:
		result := filepath.Join(resultFolder, p.Name+".png")
		writePicture(t, result, beside(kept, today, places))
		t.Errorf("the page looks otherwise than %s: %d places differ, the first around %v px; %s shows what was kept, today, and where they differ. "+
			"If today is right: `make golden`, and commit what it changes", file, len(places), places[0].Mul(cell*shrink), result)
	}
}

// checkGoldens says which pictures are kept of no page, and which page nobody took to the browser.
func (e *eye) checkGoldens(t *testing.T) {
	t.Helper()
	known := map[string]bool{}
	for page := range goldens {
		if !e.shown[page] {
			t.Errorf("nobody looks at %s, of which pictures are kept", page)
		}
		for _, p := range portraitsOf(page) {
			known[filepath.Join(goldenFolder, p.Name+".png")] = true
		}
	}
	files, err := filepath.Glob(filepath.Join(goldenFolder, "*"))
	must(t, err)
	for _, file := range files {
		switch {
		case known[file]:
		case *renew:
			must(t, os.Remove(file))
		default:
			t.Errorf("%s is the picture of no page: `make golden`, and commit what it changes", file)
		}
	}
}
