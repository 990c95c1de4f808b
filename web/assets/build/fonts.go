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

const (
	fontsEntry = "biz-udpgothic"
	fontsDir   = "node_modules/@fontsource/biz-udpgothic"
)

// skippedSlices are scripts that our pages do not set in this font, and "latin", whose characters the Japanese slices
// hold too.
var skippedSlices = []string{"latin", "cyrillic", "greek-ext"}

// fontsPlugin answers the import "biz-udpgothic" with one @font-face for each slice and weight. Windows carries the
// same font, so a copy on the device comes first and costs nothing. Both weights of a slice stand side by side because
// gzip then folds the second list of characters into the first.
func fontsPlugin() api.Plugin {
	return api.Plugin{Name: "fonts", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^" + fontsEntry + "$"}, resolveFonts)
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "fonts"}, loadFonts)
	}}
}

func resolveFonts(args api.OnResolveArgs) (api.OnResolveResult, error) {
	return api.OnResolveResult{Path: args.Path, Namespace: "fonts"}, nil
}

func loadFonts(api.OnLoadArgs) (api.OnLoadResult, error) {
	text, err := os.ReadFile(fontsDir + "/unicode.json")
	if err != nil {
		return api.OnLoadResult{}, fmt.Errorf("read font slices: %w", err)
	}
	var ranges map[string]string
	if err := json.Unmarshal(text, &ranges); err != nil {
		return api.OnLoadResult{}, fmt.Errorf("read font slices: %w", err)
	}
	root, err := os.Getwd()
	if err != nil {
		return api.OnLoadResult{}, fmt.Errorf("find working folder: %w", err)
	}
	css := fontFaces(ranges)
	return api.OnLoadResult{Contents: &css, Loader: api.LoaderCSS, ResolveDir: root + "/" + fontsDir}, nil
}

func fontFaces(ranges map[string]string) string {
	var css strings.Builder
	for _, slice := range slices.Sorted(maps.Keys(ranges)) {
		if slices.Contains(skippedSlices, slice) {
			continue
		}
		file := strings.Trim(slice, "[]")
		writeFace(&css, fontFace{file: file, weight: 400, local: "BIZ UDPGothic", characters: ranges[slice]})
		writeFace(&css, fontFace{file: file, weight: 700, local: "BIZ UDPGothic Bold", characters: ranges[slice]})
	}
	return css.String()
}

type fontFace struct {
	file       string
	weight     int
	local      string
	characters string
}

func writeFace(css *strings.Builder, f fontFace) {
	fmt.Fprintf(css, `@font-face{font-family:"BIZ UDPGothic";font-weight:%d;font-display:swap;`+
		`src:local("%s"),url(./files/biz-udpgothic-%s-%d-normal.woff2) format("woff2");unicode-range:%s}`+"\n",
		f.weight, f.local, f.file, f.weight, f.characters)
}
