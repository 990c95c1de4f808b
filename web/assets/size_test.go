package assets

import (
	"io/fs"
	"strings"
	"testing"
)

// What every page of the shop downloads on a first visit to a device with a Japanese font: style, script, and the kana,
// letters and figures of our font in regular weight. Pictures and the page itself have the rest of 100 kB (web/journeys).
func TestTypicalPageStaysUnder75kB(t *testing.T) {
	t.Parallel()
	if Check() != nil {
		t.Skip(ErrNotBuilt)
	}
	total := int64(0)
	for _, name := range []string{"app.css", "fonts.css", "app.js"} {
		total += sizeOf(t, "dist/"+strings.TrimPrefix(URL(name), Prefix)+".gz")
	}
	for _, pattern := range []string{"dist/fonts/*-latin-400-*", "dist/fonts/*-119-400-*"} {
		paths, err := fs.Glob(dist, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			total += sizeOf(t, path)
		}
	}
	if total < 50_000 || total > 75_000 {
		t.Errorf("a typical page downloads %d bytes, want 50,000 to 75,000", total)
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := fs.Stat(dist, path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
