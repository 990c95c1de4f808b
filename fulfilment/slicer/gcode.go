package slicer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// A G-code file is read in nanometers, as integers: PrusaSlicer writes at most five decimals, and
// an integer has no NaN, no infinity and no rounding.
const (
	micron     = 1000
	millimeter = 1000 * micron

	maxLine   = 256 << 10              // the list of objects in one comment is the longest
	maxNumber = 1_000_000 * millimeter // a kilometer of anything in one move is no print
)

// head is where the nozzle is and how it counts, after the lines read so far.
type head struct {
	x, y, z, e int64
	relativeE  bool
	words      words // of the present line
}

// move is one G0 or G1 after it was carried out.
type move struct {
	fromX, fromY, x, y, z int64
	extruded              int64 // length of filament; negative when drawn back
	travels               bool  // moved in X or Y
}

// visitor is told what a file does, line by line. An error ends the reading.
type visitor interface {
	comment(text []byte) error
	moved(move) error
	command(line []byte) error // any other command, without its comment
}

var errMalformed = errors.New("not G-code of this slicer")

// readGCode carries out every line on paper. It knows what PrusaSlicer writes for Marlin and calls
// all else malformed: arcs, inches, relative positions, numbers with exponents, endless lines.
func readGCode(r io.Reader, to visitor) error {
	lines := bufio.NewReaderSize(r, maxLine)
	var at head
	for number := 1; ; number++ {
		line, err := lines.ReadSlice('\n')
		switch {
		case err == nil:
		case errors.Is(err, bufio.ErrBufferFull):
			return reject(ReasonMalformed, "line %d is longer than %d bytes", number, maxLine)
		case !errors.Is(err, io.EOF):
			return err
		case len(line) == 0:
			return nil
		}
		if err := at.read(line, to); err != nil {
			if errors.Is(err, errMalformed) {
				return reject(ReasonMalformed, "line %d: %.80q", number, line)
			}
			return err
		}
	}
}

func (h *head) read(line []byte, to visitor) error {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return nil
	}
	if line[0] == ';' {
		return to.comment(line[1:])
	}
	if semicolon := bytes.IndexByte(line, ';'); semicolon >= 0 {
		line = bytes.TrimRight(line[:semicolon], " \t")
	}
	if len(line) > 2 && line[0] == 'G' && (line[1] == '1' || line[1] == '0') && line[2] == ' ' {
		return h.move(line[3:], to)
	}
	return h.other(line, to)
}

func (h *head) move(arguments []byte, to visitor) error {
	words := &h.words
	if err := words.read(arguments); err != nil {
		return err
	}
	m := move{fromX: h.x, fromY: h.y, travels: words.has('X') || words.has('Y')}
	words.set('X', &h.x)
	words.set('Y', &h.y)
	words.set('Z', &h.z)
	if words.has('E') {
		e := words.value['E'-'A']
		if h.relativeE {
			m.extruded = e
		} else {
			m.extruded, h.e = e-h.e, e
		}
	}
	m.x, m.y, m.z = h.x, h.y, h.z
	return to.moved(m)
}

// other follows the commands that change how later lines are read.
func (h *head) other(line []byte, to visitor) error {
	name, arguments, _ := bytes.Cut(line, []byte(" "))
	switch string(name) {
	case "G92":
		if err := h.words.read(arguments); err != nil || h.words.has('X') || h.words.has('Y') || h.words.has('Z') {
			return errMalformed
		}
		h.words.set('E', &h.e)
		return nil
	case "G28":
		h.x, h.y, h.z = 0, 0, 0
	case "M82":
		h.relativeE = false
	case "M83":
		h.relativeE = true
	case "G4", "G21", "G29", "G90":
	default:
		if name[0] != 'M' || movesTheOrigin[string(name)] {
			return errMalformed
		}
	}
	return to.command(line)
}

// movesTheOrigin names the M commands of Marlin after which positions mean something else.
var movesTheOrigin = map[string]bool{"M206": true, "M218": true, "M290": true, "M428": true, "M851": true}

// words are the lettered numbers of one command, such as X10.5 E.02, in nanometers.
type words struct {
	present uint32
	value   [26]int64
}

func (w *words) has(letter byte) bool { return w.present&(1<<(letter-'A')) != 0 }

func (w *words) set(letter byte, to *int64) {
	if w.has(letter) {
		*to = w.value[letter-'A']
	}
}

func (w *words) read(b []byte) error {
	w.present = 0
	for i := 0; i < len(b); {
		letter := b[i]
		if letter == ' ' {
			i++
			continue
		}
		if letter < 'A' || letter > 'Z' || w.has(letter) {
			return errMalformed
		}
		value, length := readNumber(b[i+1:])
		if length == 0 {
			return errMalformed
		}
		w.present |= 1 << (letter - 'A')
		w.value[letter-'A'] = value
		i += 1 + length
	}
	return nil
}

// readNumber reads a decimal number of millimeters up to a blank or the end. The length is 0 if
// there is none, or one that no printer could mean.
func readNumber(b []byte) (nanometers int64, length int) {
	i, negative := 0, false
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = b[i] == '-'
		i++
	}
	digits, unit := 0, int64(0)
	for ; i < len(b) && b[i] != ' '; i++ {
		switch {
		case b[i] == '.' && unit == 0:
			unit = millimeter
			nanometers *= millimeter
		case b[i] < '0' || b[i] > '9':
			return 0, 0
		case unit == 0:
			nanometers = nanometers*10 + int64(b[i]-'0')
			digits++
		default:
			unit /= 10 // further digits than nanometers count nothing
			nanometers += int64(b[i]-'0') * unit
			unit = max(unit, 1)
			digits++
		}
		if digits > 18 || (unit == 0 && nanometers > maxNumber/millimeter) {
			return 0, 0
		}
	}
	if digits == 0 {
		return 0, 0
	}
	if unit == 0 {
		nanometers *= millimeter
	}
	if negative {
		nanometers = -nanometers
	}
	return nanometers, i
}
