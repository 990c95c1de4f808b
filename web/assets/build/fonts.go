package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const fontsDir = "node_modules/@fontsource/biz-udpgothic"

var (
	// kanaSlices hold kana, Japanese punctuation, Latin letters and figures.
	kanaSlices = []string{"latin", "[119]"}
	// unusedSlices are scripts that our pages do not set in this font.
	unusedSlices = []string{"cyrillic", "greek-ext", "latin-ext"}
)

// fontsPlugin answers the imports "biz-udpgothic/kana" and "biz-udpgothic/kanji" with one @font-face for each slice of
// the font package and weight.
func fontsPlugin() api.Plugin {
	return api.Plugin{Name: "fonts", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^biz-udpgothic/kan(a|ji)$"}, resolveFonts)
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "fonts"}, loadFonts)
	}}
}

func resolveFonts(args api.OnResolveArgs) (api.OnResolveResult, error) {
	return api.OnResolveResult{Path: args.Path, Namespace: "fonts"}, nil
}

func loadFonts(args api.OnLoadArgs) (api.OnLoadResult, error) {
	text, err := os.ReadFile(fontsDir + "/unicode.json")
	if err != nil {
		return api.OnLoadResult{}, fmt.Errorf("read font slices: %w", err)
	}
	var characters map[string]string
	if err := json.Unmarshal(text, &characters); err != nil {
		return api.OnLoadResult{}, fmt.Errorf("read font slices: %w", err)
	}
	root, err := os.Getwd()
	if err != nil {
		return api.OnLoadResult{}, fmt.Errorf("find working folder: %w", err)
	}
	faces := fontFaces{family: "BIZ UDPGothic", slices: kanjiSlices(characters)}
	if strings.HasSuffix(args.Path, "/kana") {
		faces = fontFaces{family: "BIZ UDPGothic Kana", slices: kanaSlices, onDevice: true}
	}
	css := faces.css(characters)
	return api.OnLoadResult{Contents: &css, Loader: api.LoaderCSS, ResolveDir: root + "/" + fontsDir}, nil
}

func kanjiSlices(characters map[string]string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(characters)), func(slice string) bool {
		return slices.Contains(kanaSlices, slice) || slices.Contains(unusedSlices, slice)
	})
}

// fontFaces are the @font-face rules of a family.
type fontFaces struct {
	family   string
	slices   []string
	onDevice bool // ask for a copy on the device first (Windows carries this very font): each slice is asked for anew, in each size
}

// css has both weights of a slice side by side because gzip then folds the second list of characters into the first.
func (f fontFaces) css(characters map[string]string) string {
	weights := []struct {
		value int
		local string
	}{{400, "BIZ UDPGothic"}, {700, "BIZ UDPGothic Bold"}}
	var css strings.Builder
	for _, slice := range f.slices {
		for _, weight := range weights {
			source := fmt.Sprintf(`url(./files/biz-udpgothic-%s-%d-normal.woff2) format("woff2")`, strings.Trim(slice, "[]"), weight.value)
			if f.onDevice {
				source = fmt.Sprintf(`local("%s"),%s`, weight.local, source)
			}
			fmt.Fprintf(&css, `@font-face{font-family:"%s";font-weight:%d;font-display:swap;src:%s;unicode-range:%s}`+"\n",
				f.family, weight.value, source, characters[slice])
		}
	}
	return css.String()
}
