// Command build bundles the style sheets, scripts and fonts of all pages into web/assets/dist.
//
// It runs from the root of the module and needs node_modules. It refuses to leave a half-made folder: the old build is
// replaced only when everything compiled.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	sourceDir = "web/assets"
	outputDir = "web/assets/dist"
)

func main() {
	verbose := flag.Bool("v", false, "list every file with its size")
	flag.Parse()
	if err := run(*verbose); err != nil {
		fmt.Fprintln(os.Stderr, "build front end:", err)
		os.Exit(1)
	}
}

func run(verbose bool) error {
	if _, err := os.Stat("node_modules"); err != nil {
		return fmt.Errorf("node_modules is missing: run `npm ci` first")
	}
	entries, err := entryPoints()
	if err != nil {
		return err
	}
	files, err := bundle(entries)
	if err != nil {
		return err
	}
	license, err := os.ReadFile(fontsDir + "/LICENSE")
	if err != nil {
		return fmt.Errorf("read license of the font: %w", err)
	}
	files = append(files, outputFile{path: "licenses/biz-udpgothic.txt", content: license})
	if err := clean(outputDir); err != nil {
		return err
	}
	return write(outputDir, files, verbose)
}

// entryPoints are the style sheets css/*.css, the scripts ts/*.ts and the pictures img/*.svg. Folders below them hold
// parts that entries import.
func entryPoints() ([]api.EntryPoint, error) {
	var entries []api.EntryPoint
	for _, pattern := range []string{"css/*.css", "ts/*.ts", "img/*.svg"} {
		paths, err := filepath.Glob(filepath.Join(sourceDir, pattern))
		if err != nil {
			return nil, fmt.Errorf("list sources: %w", err)
		}
		for _, path := range paths {
			name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
			entries = append(entries, api.EntryPoint{InputPath: path, OutputPath: name})
		}
	}
	return entries, nil
}

func bundle(entries []api.EntryPoint) ([]outputFile, error) {
	result := api.Build(api.BuildOptions{
		EntryPointsAdvanced: entries,
		Outdir:              outputDir,
		EntryNames:          "[name]-[hash]",
		ChunkNames:          "chunks/[name]-[hash]",
		AssetNames:          "fonts/[name]-[hash]",
		PublicPath:          "/assets/",
		Bundle:              true,
		Splitting:           true,
		Format:              api.FormatESModule,
		Target:              api.ES2022,
		MinifySyntax:        true,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		LegalComments:       api.LegalCommentsLinked,
		Loader:              map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderCopy},
		Plugins:             []api.Plugin{fontsPlugin()},
		Metafile:            true,
		LogLevel:            api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%d errors, the first: %s", len(result.Errors), result.Errors[0].Text)
	}
	return collect(result)
}
