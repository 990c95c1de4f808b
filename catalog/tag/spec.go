package tag

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
)

// Version is the version of the mesher. It is raised whenever the same Spec may give another mesh. A Hash has the version that
// first drew its Spec as it is drawn now, so that a design outlives a change that does not touch it.
const Version = 3

// Micron is a length in micrometers, 1/1000 mm.
type Micron int32

// Millimeter is 1,000 Micron.
const Millimeter Micron = 1000

// MM returns the length in millimeters.
func (m Micron) MM() float64 { return float64(m) / float64(Millimeter) }

// Limits of a tag.
const (
	MaxGraphemes        = 40               // per line, as a reader counts characters
	MaxSide             = 200 * Millimeter // width and height of the plate
	MinStroke    Micron = 400              // one line of a 0.4 mm nozzle
)

// Spec says what to make. Equal Specs give equal meshes. Colors are not in it: they change the picture, not the solid.
// The zero value is not printable; start from DefaultSpec.
type Spec struct {
	Text       string `json:"text"`        // first line, engraved as typed: never normalized
	SecondLine string `json:"second_line"` // smaller line below; "" for none
	Font       FontID `json:"font"`

	Em       Micron `json:"em"`        // size of the first line: the side of a kanji's square
	SecondEm Micron `json:"second_em"` // size of the second line; 0 for three fifths of Em
	Tracking Micron `json:"tracking"`  // added between characters; negative moves them together

	Base   Micron `json:"base"`   // thickness of the plate
	Relief Micron `json:"relief"` // height of text and border above the plate, or depth when engraved
	Margin Micron `json:"margin"` // between text and the plate's edge, border or hole
	Radius Micron `json:"radius"` // of the plate's corners; more than half the plate's height makes it a stadium
	Hole   Micron `json:"hole"`   // diameter of the hole left of the text; 0 for none
	Border Micron `json:"border"` // width of a raised rim along the edge; 0 for none

	Engrave bool `json:"engrave"` // text is sunk into the plate instead of raised

	Shape  ShapeID `json:"shape,omitempty"`
	Icon   IconID  `json:"icon,omitempty"`    // left of the text, above it on a round plate
	IconEm Micron  `json:"icon_em,omitempty"` // side of the icon's square; 0 for Em
	Slot   Micron  `json:"slot,omitempty"`    // length of the hole, for a strap; 0 for a round one
	Screw  Micron  `json:"screw,omitempty"`   // diameter of a hole for a screw at each end; 0 for none
	Spin   Micron  `json:"spin,omitempty"`    // diameter of a window in which a pumpkin turns; 0 for none
}

// DefaultSpec returns a name tag of 12 mm letters, 3 mm thick, with a hole for a ring of 4 mm.
func DefaultSpec(text string, font FontID) Spec {
	return Spec{
		Text: text, Font: font, Em: 12 * Millimeter, Base: 2 * Millimeter, Relief: 1 * Millimeter,
		Margin: 3 * Millimeter, Radius: 3 * Millimeter, Hole: 4 * Millimeter,
	}
}

// Thickness is the height of the finished piece.
func (s Spec) Thickness() Micron {
	if s.Engrave && s.Border == 0 {
		return s.Base
	}
	return s.Base + s.Relief
}

// Check holds every number against what can be printed and what the exact arithmetic of the mesher allows, without drawing
// anything. Errors: ErrBlank, ErrUnknownShape, ErrUnknownIcon, *RangeError.
func (s Spec) Check() error {
	if isBlank(s.Text) {
		return ErrBlank
	}
	if !slices.Contains(Shapes(), s.Shape) {
		return fmt.Errorf("%w: %q", ErrUnknownShape, s.Shape)
	}
	if _, known := icons[s.Icon]; s.Icon != "" && !known {
		return fmt.Errorf("%w: %q", ErrUnknownIcon, s.Icon)
	}
	for _, c := range s.ranges() {
		if (c.Value < c.Min || c.Value > c.Max) && !(optional[c.Field] && c.Value == 0) {
			return &c
		}
	}
	return nil
}

// optional are the numbers that may be 0 for none.
var optional = map[string]bool{"hole": true, "border": true, "slot": true, "screw": true, "spin": true}

// ranges lists what each number may be. What does not go together has the range 0 to 0.
func (s Spec) ranges() []RangeError {
	only := func(possible bool, longest Micron) Micron {
		if possible {
			return longest
		}
		return 0
	}
	deepest := 10 * Millimeter
	if s.Engrave {
		deepest = s.Base - minFloor
	}
	ranges := []RangeError{
		{"em", s.Em, 3 * Millimeter, 80 * Millimeter},
		{"second_em", s.secondEm(), 1 * Millimeter, 80 * Millimeter},
		{"tracking", s.Tracking, -s.Em / 2, s.Em},
		{"base", s.Base, 600, 10 * Millimeter},
		{"relief", s.Relief, 200, deepest},
		{"margin", s.Margin, 500, 30 * Millimeter},
		{"radius", s.Radius, 0, MaxSide},
		{"hole", s.Hole, 2 * Millimeter, 20 * Millimeter},
		{"border", s.Border, 800, 10 * Millimeter},
		{"slot", s.Slot, s.Hole, only(s.Hole > 0 && s.Shape == Plate, 40*Millimeter)},
		{"screw", s.Screw, 2 * Millimeter, only(s.Shape == Plate, 10*Millimeter)},
		{"spin", s.Spin, minSpin, only(s.Shape == Plate && !s.Engrave, maxSpin)},
	}
	if s.Icon != "" {
		ranges = append(ranges, RangeError{"icon_em", s.iconEm(), minIcon, 80 * Millimeter})
	}
	if s.Spin > 0 && s.Shape == Plate {
		ranges[3].Min, ranges[3].Max = spinThickness, spinThickness
	}
	return ranges
}

// minFloor is what an engraving leaves of the plate: two layers of 0.2 mm.
const minFloor Micron = 400

// lines returns the texts to set with their sizes. A blank second line is none.
func (s Spec) lines() []line {
	all := []line{{s.Text, s.Em}}
	if !isBlank(s.SecondLine) {
		all = append(all, line{s.SecondLine, s.secondEm()})
	}
	return all
}

type line struct {
	text string
	em   Micron
}

func (s Spec) secondEm() Micron {
	if s.SecondEm != 0 {
		return s.SecondEm
	}
	return s.Em * 3 / 5
}

func (s Spec) iconEm() Micron {
	if s.IconEm != 0 {
		return s.IconEm
	}
	return s.Em
}

// SwapZ is the height at which the second plastic begins: the letters' on a plate, or, when they are sunk into it, the
// plate's above the letters' ground.
func (s Spec) SwapZ() Micron {
	if s.Engrave {
		return s.Base - s.Relief
	}
	return s.Base
}

// Hash names a mesh by everything it depends on. It is a safe cache key.
type Hash [sha256.Size]byte

// String returns the hash in lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Hash is the SHA-256 of the mesher's version, the font file's own SHA-256, the exact bytes of the text, the icon's path and all
// numbers. It fails with ErrUnknownFont only.
func (s Spec) Hash(book *Book) (Hash, error) {
	typeface, err := book.typeface(s.Font)
	if err != nil {
		return Hash{}, err
	}
	key := binary.BigEndian.AppendUint32(nil, s.version())
	key = append(key, typeface.sum[:]...)
	key = appendStrings(key, s.Text, s.SecondLine)
	key = appendMicrons(key, s.Em, s.secondEm(), s.Tracking, s.Base, s.Relief, s.Margin, s.Radius, s.Hole, s.Border)
	if s.Engrave {
		key = append(key, 1)
	}
	if s.version() > 1 {
		key = appendStrings(key, string(s.Shape), icons[s.Icon])
		key = appendMicrons(key, s.iconEm(), s.Slot, s.Screw, s.Spin)
	}
	return sha256.Sum256(key), nil
}

// version is the version of the mesher that first drew the Spec as it is drawn now. The first one knew rounded plates only, colored
// an engraving by other triangles, and put a text beside a higher hole off the middle; the second cut walls at each of a spinner's
// layers.
func (s Spec) version() uint32 {
	fresh := s.Shape != Plate || s.Icon != "" || s.Slot != 0 || s.Screw != 0
	switch {
	case s.Spin != 0:
		return 3
	case fresh || s.Engrave || s.Hole+2*wall-2*s.Margin > s.Em:
		return 2
	}
	return 1
}

func appendStrings(key []byte, all ...string) []byte {
	for _, s := range all {
		key = binary.BigEndian.AppendUint32(key, uint32(len(s)))
		key = append(key, s...)
	}
	return key
}

func appendMicrons(key []byte, all ...Micron) []byte {
	for _, n := range all {
		key = binary.BigEndian.AppendUint32(key, uint32(n))
	}
	return key
}
