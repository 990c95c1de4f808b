// Package problem turns an error into what is told about it, once, for programs and for people.
// The table in table.go maps each error of the domains to a status and a stable code; words.go
// gives each code a sentence a person can act on. Errors that stand in neither become a plain 500
// whose cause is logged and never shown.
package problem

import (
	"errors"
	"net/http"
	"strings"
)

// Problem is an answer of type application/problem+json (RFC 9457) with a stable Code.
type Problem struct {
	Type     string  `json:"type"`
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Code     string  `json:"code"`
	Detail   string  `json:"detail,omitempty"`
	Instance string  `json:"instance,omitempty"`
	Errors   []Field `json:"errors,omitempty"`
}

// ContentType is the media type of a problem document.
const ContentType = "application/problem+json"

// Field is what is wrong with one field of a request.
type Field struct {
	Pointer string `json:"pointer"` // JSON pointer into the request, or /name of a parameter
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Errors of the door itself, before any domain is asked.
var (
	ErrRouteNotFound          = errors.New("no such address")
	ErrMethodNotAllowed       = errors.New("method not allowed here")
	ErrUnsupportedContentType = errors.New("content type is not application/json")
	ErrInvalidJSON            = errors.New("body is not valid JSON")
	ErrBodyTooLarge           = errors.New("body is too large")
	ErrTooManyRequests        = errors.New("too many requests")
	ErrNotSignedIn            = errors.New("not signed in")
	ErrForbidden              = errors.New("not permitted for this role")
	ErrCrossOrigin            = errors.New("request comes from another site")
	ErrIdempotencyKeyReused   = errors.New("idempotency key was used for another request")
	ErrRequestInFlight        = errors.New("a request with this key is still running")
	ErrPostalCodeNotFound     = errors.New("the postal code names no place")
)

// InvalidFieldsError says which fields of a request are not as described.
type InvalidFieldsError struct{ Fields []Field }

func (e *InvalidFieldsError) Error() string {
	pointers := make([]string, len(e.Fields))
	for i, field := range e.Fields {
		pointers[i] = field.Pointer + " " + field.Code
	}
	return "invalid fields: " + strings.Join(pointers, ", ")
}

// Language is the language of the sentences: Japanese unless another is asked for.
type Language string

// The languages a problem is told in. Easy Japanese writes readings as ｜漢字《かんじ》; what no
// customer reads is told in ordinary Japanese.
const (
	Japanese     Language = "ja"
	EasyJapanese Language = "ja-x-easy"
	English      Language = "en"
)

// From returns what is told about err in a language.
func From(err error, language Language) Problem {
	p := Problem{Status: http.StatusInternalServerError, Code: "internal"}
	for _, row := range table {
		if row.matches(err) {
			p.Status, p.Code = row.status, row.code
			if row.explain != nil {
				row.explain(err, language, &p)
			}
			break
		}
	}
	p.Type, p.Title = "/problems/"+p.Code, sentence(p.Code, language)
	for i, field := range p.Errors {
		if field.Message == "" {
			p.Errors[i].Message = fieldSentence(field.Code, language)
		}
	}
	return p
}

// LanguageOf reads Accept-Language: the first of it that is spoken here.
func LanguageOf(r *http.Request) Language {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch tag, _, _ := strings.Cut(strings.TrimSpace(part), ";"); {
		case strings.HasPrefix(tag, "en"):
			return English
		case strings.EqualFold(tag, string(EasyJapanese)):
			return EasyJapanese
		case strings.HasPrefix(tag, "ja"):
			return Japanese
		}
	}
	return Japanese
}
