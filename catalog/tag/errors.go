package tag

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrBlank means that there is nothing to draw: no text, or only spaces of any kind.
	ErrBlank = errors.New("the text is blank")
	// ErrUnknownFont means that no font has the given FontID.
	ErrUnknownFont = errors.New("there is no such font")
	// ErrUnknownShape means that no plate has the given ShapeID.
	ErrUnknownShape = errors.New("there is no such shape")
	// ErrUnknownIcon means that no icon has the given IconID.
	ErrUnknownIcon = errors.New("there is no such icon")
	// ErrApart means that letters stand too far apart for a plate that follows them.
	ErrApart = errors.New("the letters stand too far apart to be one piece")
	// ErrFontsMissing means that the binary was built without its fonts.
	ErrFontsMissing = errors.New("fonts are missing: run make deps")
	// ErrNotClosed means that a mesh is not the closed surface of a solid and must not be printed.
	ErrNotClosed = errors.New("the mesh is not closed")
)

// MissingGlyphsError names the characters that the font cannot draw as typed.
type MissingGlyphsError struct {
	Graphemes []string // each once, in order of appearance; invisible ones as "U+200B"
	Line      int      // 0 for the first, 1 for the second
	Font      FontID   // the font that was asked for
	Elsewhere []FontID // fonts that can draw the whole text, if any
}

func (e *MissingGlyphsError) Error() string {
	return fmt.Sprintf("the font %s cannot draw %s", e.Font, strings.Join(e.Graphemes, " "))
}

// TooLargeError says that the plate would not fit the printer's bed.
type TooLargeError struct {
	Width, Height, Max Micron
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the tag would be %.1f × %.1f mm; at most %.0f × %.0f mm can be made",
		e.Width.MM(), e.Height.MM(), e.Max.MM(), e.Max.MM())
}

// TooThinError says that a stroke of the text is thinner than the nozzle can draw.
type TooThinError struct {
	Grapheme string // the character with the thinnest strokes
	Stroke   Micron // how wide they would be
	Min      Micron // how wide they must be
	Em       Micron // the smallest size of that line at which they are
}

func (e *TooThinError) Error() string {
	return fmt.Sprintf("the strokes of %s would be %.2f mm thin, under %.1f mm; a size of %.1f mm would do",
		e.Grapheme, e.Stroke.MM(), e.Min.MM(), e.Em.MM())
}

// TooLongError says that a line has too many characters.
type TooLongError struct {
	Graphemes, Max int
	Line           int // 0 for the first, 1 for the second
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("the text has %d characters; at most %d fit a line", e.Graphemes, e.Max)
}

// RangeError says that a number of a Spec is outside of what can be made.
type RangeError struct {
	Field           string // as in the Spec's JSON
	Value, Min, Max Micron
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("%s is %.2f mm; it must be from %.2f to %.2f mm", e.Field, e.Value.MM(), e.Min.MM(), e.Max.MM())
}
