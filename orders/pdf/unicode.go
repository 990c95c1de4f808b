package pdf

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// drawable is a text as the font can draw it, character by character: か followed by U+3099 is
// drawn as が, selectors of variants and what has no width are left out, line breaks become ／.
// Nothing else changes: 神 (U+FA19) does not become 神.
func drawable(s string) string {
	var out strings.Builder
	for rest, state := strings.ToValidUTF8(s, "\uFFFD"), -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		out.WriteString(drawn(cluster))
	}
	return out.String()
}

func drawn(cluster string) string {
	if cluster == "\n" || cluster == "\r\n" {
		return "／"
	}
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, cluster)
	if runes := []rune(visible); len(runes) > 1 {
		if composed := []rune(norm.NFC.String(visible)); len(composed) == 1 {
			return string(composed)
		}
	}
	return visible
}

var (
	unicodeTable = regexp.MustCompile(`(?s)(\d+) 0 obj\n<<\n/Length \d+\n>>\nstream\n(/CIDInit.*?end end\n)endstream`)
	wideTarget   = regexp.MustCompile(`><([0-9A-F]{5,6})>`)
	lastTrailer  = regexp.MustCompile(`(?s)trailer\n<<\n(.*)>>\nstartxref\n(\d+)\n%%EOF\n$`)
)

// searchable gives characters beyond U+FFFF, such as 𠮷, their UTF-16 form in the tables by which
// readers search and copy text; gopdf 0.33 writes them as one number, which no reader takes. The
// tables are appended anew as an incremental update (ISO 32000-1, 7.5.6).
func searchable(file []byte) []byte {
	trailer := lastTrailer.FindSubmatch(file)
	if trailer == nil {
		return file
	}
	updated := bytes.NewBuffer(bytes.Clone(file))
	var sections strings.Builder
	for _, found := range unicodeTable.FindAllSubmatch(file, -1) {
		table := wideTarget.ReplaceAllFunc(found[2], utf16Target)
		if bytes.Equal(table, found[2]) {
			continue
		}
		fmt.Fprintf(&sections, "%s 1\n%010d 00000 n \n", found[1], updated.Len())
		fmt.Fprintf(updated, "%s 0 obj\n<<\n/Length %d\n>>\nstream\n%sendstream\nendobj\n\n", found[1], len(table), table)
	}
	if sections.Len() == 0 {
		return file
	}
	start := updated.Len()
	fmt.Fprintf(updated, "xref\n%strailer\n<<\n%s/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n", sections.String(), trailer[1], trailer[2], start)
	return updated.Bytes()
}

func utf16Target(target []byte) []byte {
	r, err := strconv.ParseUint(string(target[2:len(target)-1]), 16, 32)
	if err != nil {
		return target
	}
	high, low := utf16.EncodeRune(rune(r))
	return fmt.Appendf(nil, "><%04X%04X>", high, low)
}
