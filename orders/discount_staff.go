package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// ErrCodeNotFound says that there is no such discount code.
var ErrCodeNotFound = errors.New("there is no such discount code")

// NewCode is a discount code that staff want; see DiscountCode. A zero ValidFrom is now.
type NewCode struct {
	Code       string
	Kind       DiscountKind
	Value      int
	MinGoods   yen.Amount
	ValidFrom  time.Time
	ValidUntil *time.Time
	MaxUses    *int
	OnceEach   bool
	Products   []catalog.ProductID
}

// maxCode is the longest code in characters, maxValue the most yen one takes off.
const (
	maxCode  = 40
	maxValue = 100_000
)

// check notes what cannot be taken: "code" ("required", "too_long", "invalid"), "kind", "value",
// "min_goods", "valid_until" and "max_uses" ("invalid").
func (c *NewCode) check() error {
	fields := map[string]string{}
	c.Code = strings.TrimSpace(c.Code)
	switch {
	case codeKey(c.Code) == "":
		fields["code"] = "required"
	case text.Visible(c.Code) != nil:
		fields["code"] = "invalid"
	case text.Graphemes(c.Code) > maxCode:
		fields["code"] = "too_long"
	}
	switch {
	case c.Kind != PercentOff && c.Kind != YenOff:
		fields["kind"] = "unknown"
	case c.Value < 1 || c.Kind == PercentOff && c.Value > 100 || c.Value > maxValue:
		fields["value"] = "invalid"
	}
	if c.MinGoods < 0 {
		fields["min_goods"] = "invalid"
	}
	if c.ValidUntil != nil && !c.ValidFrom.Before(*c.ValidUntil) {
		fields["valid_until"] = "invalid"
	}
	if c.MaxUses != nil && *c.MaxUses < 1 {
		fields["max_uses"] = "invalid"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

// MakeCode makes a discount code. Errors: *FormError ("code": "taken" for one that is, or ever
// was, compared the same).
func (s *Service) MakeCode(ctx context.Context, by audit.Actor, wanted NewCode) (DiscountCode, error) {
	if wanted.ValidFrom.IsZero() {
		wanted.ValidFrom = s.now()
	}
	if err := wanted.check(); err != nil {
		return DiscountCode{}, err
	}
	var made DiscountCode
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		code := id.New[discountKind]()
		if err := insertCode(ctx, tx, code, wanted); err != nil {
			return err
		}
		err := audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "discount.made", Subject: code.String(),
			Detail: map[string]any{"code": wanted.Code, "kind": wanted.Kind, "value": wanted.Value, "max_uses": wanted.MaxUses},
		})
		if err != nil {
			return err
		}
		made, err = findCode(ctx, tx, `code.id = $1`, code)
		return err
	})
	if postgres.Violates(err, "discount_key_unique") {
		return DiscountCode{}, &FormError{Fields: map[string]string{"code": "taken"}}
	}
	if err != nil {
		return DiscountCode{}, fmt.Errorf("make discount code: %w", err)
	}
	return made, nil
}

func insertCode(ctx context.Context, tx *sqlx.Tx, code DiscountID, wanted NewCode) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO discount_codes (id, code, key, kind, value, min_goods_yen, valid_from, valid_until, max_uses, once_each)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		code, wanted.Code, codeKey(wanted.Code), wanted.Kind, wanted.Value, wanted.MinGoods, wanted.ValidFrom,
		wanted.ValidUntil, wanted.MaxUses, wanted.OnceEach)
	if err != nil {
		return err
	}
	for _, product := range wanted.Products {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO discount_code_products (code_id, product_id)
			VALUES ($1, $2)
			ON CONFLICT DO NOTHING`, code, product)
		if err != nil {
			return err
		}
	}
	return nil
}

// EndCode ends a code now; orders and confirmation pages that have it keep it. One that is over
// stays as it is. Errors: ErrCodeNotFound.
func (s *Service) EndCode(ctx context.Context, by audit.Actor, code DiscountID) (DiscountCode, error) {
	var ended DiscountCode
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		result, err := tx.ExecContext(ctx, `
			UPDATE discount_codes
			SET valid_until = greatest($2, valid_from)
			WHERE id = $1 AND (valid_until IS NULL OR valid_until > $2)`, code, s.now())
		if err != nil {
			return err
		}
		if ended, err = findCode(ctx, tx, `code.id = $1`, code); errors.Is(err, sql.ErrNoRows) {
			return ErrCodeNotFound
		}
		if rows, failed := result.RowsAffected(); err != nil || failed != nil || rows == 0 {
			return errors.Join(err, failed)
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "discount.ended", Subject: code.String()})
	})
	if err != nil {
		return DiscountCode{}, fmt.Errorf("end discount code %s: %w", code, err)
	}
	return ended, nil
}

// Codes lists all discount codes, the newest first.
func (s *Service) Codes(ctx context.Context) ([]DiscountCode, error) {
	return readCodes(ctx, s.db, `true ORDER BY code.id DESC`)
}
