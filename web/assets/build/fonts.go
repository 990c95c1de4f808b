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
	css := fontFaces("BIZ UDPGothic", kanjiSlices(characters), characters)
	if strings.HasSuffix(args.Path, "/kana") {
		css = fontFaces("BIZ UDPGothic Kana", kanaSlices, characters)
	}
	return api.OnLoadResult{Contents: &css, Loader: api.LoaderCSS, ResolveDir: root + "/" + fontsDir}, nil
}

func kanjiSlices(characters map[string]string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(characters)), func(slice string) bool {
		return slices.Contains(kanaSlices, slice) || slices.Contains(unusedSlices, slice)
	})
}

// fontFaces asks for a copy on the device first (Windows carries this very font). Both weights of a slice stand side by
// side because gzip then folds the second list of characters into the first.
func fontFaces(family string, names []string, characters map[string]string) string {
	weights := []struct {
		value int
		local string
	}{{400, "BIZ UDPGothic"}, {700, "BIZ UDPGothic Bold"}}
	var css strings.Builder
	for _, slice := range names {
		for _, weight := range weights {
			fmt.Fprintf(&css, `@font-face{font-family:"%s";font-weight:%d;font-display:swap;`+
				`src:local("%s"),url(./files/biz-udpgothic-%s-%d-normal.woff2) format("woff2");unicode-range:%s}`+"\n",
				family, weight.value, weight.local, strings.Trim(slice, "[]"), weight.value, characters[slice])
		}
	}
	return css.String()
}
