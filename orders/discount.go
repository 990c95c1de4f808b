package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// DiscountCode takes something off the goods it is for, never off wrapping or shipping. Its rules
// never change once it is made; it can only be ended.
type DiscountCode struct {
	ID         DiscountID   `db:"id"`
	Code       string       `db:"code"` // as staff wrote it; compared without regard to case, width and spaces
	Kind       DiscountKind `db:"kind"`
	Value      int          `db:"value"`         // percent or yen
	MinGoods   yen.Amount   `db:"min_goods_yen"` // of the goods it is for
	ValidFrom  time.Time    `db:"valid_from"`
	ValidUntil *time.Time   `db:"valid_until"` // nil: until it is ended
	MaxUses    *int         `db:"max_uses"`    // nil: any number
	OnceEach   bool         `db:"once_each"`   // once for an e-mail address
	Used       int          `db:"used"`        // by orders that have not ended unpaid
	Products   []catalog.ProductID
}

// DiscountKind says how Value is meant.
type DiscountKind string

// The kinds of discounts.
const (
	PercentOff DiscountKind = "percent"
	YenOff     DiscountKind = "yen"
)

// Why a code takes nothing off, as reasons of the field "discount_code".
const (
	codeUnknown    = "code_unknown"
	codeNotYet     = "code_not_yet"
	codeEnded      = "code_ended"
	codeUsedUp     = "code_used_up"
	codeUsedBefore = "code_used_before" // by this e-mail address
	codeTooLittle  = "code_too_little"  // the goods cost less than it asks for
	codeNotFor     = "code_not_for_these"
)

// problem says why the code takes nothing off goods of which base are what it is for, or "".
func (d DiscountCode) problem(base yen.Amount, now time.Time) string {
	switch {
	case now.Before(d.ValidFrom):
		return codeNotYet
	case d.Ended(now):
		return codeEnded
	case d.MaxUses != nil && d.Used >= *d.MaxUses:
		return codeUsedUp
	case base == 0:
		return codeNotFor
	case base < d.MinGoods:
		return codeTooLittle
	}
	return ""
}

// Ended says whether the time of the code is over.
func (d DiscountCode) Ended(now time.Time) bool {
	return d.ValidUntil != nil && !now.Before(*d.ValidUntil)
}

// codeKey is what is compared of a code: ＳＡＫＵＲＡ１０ is sakura10.
func codeKey(typed string) string { return strings.ReplaceAll(text.Fold(typed), " ", "") }

const selectCodes = `
	SELECT code.id, code.code, code.kind, code.value, code.min_goods_yen, code.valid_from, code.valid_until,
	       code.max_uses, code.once_each, code.used,
	       (SELECT coalesce(json_agg(product_id), '[]') FROM discount_code_products WHERE code_id = code.id) AS products
	FROM discount_codes AS code
	WHERE `

// findCode returns the one code for which condition holds, or sql.ErrNoRows.
func findCode(ctx context.Context, db sqlx.QueryerContext, condition string, args ...any) (DiscountCode, error) {
	codes, err := readCodes(ctx, db, condition, args...)
	if err == nil && len(codes) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return DiscountCode{}, err
	}
	return codes[0], nil
}

func readCodes(ctx context.Context, db sqlx.QueryerContext, condition string, args ...any) ([]DiscountCode, error) {
	var rows []struct {
		DiscountCode
		ProductIDs []byte `db:"products"`
	}
	if err := sqlx.SelectContext(ctx, db, &rows, selectCodes+condition, args...); err != nil {
		return nil, fmt.Errorf("read discount codes: %w", err)
	}
	codes := make([]DiscountCode, len(rows))
	for i, row := range rows {
		codes[i] = row.DiscountCode
		var plain []uuid.UUID
		if err := json.Unmarshal(row.ProductIDs, &plain); err != nil {
			return nil, fmt.Errorf("read products of code %s: %w", row.Code, err)
		}
		for _, product := range plain {
			codes[i].Products = append(codes[i].Products, catalog.ProductID(product))
		}
	}
	return codes, nil
}

// UseCode puts a discount code into the cart in place of any other; "" takes it out. Errors:
// ErrCartNotFound, *FormError ("discount_code") for a code that takes nothing off this cart.
func (s *Service) UseCode(ctx context.Context, token, typed string) (Cart, error) {
	return s.changeCart(ctx, token, func(tx *sqlx.Tx, cart *Cart) error {
		if codeKey(typed) == "" {
			return cart.setCode(ctx, tx, DiscountID{})
		}
		code, err := findCode(ctx, tx, `code.key = $1`, codeKey(typed))
		if errors.Is(err, sql.ErrNoRows) {
			return codeError(codeUnknown)
		}
		if err != nil {
			return err
		}
		if err := cart.readLines(ctx, tx); err != nil {
			return err
		}
		if problem := code.problem(cart.base(code), s.now()); problem != "" {
			return codeError(problem)
		}
		return cart.setCode(ctx, tx, code.ID)
	})
}

func codeError(reason string) error {
	return &FormError{Fields: map[string]string{"discount_code": reason}}
}

func (c *Cart) setCode(ctx context.Context, tx *sqlx.Tx, code DiscountID) error {
	if _, err := tx.ExecContext(ctx, `UPDATE carts SET code_id = $2 WHERE id = $1`, c.ID, code); err != nil {
		return fmt.Errorf("set discount code: %w", err)
	}
	c.CodeID = code
	return nil
}

// readCode fills the cart with what its code takes off at this moment.
func (c *Cart) readCode(ctx context.Context, db sqlx.QueryerContext, now time.Time) error {
	c.code, c.Code, c.CodeProblem, c.Discount = nil, "", "", 0
	if c.CodeID.IsZero() {
		return nil
	}
	code, err := findCode(ctx, db, `code.id = $1`, c.CodeID)
	if err != nil {
		return err
	}
	c.Code, c.CodeProblem = code.Code, code.problem(c.base(code), now)
	if c.CodeProblem == "" {
		c.code, c.Discount = &code, code.off(c.base(code))
	}
	return nil
}

// base is what the goods cost that a code is for.
func (c Cart) base(code DiscountCode) yen.Amount {
	var base yen.Amount
	for _, line := range c.Lines {
		if code.takes(line.ProductID) {
			base += line.UnitPrice.Times(line.Quantity)
		}
	}
	return base
}
