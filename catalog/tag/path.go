package tag

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	ot "github.com/go-text/typesetting/font/opentype"
)

// errPath means that a text is no path data of SVG.
var errPath = errors.New("the path cannot be read")

// parsePath reads the path data of SVG 1.1 (section 8.3) as an outline whose y runs up from the bottom of a square of the given
// side. Arcs become cubic curves.
func parsePath(data string, side float64) ([]ot.Segment, error) {
	p := pathReader{rest: data, side: side}
	for p.skip(); p.rest != ""; p.skip() {
		if !p.number() {
			p.command, p.rest = p.rest[0], p.rest[1:]
			p.repeated = false
		} else if p.command == 0 || p.command|32 == 'z' {
			return nil, fmt.Errorf("%w: a number at %q", errPath, p.rest)
		}
		if err := p.draw(); err != nil {
			return nil, err
		}
	}
	return p.segments, nil
}

// pathReader is the pen of a path with what is still to be read.
type pathReader struct {
	rest     string
	side     float64
	command  byte
	repeated bool // the command goes on with more numbers
	at       vec2
	start    vec2 // of the contour
	control  vec2 // last control point, which S and T mirror
	curve    byte // kind of curve that control belongs to
	segments []ot.Segment
}

func (p *pathReader) skip() { p.rest = strings.TrimLeft(p.rest, " ,\t\r\n") }

// number reports whether a number is next.
func (p *pathReader) number() bool {
	return p.rest != "" && strings.IndexByte("+-.0123456789", p.rest[0]) >= 0
}

// arguments is how many numbers each command takes.
var arguments = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 7, 'z': 0}

func (p *pathReader) draw() error {
	kind := p.command | 32
	n, known := arguments[kind]
	if !known || len(p.segments) == 0 && kind != 'm' {
		return fmt.Errorf("%w: %q out of place", errPath, p.command)
	}
	var a [7]float64
	for i := range n {
		var err error
		if a[i], err = p.read(kind == 'a' && (i == 3 || i == 4)); err != nil {
			return err
		}
	}
	var origin vec2
	if p.command == kind {
		origin = p.at
	}
	point := func(i int) vec2 { return vec2{origin.x + a[i], origin.y + a[i+1]} }
	switch kind {
	case 'm':
		p.move(point(0))
	case 'l':
		p.line(point(0))
	case 'h':
		p.line(vec2{origin.x + a[0], p.at.y})
	case 'v':
		p.line(vec2{p.at.x, origin.y + a[0]})
	case 'c':
		p.cubic(point(0), point(2), point(4))
	case 's':
		p.cubic(p.mirrored('c'), point(0), point(2))
	case 'q':
		p.quad(point(0), point(2))
	case 't':
		p.quad(p.mirrored('q'), point(0))
	case 'a':
		p.arc(ellipse{a[0], a[1], a[2] * math.Pi / 180, a[3] != 0, a[4] != 0}, point(5))
	case 'z':
		p.line(p.start)
	}
	p.repeated = true
	return nil
}

// read takes a number, or a flag, which is a single digit.
func (p *pathReader) read(flag bool) (float64, error) {
	p.skip()
	end := 0
	if flag {
		end = min(1, len(p.rest))
	} else {
		end = numberEnd(p.rest)
	}
	value, err := strconv.ParseFloat(p.rest[:end], 64)
	if err != nil || math.Abs(value) > 1e4 || flag && value > 1 {
		return 0, fmt.Errorf("%w: no number at %q", errPath, p.rest)
	}
	p.rest = p.rest[end:]
	return value, nil
}

// numberEnd is where a number ends that begins a text: before a second point or sign.
func numberEnd(s string) int {
	point := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', i == 0 && (c == '-' || c == '+'):
		case c == '.' && !point:
			point = true
		default:
			return i
		}
	}
	return len(s)
}

func (p *pathReader) move(to vec2) {
	if p.repeated { // more numbers after a move are lines
		p.line(to)
		return
	}
	p.start = to
	p.add(ot.SegmentOpMoveTo, to)
}

func (p *pathReader) line(to vec2) { p.add(ot.SegmentOpLineTo, to) }

func (p *pathReader) quad(control, to vec2) {
	p.add(ot.SegmentOpQuadTo, control, to)
	p.control, p.curve = control, 'q'
}

func (p *pathReader) cubic(first, second, to vec2) {
	p.add(ot.SegmentOpCubeTo, first, second, to)
	p.control, p.curve = second, 'c'
}

func (p *pathReader) add(op ot.SegmentOp, points ...vec2) {
	s := ot.Segment{Op: op}
	for i, q := range points {
		s.Args[i] = ot.SegmentPoint{X: float32(q.x), Y: float32(p.side - q.y)}
	}
	p.segments = append(p.segments, s)
	p.at, p.curve = points[len(points)-1], 0
}

// mirrored is the control point that goes on smoothly from a curve of the same kind.
func (p *pathReader) mirrored(kind byte) vec2 {
	if p.curve != kind {
		return p.at
	}
	return vec2{2*p.at.x - p.control.x, 2*p.at.y - p.control.y}
}

// ellipse is the ellipse of an arc and which of its four arcs is meant.
type ellipse struct {
	rx, ry, turn float64
	large, sweep bool
}

// arc draws an elliptic arc as cubic curves of at most a quarter (SVG 1.1, appendix F.6.5 and F.6.6).
func (p *pathReader) arc(e ellipse, to vec2) {
	from := p.at
	if from == to {
		return
	}
	rx, ry := math.Abs(e.rx), math.Abs(e.ry)
	if rx == 0 || ry == 0 {
		p.line(to)
		return
	}
	sin, cos := math.Sincos(e.turn)
	half := vec2{(from.x - to.x) / 2, (from.y - to.y) / 2}
	x, y := (cos*half.x+sin*half.y)/rx, (cos*half.y-sin*half.x)/ry // on the unit circle, if it reaches
	if reach := math.Hypot(x, y); reach > 1 {
		rx, ry, x, y = rx*reach, ry*reach, x/reach, y/reach
	}
	off := math.Sqrt(max(0, 1/(x*x+y*y)-1))
	if e.large == e.sweep {
		off = -off
	}
	cx, cy := off*y, -off*x
	begin, end := math.Atan2(y-cy, x-cx), math.Atan2(-y-cy, -x-cx)
	span := end - begin
	switch {
	case e.sweep && span < 0:
		span += 2 * math.Pi
	case !e.sweep && span > 0:
		span -= 2 * math.Pi
	}
	place := func(ux, uy float64) vec2 { // from the unit circle about the arc's own center
		ux, uy = rx*(ux+cx), ry*(uy+cy)
		return vec2{(from.x+to.x)/2 + cos*ux - sin*uy, (from.y+to.y)/2 + sin*ux + cos*uy}
	}
	n := max(1, int(math.Ceil(math.Abs(span)/(math.Pi/2)-1e-9)))
	step := span / float64(n)
	reach := 4.0 / 3 * math.Tan(step/4)
	for i := range n {
		s0, c0 := math.Sincos(begin + step*float64(i))
		s1, c1 := math.Sincos(begin + step*float64(i+1))
		last := place(c1, s1)
		if i == n-1 {
			last = to
		}
		p.cubic(place(c0-reach*s0, s0+reach*c0), place(c1+reach*s1, s1-reach*c1), last)
	}
	p.curve = 0
}
