package tag

import "math"

// scene is a mesh with the daylight that falls on it: a broad lamp at the upper left and the sky.
type scene struct {
	mesh   *Mesh
	flat   []light3 // for each triangle, its color
	facing []vec3   // and its outward normal
	relief *relief
	planes map[int32]*lightMap // by height in µm
}

// The light of a surface that sees the whole sky and the lamp from straight above is lamp + sky = 1.
const (
	lamp = 0.60
	sky  = 0.48
	fill = 0.30 // light that the room throws back on walls toward the reader
)

// sun points to the lamp's middle, front to the brightest wall of the room.
var (
	sun   = normalized(vec3{-0.50, 0.55, 0.95})
	front = normalized(vec3{-0.35, -1, 0.1})
)

func normalized(v vec3) vec3 {
	l := math.Sqrt(v.dot(v))
	return vec3{v.x / l, v.y / l, v.z / l}
}

func newScene(m *Mesh, o RenderOptions) *scene {
	s := &scene{
		mesh: m, flat: make([]light3, len(m.Triangles)), facing: make([]vec3, len(m.Triangles)),
		relief: newRelief(m, reliefCells(max(o.Width, o.Height))), planes: map[int32]*lightMap{},
	}
	for i, t := range m.Triangles {
		color := m.paint(o.Colors, i)
		s.flat[i] = light3{linear(color.R), linear(color.G), linear(color.B)}
		n := unit(m.normal(t))
		s.facing[i] = vec3{n[0], n[1], n[2]}
		if n[2] > 0.5 {
			s.plane(m.Vertices[t[0]][2])
		}
	}
	s.plane(0)
	return s
}

// plane lights a height once.
func (s *scene) plane(z int32) {
	if s.planes[z] == nil {
		s.planes[z] = s.relief.lit(float64(z) / 1000)
	}
}

// shade returns the light that a place of a triangle sends to the camera.
func (s *scene) shade(triangle int32, at vec3) light3 {
	n := s.facing[triangle]
	var light float64
	if n.z > 0.5 {
		light = s.planes[s.mesh.Vertices[s.mesh.Triangles[triangle][0]][2]].at(at.x, at.y)
	} else { // a wall sees half of the sky, less of it toward its foot, and the bright table
		light = lamp*max(0, n.dot(sun)) + fill*max(0, n.dot(front)) + sky*(0.55+0.35*at.z/s.relief.top)
	}
	flat := s.flat[triangle]
	return light3{flat[0] * light, flat[1] * light, flat[2] * light}
}

// table returns the light of the table, or only its shadow as a black of some opacity.
func (s *scene) table(at vec3, color light3, opaque bool) (light3, float64) {
	light := min(1, s.planes[0].at(at.x, at.y)/s.planes[0].open)
	if !opaque {
		return light3{}, 1 - light
	}
	return light3{color[0] * light, color[1] * light, color[2] * light}, 1
}

// relief is the tag's upper side as heights on a raster, with a margin of table around it.
type relief struct {
	cell          float64 // mm
	x0, y0, top   float64
	columns, rows int
	height        []float64
}

// reliefCells are those along the longer side of a relief for a picture so many pixels wide: shadows are soft.
func reliefCells(width int) float64 { return float64(min(320, 40+width/4)) }

func newRelief(m *Mesh, cells float64) *relief {
	_, hi := m.extent()
	size := inMM(hi)
	margin := 4 * size.z
	r := &relief{cell: (max(size.x, size.y) + 2*margin) / cells, x0: -margin, y0: -margin, top: size.z}
	r.columns = int((size.x+2*margin)/r.cell) + 1
	r.rows = int((size.y+2*margin)/r.cell) + 1
	r.height = make([]float64, r.columns*r.rows)
	for _, t := range m.Triangles {
		if m.normal(t)[2] > 0 {
			r.raise(m, t)
		}
	}
	return r
}

// raise fills the cells under a flat triangle with its height.
func (r *relief) raise(m *Mesh, t [3]uint32) {
	var s screenTriangle
	for k, v := range t {
		p := inMM(m.Vertices[v])
		s.corner[k] = vec3{(p.x - r.x0) / r.cell, (p.y - r.y0) / r.cell, p.z}
	}
	s.scan(r.columns, r.rows, func(row, from, to int) {
		for i := row*r.columns + from; i <= row*r.columns+to; i++ {
			r.height[i] = s.corner[0].z
		}
	})
}

// lightMap is the light on a level plane, cell by cell.
type lightMap struct {
	*relief
	light []float64
	open  float64 // the light where nothing is in the way
}

// ray is a direction from which light comes, as steps over the raster.
type ray struct {
	dx, dy, dz float64 // cells, cells, mm for one step of one cell
	light      float64
}

// lit lets light from all sides fall on the plane at height z. Each cell of a block of 4 × 4 tries other rays, and the
// average over a block's width joins them to as many as 16 times the rays.
func (r *relief) lit(z float64) *lightMap {
	var rays [dither * dither][]ray
	for i := range rays {
		rays[i] = daylight(r.cell, float64(i)/(dither*dither))
	}
	m := &lightMap{relief: r, light: make([]float64, len(r.height))}
	for _, ray := range rays[0] {
		m.open += ray.light
	}
	for row := range r.rows {
		for column := range r.columns {
			light := m.open
			for _, ray := range rays[row%dither*dither+column%dither] {
				if r.blocked(float64(column), float64(row), z, ray) {
					light -= ray.light
				}
			}
			m.light[row*r.columns+column] = light
		}
	}
	smooth(m.light, r.columns, r.rows, 1, r.columns)
	smooth(m.light, r.rows, r.columns, r.columns, 1)
	return m
}

// dither is the side of a block of cells with different rays.
const dither = 4

// smooth averages each line of a raster over dither cells, half of the outer two.
func smooth(light []float64, length, lines, step, lineStep int) {
	old := make([]float64, length)
	for line := range lines {
		for i := range old {
			old[i] = light[line*lineStep+i*step]
		}
		for i := 2; i+2 < length; i++ {
			light[line*lineStep+i*step] = (old[i-2]/2 + old[i-1] + old[i] + old[i+1] + old[i+2]/2) / dither
		}
	}
}

// blocked follows a ray from a cell until something is in its way or it is above everything.
func (r *relief) blocked(x, y, z float64, d ray) bool {
	for z += d.dz / 2; z < r.top; z += d.dz {
		x, y = x+d.dx, y+d.dy
		column, row := int(x+0.5), int(y+0.5)
		if column < 0 || row < 0 || column >= r.columns || row >= r.rows {
			return false
		}
		if r.height[row*r.columns+column] > z {
			return true
		}
	}
	return false
}

// daylight lists the rays to the broad lamp and to the sky, turned by a part of a full turn. What the horizon sends along a level
// plane is left out: it is next to nothing and its shadows are endless.
func daylight(cell, turn float64) []ray {
	const lampRays, skyRays, lampWidth, horizon = 8, 10, 0.22, 0.9
	golden := math.Pi * (3 - math.Sqrt(5))
	var rays []ray
	for i := range lampRays { // a sunflower's disk about the lamp's middle
		sin, cos := math.Sincos(golden*float64(i) + 2*math.Pi*turn)
		out := lampWidth * math.Sqrt((float64(i)+turn)/lampRays)
		d := normalized(vec3{sun.x + out*cos, sun.y + out*sin, sun.z})
		rays = append(rays, d.ray(cell, lamp*sun.z/lampRays))
	}
	for i := range skyRays { // a half sphere, as a level plane sees it
		sin, cos := math.Sincos(golden*float64(i) + 2*math.Pi*turn)
		out := horizon * math.Sqrt((float64(i)+turn)/skyRays)
		rays = append(rays, vec3{out * cos, out * sin, math.Sqrt(1 - out*out)}.ray(cell, sky/skyRays))
	}
	return rays
}

func (v vec3) ray(cell, light float64) ray {
	flat := max(math.Hypot(v.x, v.y), 1e-3)
	return ray{v.x / flat, v.y / flat, v.z / flat * cell, light}
}

// at returns the light at a place, between the four nearest cells.
func (m *lightMap) at(x, y float64) float64 {
	x, y = (x-m.x0)/m.cell-0.5, (y-m.y0)/m.cell-0.5
	column, row := int(math.Floor(x)), int(math.Floor(y))
	if column < 0 || row < 0 || column+1 >= m.columns || row+1 >= m.rows {
		return m.open
	}
	fx, fy := x-float64(column), y-float64(row)
	i := row*m.columns + column
	above := m.light[i+m.columns : i+m.columns+2]
	here := m.light[i : i+2]
	return (here[0]*(1-fx)+here[1]*fx)*(1-fy) + (above[0]*(1-fx)+above[1]*fx)*fy
}
