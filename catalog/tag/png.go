package tag

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
)

// View is where the camera stands, in degrees.
type View struct {
	Turn float64 // of the tag about its upright axis, counter-clockwise seen from above
	Tilt float64 // of the camera above the table; 90 looks straight down
}

// Views of a tag lying on a table.
var (
	ViewTop          = View{Turn: 0, Tilt: 90}
	ViewThreeQuarter = View{Turn: 14, Tilt: 46}
)

// RenderOptions say how a tag is pictured. Width and Height are in pixels, 16 to 4096.
type RenderOptions struct {
	Width, Height int
	Colors        Colors
	Background    color.RGBA // of the table; with alpha 0 only the tag and its shadow are drawn
	View          View
}

// ErrPictureSize means that a picture's width or height is not from 16 to 4096 pixels.
var ErrPictureSize = fmt.Errorf("a picture is %d to %d pixels wide and high", minPixels, maxPixels)

const (
	minPixels = 16
	maxPixels = 4096
	samples   = 3 // in each direction of a pixel
)

// RenderPNG draws the tag on a table in soft daylight from the upper left, and writes it as PNG.
func (m *Mesh) RenderPNG(w io.Writer, o RenderOptions) error {
	img, err := m.Render(o)
	if err != nil {
		return err
	}
	if err := png.Encode(w, img); err != nil {
		return fmt.Errorf("write PNG: %w", err)
	}
	return nil
}

// Render draws the tag as RenderPNG does.
func (m *Mesh) Render(o RenderOptions) (*image.NRGBA, error) {
	if min(o.Width, o.Height) < minPixels || max(o.Width, o.Height) > maxPixels {
		return nil, ErrPictureSize
	}
	scene := newScene(m, o)
	c := newCamera(o.View, m, o.Width*samples, o.Height*samples)
	img := image.NewNRGBA(image.Rect(0, 0, o.Width, o.Height))
	table := light3{linear(o.Background.R), linear(o.Background.G), linear(o.Background.B)}
	strip := newRaster(o.Width*samples, samples*min(stripRows, o.Height))
	triangles := c.project(m)
	for top := 0; top < o.Height; top += stripRows {
		strip.draw(triangles, top*samples)
		for y := top; y < min(top+stripRows, o.Height); y++ {
			for x := range o.Width {
				img.SetNRGBA(x, y, strip.pixel(x, y-top, func(s sample) (light3, float64) {
					if s.triangle == none {
						return scene.table(c.onTable(s.x, s.y+float64(top*samples)), table, o.Background.A != 0)
					}
					return scene.shade(s.triangle, c.place(s.x, s.y+float64(top*samples), s.depth)), 1
				}))
			}
		}
	}
	return img, nil
}

// stripRows is how many rows of pixels are drawn at once: few enough for the samples to stay in the processor's cache.
const stripRows = 32

// vec3 is a place or direction in mm, z up.
type vec3 struct{ x, y, z float64 }

func (a vec3) dot(b vec3) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }

// camera is a parallel projection, as through a very long lens: right, up and toward are its axes.
type camera struct {
	right, up, toward vec3
	scale             float64 // samples for each mm
	x0, y0            float64 // of the projected origin, in samples
}

// frameShare is the part of the picture's width or height that the tag takes.
const frameShare = 0.86

func newCamera(v View, m *Mesh, width, height int) camera {
	turn, tilt := v.Turn*math.Pi/180, v.Tilt*math.Pi/180
	sinTurn, cosTurn := math.Sincos(turn)
	sinTilt, cosTilt := math.Sincos(tilt)
	c := camera{
		right:  vec3{cosTurn, -sinTurn, 0},
		up:     vec3{sinTurn * sinTilt, cosTurn * sinTilt, cosTilt},
		toward: vec3{-sinTurn * cosTilt, -cosTurn * cosTilt, sinTilt},
		scale:  1,
	}
	left, right, bottom, top := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, v := range m.Vertices {
		p := inMM(v)
		x, y := p.dot(c.right), p.dot(c.up)
		left, right, bottom, top = min(left, x), max(right, x), min(bottom, y), max(top, y)
	}
	c.scale = frameShare * min(float64(width)/(right-left), float64(height)/(top-bottom))
	c.x0 = float64(width)/2 - c.scale*(left+right)/2
	c.y0 = float64(height)/2 + c.scale*(bottom+top)/2
	return c
}

func inMM(v [3]int32) vec3 {
	return vec3{float64(v[0]) / 1000, float64(v[1]) / 1000, float64(v[2]) / 1000}
}

// place is where a sample lies in space, given its distance toward the camera.
func (c camera) place(x, y, depth float64) vec3 {
	r, u := (x-c.x0)/c.scale, (c.y0-y)/c.scale
	return vec3{
		r*c.right.x + u*c.up.x + depth*c.toward.x,
		r*c.right.y + u*c.up.y + depth*c.toward.y,
		r*c.right.z + u*c.up.z + depth*c.toward.z,
	}
}

// onTable is where the sight through a sample meets the table.
func (c camera) onTable(x, y float64) vec3 {
	return c.place(x, y, -(c.y0-y)/c.scale*c.up.z/c.toward.z)
}

// project returns the triangles that face the camera, in samples, with their depth.
func (c camera) project(m *Mesh) []screenTriangle {
	var all []screenTriangle
	for i, t := range m.Triangles {
		s := screenTriangle{id: int32(i)}
		for k, v := range t {
			p := inMM(m.Vertices[v])
			s.corner[k] = vec3{c.x0 + c.scale*p.dot(c.right), c.y0 - c.scale*p.dot(c.up), p.dot(c.toward)}
		}
		if s.twiceArea() < 0 { // y runs down, so what faces us turns clockwise
			all = append(all, s)
		}
	}
	return all
}
