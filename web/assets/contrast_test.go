package assets

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// theme is the value of each colour token as #rrggbb.
type theme map[string]string

var (
	block = regexp.MustCompile(`(?s)([^{}]+)\{([^{}]*)\}`)
	token = regexp.MustCompile(`--([a-z-]+):\s*(light-dark\((#\w+),\s*(#\w+)\)|#\w+|var\(--([a-z-]+)\));`)
)

// readThemes reads the colours of tokens.css as a browser resolves them: :root gives both sides of light-dark, calm
// overrides the light one, and the tablet overrides all three.
func readThemes(t *testing.T) map[string]theme {
	t.Helper()
	css, err := os.ReadFile("css/parts/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, calm := theme{}, theme{}, theme{}
	tablet := map[string]string{}
	for _, b := range block.FindAllStringSubmatch(string(css), -1) {
		for _, m := range token.FindAllStringSubmatch(b[2], -1) {
			name, lightSide, darkSide := m[1], m[3], m[4]
			switch selector := strings.TrimSpace(b[1]); {
			case strings.HasSuffix(selector, ":root") && lightSide != "":
				light[name], dark[name], calm[name] = lightSide, darkSide, lightSide
			case strings.HasSuffix(selector, `[data-theme="calm"]`):
				calm[name] = m[2]
			case strings.HasSuffix(selector, `[data-face="tablet"]`):
				tablet[name] = m[5]
			}
		}
	}
	themes := map[string]theme{"light": light, "dark": dark, "calm": calm}
	for _, name := range []string{"light", "dark", "calm"} {
		themes["tablet "+name] = themes[name].with(tablet)
	}
	return themes
}

// with replaces tokens by others of the same theme.
func (c theme) with(references map[string]string) theme {
	replaced := theme{}
	for name, value := range c {
		if other := references[name]; other != "" {
			value = c[other]
		}
		replaced[name] = value
	}
	return replaced
}

func channels(hex string) ([3]float64, error) {
	value, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil || len(hex) != 7 {
		return [3]float64{}, fmt.Errorf("colour %q is not #rrggbb", hex)
	}
	return [3]float64{float64(value>>16&0xff) / 255, float64(value>>8&0xff) / 255, float64(value&0xff) / 255}, nil
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	rgb, err := channels(hex)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range rgb {
		if c <= 0.04045 {
			rgb[i] = c / 12.92
			continue
		}
		rgb[i] = math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2]
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	high, low := luminance(t, a), luminance(t, b)
	return (max(high, low) + 0.05) / (min(high, low) + 0.05)
}

func TestContrastOfBlackOnWhite(t *testing.T) {
	t.Parallel()
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white is %.3f, want 21", got)
	}
	if got := contrast(t, "#767676", "#ffffff"); math.Abs(got-4.54) > 0.005 {
		t.Errorf("#767676 on white is %.3f, want 4.54", got)
	}
}

func TestEveryTextColorMeetsAA(t *testing.T) {
	t.Parallel()
	grounds := []string{"paper", "sheet", "wash"}
	on := map[string][]string{
		"ink":       append([]string{"accent-wash", "pine-wash", "attention-wash"}, grounds...),
		"ink-soft":  grounds,
		"accent":    append([]string{"accent-wash"}, grounds...),
		"pine":      append([]string{"pine-wash"}, grounds...),
		"attention": append([]string{"attention-wash"}, grounds...),
		"grave":     grounds,
		"on-accent": {"accent"},
		"on-pine":   {"pine"},
	}
	for name, colors := range readThemes(t) {
		for text, backs := range on {
			for _, back := range backs {
				if got := contrast(t, colors[text], colors[back]); got < 4.5 {
					t.Errorf("%s: %s on %s is %.2f, want at least 4.5", name, text, back, got)
				}
			}
		}
		if got := contrast(t, colors["paper"], colors["grave"]); got < 4.5 {
			t.Errorf("%s: hover of a grave button is %.2f, want at least 4.5", name, got)
		}
	}
}

func TestEveryControlHasAVisibleEdge(t *testing.T) {
	t.Parallel()
	for name, colors := range readThemes(t) {
		for _, edge := range []string{"edge", "focus"} {
			for _, back := range []string{"paper", "sheet", "wash"} {
				if got := contrast(t, colors[edge], colors[back]); got < 3 {
					t.Errorf("%s: %s on %s is %.2f, want at least 3", name, edge, back, got)
				}
			}
		}
	}
}

// Red says danger; a member's screen has nothing that says so. A hue within 20° of red counts when it is vivid.
func TestTabletHasNoRed(t *testing.T) {
	t.Parallel()
	for name, colors := range readThemes(t) {
		if !strings.HasPrefix(name, "tablet ") {
			continue
		}
		for token, value := range colors {
			if hue, vivid := hueOf(t, value); vivid && (hue < 20 || hue > 340) {
				t.Errorf("%s: %s is red (%s, %.0f°)", name, token, value, hue)
			}
		}
	}
}

func hueOf(t *testing.T, hex string) (degrees float64, vivid bool) {
	t.Helper()
	rgb, err := channels(hex)
	if err != nil {
		t.Fatal(err)
	}
	r, g, b := rgb[0], rgb[1], rgb[2]
	degrees = math.Mod(math.Atan2(math.Sqrt(3)*(g-b), 2*r-g-b)*180/math.Pi+360, 360)
	return degrees, max(r, g, b)-min(r, g, b) > 0.2
}
