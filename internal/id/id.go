// Package id gives every kind of thing its own identifier type, so that an order's id can
// never be passed where a unit's is meant. Inside, an id is a UUIDv7; outside, it carries the
// prefix of its kind: ord_01jd3v7zq8e6rtk4v2m8c5n9xw. It refuses text with another prefix.
package id

import (
	"database/sql/driver"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// ErrInvalid says that a text is not an id of the wanted kind.
var ErrInvalid = errors.New("invalid id")

// Kind names one kind of thing by the prefix of its ids, without the underscore.
type Kind interface{ Prefix() string }

// ID is the identifier of one thing of kind K. The zero ID names nothing and is stored as NULL.
type ID[K Kind] uuid.UUID

// crockford has no letters that are mistaken for digits, and sorts as the bytes do.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New returns a fresh id. Ids made later sort later (UUIDv7).
func New[K Kind]() ID[K] {
	return ID[K](uuid.Must(uuid.NewV7()))
}

// Parse reads the outside form. It returns ErrInvalid for any other text.
func Parse[K Kind](text string) (ID[K], error) {
	var kind K
	encoded, found := strings.CutPrefix(text, kind.Prefix()+"_")
	raw, err := crockford.DecodeString(encoded)
	if !found || err != nil || len(raw) != len(uuid.UUID{}) {
		return ID[K]{}, fmt.Errorf("%w: %q is not of the form %s_…", ErrInvalid, text, kind.Prefix())
	}
	parsed := ID[K](raw)
	if parsed.String() != text { // spare bits in the last letter would give one id two spellings
		return ID[K]{}, fmt.Errorf("%w: %q", ErrInvalid, text)
	}
	return parsed, nil
}

// String returns the outside form, or "" for the zero id.
func (i ID[K]) String() string {
	if i.IsZero() {
		return ""
	}
	var kind K
	return kind.Prefix() + "_" + crockford.EncodeToString(i[:])
}

// IsZero reports whether the id names nothing.
func (i ID[K]) IsZero() bool { return uuid.UUID(i) == uuid.Nil }

// MarshalText writes the outside form, for JSON and forms.
func (i ID[K]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the outside form; "" gives the zero id.
func (i *ID[K]) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*i = ID[K]{}
		return nil
	}
	parsed, err := Parse[K](string(text))
	if err != nil {
		return err
	}
	*i = parsed
	return nil
}

// Value stores the id as a uuid, the zero id as NULL.
func (i ID[K]) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return uuid.UUID(i).String(), nil
}

// Scan reads a uuid column; NULL gives the zero id.
func (i *ID[K]) Scan(value any) error {
	*i = ID[K]{} // which NULL would leave as it was
	return (*uuid.UUID)(i).Scan(value)
}
