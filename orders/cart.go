package orders

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// Cart is what a customer has chosen so far, at the prices of this moment. Version grows with
// every change.
type Cart struct {
	ID          CartID     `db:"id"`
	Version     int        `db:"version"`
	CodeID      DiscountID `db:"code_id"`
	Lines       []CartLine
	Goods       yen.Amount // without discount, wrapping and shipping
	Code        string     // the discount code in the cart; "" for none
	Discount    yen.Amount // what the code takes off the goods at this moment
	CodeProblem string     // why the code takes nothing off, as in UseCode
	code        *DiscountCode
}

// CartLine is a variant, with a design where the product is personalized. Available is false
// once the product is no longer sold; such a cart cannot be checked out. Left is how many can
// still be had of a Tracked variant; a line may ask for more, but cannot be confirmed then. Sizes
// and weight are those of one piece in mm and g, 0 for a Digital one.
type CartLine struct {
	ID          CartLineID        `db:"id"`
	ProductID   catalog.ProductID `db:"product_id"`
	ProductSlug string            `db:"slug"`
	VariantID   catalog.VariantID `db:"variant_id"`
	DesignID    catalog.DesignID  `db:"design_id"`
	DesignText  string            `db:"design_text"`
	Title       string            `db:"title"`
	TitleEn     string            `db:"title_en"` // as Title where there is no English name
	Quantity    int               `db:"quantity"`
	UnitPrice   yen.Amount        `db:"unit_price_yen"`
	TaxRate     int               `db:"tax_rate"`
	Routing     string            `db:"routing"`
	Available   bool              `db:"available"`
	Digital     bool              `db:"digital"`
	Tracked     bool              `db:"tracked"`
	Left        int               `db:"left_over"`
	Width       int               `db:"width_mm"`
	Depth       int               `db:"depth_mm"`
	Height      int               `db:"height_mm"`
	Weight      int               `db:"weight_g"`

	PrintSeconds float64 `db:"print_seconds"` // of one piece; 0 for what is not printed
}

// LineRequest is a line to be added. Design is zero for stock products. There is no price in
// it: prices are always ours.
type LineRequest struct {
	Variant  catalog.VariantID
	Design   catalog.DesignID
	Quantity int
}

// maxCartLines bounds how much one cart can ask of us.
const maxCartLines = 50

// newToken returns 256 random bits as 43 letters for an address.
func newToken() string {
	raw := make([]byte, 32)
	rand.Read(raw) //nolint:errcheck // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

// hashToken is what of a token is stored. A token is random, so one plain round is enough.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// NewCart makes an empty cart and returns the token by which alone it is found.
func (s *Service) NewCart(ctx context.Context) (string, error) {
	token := newToken()
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO carts (id, token_hash, created_at, updated_at)
		VALUES ($1, $2, $3, $3)`, id.New[cartKind](), hashToken(token), s.now())
	if err != nil {
		return "", fmt.Errorf("make cart: %w", err)
	}
	return token, nil
}

// Cart returns the cart at today's prices, or ErrCartNotFound.
func (s *Service) Cart(ctx context.Context, token string) (Cart, error) {
	cart, err := oneCart(ctx, s.db, `
		SELECT id, version, code_id
		FROM carts
		WHERE token_hash = $1`, hashToken(token))
	if err != nil {
		return Cart{}, err
	}
	return cart, cart.read(ctx, s.db, s.now())
}

// AddLine puts a piece into the cart. A line of the same variant and design grows instead.
// Errors: ErrCartNotFound, ErrBadQuantity, ErrNotForSale, ErrDesignMissing, ErrDesignMismatch,
// catalog.ErrDesignNotFound, and those of [catalog.Service.Agree], to which the piece is held from now on.
func (s *Service) AddLine(ctx context.Context, token string, request LineRequest) (Cart, error) {
	if !request.Design.IsZero() {
		if err := s.catalog.Agree(ctx, request.Design); err != nil && !errors.Is(err, catalog.ErrDesignNotFound) {
			return Cart{}, err
		}
	}
	return s.cartAfter(ctx, func(tx *sqlx.Tx) (Cart, error) {
		if err := checkSellable(ctx, tx, request); err != nil {
			return Cart{}, err
		}
		return addLine(ctx, tx, token, request, s.now())
	})
}

// ChangeLine sets the quantity of a line. Errors: ErrCartNotFound, ErrLineNotFound, ErrBadQuantity.
func (s *Service) ChangeLine(ctx context.Context, token string, line CartLineID, quantity int) (Cart, error) {
	return s.changeCart(ctx, token, func(tx *sqlx.Tx, cart *Cart) error {
		if quantity < 1 || quantity > 99 {
			return ErrBadQuantity
		}
		return onCartLine(tx.ExecContext(ctx, `
			UPDATE cart_lines
			SET quantity = $3
			WHERE cart_id = $1 AND id = $2`, cart.ID, line, quantity))
	})
}

// RemoveLine takes a line out of the cart. Errors: ErrCartNotFound, ErrLineNotFound.
func (s *Service) RemoveLine(ctx context.Context, token string, line CartLineID) (Cart, error) {
	return s.changeCart(ctx, token, func(tx *sqlx.Tx, cart *Cart) error {
		return onCartLine(tx.ExecContext(ctx, `
			DELETE FROM cart_lines
			WHERE cart_id = $1 AND id = $2`, cart.ID, line))
	})
}

func (s *Service) changeCart(ctx context.Context, token string, change func(*sqlx.Tx, *Cart) error) (Cart, error) {
	return s.cartAfter(ctx, func(tx *sqlx.Tx) (Cart, error) {
		cart, err := touchCart(ctx, tx, token, s.now())
		if err != nil {
			return Cart{}, err
		}
		return cart, change(tx, &cart)
	})
}

// cartAfter returns a cart as a change has left it, which gave it its next version. Errors: those of
// the change, ErrCartFull.
func (s *Service) cartAfter(ctx context.Context, change func(*sqlx.Tx) (Cart, error)) (Cart, error) {
	var cart Cart
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if cart, err = change(tx); err != nil {
			return err
		}
		if err = cart.read(ctx, tx, s.now()); err != nil || len(cart.Lines) <= maxCartLines {
			return err
		}
		return ErrCartFull
	})
	if err != nil {
		return Cart{}, fmt.Errorf("change cart: %w", err)
	}
	return cart, nil
}

// touched gives the cart of a token its next version. It stays locked until the transaction ends.
const touched = `
	UPDATE carts
	SET version = version + 1, updated_at = $2
	WHERE token_hash = $1
	RETURNING id, version, code_id`

func touchCart(ctx context.Context, tx *sqlx.Tx, token string, now time.Time) (Cart, error) {
	return oneCart(ctx, tx, touched, hashToken(token), now)
}

func oneCart(ctx context.Context, db sqlx.QueryerContext, query string, args ...any) (Cart, error) {
	var cart Cart
	err := sqlx.GetContext(ctx, db, &cart, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return Cart{}, ErrCartNotFound
	}
	if err != nil {
		return Cart{}, fmt.Errorf("find cart: %w", err)
	}
	return cart, nil
}

// checkSellable says whether the variant, with this design, can be bought.
func checkSellable(ctx context.Context, tx *sqlx.Tx, request LineRequest) error {
	if request.Quantity < 1 || request.Quantity > 99 {
		return ErrBadQuantity
	}
	var found struct {
		Product       catalog.ProductID `db:"product_id"`
		DesignProduct catalog.ProductID `db:"design_product"`
		Kind          catalog.Kind      `db:"kind"`
		State         catalog.State     `db:"state"`
	}
	err := tx.GetContext(ctx, &found, `
		SELECT product.id AS product_id, product.kind, product.state, design.product_id AS design_product
		FROM variants AS variant
		JOIN products AS product ON product.id = variant.product_id
		LEFT JOIN designs AS design ON design.id = $2
		WHERE variant.id = $1`, request.Variant, request.Design)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotForSale
	case err != nil:
		return fmt.Errorf("find variant: %w", err)
	case found.State != catalog.Published:
		return ErrNotForSale
	case found.Kind == catalog.Personalized && request.Design.IsZero():
		return ErrDesignMissing
	case !request.Design.IsZero() && found.DesignProduct.IsZero():
		return catalog.ErrDesignNotFound
	case !request.Design.IsZero() && (found.Kind != catalog.Personalized || found.DesignProduct != found.Product):
		return ErrDesignMismatch
	}
	return nil
}

// addLine touches the cart and adds the line in one round trip.
func addLine(ctx context.Context, tx *sqlx.Tx, token string, request LineRequest, now time.Time) (Cart, error) {
	cart, err := oneCart(ctx, tx, `
		WITH touched AS (`+touched+`),
		line AS (
			INSERT INTO cart_lines (id, cart_id, variant_id, design_id, quantity)
			SELECT $3, id, $4, $5, $6
			FROM touched
			ON CONFLICT ON CONSTRAINT cart_line_unique
			DO UPDATE SET quantity = cart_lines.quantity + excluded.quantity)
		SELECT id, version, code_id
		FROM touched`, hashToken(token), now, id.New[cartLineKind](), request.Variant, request.Design, request.Quantity)
	if postgres.Violates(err, "cart_quantity_range") {
		return Cart{}, ErrBadQuantity
	}
	if postgres.Violates(err, "cart_lines_design_id_fkey") { // it was forgotten at this very moment
		return Cart{}, catalog.ErrDesignNotFound
	}
	return cart, err
}

// read fills the cart as it stands at this moment.
func (c *Cart) read(ctx context.Context, db sqlx.QueryerContext, now time.Time) error {
	if err := c.readLines(ctx, db); err != nil {
		return err
	}
	return c.readCode(ctx, db, now)
}

// readLines fills the cart with its lines at the prices of this moment. The size of a piece is
// that of its design, else that of the product.
func (c *Cart) readLines(ctx context.Context, db sqlx.QueryerContext) error {
	c.Lines, c.Goods = nil, 0
	err := sqlx.SelectContext(ctx, db, &c.Lines, `
		SELECT line.id, product.id AS product_id, product.slug, line.variant_id, line.design_id,
		       coalesce(concat_ws(E'\n', design.text, nullif(design.spec->>'second_line', '')), '') AS design_text,
		       trim(product.name || ' ' || variant.name) AS title,
		       trim(coalesce(nullif(product.name_en, ''), product.name) || ' ' ||
		            coalesce(nullif(variant.name_en, ''), variant.name)) AS title_en,
		       line.quantity,
		       coalesce(design.price_yen, variant.price_yen) AS unit_price_yen,
		       product.tax_rate, product.routing, variant.tracked, variant.on_hand - variant.reserved AS left_over,
		       product.state = 'published' AS available, product.kind = 'digital' AS digital,
		       coalesce(ceil(design.width_um / 1000.0), product.width_mm)::int AS width_mm,
		       coalesce(ceil(design.depth_um / 1000.0), product.depth_mm)::int AS depth_mm,
		       coalesce(ceil(design.height_um / 1000.0), product.height_mm)::int AS height_mm,
		       product.weight_g, coalesce((design.estimate->>'Seconds')::float8, 0) AS print_seconds
		FROM cart_lines AS line
		JOIN variants AS variant ON variant.id = line.variant_id
		JOIN products AS product ON product.id = variant.product_id
		LEFT JOIN designs AS design ON design.id = line.design_id
		WHERE line.cart_id = $1
		ORDER BY line.id`, c.ID)
	if err != nil {
		return fmt.Errorf("read cart lines: %w", err)
	}
	for _, line := range c.Lines {
		c.Goods += line.UnitPrice.Times(line.Quantity)
	}
	return nil
}

func (c Cart) pieces() []Piece {
	var pieces []Piece
	for _, line := range c.Lines {
		if !line.Digital {
			pieces = append(pieces, Piece{
				Width: line.Width, Depth: line.Depth, Height: line.Height,
				Weight: line.Weight, Quantity: line.Quantity,
			})
		}
	}
	return pieces
}

// digital says whether nothing of the cart goes into a parcel.
func (c Cart) digital() bool { return len(c.pieces()) == 0 }

// toMake is what of the cart does not lie on the shelf.
func (c Cart) toMake() ToMake {
	var work ToMake
	for _, line := range c.Lines {
		if line.Routing != "" {
			work.Pieces += line.Quantity
			work.Printing += time.Duration(line.PrintSeconds * float64(line.Quantity) * float64(time.Second))
		}
	}
	return work
}

// onCartLine turns a statement that met no row into ErrLineNotFound.
func onCartLine(result sql.Result, err error) error {
	if err != nil {
		return fmt.Errorf("write cart line: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(err, ErrLineNotFound)
	}
	return nil
}
