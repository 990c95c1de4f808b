package catalog

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/google/uuid"
)

// Errors of asking for the next page of a list.
var (
	// ErrBadCursor says that a page was asked for with a cursor that no page gave out.
	ErrBadCursor = errors.New("the cursor is not one of ours")
	// ErrOtherOrder says that the cursor is that of a list in another order.
	ErrOtherOrder = errors.New("the cursor belongs to a list in another order")
)

// Page is a part of a long list. NextCursor fetches the part that follows and is "" on the last.
type Page[T any] struct {
	Items      []T
	NextCursor string
}

// place is where a page of products ends: what its last product is sorted by.
type place struct {
	number int64
	id     ProductID
}

// cursor is a place in a list as text: the sum of the order's name, the place, and the sum of both, which shows when an
// address was cut off or changed. It keeps no secret and opens nothing.
func (p place) cursor(o order) string {
	raw := binary.BigEndian.AppendUint32(nil, o.sum())
	raw = binary.BigEndian.AppendUint64(raw, uint64(p.number))
	raw = append(raw, p.id[:]...)
	raw = binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(raw))
	return base64.RawURLEncoding.EncodeToString(raw)
}

// unsummed is how long a cursor is without the sum at its end.
const unsummed = 4 + 8 + len(uuid.UUID{})

func (o order) parse(cursor string) (place, error) {
	if cursor == "" {
		return o.start(), nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) != unsummed+4 || crc32.ChecksumIEEE(raw[:unsummed]) != binary.BigEndian.Uint32(raw[unsummed:]) {
		return place{}, ErrBadCursor
	}
	if binary.BigEndian.Uint32(raw) != o.sum() {
		return place{}, ErrOtherOrder
	}
	return place{number: int64(binary.BigEndian.Uint64(raw[4:])), id: ProductID(raw[12:unsummed])}, nil
}

func (o order) sum() uint32 { return crc32.ChecksumIEEE([]byte(o.name)) }
