package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/id"
	"tsukuriba/internal/yen"
)

// checkoutValid is how long the figures of a confirmation page stand.
const checkoutValid = 30 * time.Minute

// What the provider takes in one payment. Konbini: Stripe, "Konbini payments", limits of 2024.
const (
	minCard, maxCard       yen.Amount = 50, 9_999_999
	minKonbini, maxKonbini yen.Amount = 120, 300_000
)

// CheckoutForm is what the customer fills in. Shipping is the key of a tariff. The fields of a
// *FormError are those of Contact in snake case, "shipping" ("required", "unknown", "too_large"),
// "payment_method" ("unknown", "amount_out_of_range") and "language" ("unknown").
type CheckoutForm struct {
	Contact
	Shipping string
	Method   Method
	Language Language // empty means Japanese
}

// Checkout is a cart frozen for the final confirmation screen. What it says is what the order
// will say.
type Checkout struct {
	ID           CheckoutID     `json:"-"`
	Contact      Contact        `json:"-"`
	Language     Language       `json:"language"`
	Method       Method         `json:"method"`
	ShippingKey  string         `json:"shipping_key"`
	ShippingName string         `json:"shipping_name"`
	Lines        []CheckoutLine `json:"lines"`
	Goods        yen.Amount     `json:"goods"`
	Discount     yen.Amount     `json:"discount"`
	Wrapping     yen.Amount     `json:"wrapping"`
	Shipping     yen.Amount     `json:"shipping"`
	Total        yen.Amount     `json:"total"`
	Taxes        []TaxLine      `json:"taxes"`
	Window       Window         `json:"window"`
	Legal        []LegalItem    `json:"legal"`
	ExpiresAt    time.Time      `json:"-"`
}

// CheckoutLine is a frozen line of a checkout.
type CheckoutLine struct {
	ProductID  catalog.ProductID `json:"product_id"`
	VariantID  catalog.VariantID `json:"variant_id"`
	DesignID   catalog.DesignID  `json:"design_id"`
	DesignText string            `json:"design_text"`
	Title      string            `json:"title"`
	Quantity   int               `json:"quantity"`
	UnitPrice  yen.Amount        `json:"unit_price"`
	Total      yen.Amount        `json:"total"`
	Discount   yen.Amount        `json:"discount"`
	TaxRate    int               `json:"tax_rate"`
	Routing    string            `json:"routing"`
	Tracked    bool              `json:"tracked"`
}

// ShippingOptions lists the ways in which the whole cart can be sent, with their windows.
// Errors: ErrCartNotFound, ErrCartEmpty.
func (s *Service) ShippingOptions(ctx context.Context, token string) ([]ShippingOption, error) {
	cart, err := s.Cart(ctx, token)
	if err != nil {
		return nil, err
	}
	return s.optionsFor(ctx, cart)
}

func (s *Service) optionsFor(ctx context.Context, cart Cart) ([]ShippingOption, error) {
	if len(cart.Lines) == 0 {
		return nil, ErrCartEmpty
	}
	tariffs, err := tariffsOn(ctx, s.db, s.now().In(tokyo))
	if err != nil {
		return nil, err
	}
	queue, err := s.queue(ctx, s.db)
	if err != nil {
		return nil, err
	}
	options := shippingOptions(tariffs, cart.pieces())
	for i, option := range options {
		options[i].Window = shipWindow(s.now(), queue, cart.toMake(), option.ExtraDays)
	}
	return options, nil
}

// PrepareCheckout freezes the cart for the confirmation screen: lines, prices, tax per rate,
// shipping, ship window and the legal text. It reserves nothing. Errors: *FormError,
// ErrCartNotFound, ErrCartEmpty, ErrNotForSale.
func (s *Service) PrepareCheckout(ctx context.Context, token string, form CheckoutForm) (Checkout, error) {
	cart, err := s.Cart(ctx, token)
	if err != nil {
		return Checkout{}, err
	}
	options, err := s.optionsFor(ctx, cart)
	if err != nil {
		return Checkout{}, err
	}
	tariffs, err := tariffsOn(ctx, s.db, s.now().In(tokyo))
	if err != nil {
		return Checkout{}, err
	}
	checkout, err := freeze(cart, form, options, tariffs)
	if err != nil {
		return Checkout{}, err
	}
	checkout.ID, checkout.ExpiresAt = id.New[checkoutKind](), s.now().Add(checkoutValid)
	return checkout, s.saveCheckout(ctx, cart, checkout)
}

// freeze decides what the confirmation screen says, or returns *FormError or ErrNotForSale.
func freeze(cart Cart, form CheckoutForm, options []ShippingOption, tariffs []Tariff) (Checkout, error) {
	lines, err := freezeLines(cart)
	if err != nil {
		return Checkout{}, err
	}
	if form.Language == "" {
		form.Language = Japanese
	}
	fields := map[string]string{}
	option, reason := choose(form.Shipping, options, tariffs)
	if reason != "" {
		fields["shipping"] = reason
	}
	form.check(option.NeedsAddress || reason != "", fields)
	checkout := Checkout{
		Contact: form.Contact, Language: form.Language, Method: form.Method, Lines: lines,
		ShippingKey: option.Key, ShippingName: option.Name, Goods: cart.Goods, Shipping: option.Price,
		Total: cart.Goods + option.Price, Window: option.Window,
	}
	if reason := checkMethod(form.Method, checkout.Total); reason != "" {
		fields["payment_method"] = reason
	}
	if _, known := legal[form.Language]; !known {
		fields["language"] = "unknown"
	}
	if len(fields) > 0 {
		return Checkout{}, &FormError{Fields: fields}
	}
	if form.Language == English {
		checkout.ShippingName = option.NameEn
	}
	checkout.complete(option.Tariff)
	return checkout, nil
}

// complete derives taxes and the legal items.
func (c *Checkout) complete(tariff Tariff) {
	amounts := []TaxedAmount{{Rate: serviceTaxRate, Amount: c.Wrapping + c.Shipping}}
	var personalized, fromStock bool
	for _, line := range c.Lines {
		amounts = append(amounts, TaxedAmount{Rate: line.TaxRate, Amount: line.Total - line.Discount})
		personalized = personalized || !line.DesignID.IsZero()
		fromStock = fromStock || line.DesignID.IsZero()
	}
	c.Taxes = Taxes(amounts)
	c.Legal = legalItems(*c, personalized, fromStock, !tariff.NeedsAddress)
}

func freezeLines(cart Cart) ([]CheckoutLine, error) {
	var lines []CheckoutLine
	for _, line := range cart.Lines {
		if !line.Available {
			return nil, fmt.Errorf("%w: %s", ErrNotForSale, line.Title)
		}
		lines = append(lines, CheckoutLine{
			ProductID: line.ProductID, VariantID: line.VariantID, DesignID: line.DesignID, DesignText: line.DesignText,
			Title: line.Title, Quantity: line.Quantity, UnitPrice: line.UnitPrice,
			Total: line.UnitPrice.Times(line.Quantity), TaxRate: line.TaxRate,
			Routing: line.Routing, Tracked: line.Tracked,
		})
	}
	return lines, nil
}

// choose finds the wanted way of shipping among those that take the parcel, or says why not.
func choose(key string, options []ShippingOption, tariffs []Tariff) (ShippingOption, string) {
	for _, option := range options {
		if option.Key == key {
			return option, ""
		}
	}
	for _, tariff := range tariffs {
		if tariff.Key == key {
			return ShippingOption{}, "too_large"
		}
	}
	if key == "" {
		return ShippingOption{}, "required"
	}
	return ShippingOption{}, "unknown"
}

func checkMethod(method Method, total yen.Amount) string {
	switch {
	case method == Card && minCard <= total && total <= maxCard:
		return ""
	case method == Konbini && minKonbini <= total && total <= maxKonbini:
		return ""
	case method == Card || method == Konbini:
		return "amount_out_of_range"
	default:
		return "unknown"
	}
}

func (s *Service) saveCheckout(ctx context.Context, cart Cart, checkout Checkout) error {
	snapshot, err := json.Marshal(checkout)
	if err != nil {
		return fmt.Errorf("write checkout: %w", err)
	}
	sealed, err := sealJSON(s.seal, checkoutContext(checkout.ID), checkout.Contact)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO checkouts (id, cart_id, cart_version, sealed, snapshot, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		checkout.ID, cart.ID, cart.Version, sealed, snapshot, s.now(), checkout.ExpiresAt)
	if err != nil {
		return fmt.Errorf("save checkout: %w", err)
	}
	return nil
}

func checkoutContext(id CheckoutID) string { return "orders.checkout:" + id.String() }

// Checkout returns what the confirmation screen shows. Errors: ErrCheckoutNotFound,
// ErrCheckoutExpired.
func (s *Service) Checkout(ctx context.Context, id CheckoutID) (Checkout, error) {
	stored, err := s.findCheckout(ctx, s.db, id)
	if err != nil {
		return Checkout{}, err
	}
	if !s.now().Before(stored.ExpiresAt) {
		return Checkout{}, ErrCheckoutExpired
	}
	return stored.Checkout, nil
}

// storedCheckout is a checkout with the cart it was made from.
type storedCheckout struct {
	Checkout
	cart        CartID
	cartVersion int
}

func (s *Service) findCheckout(ctx context.Context, db sqlx.QueryerContext, id CheckoutID) (storedCheckout, error) {
	var row struct {
		Cart      CartID    `db:"cart_id"`
		Version   int       `db:"cart_version"`
		Sealed    []byte    `db:"sealed"`
		Snapshot  []byte    `db:"snapshot"`
		ExpiresAt time.Time `db:"expires_at"`
	}
	err := sqlx.GetContext(ctx, db, &row, `
		SELECT cart_id, cart_version, sealed, snapshot, expires_at
		FROM checkouts
		WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return storedCheckout{}, ErrCheckoutNotFound
	}
	if err != nil {
		return storedCheckout{}, fmt.Errorf("find checkout: %w", err)
	}
	found := storedCheckout{cart: row.Cart, cartVersion: row.Version}
	if err := json.Unmarshal(row.Snapshot, &found.Checkout); err != nil {
		return storedCheckout{}, fmt.Errorf("read checkout %s: %w", id, err)
	}
	found.ID, found.ExpiresAt = id, row.ExpiresAt
	err = openJSON(s.seal, checkoutContext(id), row.Sealed, &found.Contact)
	return found, err
}
