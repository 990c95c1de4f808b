package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
)

// How long an unpaid order, and the stock it reserves, waits for its money.
const (
	cardPatience    = 2 * time.Hour      // several attempts with several cards
	konbiniPatience = 3 * 24 * time.Hour // until a code is fetched; a code then sets its own date
)

// Placed is a confirmed order. LinkToken opens the customer's secret page; PayURL is where to
// pay and empty while staff still have to read the text, or when the provider did not answer.
type Placed struct {
	Order     Order
	LinkToken string
	PayURL    string
	opening   *opening // of the page to pay on, if this very call placed the order
}

// Confirm makes the order that the confirmation screen showed, reserves its stock and empties
// the cart. The payment page is opened after the commit. The same checkout always gives the
// same order, so that whoever lost the answer gets its link again. One without anything to pay goes
// straight on. With an error that wraps ErrGatewayUnavailable the order stands and Placed is filled
// but for PayURL. Errors:
// ErrCheckoutNotFound, ErrCheckoutExpired, ErrQuotationEnded, ErrCartChanged, ErrNotForSale,
// *catalog.OutOfStockError, *IntakeError, *FormError ("discount_code") for a code that others have used up.
func (s *Service) Confirm(ctx context.Context, checkout CheckoutKey) (Placed, error) {
	placed, err := s.place(ctx, checkout)
	if err != nil {
		return Placed{}, fmt.Errorf("confirm checkout %s: %w", checkout.ID, err)
	}
	if placed.Order.State != AwaitingPayment {
		return placed, nil
	}
	if placed.opening != nil {
		placed.PayURL, err = s.openPage(ctx, *placed.opening)
	} else {
		placed.PayURL, err = s.payPage(ctx, placed.Order.ID)
	}
	if errors.Is(err, ErrWrongState) { // paid or canceled in between
		err = nil
	}
	return placed, err
}

func (s *Service) place(ctx context.Context, checkout CheckoutKey) (Placed, error) {
	var placed Placed
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		stored, err := s.lockCheckout(ctx, tx, checkout)
		if err != nil {
			return err
		}
		if !stored.cartStands { // placing an order empties the cart
			placed, err = s.placedBefore(ctx, tx, checkout.ID)
			if !errors.Is(err, ErrOrderNotFound) {
				return err
			}
		}
		if err := s.mayPlace(ctx, tx, stored); err != nil {
			return err
		}
		placed, err = s.placeOrder(ctx, tx, stored)
		return err
	})
	return placed, err
}

// placedBefore returns the order that this checkout has already become, or ErrOrderNotFound.
func (s *Service) placedBefore(ctx context.Context, tx *sqlx.Tx, checkout CheckoutID) (Placed, error) {
	order, err := readOrder(ctx, tx, `orders.checkout_id = $1`, checkout)
	if err != nil {
		return Placed{}, err
	}
	token, err := s.linkToken(ctx, tx, order.ID)
	return Placed{Order: order, LinkToken: token}, err
}

// mayPlace refuses a confirmation page that no longer tells the truth.
func (s *Service) mayPlace(ctx context.Context, tx *sqlx.Tx, stored storedCheckout) error {
	if err := stored.ended(s.now()); err != nil {
		return err
	}
	if !stored.cartStands && stored.Quoted == nil {
		return ErrCartChanged
	}
	for _, line := range stored.Lines {
		request := LineRequest{Variant: line.VariantID, Design: line.DesignID, Quantity: line.Quantity}
		if err := checkSellable(ctx, tx, request); err != nil {
			return err
		}
	}
	return nil
}

// placeOrder writes the order with its lines, reservations and first attempt to pay. The number and
// the places of the week, which all buyers wait for, are taken last, so that they are locked for a
// moment only.
func (s *Service) placeOrder(ctx context.Context, tx *sqlx.Tx, stored storedCheckout) (Placed, error) {
	order, with := s.newOrder(stored.Checkout), insertion{contact: stored.Contact, token: newToken()}
	if err := s.reserve(ctx, tx, stored.Checkout); err != nil {
		return Placed{}, err
	}
	if !stored.CodeID.IsZero() {
		if err := s.takeUse(ctx, tx, order, codeUse{stored.CodeID, stored.Contact.Email}); err != nil {
			return Placed{}, err
		}
	}
	if order.State == AwaitingPayment && order.Method != NothingToPay {
		attempt, err := s.newAttempt(order)
		if err != nil {
			return Placed{}, err
		}
		order.Payments = []Payment{attempt}
	}
	if err := s.insertOrder(ctx, tx, &order, stored, with); err != nil {
		return Placed{}, err
	}
	var batch postgres.Batch
	opening, err := s.announcePlaced(&batch, order, with)
	if err != nil {
		return Placed{}, err
	}
	if err := s.takePlaces(ctx, tx, &batch, order, stored.Lines); err != nil {
		return Placed{}, err
	}
	if order.Method == NothingToPay { // it goes on by itself
		err = s.settle(ctx, tx, &order, audit.Actor{Role: audit.Customer})
	}
	return Placed{Order: order, LinkToken: with.token, opening: opening}, err
}

// announcePlaced records that the order was placed, tells of it, and plans the call for its page.
func (s *Service) announcePlaced(batch *postgres.Batch, order Order, with insertion) (*opening, error) {
	opening, err := s.planOpening(batch, order, with)
	if err != nil {
		return nil, err
	}
	events := []jobs.Event{OrderPlaced{OrderID: order.ID, Method: order.Method}}
	if order.State == InReview {
		events = append(events, OrderInReview{OrderID: order.ID})
	}
	for _, event := range events {
		if err := s.bus.AnnounceWith(batch, event); err != nil {
			return nil, err
		}
	}
	err = audit.RecordWith(batch, audit.Entry{
		Actor: audit.Actor{Role: audit.Customer}, Action: "order.placed", Subject: order.ID.String(),
		Detail: map[string]any{"number": order.Number, "total": order.Total, "to": order.State},
	})
	return opening, err
}

// newOrder is the order as it begins. A konbini order with a text waits for staff first,
// because a code that is out cannot be revoked; one by invoice until staff accept its customer.
func (s *Service) newOrder(checkout Checkout) Order {
	now := s.now().Truncate(time.Microsecond) // as the database keeps it
	order := Order{
		ID: id.New[orderKind](), CheckoutID: checkout.ID, State: AwaitingPayment, Version: 1, Language: checkout.Language,
		Method: checkout.Method, ShippingMethod: checkout.ShippingKey, DiscountCode: checkout.DiscountCode,
		Wrapped: checkout.Wrapped, WithoutPrices: checkout.WithoutPrices, Goods: checkout.Goods, Discount: checkout.Discount,
		Wrapping: checkout.Wrapping, Shipping: checkout.Shipping, Total: checkout.Total,
		LegalText: legalText(checkout.Language, checkout.Legal), Window: checkout.Window, PlacedAt: now,
	}
	for _, line := range checkout.Lines {
		order.Lines = append(order.Lines, newLine(order.ID, line))
	}
	if order.Method == ByInvoice || order.Method == Konbini && order.pendingTexts() {
		order.State = InReview
		return order
	}
	order.ExpiresAt = new(now.Add(patience(order.Method)))
	return order
}

func newLine(order OrderID, line CheckoutLine) Line {
	text := TextPending
	if line.DesignID.IsZero() {
		text = NoText
	}
	return Line{
		ID: id.New[lineKind](), OrderID: order, ProductID: line.ProductID, VariantID: line.VariantID, DesignID: line.DesignID, DesignText: line.DesignText,
		Title: line.Title, TitleEn: line.TitleEn, Quantity: line.Quantity, UnitPrice: line.UnitPrice, Total: line.Total,
		Discount: line.Discount, TaxRate: line.TaxRate, Routing: line.Routing, Digital: line.Digital, TextState: text,
	}
}

func patience(method Method) time.Duration {
	if method == Konbini {
		return konbiniPatience
	}
	return cardPatience
}

func (s *Service) reserve(ctx context.Context, tx *sqlx.Tx, checkout Checkout) error {
	var changes []catalog.StockChange
	for _, line := range checkout.Lines {
		if line.Tracked {
			changes = append(changes, catalog.StockChange{Variant: line.VariantID, Quantity: line.Quantity})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return s.catalog.Reserve(ctx, tx, changes)
}

// insertion is what is stored with an order but never read with it.
type insertion struct {
	contact Contact
	token   string
}

// insertOrder writes the order with its parts and its number, which counts the orders of a year in
// Japan: 2026-000123. The counter stays locked until the end of the transaction, so that no number is lost.
func (s *Service) insertOrder(ctx context.Context, tx *sqlx.Tx, order *Order, stored storedCheckout, with insertion) error {
	contact, err := sealJSON(s.seal, contactContext(order.ID), with.contact)
	if err != nil {
		return err
	}
	var batch postgres.Batch
	if stored.cartStands { // a quotation may be ordered long after
		emptyCart(&batch, stored.cart, s.now())
	}
	insertLines(&batch, *order)
	insertReservations(&batch, *order, stored.Lines)
	for _, attempt := range order.Payments {
		insertPayment(&batch, attempt)
	}
	batch.Let("next", `
		INSERT INTO order_numbers (year, last)
		VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = order_numbers.last + 1
		RETURNING year || '-' || lpad(last::text, greatest(6, length(last::text)), '0') AS number`,
		order.PlacedAt.In(jst.Zone).Year())
	batch.Add(`
		INSERT INTO orders (id, number, checkout_id, state, version, language, link_hash, link_sealed, contact_sealed,
		                    email_hash, payment_method, shipping_method, discount_code, wrapped, without_prices,
		                    goods_yen, discount_yen, wrapping_yen, shipping_yen, total_yen, legal_text, ship_from, ship_until, placed_at, expires_at)
		VALUES ($1, (SELECT number FROM next), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		        $20, $21, $22, $23, $24)
		RETURNING number`,
		order.ID, order.CheckoutID, order.State, order.Version, order.Language, hashToken(with.token),
		s.seal.Seal(linkContext(order.ID), []byte(with.token)), contact, emailIndex(s.seal, with.contact.Email),
		order.Method, order.ShippingMethod, order.DiscountCode, order.Wrapped, order.WithoutPrices, order.Goods, order.Discount, order.Wrapping, order.Shipping, order.Total, order.LegalText,
		jst.Date(order.From), jst.Date(order.Until), order.PlacedAt, order.ExpiresAt)
	if err := batch.Get(ctx, tx, &order.Number); err != nil {
		return fmt.Errorf("insert order: %w", err)
	}
	return nil
}

func contactContext(id OrderID) string { return "orders.contact:" + id.String() }
func linkContext(id OrderID) string    { return "orders.link:" + id.String() }

func insertLines(batch *postgres.Batch, order Order) {
	for i, line := range order.Lines {
		batch.Add(`
			INSERT INTO order_lines (id, order_id, position, product_id, variant_id, design_id, title, title_en, quantity,
			                         unit_price_yen, total_yen, discount_yen, tax_rate, routing, digital, text_state)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
			line.ID, order.ID, i+1, line.ProductID, line.VariantID, line.DesignID, line.Title, line.TitleEn, line.Quantity,
			line.UnitPrice, line.Total, line.Discount, line.TaxRate, line.Routing, line.Digital, line.TextState)
	}
}

// insertReservations notes for each line of counted stock what was reserved for it. The lines
// of order and checkout correspond.
func insertReservations(batch *postgres.Batch, order Order, lines []CheckoutLine) {
	for i, line := range lines {
		if !line.Tracked {
			continue
		}
		batch.Add(`
			INSERT INTO stock_reservations (order_line_id, variant_id, quantity, state)
			VALUES ($1, $2, $3, 'held')`, order.Lines[i].ID, line.VariantID, line.Quantity)
	}
}

func emptyCart(batch *postgres.Batch, cart CartID, now time.Time) {
	batch.Add(`
		DELETE FROM cart_lines
		WHERE cart_id = $1`, cart)
	batch.Add(`
		UPDATE carts
		SET code_id = NULL, version = version + 1, updated_at = $2
		WHERE id = $1`, cart, now)
}
