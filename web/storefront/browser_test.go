package storefront_test

import (
	"cmp"
	"flag"
	"os/exec"
	"testing"
)

var (
	shots = flag.String("shots", "", "folder to keep the screenshots of TestBrowser in")
	look  = flag.String("look", "quick", "what TestBrowser looks at: quick, or full for every width, theme and language")
)

// TestBrowser walks the shop in Chromium with script, with axe on every page.
func TestBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed")
	}
	folder := cmp.Or(*shots, t.TempDir())
	review := exec.CommandContext(t.Context(), "node", "review.mjs", newShop(t).url, folder, *look)
	if out, err := review.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
