package api

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"tsukuriba/api/problem"
	"tsukuriba/api/rest"
)

//go:generate go run places_build.go

//go:embed places.txt.gz
var zippedPlaces []byte

// Places knows the towns of Japan by postal code. It is one sorted text of 3 MB that is searched
// where it lies; places_build.go says what its lines are.
type Places struct{ lines string }

// LoadPlaces returns the places that came with the program, unpacked once in each process.
func LoadPlaces() (Places, error) { return unpacked() }

var unpacked = sync.OnceValues(func() (Places, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(zippedPlaces))
	if err != nil {
		return Places{}, fmt.Errorf("unpack places: %w", err)
	}
	lines, err := io.ReadAll(unzipped)
	if err != nil {
		return Places{}, fmt.Errorf("unpack places: %w", err)
	}
	return Places{string(lines)}, nil
})

// Place is a town within a city within a prefecture. Town is empty for codes of a whole city.
type Place struct{ Prefecture, City, Town string }

// At returns the places of a postal code in any width, with or without hyphens and 〒: none for
// what is no postal code or a company's own, two or more where towns share one.
func (p Places) At(postalCode string) []Place {
	code := digits(postalCode)
	if len(code) != 7 {
		return nil
	}
	var places []Place
	for _, key := range []string{code[:5], code} {
		for _, town := range p.find(key) {
			for _, city := range p.find("c" + town[0]) {
				places = append(places, Place{Prefecture: city[0], City: city[1], Town: town[1]})
			}
		}
	}
	return places
}

// digits keeps the digits of a code and leaves anything that cannot belong to one in the way.
func digits(postalCode string) string {
	return strings.NewReplacer("〒", "", "-", "", "‐", "", "‑", "", "–", "", "—", "", "−", "", "ー", "", " ", "").
		Replace(norm.NFKC.String(postalCode))
}

// find returns what stands behind a key, a pair for each of its lines.
func (p Places) find(key string) [][2]string {
	key += "\t"
	at := p.lineStart(sort.Search(len(p.lines), func(i int) bool { return p.lines[p.lineStart(i):] >= key }))
	var found [][2]string
	for rest := p.lines[at:]; strings.HasPrefix(rest, key); {
		line, after, _ := strings.Cut(rest, "\n")
		first, second, _ := strings.Cut(line[len(key):], "\t")
		found = append(found, [2]string{first, second})
		rest = after
	}
	return found
}

// lineStart is where the first line begins that starts at i or later.
func (p Places) lineStart(i int) int {
	if i == 0 || i >= len(p.lines) {
		return i
	}
	end := strings.IndexByte(p.lines[i-1:], '\n')
	if end < 0 {
		return len(p.lines)
	}
	return i + end
}

// LookUpPostalCode fills in an address.
func (a *API) LookUpPostalCode(_ context.Context, request rest.LookUpPostalCodeRequestObject) (rest.LookUpPostalCodeResponseObject, error) {
	places := a.Places.At(request.Code)
	if len(places) == 0 {
		return nil, problem.ErrPostalCodeNotFound
	}
	return rest.LookUpPostalCode200JSONResponse{
		Items: each(places, func(p Place) rest.Place { return rest.Place{Prefecture: p.Prefecture, City: p.City, Town: p.Town} }),
	}, nil
}
