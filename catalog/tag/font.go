package tag

import (
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
)

// FontID names a font of the Book.
type FontID string

// The fonts that tags are made of.
const (
	MPlusRoundedExtraBold FontID = "mplus-rounded-extrabold"
	MPlusRoundedBold      FontID = "mplus-rounded-bold"
	NotoSansJPBold        FontID = "noto-sans-jp-bold"
)

// FontInfo describes a font to people and to the hash.
type FontInfo struct {
	ID     FontID
	Name   string // in Japanese, as shown to the customer
	SHA256 string // of the font file, lower-case hexadecimal
}

//go:embed fonts
var fontFiles embed.FS

var shelf = []struct {
	id         FontID
	name, file string
}{
	{MPlusRoundedExtraBold, "まるゴシック（極太）", "MPLUSRounded1c_800ExtraBold.ttf"},
	{MPlusRoundedBold, "まるゴシック（太）", "MPLUSRounded1c_700Bold.ttf"},
	{NotoSansJPBold, "角ゴシック（太）", "NotoSansJP-Bold.otf"},
}

// Book holds the parsed fonts. One Book serves any number of goroutines; parse it once and share it.
type Book struct {
	typefaces []*typeface
}

// LoadFonts parses the embedded fonts. It takes about a tenth of a second for each, and fails with ErrFontsMissing when the
// binary was built without them.
func LoadFonts() (*Book, error) {
	book := &Book{}
	for _, s := range shelf {
		t, err := openTypeface(s.file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, ErrFontsMissing
		}
		if err != nil {
			return nil, fmt.Errorf("load font %s: %w", s.file, err)
		}
		t.id, t.name = s.id, s.name
		book.typefaces = append(book.typefaces, t)
	}
	return book, nil
}

// Fonts lists the fonts in the order in which they are offered.
func (b *Book) Fonts() []FontInfo {
	infos := make([]FontInfo, len(b.typefaces))
	for i, t := range b.typefaces {
		infos[i] = FontInfo{ID: t.id, Name: t.name, SHA256: Hash(t.sum).String()}
	}
	return infos
}

func (b *Book) typeface(id FontID) (*typeface, error) {
	for _, t := range b.typefaces {
		if t.id == id {
			return t, nil
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownFont, id)
}

// typeface is one font with the glyphs already drawn from it.
type typeface struct {
	id     FontID
	name   string
	sum    [sha256.Size]byte
	font   *font.Font
	pens   sync.Pool // of *pen
	mu     sync.Mutex
	glyphs map[glyphKey]*glyph
}

// pen is what one goroutine needs to shape and outline: neither a Face nor a Buffer may be shared.
type pen struct {
	face   *font.Face
	shaper *harfbuzz.Font
	buffer *harfbuzz.Buffer
}

func openTypeface(name string) (*typeface, error) {
	file, err := fontFiles.Open("fonts/" + name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return nil, err
	}
	// An embedded file can seek, so the parser reads its tables in place instead of holding a copy of the whole.
	face, err := font.ParseTTF(file.(font.Resource))
	if err != nil {
		return nil, err
	}
	t := &typeface{sum: [sha256.Size]byte(sum.Sum(nil)), font: face.Font, glyphs: map[glyphKey]*glyph{}}
	t.pens.New = func() any {
		face := font.NewFace(t.font)
		return &pen{face: face, shaper: harfbuzz.NewFont(face), buffer: harfbuzz.NewBuffer()}
	}
	return t, nil
}

// glyphKey is a glyph at a size.
type glyphKey struct {
	id font.GID
	em Micron
}

// maxGlyphs bounds the drawn glyphs kept for each font, about 1 kB each. Forgetting all of them at once costs a few
// milliseconds over the next texts and needs no bookkeeping on every hit.
const maxGlyphs = 4096

// glyph returns a drawn glyph, from the cache if it was drawn before at that size.
func (t *typeface) glyph(p *pen, key glyphKey) *glyph {
	t.mu.Lock()
	g := t.glyphs[key]
	t.mu.Unlock()
	if g != nil {
		return g
	}
	outline, _ := p.face.GlyphDataOutline(key.id)
	g = drawGlyph(outline.Segments, key.em, t.font.Upem())
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.glyphs) >= maxGlyphs {
		clear(t.glyphs)
	}
	t.glyphs[key] = g
	return g
}
