// Package locale holds every sentence that a storefront visitor reads, in three languages: Japanese, やさしい日本語
// (easy Japanese: short sentences, verbs, words set apart) and English.
//
// A language is one filled [Strings] struct, so a forgotten sentence does not compile or fails the package's test. It
// refuses machine fallbacks: a text is either written in a language or the build is red.
package locale

import (
	"net/http"
	"time"
)

// Language is one of the three ways the storefront speaks.
type Language string

// The languages, by the value of ?lang= and of the cookie.
const (
	Japanese     Language = "ja"
	EasyJapanese Language = "easy"
	English      Language = "en"
)

// CookieName keeps a visitor's choice.
const CookieName = "lang"

// Languages lists all, in the order of the switch.
var Languages = []Language{Japanese, EasyJapanese, English}

// Parse returns the language of a ?lang= value; ok is false for anything else.
func Parse(s string) (language Language, ok bool) {
	for _, l := range Languages {
		if s == string(l) {
			return l, true
		}
	}
	return Japanese, false
}

// From returns the language of a request: ?lang=, else the cookie, else Japanese. The browser's Accept-Language is not
// read, since a page must look the same to everybody who opens a shared address.
func From(r *http.Request) Language {
	if l, ok := Parse(r.URL.Query().Get("lang")); ok {
		return l
	}
	if cookie, err := r.Cookie(CookieName); err == nil {
		l, _ := Parse(cookie.Value)
		return l
	}
	return Japanese
}

// Remember keeps ?lang= for a year when the request carries a valid one. Call it before the body is written.
func Remember(w http.ResponseWriter, r *http.Request) {
	l, ok := Parse(r.URL.Query().Get("lang"))
	if !ok {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: CookieName, Value: string(l), Path: "/", HttpOnly: true,
		MaxAge: int((365 * 24 * time.Hour).Seconds()), SameSite: http.SameSiteLaxMode,
	})
}

// Tag is the value of the HTML lang attribute.
func (l Language) Tag() string {
	if l == English {
		return "en"
	}
	return "ja"
}

// BCP47 tells the languages apart to machines. Easy Japanese has no tag of its own but for private use (RFC 5646 §2.2.7).
func (l Language) BCP47() string {
	if l == EasyJapanese {
		return "ja-x-easy"
	}
	return l.Tag()
}

// OpenGraph is the locale as Open Graph writes it.
func (l Language) OpenGraph() string {
	if l == English {
		return "en_US"
	}
	return "ja_JP"
}

// Name is the language's own name, as the switch shows it.
func (l Language) Name() string {
	switch l {
	case EasyJapanese:
		return "やさしい日本語"
	case English:
		return "English"
	default:
		return "日本語"
	}
}
