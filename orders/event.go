package orders

// What happened to orders, announced in the transaction in which it did. Those who listen read
// the order anew: between the announcement and its delivery much may have changed.

// OrderPlaced says that a customer has confirmed an order.
type OrderPlaced struct {
	OrderID OrderID
	Method  Method
}

// Unanswered says that the customer hears of the order by nothing else so soon: whoever pays by
// card does, once the card has answered.
func (e OrderPlaced) Unanswered() bool { return e.Method != Card }

// OrderInReview says that staff have texts to approve, also of an order they revived.
type OrderInReview struct {
	OrderID OrderID
	Revived bool
}

// TextApproved says that nothing stands against taking the money: staff approved every custom
// text, or there was none. An authorized card is captured then; for konbini the customer gets
// the link to pay.
type TextApproved struct{ OrderID OrderID }

// OrderApproved says that texts are approved and the money is captured: the pieces are owed.
type OrderApproved struct{ OrderID OrderID }

// OrderCanceled says that an order was given up by the customer or refused by staff.
type OrderCanceled struct{ OrderID OrderID }

// OrderExpired says that an order was not paid in time.
type OrderExpired struct{ OrderID OrderID }

// OrderShipped says that an order was handed to the carrier.
type OrderShipped struct{ OrderID OrderID }

// CodeIssued says that a customer was given a code to pay with at a convenience store.
type CodeIssued struct {
	OrderID   OrderID
	PaymentID PaymentID
}

// TextQueried says that staff have a question about a text, which is the note of the hold.
type TextQueried struct {
	OrderID OrderID
	HoldID  HoldID
}

// ReceiptIssued says that staff have issued a receipt, which waits on the customer's page.
type ReceiptIssued struct {
	OrderID    OrderID
	DocumentID DocumentID
}

// InvoiceIssued says that staff have accepted an order by invoice, which waits for its transfer.
type InvoiceIssued struct {
	OrderID    OrderID
	DocumentID DocumentID
}

// QuotationIssued says that a customer has taken a quotation.
type QuotationIssued struct{ QuotationID QuotationID }

// EventReceived says that the payment provider has told something that is now stored. PaymentID is
// zero where the event does not name one of ours.
type EventReceived struct {
	EventID   string
	PaymentID PaymentID
}

// PaymentOrphaned says that a payment stands which its order no longer wants: it is released.
type PaymentOrphaned struct{ PaymentID PaymentID }

// LateMoneyArrived says that money came for an order that had expired. Staff decide within three
// days whether the order goes on; otherwise the money goes back.
type LateMoneyArrived struct{ OrderID OrderID }

// RefundDue says that a refund is to be submitted to the payment provider.
type RefundDue struct{ RefundID RefundID }

// OrderRefunded says that money has been given back.
type OrderRefunded struct {
	OrderID  OrderID
	RefundID RefundID
}

// BankDetailsWanted says that a refund waits until the customer has told the payment provider a
// bank account, as after paying at a convenience store.
type BankDetailsWanted struct {
	OrderID  OrderID
	RefundID RefundID
}

// PiecesRefunded says that pieces of an order that has not been shipped are not wanted any more.
type PiecesRefunded struct{ OrderID OrderID }

// ClaimOpened says that a customer told what is wrong with a line.
type ClaimOpened struct {
	OrderID OrderID
	ClaimID ClaimID
}

// ClaimAccepted says that staff accepted a claim; for a remake its pieces are owed once more.
type ClaimAccepted struct {
	OrderID OrderID
	ClaimID ClaimID
}

// ClaimDeclined says that staff explained why a claim cannot be accepted.
type ClaimDeclined struct {
	OrderID OrderID
	ClaimID ClaimID
}

// ClaimShipped says that what was made or taken anew for a claim was handed to the carrier.
type ClaimShipped struct {
	OrderID OrderID
	ClaimID ClaimID
}

// DisputeMoved says that a dispute was opened or went on.
type DisputeMoved struct {
	DisputeID DisputeID
	State     DisputeState // as it was then
}

// MailQueued says that a mail is ready to be sent.
type MailQueued struct{ MailID MailID }

// ThanksLetThrough says that staff let a thank-you message through to the makers of an order.
type ThanksLetThrough struct {
	OrderID  OrderID
	ThanksID ThanksID
}

// Kind names the event for good, as the others below do.
func (OrderPlaced) Kind() string     { return "orders.order_placed" }
func (OrderInReview) Kind() string   { return "orders.order_in_review" }
func (TextApproved) Kind() string    { return "orders.text_approved" }
func (OrderApproved) Kind() string   { return "orders.order_approved" }
func (OrderCanceled) Kind() string   { return "orders.order_canceled" }
func (OrderExpired) Kind() string    { return "orders.order_expired" }
func (OrderShipped) Kind() string    { return "orders.order_shipped" }
func (CodeIssued) Kind() string      { return "orders.code_issued" }
func (TextQueried) Kind() string     { return "orders.text_queried" }
func (ReceiptIssued) Kind() string   { return "orders.receipt_issued" }
func (InvoiceIssued) Kind() string   { return "orders.invoice_issued" }
func (QuotationIssued) Kind() string { return "orders.quotation_issued" }
func (EventReceived) Kind() string   { return "orders.event_received" }
func (PaymentOrphaned) Kind() string { return "orders.payment_orphaned" }
func (RefundDue) Kind() string       { return "orders.refund_due" }
func (MailQueued) Kind() string      { return "orders.mail_queued" }

func (DisputeMoved) Kind() string      { return "orders.dispute_moved" }
func (ThanksLetThrough) Kind() string  { return "orders.thanks_let_through" }
func (LateMoneyArrived) Kind() string  { return "orders.late_money_arrived" }
func (OrderRefunded) Kind() string     { return "orders.order_refunded" }
func (BankDetailsWanted) Kind() string { return "orders.bank_details_wanted" }
func (PiecesRefunded) Kind() string    { return "orders.pieces_refunded" }
func (ClaimOpened) Kind() string       { return "orders.claim_opened" }
func (ClaimAccepted) Kind() string     { return "orders.claim_accepted" }
func (ClaimDeclined) Kind() string     { return "orders.claim_declined" }
func (ClaimShipped) Kind() string      { return "orders.claim_shipped" }
