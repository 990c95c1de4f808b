package staff

import (
	"slices"
	"strings"
	"testing"
)

func TestArranged(t *testing.T) {
	t.Parallel()
	for move, want := range map[string]string{
		"up font":         "font text icon",
		"up text":         "text font icon",
		"down font":       "text icon font",
		"down icon":       "text font icon",
		"leave font":      "text icon",
		"leave border":    "text font icon",
		"ask border":      "text font icon border",
		"ask icon":        "text font icon",
		"ask nonsense":    "text font icon",
		"up":              "text font icon",
		"sideways font":   "text font icon",
		"":                "text font icon",
		"down text extra": "text font icon",
	} {
		keys := []string{"text", "font", "icon"}
		if got := strings.Join(arranged(keys, move), " "); got != want {
			t.Errorf("%q: %s, want %s", move, got, want)
		}
		if !slices.Equal(keys, []string{"text", "font", "icon"}) {
			t.Fatalf("%q changed what it was given", move)
		}
	}
}
