package stripetest

import "encoding/json"

// The wire forms of Stripe's API 2023-10-16, with the fields a shop reads. Amounts are in the
// currency's smallest unit, for yen whole yen; times are Unix seconds.

// text is a string that Stripe sends as null when it is empty.
type text string

// MarshalJSON writes null for the empty text.
func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

type session struct {
	ID                   string            `json:"id"`
	Object               string            `json:"object"`
	AmountSubtotal       int64             `json:"amount_subtotal"`
	AmountTotal          int64             `json:"amount_total"`
	CancelURL            text              `json:"cancel_url"`
	ClientReferenceID    text              `json:"client_reference_id"`
	Created              int64             `json:"created"`
	Currency             string            `json:"currency"`
	CustomText           map[string]any    `json:"custom_text"`
	CustomerDetails      *customerDetails  `json:"customer_details"`
	CustomerEmail        text              `json:"customer_email"`
	ExpiresAt            int64             `json:"expires_at"`
	Livemode             bool              `json:"livemode"`
	Locale               text              `json:"locale"`
	Metadata             map[string]string `json:"metadata"`
	Mode                 string            `json:"mode"`
	PaymentIntent        text              `json:"payment_intent"`
	PaymentMethodOptions map[string]any    `json:"payment_method_options"`
	PaymentMethodTypes   []string          `json:"payment_method_types"`
	PaymentStatus        string            `json:"payment_status"`
	Status               string            `json:"status"`
	SuccessURL           string            `json:"success_url"`
	URL                  text              `json:"url"`
}

type customerDetails struct {
	Email text `json:"email"`
	Name  text `json:"name"`
	Phone text `json:"phone"`
}

type lineItem struct {
	ID             string `json:"id"`
	Object         string `json:"object"`
	AmountDiscount int64  `json:"amount_discount"`
	AmountSubtotal int64  `json:"amount_subtotal"`
	AmountTax      int64  `json:"amount_tax"`
	AmountTotal    int64  `json:"amount_total"`
	Currency       string `json:"currency"`
	Description    string `json:"description"`
	Price          price  `json:"price"`
	Quantity       int64  `json:"quantity"`
}

type price struct {
	ID         string `json:"id"`
	Object     string `json:"object"`
	Currency   string `json:"currency"`
	UnitAmount int64  `json:"unit_amount"`
}

type intent struct {
	ID                 string            `json:"id"`
	Object             string            `json:"object"`
	Amount             int64             `json:"amount"`
	AmountCapturable   int64             `json:"amount_capturable"`
	AmountReceived     int64             `json:"amount_received"`
	CanceledAt         *int64            `json:"canceled_at"`
	CancellationReason text              `json:"cancellation_reason"`
	CaptureMethod      string            `json:"capture_method"`
	Created            int64             `json:"created"`
	Currency           string            `json:"currency"`
	Description        text              `json:"description"`
	LastPaymentError   *paymentError     `json:"last_payment_error"`
	LatestCharge       text              `json:"latest_charge"`
	Livemode           bool              `json:"livemode"`
	Metadata           map[string]string `json:"metadata"`
	NextAction         *nextAction       `json:"next_action"`
	PaymentMethod      text              `json:"payment_method"`
	PaymentMethodTypes []string          `json:"payment_method_types"`
	ReceiptEmail       text              `json:"receipt_email"`
	Status             string            `json:"status"`
}

type paymentError struct {
	Type        string `json:"type"`
	Code        string `json:"code"`
	DeclineCode string `json:"decline_code,omitempty"`
	Message     string `json:"message"`
	Charge      string `json:"charge,omitempty"`
}

type nextAction struct {
	Type     string          `json:"type"`
	Konbini  *konbiniDetails `json:"konbini_display_details,omitempty"`
	Redirect *redirect       `json:"redirect_to_url,omitempty"`
}

type redirect struct {
	URL       string `json:"url"`
	ReturnURL text   `json:"return_url"`
}

type konbiniDetails struct {
	ExpiresAt        int64                  `json:"expires_at"`
	HostedVoucherURL string                 `json:"hosted_voucher_url"`
	Stores           map[string]voucherCode `json:"stores"`
}

type voucherCode struct {
	ConfirmationNumber string `json:"confirmation_number"`
	PaymentCode        string `json:"payment_code"`
}

type charge struct {
	ID                   string            `json:"id"`
	Object               string            `json:"object"`
	Amount               int64             `json:"amount"`
	AmountCaptured       int64             `json:"amount_captured"`
	AmountRefunded       int64             `json:"amount_refunded"`
	Captured             bool              `json:"captured"`
	Created              int64             `json:"created"`
	Currency             string            `json:"currency"`
	Disputed             bool              `json:"disputed"`
	FailureCode          text              `json:"failure_code"`
	FailureMessage       text              `json:"failure_message"`
	Livemode             bool              `json:"livemode"`
	Metadata             map[string]string `json:"metadata"`
	Paid                 bool              `json:"paid"`
	PaymentIntent        text              `json:"payment_intent"`
	PaymentMethodDetails map[string]any    `json:"payment_method_details"`
	ReceiptURL           text              `json:"receipt_url"`
	Refunded             bool              `json:"refunded"`
	Status               string            `json:"status"`
}

type refund struct {
	ID                string            `json:"id"`
	Object            string            `json:"object"`
	Amount            int64             `json:"amount"`
	Charge            string            `json:"charge"`
	Created           int64             `json:"created"`
	Currency          string            `json:"currency"`
	FailureReason     string            `json:"failure_reason,omitempty"`
	InstructionsEmail string            `json:"instructions_email,omitempty"`
	Metadata          map[string]string `json:"metadata"`
	PaymentIntent     text              `json:"payment_intent"`
	Reason            text              `json:"reason"`
	Status            string            `json:"status"`
}

type dispute struct {
	ID              string            `json:"id"`
	Object          string            `json:"object"`
	Amount          int64             `json:"amount"`
	Movements       []movement        `json:"balance_transactions"` // at most two: withdrawn, reinstated
	Charge          string            `json:"charge"`
	Created         int64             `json:"created"`
	Currency        string            `json:"currency"`
	Evidence        map[string]string `json:"evidence"`
	EvidenceDetails evidenceDetails   `json:"evidence_details"`
	IsRefundable    bool              `json:"is_charge_refundable"`
	Livemode        bool              `json:"livemode"`
	Metadata        map[string]string `json:"metadata"`
	PaymentIntent   text              `json:"payment_intent"`
	Reason          string            `json:"reason"`
	Status          string            `json:"status"`
}

// movement is a balance transaction: what a dispute takes from the account, and gives back.
type movement struct {
	ID          string `json:"id"`
	Object      string `json:"object"`
	Amount      int64  `json:"amount"` // negative when taken
	AvailableOn int64  `json:"available_on"`
	Created     int64  `json:"created"`
	Currency    string `json:"currency"`
	Description text   `json:"description"`
	Fee         int64  `json:"fee"` // Stripe's own, not the customer's money
	Net         int64  `json:"net"`
	Source      string `json:"source"`
	Status      string `json:"status"`
	Type        string `json:"type"`
}

type evidenceDetails struct {
	DueBy           int64 `json:"due_by"`
	HasEvidence     bool  `json:"has_evidence"`
	SubmissionCount int64 `json:"submission_count"`
}

type event struct {
	ID              string       `json:"id"`
	Object          string       `json:"object"`
	APIVersion      string       `json:"api_version"`
	Created         int64        `json:"created"`
	Data            eventData    `json:"data"`
	Livemode        bool         `json:"livemode"`
	PendingWebhooks int          `json:"pending_webhooks"`
	Request         eventRequest `json:"request"`
	Type            string       `json:"type"`
}

type eventData struct {
	Object json.RawMessage `json:"object"`
}

type eventRequest struct {
	ID             text `json:"id"`
	IdempotencyKey text `json:"idempotency_key"`
}

type endpoint struct {
	ID            string            `json:"id"`
	Object        string            `json:"object"`
	APIVersion    text              `json:"api_version"`
	Created       int64             `json:"created"`
	Description   text              `json:"description"`
	EnabledEvents []string          `json:"enabled_events"`
	Livemode      bool              `json:"livemode"`
	Metadata      map[string]string `json:"metadata"`
	Secret        string            `json:"secret,omitempty"`
	Status        string            `json:"status"`
	URL           string            `json:"url"`
}
