package text

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// RemarkKind is what a text makes one look at it twice.
type RemarkKind string

// The kinds of remarks. None says that a text is bad: a phone number belongs on a pet's tag.
const (
	MixedScripts  RemarkKind = "mixed_scripts"  // letters of another script that look like those beside them
	ForeignScript RemarkKind = "foreign_script" // neither Japanese nor Latin, which nobody here may be able to read
	PhoneNumber   RemarkKind = "phone"
	MailAddress   RemarkKind = "mail"
	WebAddress    RemarkKind = "web"
	StreetAddress RemarkKind = "address"
	SocialHandle  RemarkKind = "handle"
)

// Remark is a part of a text that asks for a second look, as it was typed or, where width and kana were folded, as it reads.
type Remark struct {
	Kind RemarkKind
	Part string
}

// contacts find how somebody could be reached, in a text made one by NFKC and lower case.
var contacts = []struct {
	kind  RemarkKind
	found *regexp.Regexp
}{
	{MailAddress, regexp.MustCompile(`[^\s@]+@[^\s@]+\.[^\s@]+`)},
	{WebAddress, regexp.MustCompile(`https?://\S*|www\.\S+|[a-z0-9-]+\.(?:com|net|org|jp|io|me|info|shop|app|dev|tv|xyz|link|page|site)\b\S*`)},
	{SocialHandle, regexp.MustCompile(`(?:^|[\s:/])@[a-z0-9_.]{2,}|(?:line|ライン|インスタ(?:グラム)?|instagram|insta|twitter|ツイッター|tiktok|カカオ|kakao|discord|skype)\s*(?:id|アカウント)?\s*[:@]\s*\S+`)},
	{PhoneNumber, regexp.MustCompile(`(?:\+81|\(?0)[\d\-‐‑–—−ー(). ]{8,16}\d`)},
	{StreetAddress, regexp.MustCompile(`〒|(?:^|[^\d\-])\d{3}[-‐–−ー]\d{4}(?:[^\d\-]|$)|(?:都|道|府|県)\S{1,8}?(?:市|区|町|村)|\d+(?:丁目|番地)`)},
}

// Remarks looks through a line, whose bytes it leaves alone.
func Remarks(line string) []Remark {
	var remarks []Remark
	for word := range strings.FieldsSeq(line) {
		if part := confused(word); part != "" {
			remarks = append(remarks, Remark{MixedScripts, part})
		}
	}
	if part := foreignLetters(line); part != "" {
		remarks = append(remarks, Remark{ForeignScript, part})
	}
	shadow := strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(line, "\uFFFD")))
	for _, contact := range contacts {
		for _, part := range contact.found.FindAllString(shadow, -1) {
			if contact.kind != PhoneNumber || digits(part) >= 10 && digits(part) <= 13 {
				remarks = append(remarks, Remark{contact.kind, strings.TrimSpace(part)})
			}
		}
	}
	return remarks
}

func digits(s string) (count int) {
	for _, r := range s {
		if '0' <= r && r <= '9' {
			count++
		}
	}
	return count
}

// confused returns the letters of a word that look like Latin ones and are not, if it has Latin ones, too.
func confused(word string) string {
	latin := strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
	var others strings.Builder
	for _, r := range word {
		if like, known := latinLookalikes[unicode.ToLower(r)]; known && latin && like != 0 {
			others.WriteRune(r)
		}
	}
	return others.String()
}

// foreignLetters returns letters that are of neither Japanese nor Latin script.
func foreignLetters(line string) string {
	var foreign strings.Builder
	for _, r := range line {
		if unicode.IsLetter(r) && !unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han, unicode.Latin, unicode.Common) {
			foreign.WriteRune(r)
		}
	}
	return foreign.String()
}

// latinLookalikes are Cyrillic and Greek letters by the Latin ones they are taken for (Unicode UTS #39, confusables).
var latinLookalikes = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'һ': 'h', 'н': 'h', 'і': 'i', 'ј': 'j', 'к': 'k', 'м': 'm', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'ѕ': 's', 'т': 't',
	'ѵ': 'v', 'ԝ': 'w', 'х': 'x', 'у': 'y', 'α': 'a', 'β': 'b', 'ε': 'e', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x',
}

// kanaLookalikes are signs by the kana they are taken for.
var kanaLookalikes = map[rune]rune{
	'力': 'か', '口': 'ろ', '工': 'え', '二': 'に', '八': 'は', '夕': 'た', '卜': 'と', '千': 'ち', '三': 'み', '又': 'ぬ', '才': 'お', '□': 'ろ',
}

// letterDigits are digits and signs by the letters they are written for.
var letterDigits = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}

// Shadows are the forms of a text in which a listed word may hide: folded as one hears it, without the signs and spaces
// between its letters, and with look-alikes taken for what they look like. Each is made of the text alone; it is never shown.
func Shadows(s string) []string {
	plain := strings.Map(letterOnly, Sound(Fold(s)))
	shadows := []string{plain}
	for _, alike := range []map[rune]rune{kanaLookalikes, letterDigits} {
		other := strings.Map(func(r rune) rune { return letterOnly(seem(r, latinLookalikes, alike)) }, Sound(Fold(s)))
		if other != plain {
			shadows = append(shadows, other)
		}
	}
	return shadows
}

// seem is what a letter is taken for.
func seem(r rune, tables ...map[rune]rune) rune {
	for _, table := range tables {
		if like, known := table[r]; known {
			return like
		}
	}
	return r
}

// letterOnly drops what only stands between letters, and accents.
func letterOnly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return r
	}
	return -1
}
