package tag

import "math"

// ShapeID names an outline of the plate.
type ShapeID string

// The shapes. All grow with what stands on them.
const (
	Plate   ShapeID = "" // a rectangle with round corners
	Round   ShapeID = "round"
	Bone    ShapeID = "bone"
	Letters ShapeID = "letters" // follows the letters
)

// Shapes lists all shapes.
func Shapes() []ShapeID { return []ShapeID{Plate, Round, Bone, Letters} }

// plainPlate adds a rounded rectangle: from the left a screw's hole, a hole for a string or strap, a window, the text, and a second
// screw's hole, all in the middle of the height. A line takes the height of its em whatever its letters, so that tags of one size are
// equally high.
func (d *drawing) plainPlate(s Spec, c *content) (box, error) {
	left, right, height := s.Border+s.Margin, s.Border+s.Margin, c.height()
	high := func(needed Micron) { height = max(height, needed+2*wall-2*s.Margin) }
	var hole, window point
	at := s.Border
	if s.Screw > 0 {
		at += wall + s.Screw
		right = s.Border + wall + s.Screw + s.Margin
		left = right
		high(s.Screw)
	}
	if s.Hole > 0 {
		hole.x = int32(at + wall + s.Hole/2)
		at += wall + s.Hole
		left = at + s.Margin
		high(max(s.Hole, s.Slot))
	}
	if s.Spin > 0 {
		window.x = int32(at + spinWall + s.Spin/2)
		left = at + 2*spinWall + s.Spin
		high(s.Spin + 2*spinWall - 2*wall)
	}
	if err := d.resize(left+c.width()+right, height+2*(s.Border+s.Margin)); err != nil {
		return box{}, err
	}
	d.roundedPlate(s)
	middle := int32(d.height / 2)
	if s.Hole > 0 {
		d.reversed(slot(point{hole.x, middle}, s.Hole, s.Slot), plateLayer)
	}
	if s.Screw > 0 {
		for _, x := range [2]Micron{s.Border + wall + s.Screw/2, d.width - s.Border - wall - s.Screw/2} {
			d.reversed(circle(point{int32(x), middle}, float64(s.Screw)/2), plateLayer)
		}
	}
	d.roundedRim(s)
	if s.Spin > 0 {
		d.spinner(point{window.x, middle}, s.Spin)
	}
	edge := int32(s.Border + s.Margin)
	return box{point{int32(left), edge}, point{int32(left + c.width()), edge + int32(height)}}, nil
}

func (d *drawing) outer() box { return box{max: point{int32(d.width), int32(d.height)}} }

func (d *drawing) corner(s Spec) Micron { return min(s.Radius, d.width/2, d.height/2) }

func (d *drawing) roundedPlate(s Spec) {
	d.polygon(roundedBox(d.outer(), d.corner(s)), point{}, plateLayer)
}

func (d *drawing) roundedRim(s Spec) {
	if s.Border == 0 {
		return
	}
	b := int32(s.Border)
	outer, radius := d.outer(), d.corner(s)
	inner := box{point{b, b}, point{outer.max.x - b, outer.max.y - b}}
	d.rim(roundedBox(outer, radius), roundedBox(inner, max(radius-s.Border, 0)))
}

// slot is the outline of a hole of a width, and of a length upward if that is more.
func slot(center point, width, length Micron) []point {
	if length <= width {
		return circle(center, float64(width)/2)
	}
	w, l := int32(width/2), int32(length/2)
	return roundedBox(box{point{center.x - w, center.y - l}, point{center.x + w, center.y + l}}, width/2)
}

// roundPlate adds the smallest disk that holds the hole on top, the icon and the lines below each other.
func (d *drawing) roundPlate(s Spec, c *content) (box, error) {
	rows, edge := c.rows(), s.Border+s.Margin
	radius, rise := Micron(math.MaxInt32), Micron(0)
	for try := Micron(0); try <= c.height(); try += Millimeter / 10 { // how far the content's top lies above the middle
		if r := s.reach(rows, try) + edge; r < radius {
			radius, rise = r, try
		}
	}
	radius = max(radius, s.holeTop(rise)+wall+s.Border)
	if err := d.resize(2*radius, 2*radius); err != nil {
		return box{}, err
	}
	center := point{int32(radius), int32(radius)}
	outline := circle(center, float64(radius))
	d.polygon(outline, point{}, plateLayer)
	if s.Hole > 0 {
		d.reversed(circle(point{center.x, center.y + int32(s.holeTop(rise)-s.Hole/2)}, float64(s.Hole)/2), plateLayer)
	}
	if s.Border > 0 {
		d.rim(outline, circle(center, float64(radius-s.Border)))
	}
	top, half := center.y+int32(rise), int32(c.width()/2)
	return box{point{center.x - half, top - int32(c.height())}, point{center.x + half, top}}, nil
}

// holeTop is how high above the middle of a disk its hole ends, when the content's top lies at rise.
func (s Spec) holeTop(rise Micron) Micron {
	if s.Hole == 0 {
		return 0
	}
	return rise + wall + s.Hole
}

// reach is how far from the middle of a disk the corners of the rows lie, or the hole where that is more, each less what belongs
// between it and the edge.
func (s Spec) reach(rows []row, rise Micron) Micron {
	far := s.holeTop(rise) + wall - s.Margin
	for _, r := range rows {
		high := float64(max(rise-r.top, r.bottom-rise))
		across := float64(r.half)
		far = max(far, Micron(math.Ceil(math.Sqrt(float64(high*high)+float64(across*across)))))
	}
	return far
}

// bonePlate adds a bone: a shaft as high as the text, and a pair of knobs at each end. A hole lies in the left end.
func (d *drawing) bonePlate(s Spec, c *content) (box, error) {
	half := c.height()/2 + s.Margin + s.Border
	if s.Border > half*18/100 { // the knobs of the inner outline would come apart
		return box{}, &RangeError{"border", s.Border, 800, half * 18 / 100}
	}
	b := bone{half: half, rise: half * 65 / 100, radius: half * 85 / 100, reach: c.width()/2 + s.Margin/2}
	hole := c.width()/2 + s.Margin + s.Hole/2
	if s.Hole > 0 {
		b.reach = hole + max(0, s.Hole/2+wall+s.Border-b.notch())
	}
	low, high := bounds(b.outline()) // a polygon is a trifle smaller than the disks
	if err := d.resize(Micron(high.x-low.x), Micron(high.y-low.y)); err != nil {
		return box{}, err
	}
	b.center = point{-low.x, -low.y}
	outline := b.outline()
	d.polygon(outline, point{}, plateLayer)
	if s.Hole > 0 {
		d.reversed(circle(point{b.center.x - int32(hole), b.center.y}, float64(s.Hole)/2), plateLayer)
	}
	if s.Border > 0 {
		inner := b
		inner.half, inner.radius = b.half-s.Border, b.radius-s.Border
		d.rim(outline, inner.outline())
	}
	x, y := int32(c.width()/2), int32(c.height()/2)
	return box{point{b.center.x - x, b.center.y - y}, point{b.center.x + x, b.center.y + y}}, nil
}

// bone is a shaft of half its height and four knobs: disks of a radius, in the distances reach and rise from the center.
type bone struct {
	center       point
	half, reach  Micron
	rise, radius Micron
}

// notch is how far the knobs of an end meet beyond their middles.
func (b bone) notch() Micron { return leg(b.radius, b.rise) }

// leg is the other side of a right triangle.
func leg(hypotenuse, side Micron) Micron {
	h, s := float64(hypotenuse), float64(side)
	return Micron(math.Sqrt(max(0, float64(h*h)-float64(s*s))))
}

// outline goes around counter-clockwise, from the notch at the right end.
func (b bone) outline() []point {
	toNotch := math.Asin(float64(b.rise)/float64(b.radius)) / (2 * math.Pi)          // below level, in turns
	toShaft := 0.5 + math.Asin(float64(b.rise-b.half)/float64(b.radius))/(2*math.Pi) // where the upper right knob meets the shaft
	quarter := arc(point{int32(b.reach), int32(b.rise)}, float64(b.radius), -toNotch, toShaft)
	quarter[0].y = 0
	quarter[len(quarter)-1].y = int32(b.half)
	var all []point
	add := func(p point) {
		if q := (point{b.center.x + p.x, b.center.y + p.y}); len(all) == 0 || all[len(all)-1] != q {
			all = append(all, q)
		}
	}
	for _, p := range quarter {
		add(p)
	}
	for i := len(quarter) - 1; i >= 0; i-- {
		add(point{-quarter[i].x, quarter[i].y})
	}
	for _, p := range quarter[1:] {
		add(point{-p.x, -p.y})
	}
	for i := len(quarter) - 1; i > 0; i-- {
		add(point{quarter[i].x, -quarter[i].y})
	}
	return all
}

// circle is a regular polygon, counter-clockwise, within the tolerance of the round one.
func circle(center point, radius float64) []point {
	n := 4 * arcSteps(radius)
	contour := make([]point, n)
	for i := range contour {
		contour[i] = onCircle(center, radius, float64(i)/float64(n))
	}
	return contour
}

// arc is a part of a circle between two turns, with both ends.
func arc(center point, radius, from, to float64) []point {
	n := max(1, int(math.Ceil(math.Abs(to-from)*4*float64(arcSteps(radius)))))
	contour := make([]point, n+1)
	for i := range contour {
		contour[i] = onCircle(center, radius, from+(to-from)*float64(i)/float64(n))
	}
	return contour
}

// roundedBox is a rectangle with quarter circles for corners, counter-clockwise.
func roundedBox(b box, radius Micron) []point {
	r := int32(radius)
	if r == 0 {
		return []point{b.min, {b.max.x, b.min.y}, b.max, {b.min.x, b.max.y}}
	}
	corners := [4]point{
		{b.max.x - r, b.max.y - r}, {b.min.x + r, b.max.y - r}, {b.min.x + r, b.min.y + r}, {b.max.x - r, b.min.y + r},
	}
	n := arcSteps(float64(r))
	var contour []point
	for quarter, center := range corners {
		for i := 0; i <= n; i++ {
			p := onCircle(center, float64(r), (float64(quarter)+float64(i)/float64(n))/4)
			if len(contour) == 0 || contour[len(contour)-1] != p {
				contour = append(contour, p)
			}
		}
	}
	return contour
}

// onCircle returns the point after the given part of a full turn.
func onCircle(center point, radius, turn float64) point {
	sin, cos := math.Sincos(2 * math.Pi * turn)
	return point{center.x + int32(math.Round(radius*cos)), center.y + int32(math.Round(radius*sin))}
}

// arcSteps is the number of chords for a quarter of a circle.
func arcSteps(radius float64) int {
	return max(2, int(math.Ceil(math.Pi/4/math.Acos(1-min(tolerance/radius, 0.5)))))
}
