package tag

import (
	"fmt"
	"sync"
)

// Model is a tag, ready to be written, pictured or priced.
type Model struct {
	Mesh                     *Mesh
	Stats                    Stats
	Width, Height, Thickness Micron
}

// Build makes the solid of a Spec. It refuses with ErrBlank, ErrUnknownFont, ErrUnknownShape, ErrUnknownIcon, *RangeError,
// *TooLongError, *MissingGlyphsError, *TooThinError, *TooLargeError or ErrApart, all of which a customer or the author of a template
// can mend.
func (b *Book) Build(spec Spec) (*Model, error) {
	if err := spec.Check(); err != nil {
		return nil, err
	}
	t, err := b.typeface(spec.Font)
	if err != nil {
		return nil, err
	}
	w := workshops.Get().(*workshop)
	defer workshops.Put(w)
	if err := b.draw(t, spec, w); err != nil {
		return nil, err
	}
	return w.build(spec)
}

// draw fills the drawing, and adds to a refusal which fonts would do.
func (b *Book) draw(t *typeface, spec Spec, w *workshop) error {
	pen := t.pens.Get().(*pen)
	defer t.pens.Put(pen)
	w.drawing.edges = w.drawing.edges[:0]
	err := t.draw(pen, spec, w)
	if missing, ok := err.(*MissingGlyphsError); ok {
		missing.Elsewhere = b.able(spec)
	}
	return err
}

// able lists the fonts that have every character of a Spec.
func (b *Book) able(spec Spec) []FontID {
	var ids []FontID
	for _, t := range b.typefaces {
		if t.drawsAll(spec.Text) && t.drawsAll(spec.SecondLine) {
			ids = append(ids, t.id)
		}
	}
	return ids
}

// workshop holds the memory of one build for the next.
type workshop struct {
	drawing       drawing
	sketch        drawing // of an outline that others are made from
	arrangement   arrangement
	triangulation triangulation
	field         field
	builder       meshBuilder
}

var workshops = sync.Pool{New: func() any { return new(workshop) }}

// The radii of welds, in µm. Strokes that touch at a flat angle need a wider one, or the weld's own edge would pinch again.
const (
	firstWeld = 16
	lastWeld  = 1024
)

// build raises the drawing to a solid. Where strokes touch in one point, it welds them with a dot of plastic and starts over.
func (w *workshop) build(spec Spec) (*Model, error) {
	for radius := int32(firstWeld); ; radius *= 2 {
		w.arrangement.arrange(&w.drawing)
		w.triangulation.triangulate(&w.arrangement, w.drawing.frame())
		w.field.set(&w.triangulation, spec)
		pinches := w.field.pinches(&w.triangulation)
		if len(pinches) == 0 {
			return w.model(spec), nil
		}
		if radius > lastWeld {
			return nil, fmt.Errorf("weld %d touching strokes: %w", len(pinches), ErrNotClosed)
		}
		for _, p := range pinches {
			w.drawing.weld(p, radius)
		}
	}
}

// frame is a rectangle with the whole plate inside.
func (d *drawing) frame() box {
	const beyond = 1000
	return box{point{-beyond, -beyond}, point{int32(d.width) + beyond, int32(d.height) + beyond}}
}

// weld adds a diamond of ink.
func (d *drawing) weld(p point, r int32) {
	d.polygon([]point{{p.x + r, p.y}, {p.x, p.y + r}, {p.x - r, p.y}, {p.x, p.y - r}}, point{}, textLayer)
}

func (w *workshop) model(spec Spec) *Model {
	mesh := &Mesh{Name: spec.Text, Sunk: spec.Engrave}
	w.builder.t, w.builder.f, w.builder.mesh = &w.triangulation, &w.field, mesh
	w.builder.build(spec.SwapZ())
	w.builder.mesh = nil
	m := &Model{Mesh: mesh, Width: w.drawing.width, Height: w.drawing.height, Thickness: spec.Thickness()}
	m.Stats = Stats{
		Width: m.Width.MM(), Height: m.Height.MM(), Thickness: m.Thickness.MM(),
		Glyphs: w.drawing.glyphs, Triangles: len(mesh.Triangles), Slabs: w.field.measure(&w.triangulation, spec),
	}
	for _, s := range m.Stats.Slabs {
		m.Stats.Volume += s.Area * (s.To - s.From)
	}
	return m
}
