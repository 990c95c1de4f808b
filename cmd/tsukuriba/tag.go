package main

import (
	"errors"
	"fmt"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"tsukuriba/catalog/tag"
)

// TagCmd writes a tag as a file for a slicer, a 3D viewer or the eye, from the same mesher as the shop and without a
// database. Lengths are in millimeters.
type TagCmd struct {
	Text       string  `arg:"" help:"Text of the tag, printed as typed."`
	Output     string  `short:"o" required:"" placeholder:"FILE" help:"File to write; its ending chooses the format: .stl, .3mf, .glb or .png."`
	SecondLine string  `help:"Smaller line below the text."`
	Font       string  `default:"mplus-rounded-extrabold" help:"Font: mplus-rounded-extrabold, mplus-rounded-bold or noto-sans-jp-bold."`
	Em         float64 `default:"12" help:"Size of the text."`
	SecondEm   float64 `help:"Size of the second line; 0 for three fifths of the first."`
	Tracking   float64 `help:"Space added between characters; may be negative."`
	Base       float64 `default:"2" help:"Thickness of the plate."`
	Relief     float64 `default:"1" help:"Height of the text above the plate, or depth with --engrave."`
	Margin     float64 `default:"3" help:"Space around the text."`
	Radius     float64 `default:"3" help:"Radius of the corners."`
	Hole       float64 `default:"4" help:"Diameter of the hole; 0 for none."`
	Border     float64 `help:"Width of a raised border; 0 for none."`
	Engrave    bool    `help:"Sink the text into the plate."`
	BaseColor  string  `default:"#F4F1EA" help:"Color of the plate in .glb and .png."`
	TextColor  string  `default:"#E4572E" help:"Color of the text in .glb and .png."`
	Width      int     `default:"1200" help:"Width of the .png in pixels."`
	Height     int     `default:"750" help:"Height of the .png in pixels."`
	Top        bool    `help:"Look from straight above in the .png."`
}

// Run builds the tag and writes the file; on an error there is none.
func (c *TagCmd) Run() error {
	write, err := c.writer()
	if err != nil {
		return err
	}
	spec, err := c.spec()
	if err != nil {
		return err
	}
	book, err := tag.LoadFonts()
	if err != nil {
		return err
	}
	model, err := book.Build(spec)
	if err != nil {
		return err
	}
	if err := model.Mesh.Check(); err != nil {
		return err
	}
	return writeFile(c.Output, func(w io.Writer) error { return write(model.Mesh, w) })
}

// writer chooses the format by the file's ending.
func (c *TagCmd) writer() (func(*tag.Mesh, io.Writer) error, error) {
	base, text, err := c.colors()
	if err != nil {
		return nil, err
	}
	colors := tag.Colors{Base: base, Text: text}
	switch ending := strings.ToLower(filepath.Ext(c.Output)); ending {
	case ".stl":
		return (*tag.Mesh).WriteSTL, nil
	case ".3mf":
		return (*tag.Mesh).Write3MF, nil
	case ".glb":
		return func(m *tag.Mesh, w io.Writer) error { return m.WriteGLB(w, colors) }, nil
	case ".png":
		options := tag.RenderOptions{
			Width: c.Width, Height: c.Height, Colors: colors, View: tag.ViewThreeQuarter,
			Background: color.RGBA{R: 0xFB, G: 0xFA, B: 0xF7, A: 0xFF},
		}
		if c.Top {
			options.View = tag.ViewTop
		}
		return func(m *tag.Mesh, w io.Writer) error { return m.RenderPNG(w, options) }, nil
	default:
		return nil, fmt.Errorf("cannot write %q: the file must end in .stl, .3mf, .glb or .png", c.Output)
	}
}

func (c *TagCmd) spec() (tag.Spec, error) {
	s := tag.Spec{Text: c.Text, SecondLine: c.SecondLine, Font: tag.FontID(c.Font), Engrave: c.Engrave}
	for _, length := range []struct {
		name string
		mm   float64
		into *tag.Micron
	}{
		{"em", c.Em, &s.Em},
		{"second-em", c.SecondEm, &s.SecondEm},
		{"tracking", c.Tracking, &s.Tracking},
		{"base", c.Base, &s.Base},
		{"relief", c.Relief, &s.Relief},
		{"margin", c.Margin, &s.Margin},
		{"radius", c.Radius, &s.Radius},
		{"hole", c.Hole, &s.Hole},
		{"border", c.Border, &s.Border},
	} {
		if !(math.Abs(length.mm) <= tag.MaxSide.MM()) {
			return tag.Spec{}, fmt.Errorf("--%s is %g mm; at most %g mm can be made", length.name, length.mm, tag.MaxSide.MM())
		}
		*length.into = tag.Micron(math.Round(length.mm * float64(tag.Millimeter)))
	}
	return s, nil
}

func (c *TagCmd) colors() (base, text color.RGBA, err error) {
	base, baseErr := parseColor(c.BaseColor)
	text, textErr := parseColor(c.TextColor)
	return base, text, errors.Join(baseErr, textErr)
}

// parseColor reads a color as #RRGGBB.
func parseColor(s string) (color.RGBA, error) {
	c := color.RGBA{A: 0xFF}
	if n, err := fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B); n != 3 || err != nil || len(s) != 7 {
		return c, fmt.Errorf("a color is written as #RRGGBB, not %q", s)
	}
	return c, nil
}

// writeFile writes beside the file first, so that a full disk leaves no half of one.
func writeFile(name string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".tag-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer os.Remove(file.Name())
	err = errors.Join(write(file), file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
