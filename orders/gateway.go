package orders

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tsukuriba/internal/yen"
)

// Gateway is the payment provider as orders needs it: hosted pages to pay on, holds on cards,
// codes for the convenience store, refunds. Its one real form is orders/stripe.
//
// Every method may block on the network and is never called inside a transaction. A call with
// a key may be repeated with the same key and the same parameters: it then has no second
// effect. Errors wrap one of the ErrGateway… sentinels.
type Gateway interface {
	// OpenCheckout makes a hosted page on which one attempt is paid by one method. A card is
	// only authorized, a konbini code is paid at once.
	OpenCheckout(ctx context.Context, request CheckoutRequest) (HostedPage, error)
	// Payment reads how an attempt stands now.
	Payment(ctx context.Context, ref PaymentRef) (PaymentSnapshot, error)
	// Capture takes the authorized money. An intent that is captured already is a success.
	Capture(ctx context.Context, key, intentID string, amount yen.Amount) error
	// CancelPayment releases an authorization or closes an open page. What is canceled or
	// expired already is a success; a konbini code that is out cannot be revoked and gives
	// ErrGatewayRefused.
	CancelPayment(ctx context.Context, key string, ref PaymentRef) error
	// Refund gives captured money back.
	Refund(ctx context.Context, key string, request RefundRequest) (RefundSnapshot, error)
	// Refunds lists every refund of an intent, those made in the provider's own console too.
	Refunds(ctx context.Context, intentID string) ([]RefundSnapshot, error)
	// Dispute reads how a dispute stands now.
	Dispute(ctx context.Context, disputeID string) (DisputeSnapshot, error)

	// The lists are what reconciliation holds against our own books: everything of the account
	// that was made within a span, a page at a time, the newest first.
	ListEvents(ctx context.Context, page PageOf) (Listed[ProviderEvent], error)
	ListPayments(ctx context.Context, page PageOf) (Listed[PaymentSnapshot], error)
	ListRefunds(ctx context.Context, page PageOf) (Listed[RefundSnapshot], error)
	ListDisputes(ctx context.Context, page PageOf) (Listed[DisputeSnapshot], error)
}

// PageOf asks for one page of what was made from From, inclusive, until Until, exclusive; whole
// seconds count. After is the Next of the page before, empty for the first.
type PageOf struct {
	From, Until time.Time
	After       string
}

// Listed is a page of a list. Next is empty after the last page. A page may have no items and yet
// a next one, as what is of no use to us is left out.
type Listed[T any] struct {
	Items []T
	Next  string
}

// The ways in which a call to the payment provider fails.
var (
	// ErrGatewayUnavailable leaves open whether the call took effect: repeat it with the same key.
	ErrGatewayUnavailable = errors.New("the payment provider did not answer")
	// ErrGatewayRefused is final: the same request will be refused again.
	ErrGatewayRefused = errors.New("the payment provider refused the request")
	// ErrGatewayNotFound says that the provider knows no such object.
	ErrGatewayNotFound = errors.New("the payment provider knows no such payment")
	// ErrForgedEvent says that an event was not signed by the payment provider, was signed too
	// long ago, or belongs to another mode or API version than ours.
	ErrForgedEvent = errors.New("the event was not signed by the payment provider")
)

// CheckoutRequest describes a hosted payment page. Everything in it is frozen with the order
// and the attempt, so that a repetition is byte for byte the same.
type CheckoutRequest struct {
	Key          string // idempotency key
	OrderID      OrderID
	OrderNumber  string
	OrderVersion int
	PaymentID    PaymentID
	Method       Method
	Language     Language
	Email        string
	Lines        []HostedLine // their sum is the amount of the attempt, shipping included
	SuccessURL   string       // the provider sends the customer back here, to their secret order page
	CancelURL    string
	ExpiresAt    time.Time // when the page closes; at least 30 minutes ahead
	KonbiniDays  int       // how many days a code stays payable, for konbini only
	Note         string    // legal summary beside the pay button, at most 1200 characters
}

// HostedLine is one line on the hosted page.
type HostedLine struct {
	Title     string
	UnitPrice yen.Amount
	Quantity  int
}

// HostedPage is an opened payment page. IntentID may be empty until the customer pays.
type HostedPage struct {
	SessionID string
	IntentID  string
	URL       string
	ExpiresAt time.Time
}

// PaymentRef names an attempt at the provider by its session, its intent or both.
type PaymentRef struct {
	SessionID string
	IntentID  string
}

// PaymentSnapshot is how an attempt stands at the provider at the moment of reading. OrderID and
// PaymentID come from its metadata and are zero when it carries none of ours.
type PaymentSnapshot struct {
	SessionID     string
	IntentID      string
	OrderID       OrderID
	PaymentID     PaymentID
	State         PaymentState // PaymentCreated while the page is open and nothing has been tried
	Currency      string       // lower case ISO 4217: "jpy"
	Amount        yen.Amount   // what the attempt is about
	Captured      yen.Amount   // what has been taken; refunds do not reduce it
	CaptureBefore time.Time    // when an authorization lapses; zero if none stands
	ExpiresAt     time.Time    // when the page, or the konbini code once issued, expires
	VoucherURL    string       // page with the konbini code
	Failure       string       // the provider's code for why it failed, such as "card_declined"
}

// RefundRequest asks for money to be given back.
type RefundRequest struct {
	RefundID RefundID
	OrderID  OrderID
	IntentID string
	Amount   yen.Amount
	Email    string // where the provider asks for bank details after a konbini payment
}

// RefundSnapshot is how a refund stands at the provider. RefundID is zero for a refund that was
// not made by us.
type RefundSnapshot struct {
	ID       string
	RefundID RefundID
	IntentID string
	Amount   yen.Amount
	State    RefundState // pending, requires_action, succeeded, failed or canceled
	Failure  string
	Created  time.Time
}

// DisputeSnapshot is how a dispute stands at the provider. Moves are what it has done to our money
// so far, the oldest first; an inquiry that is only a question has none.
type DisputeSnapshot struct {
	ID          string
	IntentID    string
	Amount      yen.Amount
	Reason      string // the provider's word, such as "product_not_received"
	State       DisputeState
	EvidenceDue time.Time // until when we may answer; zero if nothing is to be answered
	Created     time.Time
	Moves       []DisputeMove
}

// DisputeMove is money that a dispute took from us, or gave back if Amount is positive. Fee is what
// the provider takes for it besides, or gives back if it is negative.
type DisputeMove struct {
	ID     string
	Amount yen.Amount
	Fee    yen.Amount
	At     time.Time
}

// ProviderEvent is a webhook whose signature has been verified, or the same event as the provider
// lists it. Ids that the event does not
// carry are empty; OrderID and PaymentID come from the object's metadata and are zero when it
// carries none of ours. The event only says that something happened: what, is read anew.
type ProviderEvent struct {
	ID         string
	Type       string // such as "checkout.session.completed"
	APIVersion string
	ObjectID   string
	IntentID   string
	SessionID  string
	OrderID    OrderID
	PaymentID  PaymentID
	Created    time.Time
	Payload    json.RawMessage
}
