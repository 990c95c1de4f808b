package pagetest_test

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

const (
	shrink   = 4 // pixels of a page to the side of a pixel that is kept
	cell     = 4 // kept pixels to the side of what is compared, which is about a letter
	together = 3 // so many cells beside each other are more than a letter drawn otherwise
)

// differing are the cells in which two pictures differ to the eye, but for single ones. What only one of them has differs.
func differing(kept, today *image.RGBA) (places []image.Point) {
	size := kept.Rect.Union(today.Rect).Size().Div(cell)
	far := map[image.Point]bool{}
	for y := range size.Y {
		for x := range size.X {
			at := image.Rect(x*cell, y*cell, (x+1)*cell, (y+1)*cell)
			far[image.Pt(x, y)] = !at.In(kept.Rect) || !at.In(today.Rect) || inkOf(kept, at).apart(inkOf(today, at))
		}
	}
	for y := range size.Y {
		for x := range size.X {
			if at := image.Pt(x, y); far[at] && around(far, at) >= together {
				places = append(places, at)
			}
		}
	}
	return places
}

// TestDiffering holds what a picture of a page tells, and what it lets pass, as another browser may draw it.
func TestDiffering(t *testing.T) {
	t.Parallel()
	moved := func(by image.Point) func(*image.RGBA) {
		return func(page *image.RGBA) {
			draw.Draw(page, button, image.NewUniform(paper), image.Point{}, draw.Src)
			draw.Draw(page, button.Add(by), image.NewUniform(persimmon), image.Point{}, draw.Src)
		}
	}
	for name, test := range map[string]struct {
		change func(page *image.RGBA)
		tells  bool
	}{
		"nothing":          {func(*image.RGBA) {}, false},
		"letters_smoothed": {func(page *image.RGBA) { smooth(page, letters) }, false},
		"one_letter":       {func(page *image.RGBA) { fill(page, image.Rect(16, 16, 20, 20), paper) }, false},
		"a_shade":          {func(page *image.RGBA) { fill(page, button, color.RGBA{174, 70, 25, 255}) }, false},
		"button_nudged":    {moved(image.Pt(0, 2)), true},
		"button_elsewhere": {moved(image.Pt(24, 0)), true},
		"button_gone":      {func(page *image.RGBA) { fill(page, button, paper) }, true},
		"another_color":    {func(page *image.RGBA) { fill(page, button, color.RGBA{163, 62, 24, 255}) }, true},
		"letters_gone":     {func(page *image.RGBA) { fill(page, letters, paper) }, true},
		"longer": {func(page *image.RGBA) {
			*page = *image.NewRGBA(page.Rect.Union(image.Rect(0, 0, 90, 220)))
			drawPage(page)
		}, true},
		"shorter": {func(page *image.RGBA) { *page = *page.SubImage(image.Rect(0, 0, 90, 180)).(*image.RGBA) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept, today := image.NewRGBA(image.Rect(0, 0, 90, 200)), image.NewRGBA(image.Rect(0, 0, 90, 200))
			drawPage(kept)
			drawPage(today)
			test.change(today)
			for _, places := range [][]image.Point{differing(kept, today), differing(today, kept)} {
				if len(places) > 0 != test.tells {
					t.Errorf("differs at %v", places)
				}
			}
		})
	}
}

var (
	paper, persimmon = color.RGBA{247, 243, 234, 255}, color.RGBA{173, 69, 24, 255}
	letters, button  = image.Rect(8, 8, 80, 60), image.Rect(10, 102, 51, 114)
)

// drawPage draws lines of letters and a button.
func drawPage(page *image.RGBA) {
	fill(page, page.Rect, paper)
	fill(page, button, persimmon)
	for y := letters.Min.Y; y < letters.Max.Y; y++ {
		for x := letters.Min.X; x < letters.Max.X; x++ {
			if y%8 < 5 && (x*x+y*3)%7 < 3 {
				page.SetRGBA(x, y, color.RGBA{90, 86, 80, 255})
			}
		}
	}
}

func fill(page *image.RGBA, at image.Rectangle, with color.RGBA) {
	draw.Draw(page, at, image.NewUniform(with), image.Point{}, draw.Src)
}

// smooth draws letters as a browser does that lets half of each pixel flow into the next.
func smooth(page *image.RGBA, at image.Rectangle) {
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Max.X - 1; x > at.Min.X; x-- {
			for c := range 3 {
				here := page.PixOffset(x, y) + c
				page.Pix[here] = uint8((int(page.Pix[here]) + int(page.Pix[here-4])) / 2)
			}
		}
	}
}

func around(far map[image.Point]bool, at image.Point) (n int) {
	for y := -1; y <= 1; y++ {
		for x := -1; x <= 1; x++ {
			if far[at.Add(image.Pt(x, y))] {
				n++
			}
		}
	}
	return n
}

// ink is how a cell is colored: the mean of red, green and blue of 255, and how far its pixels are from being alike.
type ink struct {
	mean   [3]float64
	spread float64
}

// apart allows for letters and edges to be smoothed otherwise; a plain cell is as it was.
func (i ink) apart(other ink) bool {
	most := 0.0
	for c := range i.mean {
		most = max(most, math.Abs(i.mean[c]-other.mean[c]))
	}
	return most > 2+max(i.spread, other.spread)/4
}

func inkOf(picture *image.RGBA, at image.Rectangle) (found ink) {
	squares, n := 0.0, float64(at.Dx()*at.Dy())
	for y := at.Min.Y; y < at.Max.Y; y++ {
		row := picture.Pix[picture.PixOffset(at.Min.X, y):][:4*at.Dx()]
		for x := 0; x < len(row); x += 4 {
			gray := 0.0
			for c := range found.mean {
				found.mean[c] += float64(row[x+c]) / n
				gray += float64(row[x+c]) / 3
			}
			squares += gray * gray / n
		}
	}
	gray := (found.mean[0] + found.mean[1] + found.mean[2]) / 3
	found.spread = math.Sqrt(max(0, squares-gray*gray))
	return found
}

// shrunken makes each square of pixels one, of their mean.
func shrunken(full *image.RGBA, by int) *image.RGBA {
	small := image.NewRGBA(image.Rectangle{Max: full.Rect.Size().Div(by)})
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			mean := inkOf(full, image.Rect(x*by, y*by, (x+1)*by, (y+1)*by)).mean
			small.SetRGBA(x, y, color.RGBA{uint8(math.Round(mean[0])), uint8(math.Round(mean[1])), uint8(math.Round(mean[2])), 255})
		}
	}
	return small
}

// beside shows two pictures, and the second with its places marked.
func beside(kept, today *image.RGBA, places []image.Point) *image.RGBA {
	const gap = 8
	right, down := image.Pt(max(kept.Rect.Dx(), today.Rect.Dx())+gap, 0), max(kept.Rect.Dy(), today.Rect.Dy())
	all := image.NewRGBA(image.Rect(0, 0, 3*right.X, down))
	draw.Draw(all, kept.Rect, kept, image.Point{}, draw.Src)
	draw.Draw(all, today.Rect.Add(right), today, image.Point{}, draw.Src)
	draw.Draw(all, today.Rect.Add(right.Mul(2)), today, image.Point{}, draw.Src)
	mark := image.NewUniform(color.RGBA{R: 160, A: 160})
	for _, at := range places {
		place := image.Rectangle{Max: image.Pt(cell, cell)}.Add(at.Mul(cell)).Add(right.Mul(2))
		draw.Draw(all, place, mark, image.Point{}, draw.Over)
	}
	return all
}

// readPicture reads a PNG, shrunken.
func readPicture(t testing.TB, file string, by int) *image.RGBA {
	t.Helper()
	in, err := os.Open(file)
	must(t, err)
	defer func() { _ = in.Close() }()
	decoded, err := png.Decode(in)
	must(t, err)
	picture := image.NewRGBA(decoded.Bounds())
	draw.Draw(picture, picture.Rect, decoded, picture.Rect.Min, draw.Src)
	if by == 1 {
		return picture
	}
	return shrunken(picture, by)
}

// writePicture writes a PNG.
func writePicture(t testing.TB, file string, picture image.Image) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(file), 0o750))
	out, err := os.Create(file)
	must(t, err)
	must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, picture))
	must(t, out.Close())
}
