package storefront

import (
	"bytes"
	"fmt"
	"image/color"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
)

// cards draws each answer of the studio once: a font, shape or relief as the small piece a customer
// would hold, an icon as itself.
type cards struct {
	book     *tag.Book
	mu       sync.Mutex
	pictures map[string][]byte
}

func newCards(book *tag.Book) *cards {
	return &cards{book: book, pictures: map[string][]byte{}}
}

var cardColors = tag.Colors{
	Base: color.RGBA{R: 0xf1, G: 0xea, B: 0xdb, A: 0xff},
	Text: color.RGBA{R: 0x2b, G: 0x2a, B: 0x28, A: 0xff},
}

// cardSpecs say how the answers of a field are shown.
var cardSpecs = map[string]func(spec *tag.Spec, answer string){
	catalog.FontField: func(s *tag.Spec, answer string) { s.Text, s.Font = "あ永Aa", tag.FontID(answer) },
	catalog.ShapeField: func(s *tag.Spec, answer string) {
		if s.Shape, s.Hole = tag.ShapeID(answer), 4000; answer == catalog.PlainShape {
			s.Shape = tag.Plate
		}
	},
	catalog.ReliefField: func(s *tag.Spec, answer string) { s.Engrave, s.Relief = answer == catalog.Engraved, 1200 },
	catalog.BorderField: func(s *tag.Spec, answer string) {
		if answer == catalog.Yes {
			s.Border = 1600
		}
	},
	catalog.HoleField: func(s *tag.Spec, answer string) {
		if answer == catalog.Yes {
			s.Hole = 4000
		}
	},
	catalog.MountField: func(s *tag.Spec, answer string) {
		if answer == "screws" {
			s.Screw = 4000
		}
	},
}

// picture returns a PNG of a field's answer, or an error if there is none.
func (c *cards) picture(field, answer string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if drawn, ok := c.pictures[field+"/"+answer]; ok {
		return drawn, nil
	}
	show, known := cardSpecs[field]
	if !known {
		return nil, fmt.Errorf("no pictures of the field %q", field)
	}
	spec := tag.DefaultSpec("なまえ", tag.MPlusRoundedExtraBold)
	spec.Hole = 0
	show(&spec, answer)
	solid, err := c.book.Build(spec)
	if err != nil {
		return nil, err
	}
	view := tag.ViewTop
	if field != catalog.FontField && field != catalog.ShapeField {
		view = tag.View{Turn: 8, Tilt: 58}
	}
	var out bytes.Buffer
	err = solid.Mesh.RenderPNG(&out, tag.RenderOptions{Width: 400, Height: 180, Colors: cardColors, View: view})
	if err != nil {
		return nil, err
	}
	if len(c.pictures) < maxCards {
		c.pictures[field+"/"+answer] = out.Bytes()
	}
	return out.Bytes(), nil
}

// maxCards bounds what is kept: many more than a schema can offer.
const maxCards = 100

func (s *shop) card(c echo.Context) error {
	drawn, err := s.cards.picture(c.Param("field"), c.Param("answer"))
	if err != nil {
		return echo.NewHTTPError(http.StatusNotFound).SetInternal(err)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return c.Blob(http.StatusOK, "image/png", drawn)
}

// iconPicture answers with an icon as an SVG in ink.
func (s *shop) iconPicture(c echo.Context) error {
	path, err := tag.IconPath(tag.IconID(c.Param("icon")))
	if err != nil {
		return echo.NewHTTPError(http.StatusNotFound).SetInternal(err)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return c.Blob(http.StatusOK, "image/svg+xml", fmt.Appendf(nil,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 %[1]d %[1]d"><rect x="-2" y="-2" width="%[1]d" height="%[1]d" rx="4" fill="#f1eadb"/><path fill="#2b2a28" d="%[2]s"/></svg>`,
		tag.IconSide+4, path))
}
