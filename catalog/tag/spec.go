package tag

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Version is the version of the mesher. It is raised whenever the same Spec may give another mesh, and is part of every
// Hash.
const Version = 1

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

// validate checks every number against what can be printed and what the exact arithmetic of the mesher allows.
func (s Spec) validate() error {
	if isBlank(s.Text) {
		return ErrBlank
	}
	checks := []RangeError{
		{"em", s.Em, 3 * Millimeter, 80 * Millimeter},
		{"second_em", s.secondEm(), 1 * Millimeter, 80 * Millimeter},
		{"tracking", s.Tracking, -s.Em / 2, s.Em},
		{"base", s.Base, 600, 10 * Millimeter},
		{"relief", s.Relief, 200, 10 * Millimeter},
		{"margin", s.Margin, 500, 30 * Millimeter},
		{"radius", s.Radius, 0, MaxSide},
		{"hole", s.Hole, 2 * Millimeter, 20 * Millimeter},
		{"border", s.Border, 800, 10 * Millimeter},
	}
	for _, c := range checks {
		optional := c.Field == "hole" || c.Field == "border"
		if (c.Value < c.Min || c.Value > c.Max) && !(optional && c.Value == 0) {
			return &c
		}
	}
	if s.Engrave && s.Relief > s.Base-minFloor {
		return &RangeError{"relief", s.Relief, 200, s.Base - minFloor}
	}
	return nil
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

// Hash names a mesh by everything it depends on. It is a safe cache key.
type Hash [sha256.Size]byte

// String returns the hash in lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Hash is the SHA-256 of the mesher's version, the font file's own SHA-256, the exact bytes of the text and all numbers.
// It fails with ErrUnknownFont only.
func (s Spec) Hash(book *Book) (Hash, error) {
	typeface, err := book.typeface(s.Font)
	if err != nil {
		return Hash{}, err
	}
	key := binary.BigEndian.AppendUint32(nil, Version)
	key = append(key, typeface.sum[:]...)
	for _, text := range []string{s.Text, s.SecondLine} {
		key = binary.BigEndian.AppendUint32(key, uint32(len(text)))
		key = append(key, text...)
	}
	for _, n := range []Micron{s.Em, s.secondEm(), s.Tracking, s.Base, s.Relief, s.Margin, s.Radius, s.Hole, s.Border} {
		key = binary.BigEndian.AppendUint32(key, uint32(n))
	}
	if s.Engrave {
		key = append(key, 1)
	}
	return sha256.Sum256(key), nil
}
