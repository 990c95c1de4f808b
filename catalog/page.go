package catalog

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"

	"github.com/google/uuid"
)

// ErrBadCursor says that a page was asked for with a cursor that no page gave out.
var ErrBadCursor = errors.New("the cursor is not one of ours")

// Page is a part of a long list. NextCursor fetches the part that follows and is "" on the last.
type Page[T any] struct {
	Items      []T
	NextCursor string
}

// place is where a page of products ends: they are listed by position, and by id where that is equal.
type place struct {
	position int64
	id       ProductID
}

// beforeAll is the place where the first page begins.
var beforeAll = place{position: math.MinInt32}

func (p place) cursor() string {
	raw := binary.BigEndian.AppendUint32(nil, uint32(p.position))
	return base64.RawURLEncoding.EncodeToString(append(raw, p.id[:]...))
}

func parseCursor(cursor string) (place, error) {
	if cursor == "" {
		return beforeAll, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) != 4+len(uuid.UUID{}) {
		return place{}, ErrBadCursor
	}
	return place{position: int64(int32(binary.BigEndian.Uint32(raw))), id: ProductID(raw[4:])}, nil
}
