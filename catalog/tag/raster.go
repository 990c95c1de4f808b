package tag

import (
	"image/color"
	"math"
)

// screenTriangle is a triangle in samples: x right, y down, z toward the camera in mm.
type screenTriangle struct {
	corner [3]vec3
	id     int32
}

func (t screenTriangle) twiceArea() float64 {
	a, b, c := t.corner[0], t.corner[1], t.corner[2]
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// raster is a z-buffer over a strip of the picture.
type raster struct {
	width, height int
	depth         []float32
	triangle      []int32
}

func newRaster(width, height int) *raster {
	return &raster{width, height, make([]float32, width*height), make([]int32, width*height)}
}

// draw fills the strip that begins at the row top with the nearest triangles.
func (r *raster) draw(triangles []screenTriangle, top int) {
	for i := range r.depth {
		r.depth[i], r.triangle[i] = float32(math.Inf(-1)), none
	}
	for _, t := range triangles {
		r.fill(t, float64(top))
	}
}

// fill draws one triangle.
func (r *raster) fill(t screenTriangle, top float64) {
	for k := range t.corner {
		t.corner[k].y -= top
	}
	a, b, c := t.corner[0], t.corner[1], t.corner[2]
	area := t.twiceArea()
	dzdx := ((b.z-a.z)*(c.y-a.y) - (c.z-a.z)*(b.y-a.y)) / area
	dzdy := ((c.z-a.z)*(b.x-a.x) - (b.z-a.z)*(c.x-a.x)) / area
	t.scan(r.width, r.height, func(row, from, to int) {
		z := a.z + dzdx*(float64(from)+0.5-a.x) + dzdy*(float64(row)+0.5-a.y)
		for i := row*r.width + from; i <= row*r.width+to; i++ {
			if float32(z) > r.depth[i] {
				r.depth[i], r.triangle[i] = float32(z), t.id
			}
			z += dzdx
		}
	})
}

// scan calls each with the cells of a raster whose middles lie in the triangle, row by row.
func (t screenTriangle) scan(width, height int, each func(row, from, to int)) {
	a, b, c := t.corner[0], t.corner[1], t.corner[2]
	first := max(0, int(math.Ceil(min(a.y, b.y, c.y)-0.5)))
	last := min(height-1, int(math.Floor(max(a.y, b.y, c.y)-0.5)))
	for row := first; row <= last; row++ {
		if left, right, ok := t.span(float64(row) + 0.5); ok {
			each(row, max(0, int(math.Ceil(left-0.5))), min(width-1, int(math.Floor(right-0.5))))
		}
	}
}

// span returns where a horizontal line enters and leaves the triangle, if it meets it.
func (t screenTriangle) span(y float64) (left, right float64, ok bool) {
	left, right = math.Inf(1), math.Inf(-1)
	for k, p := range t.corner {
		q := t.corner[(k+1)%3]
		if (p.y <= y) != (q.y <= y) {
			x := p.x + (y-p.y)*(q.x-p.x)/(q.y-p.y)
			left, right = min(left, x), max(right, x)
		}
	}
	return left, right, left <= right
}

// sample is what one ray of a pixel met; triangle is none for the table.
type sample struct {
	x, y, depth float64
	triangle    int32
}

// light3 is linear light in red, green, blue.
type light3 [3]float64

// pixel shades a pixel: once in its middle where all samples met the same triangle, else each sample, averaged in linear light and
// weighted by opacity.
func (r *raster) pixel(x, y int, shade func(sample) (light3, float64)) color.NRGBA {
	if r.uniform(x, y) {
		return nrgba(shade(r.sample(x*samples+samples/2, y*samples+samples/2)))
	}
	var sum light3
	var opacity float64
	for dy := range samples {
		for dx := range samples {
			light, alpha := shade(r.sample(x*samples+dx, y*samples+dy))
			for k := range sum {
				sum[k] += alpha * light[k]
			}
			opacity += alpha
		}
	}
	if opacity == 0 {
		return color.NRGBA{}
	}
	return nrgba(light3{sum[0] / opacity, sum[1] / opacity, sum[2] / opacity}, opacity/(samples*samples))
}

func (r *raster) sample(column, row int) sample {
	i := row*r.width + column
	return sample{float64(column) + 0.5, float64(row) + 0.5, float64(r.depth[i]), r.triangle[i]}
}

// uniform reports whether all samples of a pixel met one triangle.
func (r *raster) uniform(x, y int) bool {
	first := r.triangle[y*samples*r.width+x*samples]
	for dy := range samples {
		i := (y*samples+dy)*r.width + x*samples
		for _, t := range r.triangle[i : i+samples] {
			if t != first {
				return false
			}
		}
	}
	return true
}

func nrgba(light light3, opacity float64) color.NRGBA {
	return color.NRGBA{encoded(light[0]), encoded(light[1]), encoded(light[2]), uint8(255*opacity + 0.5)}
}

// encoded turns linear light into an sRGB component; light above white is white.
func encoded(v float64) uint8 { return srgb[int(min(max(v, 0), 1)*float64(len(srgb)-1)+0.5)] }

// srgb is the inverse of linear, tabulated finely enough for 8 bits.
var srgb = func() (table [4096]uint8) {
	for i := range table {
		v := float64(i) / float64(len(table)-1)
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		table[i] = uint8(255*v + 0.5)
	}
	return table
}()
