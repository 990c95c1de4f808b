package orders

import (
	"slices"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
)

// Order is what was agreed and how it stands. It carries no name and no address: see Contact.
type Order struct {
	ID             OrderID    `db:"id"`
	Number         string     `db:"number"`
	CheckoutID     CheckoutID `db:"checkout_id"`
	State          State      `db:"state"`
	Version        int        `db:"version"`
	Language       Language   `db:"language"`
	Method         Method     `db:"payment_method"`
	ShippingMethod string     `db:"shipping_method"`
	DiscountCode   string     `db:"discount_code"`  // as it was written; "" for none
	Wrapped        bool       `db:"wrapped"`        // as a gift
	WithoutPrices  bool       `db:"without_prices"` // nothing with a price goes into the parcel
	Goods          yen.Amount `db:"goods_yen"`
	Discount       yen.Amount `db:"discount_yen"` // off the goods, never off shipping or wrapping
	Wrapping       yen.Amount `db:"wrapping_yen"`
	Shipping       yen.Amount `db:"shipping_yen"`
	Total          yen.Amount `db:"total_yen"` // goods − discount + wrapping + shipping
	LegalText      string     `db:"legal_text"`
	Window
	CancelReason string     `db:"cancel_reason"` // "customer", "refunded", "refused:" and one of RefusalReasons, "staff:" and one of StaffCancelReasons
	PlacedAt     time.Time  `db:"placed_at"`
	ExpiresAt    *time.Time `db:"expires_at"` // until when it can be paid
	ApprovedAt   *time.Time `db:"approved_at"`
	ShippedAt    *time.Time `db:"shipped_at"`
	Captured     yen.Amount `db:"captured_yen"`    // by the payment that counts, whatever was given back since
	Paid         yen.Amount `db:"paid_yen"`        // captures less refunds and disputes, from the ledger
	WrittenOff   yen.Amount `db:"written_off_yen"` // of the total: what banks took of the transfers, and nobody asks for any more
	Replacing    bool       `db:"replacing"`       // an accepted claim owes the customer pieces anew

	Lines    []Line
	Holds    []Hold // open ones only
	Payments []Payment
	Refunds  []Refund  // the oldest first
	Shipment *Shipment // once handed over
}

// Line is one frozen line of an order.
type Line struct {
	ID         LineID            `db:"id"`
	OrderID    OrderID           `db:"order_id"`
	ProductID  catalog.ProductID `db:"product_id"`
	VariantID  catalog.VariantID `db:"variant_id"`
	DesignID   catalog.DesignID  `db:"design_id"`   // zero for stock products
	DesignText string            `db:"design_text"` // every line of it, as typed
	Title      string            `db:"title"`
	TitleEn    string            `db:"title_en"`
	Quantity   int               `db:"quantity"`
	UnitPrice  yen.Amount        `db:"unit_price_yen"`
	Total      yen.Amount        `db:"total_yen"`
	Discount   yen.Amount        `db:"discount_yen"` // the line's share of the order's discount
	TaxRate    int               `db:"tax_rate"`
	Routing    string            `db:"routing"` // empty: nothing to be made
	Digital    bool              `db:"digital"` // downloaded instead of sent
	TextState  TextState         `db:"text_state"`
}

// Net is what the line costs after its share of the discount; it is never negative.
func (l Line) Net() yen.Amount { return l.Total - l.Discount }

// TitleIn is the title as customers of a language read it.
func (l Line) TitleIn(language Language) string {
	if language == English && l.TitleEn != "" {
		return l.TitleEn
	}
	return l.Title
}

// Payment is one attempt to pay.
type Payment struct {
	ID            PaymentID    `db:"id"`
	OrderID       OrderID      `db:"order_id"`
	Attempt       int          `db:"attempt"`
	Method        Method       `db:"method"`
	State         PaymentState `db:"state"`
	Version       int          `db:"version"`
	Amount        yen.Amount   `db:"amount_yen"`
	SessionID     string       `db:"session_id"`
	IntentID      string       `db:"intent_id"`
	PayURL        string       `db:"pay_url"`
	VoucherURL    string       `db:"voucher_url"`
	Superseded    bool         `db:"superseded"`
	CaptureBefore *time.Time   `db:"capture_before"`
	ExpiresAt     *time.Time   `db:"expires_at"`
	Failure       string       `db:"failure"`
	CreatedAt     time.Time    `db:"created_at"`
}

// Shipment is a parcel on its way.
type Shipment struct {
	ID           ShipmentID `db:"id"`
	OrderID      OrderID    `db:"order_id"`
	ClaimID      ClaimID    `db:"claim_id"` // of remade pieces; zero for the order's own parcel
	State        string     `db:"state"`
	Carrier      string     `db:"carrier"`
	Tracking     string     `db:"tracking"`
	HandedOverAt *time.Time `db:"handed_over_at"`
}

// RefusalReasons are the keys of the mails with which staff refuse a text. The last one refuses a
// customer who wants to pay by invoice.
var RefusalReasons = []string{"cannot_be_made", "unreadable", "not_suitable", "rights_of_others", refusalOfInvoice}

const refusalOfInvoice = "not_by_invoice"

// Step is what a customer is shown of an order's state.
type Step string

// The steps 受付 → 確認中 → 制作中 → 仕上げ → 発送済み, and the end without a parcel.
const (
	StepReceived  Step = "received"
	StepChecking  Step = "checking"
	StepMaking    Step = "making"
	StepFinishing Step = "finishing"
	StepShipped   Step = "shipped"
	StepEnded     Step = "ended"
)

// Step is what the customer is shown of the order. It never goes back: an order whose texts were
// read stays where they were read while it waits for its money.
func (o *Order) Step() Step {
	switch o.State {
	case AwaitingPayment:
		if o.textsAccepted() {
			return StepChecking
		}
		return StepReceived
	case InReview:
		return StepChecking
	case Approved, InProduction:
		return StepMaking
	case Ready:
		return StepFinishing
	case Shipped, Completed:
		return StepShipped
	default:
		return StepEnded
	}
}

// textsAccepted says whether there were custom texts and staff accepted them.
func (o *Order) textsAccepted() bool {
	return slices.ContainsFunc(o.Lines, func(line Line) bool { return line.TextState == TextAccepted })
}

// moves are all moves of the order machine.
var moves = map[State][]State{
	AwaitingPayment: {InReview, Approved, Expired, Canceled},
	InReview:        {AwaitingPayment, Approved, Expired, Canceled},
	Approved:        {InProduction, Ready, Completed, Canceled},
	InProduction:    {Ready},
	Ready:           {Shipped, Canceled},
	Shipped:         {Completed},
	Expired:         {InReview, Approved}, // revived, when the money came late
}

func (o *Order) pendingTexts() bool {
	return slices.ContainsFunc(o.Lines, func(line Line) bool { return line.TextState == TextPending })
}

// toBeMade says whether any line that is still wanted has to be made first.
func (o *Order) toBeMade() bool {
	return slices.ContainsFunc(o.Lines, func(line Line) bool { return line.Routing != "" && o.Wanted(line.ID) > 0 })
}

// Digital says whether nothing of the order is sent: it is complete once it may be downloaded.
func (o *Order) Digital() bool { return o.ShippingMethod == DownloadKey }

// LivePayment is the attempt that counts: open, authorized or captured. It is nil if there is
// none.
func (o *Order) LivePayment() *Payment {
	for i := range o.Payments {
		if payment := &o.Payments[i]; payment.live() {
			return payment
		}
	}
	return nil
}

func (o *Order) authorized() bool {
	payment := o.LivePayment()
	return payment != nil && payment.State == PaymentAuthorized && payment.Amount >= o.Total
}

func (o *Order) paid() bool { return o.Paid >= o.Owed() }

// CanBeCanceled says whether the customer may still cancel: until the first piece is started.
func (o *Order) CanBeCanceled() bool {
	return o.State == AwaitingPayment || o.State == InReview || o.State == Approved
}

// next is where the facts lead: texts, money and holds. It is the present state if nowhere.
func (o *Order) next() State {
	switch {
	case len(o.Holds) > 0:
		return o.State
	case o.State == AwaitingPayment && o.pendingTexts() && (o.authorized() || o.paid()):
		return InReview
	case o.State == AwaitingPayment && o.paid(), o.State == InReview && o.paid() && !o.pendingTexts():
		return Approved
	case o.State == InReview && o.Method == Card && o.LivePayment() == nil:
		return Expired
	case o.State == Approved && o.Digital():
		return Completed
	case o.State == Approved && !o.toBeMade():
		return Ready
	default:
		return o.State
	}
}

// wantsCapture says whether the money that a card is holding may be taken.
func (o *Order) wantsCapture() bool {
	waiting := o.State == AwaitingPayment || o.State == InReview
	return waiting && len(o.Holds) == 0 && !o.pendingTexts() && o.authorized()
}

// unwanted says whether money for this order would come too late.
func (o *Order) unwanted() bool { return o.State == Expired || o.State == Canceled }

// approve accepts every custom text, and with an order by invoice its customer. It does nothing to
// texts that are accepted already.
func (o *Order) approve() error {
	if o.State != InReview {
		return wrongState("approve", o.State)
	}
	if len(o.Holds) > 0 {
		return ErrOnHold
	}
	o.decideTexts(TextAccepted)
	return nil
}

// refuse turns every text down that was not accepted.
func (o *Order) refuse(reason string) error {
	if !slices.Contains(RefusalReasons, reason) || reason == refusalOfInvoice && o.Method != ByInvoice {
		return ErrUnknownReason
	}
	if o.State != InReview {
		return wrongState("refuse", o.State)
	}
	o.decideTexts(TextRefused)
	return nil
}

func (o *Order) decideTexts(decision TextState) {
	for i := range o.Lines {
		if o.Lines[i].TextState == TextPending {
			o.Lines[i].TextState = decision
		}
	}
}

// mayStart is the gate before any piece: texts approved, money captured, nothing held. What was
// given back since does not close it: refunded pieces are dropped by themselves, the others go
// on. After shipping only what a claim owes may start.
func (o *Order) mayStart() error {
	begun := o.State == Approved || o.State == InProduction
	remake := o.Replacing && (o.State == Shipped || o.State == Completed)
	switch {
	case !begun && !remake:
		return wrongState("start", o.State)
	case len(o.Holds) > 0:
		return ErrOnHold
	case o.Captured < o.Owed():
		return ErrNotPaid
	}
	return nil
}

// due says whether an unpaid order has waited long enough. A code that is out or money that is
// held keeps it, an invoice does not.
func (o *Order) due(now time.Time) bool {
	if o.State != AwaitingPayment || o.ExpiresAt == nil || now.Before(*o.ExpiresAt) || o.paid() {
		return false
	}
	payment := o.LivePayment()
	return payment == nil || payment.State == PaymentCreated || payment.State == PaymentInvoiced
}
