package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
)

// checkoutValid is how long the figures of a confirmation page stand.
const checkoutValid = 30 * time.Minute

// What the provider takes in one payment. Konbini: Stripe, "Konbini payments", limits of 2024. What
// is worth an invoice is ours to say.
const (
	minCard, maxCard       yen.Amount = 50, 9_999_999
	minKonbini, maxKonbini yen.Amount = 120, 300_000
	minInvoice, maxInvoice yen.Amount = 1000, 9_999_999
)

// CheckoutForm is what the customer fills in. Shipping is the key of a tariff, empty for what is
// only downloaded. What there is nothing to pay for needs no Method. The fields of a *FormError
// are those of Contact in snake case, "shipping" ("required", "unknown", "too_large"),
// "payment_method" ("unknown", "amount_out_of_range", "company_required"), "language" ("unknown"), "gift_message" and
// "discount_code" (see UseCode; "code_used_before" by this e-mail address).
type CheckoutForm struct {
	Contact
	Gift
	Shipping string
	Method   Method
	Language Language // empty means Japanese
}

// Checkout is a cart frozen for the final confirmation screen. What it says is what the order
// will say.
type Checkout struct {
	ID            CheckoutID     `json:"-"`
	Secret        string         `json:"-"` // as in CheckoutKey
	Contact       Contact        `json:"-"`
	Language      Language       `json:"language"`
	Method        Method         `json:"method"`
	ShippingKey   string         `json:"shipping_key"`
	ShippingName  string         `json:"shipping_name"`
	Lines         []CheckoutLine `json:"lines"`
	Goods         yen.Amount     `json:"goods"`
	CodeID        DiscountID     `json:"code_id"`
	DiscountCode  string         `json:"discount_code"`
	Discount      yen.Amount     `json:"discount"`
	Wrapped       bool           `json:"wrapped"`
	Wrapping      yen.Amount     `json:"wrapping"`
	WithoutPrices bool           `json:"without_prices"`
	Shipping      yen.Amount     `json:"shipping"`
	Total         yen.Amount     `json:"total"`
	Taxes         []TaxLine      `json:"taxes"`
	Window        Window         `json:"window"`
	Legal         []LegalItem    `json:"legal"`
	Quoted        *QuotedTerms   `json:"quoted,omitempty"` // for one of a quotation
	ExpiresAt     time.Time      `json:"-"`
}

// CheckoutKey opens a checkout, which has somebody's address in it and becomes an order with a secret
// link. Its id alone opens nothing: the secret is the token of the cart that was frozen, or the link
// of the quotation it belongs to.
type CheckoutKey struct {
	ID     CheckoutID
	Secret string
}

// Key opens the checkout again.
func (c Checkout) Key() CheckoutKey { return CheckoutKey{ID: c.ID, Secret: c.Secret} }

// CheckoutLine is a frozen line of a checkout.
type CheckoutLine struct {
	ProductID  catalog.ProductID `json:"product_id"`
	VariantID  catalog.VariantID `json:"variant_id"`
	DesignID   catalog.DesignID  `json:"design_id"`
	DesignText string            `json:"design_text"`
	Title      string            `json:"title"`
	TitleEn    string            `json:"title_en"`
	Quantity   int               `json:"quantity"`
	UnitPrice  yen.Amount        `json:"unit_price"`
	Total      yen.Amount        `json:"total"`
	Discount   yen.Amount        `json:"discount"`
	TaxRate    int               `json:"tax_rate"`
	Routing    string            `json:"routing"`
	Tracked    bool              `json:"tracked"`
	Digital    bool              `json:"digital"`
}

// TitleIn is the title as customers of a language read it.
func (l CheckoutLine) TitleIn(language Language) string {
	return Line{Title: l.Title, TitleEn: l.TitleEn}.TitleIn(language)
}

// ShippingOptions lists the ways in which the whole cart can be sent, with their windows, at their
// prices to a prefecture; "" while that is not known. There is none for what is only downloaded.
// Errors: ErrCartNotFound, ErrCartEmpty.
func (s *Service) ShippingOptions(ctx context.Context, token, prefecture string) ([]ShippingOption, error) {
	offer, err := s.Offer(ctx, token, prefecture)
	return offer.Options, err
}

// Offer is a cart with what it can be sent by and wrapped for today. What is only downloaded has
// no options.
type Offer struct {
	Cart     Cart
	Options  []ShippingOption
	Wrapping yen.Amount
	Invoice  bool // whether companies may pay by invoice
	tariffs  []Tariff
	today    time.Time
}

// Offer returns everything the address form has to know, as ShippingOptions does. Nothing is offered
// before somebody is named who sells (ErrNoSeller).
func (s *Service) Offer(ctx context.Context, token, prefecture string) (Offer, error) {
	cart, err := s.Cart(ctx, token)
	if err != nil {
		return Offer{}, err
	}
	if len(cart.Lines) == 0 {
		return Offer{}, ErrCartEmpty
	}
	seller, err := s.Seller(ctx)
	if err != nil {
		return Offer{}, err
	}
	offer := Offer{Cart: cart, Invoice: seller.Bank.Complete(), today: jst.Midnight(s.now())}
	if cart.digital() {
		return offer, nil
	}
	if offer.tariffs, err = s.tariffs(ctx, offer.today, prefecture); err != nil {
		return offer, err
	}
	if offer.Wrapping, err = s.wrappingPrice(ctx, offer.today); err != nil {
		return offer, err
	}
	promises, err := s.schedule(ctx, cart.toMake())
	if err != nil {
		return offer, err
	}
	offer.Options = shippingOptions(offer.tariffs, cart.pieces())
	for i, option := range offer.Options {
		offer.Options[i].Window = promises.window(option.ExtraDays)
	}
	return offer, nil
}

// PrepareCheckout freezes the cart for the confirmation screen: lines, prices, tax per rate,
// shipping, ship window and the legal text. It reserves nothing. Errors: *FormError,
// ErrCartNotFound, ErrCartEmpty, ErrNotForSale, ErrNoSeller, *IntakeError.
func (s *Service) PrepareCheckout(ctx context.Context, token string, form CheckoutForm) (Checkout, error) {
	offer, err := s.Offer(ctx, token, strings.TrimSpace(form.Prefecture))
	if err != nil {
		return Checkout{}, err
	}
	cart := offer.Cart
	checkout, err := freeze(form, offer)
	if err != nil {
		return Checkout{}, err
	}
	if err := s.admit(ctx, checkout.Lines); err != nil {
		return Checkout{}, err
	}
	if cart.code != nil && cart.code.OnceEach {
		if err := s.checkUsedBefore(ctx, s.db, codeUse{cart.CodeID, checkout.Contact.Email}); err != nil {
			return Checkout{}, err
		}
	}
	checkout.ID, checkout.Secret, checkout.ExpiresAt = id.New[checkoutKind](), token, s.now().Add(checkoutValid)
	return checkout, s.saveCheckout(ctx, s.db, cart, checkout)
}

// admit returns *IntakeError if the lines ask for more than is taken on at this moment.
func (s *Service) admit(ctx context.Context, lines []CheckoutLine) error {
	pieces := customPieces(lines)
	if len(pieces) == 0 {
		return nil
	}
	intake, err := s.recalledIntake(ctx)
	if err != nil {
		return err
	}
	return intake.admit(pieces)
}

// freeze decides what the confirmation screen says, or returns *FormError or ErrNotForSale.
func freeze(form CheckoutForm, offer Offer) (Checkout, error) {
	cart := offer.Cart
	lines, err := freezeLines(cart)
	if err != nil {
		return Checkout{}, err
	}
	if form.Language == "" {
		form.Language = Japanese
	}
	fields := map[string]string{}
	option, reason := chooseFor(form.Shipping, offer)
	if reason != "" {
		fields["shipping"] = reason
	}
	form.Contact.check(needsOf(cart, option, reason), fields)
	form.Gift.check(fields)
	checkout := Checkout{
		Language: form.Language, Method: form.Method, Lines: lines, CodeID: cart.CodeID,
		ShippingKey: option.Key, ShippingName: option.Name, Shipping: option.Price, Window: option.Window,
	}
	checkout.wrap(form, cart.digital(), offer.Wrapping)
	checkout.charge(cart.code)
	checkout.checkMoney(offer, fields)
	if _, known := legal[form.Language]; !known {
		fields["language"] = "unknown"
	}
	if len(fields) > 0 {
		return Checkout{}, &FormError{Fields: fields}
	}
	if form.Language == English {
		checkout.ShippingName = option.NameEn
	}
	checkout.Legal = legalItems(checkout)
	return checkout, nil
}

// Charge is what the cart costs when it is sent and wrapped in this way, as the confirmation will say
// it. ok is false while no way to send it is chosen, and if something in it is not for sale.
func (o Offer) Charge(shipping string, wrapped bool) (charged Checkout, ok bool) {
	lines, err := freezeLines(o.Cart)
	option, reason := chooseFor(shipping, o)
	if err != nil || reason != "" {
		return Checkout{}, false
	}
	charged = Checkout{Lines: lines, ShippingKey: option.Key, Shipping: option.Price, Window: option.Window}
	charged.wrap(CheckoutForm{Gift: Gift{Wrapped: wrapped}}, o.Cart.digital(), o.Wrapping)
	charged.charge(o.Cart.code)
	return charged, true
}

// farthest is more than any parcel costs.
const farthest yen.Amount = 3000

// Payable is the least and the most that an order of the cart can come to, whatever is chosen on the
// way: each way to send it, wrapped or not, counted by Charge. A price that still depends on the prefecture
// may be as high as that of an island.
func (o Offer) Payable() (least, most yen.Amount) {
	var totals []yen.Amount
	count := func(offer Offer, key string) {
		for _, wrapped := range []bool{false, true} {
			if charged, ok := offer.Charge(key, wrapped); ok {
				totals = append(totals, charged.Total)
			}
		}
	}
	if o.Cart.digital() {
		count(o, "")
	}
	for i, option := range o.Options {
		count(o, option.Key)
		if option.From {
			island := o
			island.Options = slices.Clone(o.Options)
			island.Options[i].Price = max(option.Price, farthest)
			count(island, option.Key)
		}
	}
	if len(totals) == 0 { // no parcel takes it, or it is not for sale any more
		return o.Cart.Goods - o.Cart.Discount, o.Cart.Goods - o.Cart.Discount
	}
	return slices.Min(totals), slices.Max(totals)
}

// chooseFor is choose, except that what is only downloaded is not sent.
func chooseFor(key string, offer Offer) (ShippingOption, string) {
	if !offer.Cart.digital() {
		return choose(key, offer.Options, offer.tariffs)
	}
	if key != "" && key != DownloadKey {
		return ShippingOption{}, "unknown"
	}
	return ShippingOption{Tariff: downloadTariff, Window: Window{From: offer.today, Until: offer.today}}, ""
}

// needsOf is what must be known of who gets the cart. While the way of shipping is not known, all.
func needsOf(cart Cart, option ShippingOption, reason string) contactNeeds {
	return contactNeeds{address: option.NeedsAddress || reason != "", phone: !cart.digital()}
}

// wrap notes how the goods are to be made a present. A download cannot be wrapped.
func (c *Checkout) wrap(form CheckoutForm, digital bool, price yen.Amount) {
	c.Contact = form.Contact
	if digital {
		return
	}
	c.Contact.GiftMessage, c.Wrapped, c.WithoutPrices = form.Message, form.Wrapped, form.WithoutPrices
	if c.Wrapped {
		c.Wrapping = price
	}
}

// checkMoney notes what keeps the total from being paid. An order without anything to pay goes
// on by itself, whatever method was chosen.
func (c *Checkout) checkMoney(offer Offer, fields map[string]string) {
	cart := offer.Cart
	if cart.code != nil {
		c.DiscountCode = cart.code.Code
	}
	if cart.CodeProblem != "" {
		fields["discount_code"] = cart.CodeProblem
	}
	if c.Total == 0 {
		c.Method = NothingToPay
		return
	}
	if reason := c.checkMethod(offer.Invoice); reason != "" {
		fields["payment_method"] = reason
	}
}

func freezeLines(cart Cart) ([]CheckoutLine, error) {
	var lines []CheckoutLine
	for _, line := range cart.Lines {
		if !line.Available {
			return nil, fmt.Errorf("%w: %s", ErrNotForSale, line.Title)
		}
		lines = append(lines, CheckoutLine{
			ProductID: line.ProductID, VariantID: line.VariantID, DesignID: line.DesignID, DesignText: line.DesignText,
			Title: line.Title, TitleEn: line.TitleEn, Quantity: line.Quantity, UnitPrice: line.UnitPrice,
			Total: line.UnitPrice.Times(line.Quantity), TaxRate: line.TaxRate,
			Routing: line.Routing, Tracked: line.Tracked, Digital: line.Digital,
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

// checkMethod says why the checkout cannot be paid as was chosen, or "".
func (c *Checkout) checkMethod(byInvoice bool) string {
	least, most := c.Method.Limits()
	switch {
	case most == 0, c.Method == ByInvoice && !byInvoice:
		return "unknown"
	case c.Total < least || c.Total > most:
		return "amount_out_of_range"
	case c.Method == ByInvoice && c.Contact.Company == "":
		return "company_required"
	}
	return ""
}

// Limits are the least and the most that can be paid by the method.
func (m Method) Limits() (least, most yen.Amount) {
	switch m {
	case Card:
		return minCard, maxCard
	case Konbini:
		return minKonbini, maxKonbini
	case ByInvoice:
		return minInvoice, maxInvoice
	default:
		return 0, 0
	}
}

func (s *Service) saveCheckout(ctx context.Context, db sqlx.ExecerContext, cart Cart, checkout Checkout) error {
	snapshot, err := json.Marshal(checkout)
	if err != nil {
		return fmt.Errorf("write checkout: %w", err)
	}
	sealed, err := sealJSON(s.seal, checkoutContext(checkout.ID), checkout.Contact)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `
		INSERT INTO checkouts (id, cart_id, cart_version, sealed, snapshot, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		checkout.ID, cart.ID, cart.Version, sealed, string(snapshot), s.now(), checkout.ExpiresAt)
	if err != nil {
		return fmt.Errorf("save checkout: %w", err)
	}
	return nil
}

func checkoutContext(id CheckoutID) string { return "orders.checkout:" + id.String() }

// Checkout returns what the confirmation screen shows. Errors: ErrCheckoutNotFound, also for a secret
// that is not its own, ErrCheckoutExpired, ErrQuotationEnded.
func (s *Service) Checkout(ctx context.Context, key CheckoutKey) (Checkout, error) {
	stored, err := s.findCheckout(ctx, s.db, key, "")
	if err != nil {
		return Checkout{}, err
	}
	return stored.Checkout, stored.ended(s.now())
}

// ended says why a checkout does not stand any more.
func (c Checkout) ended(now time.Time) error {
	switch {
	case now.Before(c.ExpiresAt):
		return nil
	case c.Quoted != nil:
		return ErrQuotationEnded
	}
	return ErrCheckoutExpired
}

// storedCheckout is a checkout with the cart it was made from.
type storedCheckout struct {
	Checkout
	cart        CartID
	cartVersion int
	cartStands  bool // the cart is still what was frozen, so that no order was made of the checkout
}

// lockCheckout finds a checkout and locks its cart until tx ends: whoever changes or orders it waits.
func (s *Service) lockCheckout(ctx context.Context, tx *sqlx.Tx, key CheckoutKey) (storedCheckout, error) {
	return s.findCheckout(ctx, tx, key, "FOR UPDATE OF carts")
}

func (s *Service) findCheckout(ctx context.Context, db sqlx.QueryerContext, key CheckoutKey, lock string) (storedCheckout, error) {
	var row struct {
		Cart      CartID    `db:"cart_id"`
		Version   int       `db:"cart_version"`
		Stands    bool      `db:"stands"`
		Sealed    []byte    `db:"sealed"`
		Snapshot  []byte    `db:"snapshot"`
		ExpiresAt time.Time `db:"expires_at"`
	}
	err := sqlx.GetContext(ctx, db, &row, `
		SELECT checkouts.cart_id, checkouts.cart_version, carts.version = checkouts.cart_version AS stands, checkouts.sealed, checkouts.snapshot,
		       checkouts.expires_at
		FROM checkouts
		JOIN carts ON carts.id = checkouts.cart_id
		LEFT JOIN quotations ON quotations.checkout_id = checkouts.id
		WHERE checkouts.id = $1 AND coalesce(quotations.link_hash, carts.token_hash) = $2 `+lock, key.ID, hashToken(key.Secret))
	if errors.Is(err, sql.ErrNoRows) {
		return storedCheckout{}, ErrCheckoutNotFound
	}
	if err != nil {
		return storedCheckout{}, fmt.Errorf("find checkout: %w", err)
	}
	found := storedCheckout{cart: row.Cart, cartVersion: row.Version, cartStands: row.Stands}
	if err := json.Unmarshal(row.Snapshot, &found.Checkout); err != nil {
		return storedCheckout{}, fmt.Errorf("read checkout %s: %w", key.ID, err)
	}
	found.ID, found.Secret, found.ExpiresAt = key.ID, key.Secret, row.ExpiresAt
	if found.Quoted != nil {
		if found.Window, err = s.quotedWindow(ctx, db, *found.Quoted); err != nil {
			return storedCheckout{}, err
		}
	}
	err = openJSON(s.seal, checkoutContext(key.ID), row.Sealed, &found.Contact)
	return found, err
}
