package text

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/runenames"
)

// ErrEncoding says that a text is not UTF-8.
var ErrEncoding = errors.New("the text is not valid UTF-8")

// InvisibleError names the characters of a text that a reader cannot see.
type InvisibleError struct {
	Names []string // each once, in order of appearance: "U+200B ZERO WIDTH SPACE"
}

func (e *InvisibleError) Error() string {
	return "the text has invisible characters: " + strings.Join(e.Names, ", ")
}

// Visible returns nil if a reader can see, or see the space of, every character of s. Control
// characters (NUL, tab and line ends among them), zero-width and bidirectional ones and blank
// letters give an *InvisibleError; bytes that are no text give ErrEncoding. Variation selectors
// pass, because they choose the form of the kanji before them.
func Visible(s string) error {
	if !utf8.ValidString(s) {
		return ErrEncoding
	}
	var names []string
	seen := map[rune]bool{}
	for _, r := range s {
		if invisible(r) && !seen[r] {
			seen[r] = true
			names = append(names, name(r))
		}
	}
	if names != nil {
		return &InvisibleError{Names: names}
	}
	return nil
}

// blankLetters are drawn as nothing although Unicode counts them as letters, marks or symbols.
var blankLetters = map[rune]bool{
	'\u034f': true,                                                 // combining grapheme joiner
	'\u115f': true, '\u1160': true, '\u3164': true, '\uffa0': true, // Hangul fillers
	'\u17b4': true, '\u17b5': true, // Khmer inherent vowels
	'\u2800': true, // braille blank
}

func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || blankLetters[r]
}

func name(r rune) string {
	if unicode.IsControl(r) {
		return fmt.Sprintf("U+%04X control character", r)
	}
	return fmt.Sprintf("U+%04X %s", r, runenames.Name(r))
}

// InvisibleNames returns the names in an *InvisibleError, nil for any other error.
func InvisibleNames(err error) []string {
	var invisible *InvisibleError
	if errors.As(err, &invisible) {
		return invisible.Names
	}
	return nil
}
