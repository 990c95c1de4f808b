package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tsukuriba/catalog"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// Gift is how an order is to be made a present. The message stands on an open card about the
// goods, read by those who pack it; it is stored sealed with the contact. WithoutPrices keeps
// every paper with a price out of the parcel.
type Gift struct {
	Wrapped       bool
	Message       string
	WithoutPrices bool
}

// MaxGiftMessage is how many characters, as a reader counts them, fit on a card.
const MaxGiftMessage = 200

// check notes in fields what cannot be taken. Line ends are welcome in a message.
func (g *Gift) check(fields map[string]string) {
	g.Message = strings.TrimSpace(strings.ReplaceAll(g.Message, "\r\n", "\n"))
	switch {
	case strangeText(strings.ReplaceAll(g.Message, "\n", " ")):
		fields["gift_message"] = "invalid"
	case text.Graphemes(g.Message) > MaxGiftMessage:
		fields["gift_message"] = "too_long"
	}
}

// strangeText says whether a text has what no paper can show: broken encoding, controls, or marks
// that turn the direction in which it is read.
func strangeText(value string) bool {
	return !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	})
}

// wrappingPrice is what gift wrapping costs on a day, whatever is in the cart, from memory like tariffs.
func (s *Service) wrappingPrice(ctx context.Context, day time.Time) (yen.Amount, error) {
	date := day.Format(time.DateOnly)
	return catalog.Recall(s.catalog, "wrapping\x00"+date, func() (price yen.Amount, bytes int, err error) {
		err = s.db.GetContext(ctx, &price, `
			SELECT price_yen
			FROM own_prices
			WHERE key = $1 AND valid_from <= $2
			ORDER BY valid_from DESC
			LIMIT 1`, WrappingKey, date)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return 0, 0, errors.New("wrapping has no price on this day")
		case err != nil:
			return 0, 0, fmt.Errorf("read wrapping price: %w", err)
		}
		return price, 8, nil
	})
}
