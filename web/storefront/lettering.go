package storefront

import (
	"bytes"
	"image/color"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog/tag"
)

// lettering draws each font once, as the small piece a customer would hold.
type lettering struct {
	book     *tag.Book
	mu       sync.Mutex
	pictures map[tag.FontID][]byte
}

func newLettering(book *tag.Book) *lettering {
	return &lettering{book: book, pictures: map[tag.FontID][]byte{}}
}

var letteringColors = tag.Colors{
	Base: color.RGBA{R: 0xf1, G: 0xea, B: 0xdb, A: 0xff},
	Text: color.RGBA{R: 0x2b, G: 0x2a, B: 0x28, A: 0xff},
}

// picture returns a PNG of a font, or tag.ErrUnknownFont.
func (l *lettering) picture(font tag.FontID) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if drawn, ok := l.pictures[font]; ok {
		return drawn, nil
	}
	spec := tag.DefaultSpec("あ永Aa", font)
	spec.Hole = 0
	solid, err := l.book.Build(spec)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = solid.Mesh.RenderPNG(&out, tag.RenderOptions{Width: 400, Height: 160, Colors: letteringColors, View: tag.ViewTop})
	if err != nil {
		return nil, err
	}
	l.pictures[font] = out.Bytes()
	return out.Bytes(), nil
}

func (s *shop) letteringPicture(c echo.Context) error {
	drawn, err := s.lettering.picture(tag.FontID(c.Param("font")))
	if err != nil {
		return echo.NewHTTPError(http.StatusNotFound).SetInternal(err)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return c.Blob(http.StatusOK, "image/png", drawn)
}
