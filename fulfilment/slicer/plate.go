package slicer

import (
	"regexp"

	"tsukuriba/catalog/tag"
)

// Object is one unit on a plate. X and Y place the lower left corner of its mesh on the bed, in µm.
type Object struct {
	Name     string // the unit's id: ASCII letters, digits, - and _, unique on the plate
	Mesh     *tag.Mesh
	X, Y     int32
	Estimate tag.Estimate // what it was thought to need; zero if nobody said
}

// Plate is what is printed in one go: all its objects share the profile, both colors and the swap.
type Plate struct {
	Objects   []Object
	BaseColor string  // #RRGGBB
	TextColor string  // #RRGGBB
	SwapZ     int32   // top of the first layer in the text color, in µm; 0: one color
	Profile   Profile // from [ParseProfile] or [PLA020]
}

// maxTriangles bounds a mesh: PrusaSlicer does not finish on millions of them.
const maxTriangles = 300_000

var (
	objectName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	hexColor   = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
)

// Check refuses with [*Rejected] whatever PrusaSlicer would print wrongly without a word: open
// meshes, objects off the bed, over each other or higher than the printer.
func (p Plate) Check() error {
	if len(p.Objects) == 0 {
		return reject(ReasonEmpty, "no object to print")
	}
	if !hexColor.MatchString(p.BaseColor) || (p.SwapZ != 0 && !hexColor.MatchString(p.TextColor)) {
		return reject(ReasonColor, "colors %q and %q", p.BaseColor, p.TextColor)
	}
	names := map[string]bool{}
	for i, object := range p.Objects {
		if !objectName.MatchString(object.Name) || names[object.Name] {
			return reject(ReasonName, "object %d is named %q", i, object.Name)
		}
		names[object.Name] = true
		if err := object.check(p.Profile); err != nil {
			return err
		}
	}
	if err := p.checkGaps(); err != nil {
		return err
	}
	return p.checkSwap()
}

func (o Object) check(profile Profile) error {
	if o.Mesh == nil || len(o.Mesh.Triangles) == 0 || len(o.Mesh.Triangles) > maxTriangles {
		return reject(ReasonMesh, "%s has no triangles or more than %d", o.Name, maxTriangles)
	}
	if err := o.Mesh.Check(); err != nil {
		return reject(ReasonMesh, "%s: %v", o.Name, err)
	}
	low, high := extent(o.Mesh)
	if low != [3]int32{} {
		return reject(ReasonMesh, "%s begins at %v µm, not at the origin", o.Name, low)
	}
	if o.X < 0 || o.Y < 0 || int64(o.X)+int64(high[0]) > int64(profile.BedWidth) ||
		int64(o.Y)+int64(high[1]) > int64(profile.BedDepth) {
		return reject(ReasonOffBed, "%s of %d × %d µm at (%d, %d)", o.Name, high[0], high[1], o.X, o.Y)
	}
	if high[2] > profile.MaxHeight {
		return reject(ReasonTooTall, "%s is %d µm high", o.Name, high[2])
	}
	return nil
}

func extent(mesh *tag.Mesh) (low, high [3]int32) {
	low, high = mesh.Vertices[0], mesh.Vertices[0]
	for _, vertex := range mesh.Vertices {
		for axis, at := range vertex {
			low[axis], high[axis] = min(low[axis], at), max(high[axis], at)
		}
	}
	return low, high
}

// checkGaps keeps so much room between the rectangles that a move belongs to one of them only.
func (p Plate) checkGaps() error {
	areas := make([]rectangle, len(p.Objects))
	for i, object := range p.Objects {
		areas[i] = object.rectangle().grow(tolerance)
		for k, other := range areas[:i] {
			if areas[i].overlaps(other) {
				return reject(ReasonOverlap, "%s and %s", object.Name, p.Objects[k].Name)
			}
		}
	}
	return nil
}

func (p Plate) checkSwap() error {
	if p.SwapZ == 0 {
		return nil
	}
	above := p.SwapZ - p.Profile.FirstLayer
	if above <= 0 || above%p.Profile.Layer != 0 {
		return reject(ReasonSwap, "no layer above the first ends at %d µm", p.SwapZ)
	}
	for _, object := range p.Objects {
		if _, high := extent(object.Mesh); high[2] >= p.SwapZ {
			return nil
		}
	}
	return reject(ReasonSwap, "nothing is as high as %d µm", p.SwapZ)
}

// rectangle is an axis-parallel area on the bed, in µm.
type rectangle struct{ left, front, right, back int64 }

func (o Object) rectangle() rectangle {
	_, high := extent(o.Mesh)
	x, y := int64(o.X), int64(o.Y)
	return rectangle{left: x, front: y, right: x + int64(high[0]), back: y + int64(high[1])}
}

func (r rectangle) grow(by int64) rectangle {
	return rectangle{left: r.left - by, front: r.front - by, right: r.right + by, back: r.back + by}
}

func (r rectangle) overlaps(other rectangle) bool {
	return r.left < other.right && other.left < r.right && r.front < other.back && other.front < r.back
}

func (r rectangle) contains(x, y int64) bool {
	return r.left <= x && x <= r.right && r.front <= y && y <= r.back
}
