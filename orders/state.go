package orders

// State is where an order stands.
type State string

// The states of an order. Expired, canceled and completed are final, except that staff may revive
// an expired order whose money came late.
const (
	AwaitingPayment State = "awaiting_payment"
	InReview        State = "in_review"
	Approved        State = "approved"
	InProduction    State = "in_production"
	Ready           State = "ready"
	Shipped         State = "shipped"
	Completed       State = "completed"
	Expired         State = "expired"
	Canceled        State = "canceled"
)

// Final says that an order in this state never leaves it by itself.
func (s State) Final() bool { return s == Completed || s == Expired || s == Canceled }

// PaymentState is where one attempt to pay stands.
type PaymentState string

// The states of a payment. Captured, failed, canceled and expired are final, except that money
// which arrives after all turns a failed, canceled or expired attempt into a captured one.
const (
	PaymentCreated    PaymentState = "created"
	PaymentCodeIssued PaymentState = "code_issued"
	PaymentInvoiced   PaymentState = "invoiced" // the customer has the invoice; transfers are entered by staff
	PaymentAuthorized PaymentState = "authorized"
	PaymentCaptured   PaymentState = "captured"
	PaymentFailed     PaymentState = "failed"
	PaymentCanceled   PaymentState = "canceled"
	PaymentExpired    PaymentState = "expired"
)

// RefundState is where a refund stands.
type RefundState string

// The states of a refund.
const (
	RefundRequested      RefundState = "requested"
	RefundSubmitting     RefundState = "submitting"
	RefundPending        RefundState = "pending"
	RefundRequiresAction RefundState = "requires_action"
	RefundSucceeded      RefundState = "succeeded"
	RefundFailed         RefundState = "failed"
	RefundCanceled       RefundState = "canceled"
)

// DisputeState is where a dispute stands, in the provider's own words.
type DisputeState string

// The states of a dispute. A warning is a question of the bank's that has taken no money.
const (
	DisputeWarning            DisputeState = "warning_needs_response"
	DisputeWarningUnderReview DisputeState = "warning_under_review"
	DisputeWarningClosed      DisputeState = "warning_closed"
	DisputeNeedsResponse      DisputeState = "needs_response"
	DisputeUnderReview        DisputeState = "under_review"
	DisputeWon                DisputeState = "won"
	DisputeLost               DisputeState = "lost"
)

// TextState is what staff decided about the custom text of a line.
type TextState string

// The decisions about a custom text. A line without a design has none to decide.
const (
	NoText       TextState = "none"
	TextPending  TextState = "pending"
	TextAccepted TextState = "approved"
	TextRefused  TextState = "refused"
)

// Method is how an order is paid.
type Method string

// The ways to pay.
const (
	Card         Method = "card"
	Konbini      Method = "konbini"
	ByInvoice    Method = "invoice" // 請求書払い: companies transfer the money to our bank account before anything is made
	NothingToPay Method = "none"    // an order whose total is ¥0; nobody chooses it
)

// Language is the language in which a customer is written to.
type Language string

// The languages of the shop. Easy is やさしい日本語.
const (
	Japanese Language = "ja"
	Easy     Language = "easy"
	English  Language = "en"
)

// Languages are all of them.
var Languages = []Language{Japanese, Easy, English}
