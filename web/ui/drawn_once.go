package ui

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// The parts of a frame that are the same on every page of a language.
var (
	filaments = drawnOnce(func(PageHead) templ.Component { return Filaments() })
	aboutShop = drawnOnce(shopFooter)
)

// drawnOnce draws a part that depends on nothing but the language once for each, and repeats what was drawn then.
func drawnOnce(part func(PageHead) templ.Component) func(PageHead) templ.Component {
	var kept sync.Map // of components by language
	return func(h PageHead) templ.Component {
		if drawn, ok := kept.Load(h.Language); ok {
			return drawn.(templ.Component)
		}
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			var html strings.Builder
			if err := part(h).Render(ctx, &html); err != nil {
				return err
			}
			drawn := templ.Raw(html.String())
			kept.Store(h.Language, drawn)
			return drawn.Render(ctx, w)
		})
	}
}
