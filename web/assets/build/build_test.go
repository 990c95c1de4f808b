package main

import (
	"slices"
	"strings"
	"testing"
)

func TestPlainName(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"app-5XK2ABCD.css":       "app.css",
		"chunks/scene-JUTMS7.js": "chunks/scene.js",
		"tag-viewer-AAAA.js":     "tag-viewer.js",
		"plain.js":               "plain.js",
	} {
		if got := plainName(path); got != want {
			t.Errorf("plainName(%s) = %s, want %s", path, got, want)
		}
	}
}

func TestKanaAndKanjiShareNoSlice(t *testing.T) {
	t.Parallel()
	characters := map[string]string{"latin": "U+0-FF", "[119]": "U+3041", "[118]": "U+65e5", "[7]": "U+7c97", "cyrillic": "U+401"}
	if got := kanjiSlices(characters); !slices.Equal(got, []string{"[118]", "[7]"}) {
		t.Errorf("kanji slices are %v", got)
	}
}

func TestFontFaces(t *testing.T) {
	t.Parallel()
	faces := fontFaces{family: "F", slices: []string{"[7]"}}
	characters := map[string]string{"[7]": "U+7c97"}

	css := faces.css(characters)
	if got := strings.Count(css, "@font-face"); got != 2 {
		t.Errorf("%d faces for one slice, want 2 weights", got)
	}
	if strings.Contains(css, "local(") {
		t.Errorf("a copy on the device is asked for: %s", css)
	}

	faces.onDevice = true
	css = faces.css(characters)
	local, url := strings.Index(css, `local("BIZ UDPGothic")`), strings.Index(css, "biz-udpgothic-7-400-normal.woff2")
	if local < 0 || url < local {
		t.Errorf("a copy on the device does not come first: %s", css)
	}
}
