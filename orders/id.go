package orders

import "tsukuriba/internal/id"

type (
	cartKind        struct{}
	cartLineKind    struct{}
	checkoutKind    struct{}
	orderKind       struct{}
	lineKind        struct{}
	paymentKind     struct{}
	refundKind      struct{}
	shipmentKind    struct{}
	holdKind        struct{}
	callKind        struct{}
	mailKind        struct{}
	disputeKind     struct{}
	mismatchKind    struct{}
	claimKind       struct{}
	documentKind    struct{}
	discountKind    struct{}
	thanksKind      struct{}
	linkRequestKind struct{}
	transferKind    struct{}
	quoteKind       struct{}
)

func (cartKind) Prefix() string        { return "crt" }
func (cartLineKind) Prefix() string    { return "cln" }
func (checkoutKind) Prefix() string    { return "chk" }
func (orderKind) Prefix() string       { return "ord" }
func (lineKind) Prefix() string        { return "li" }
func (paymentKind) Prefix() string     { return "pay" }
func (refundKind) Prefix() string      { return "ref" }
func (shipmentKind) Prefix() string    { return "shp" }
func (holdKind) Prefix() string        { return "hld" }
func (callKind) Prefix() string        { return "cll" }
func (mailKind) Prefix() string        { return "mai" }
func (disputeKind) Prefix() string     { return "dsp" }
func (mismatchKind) Prefix() string    { return "mis" }
func (claimKind) Prefix() string       { return "clm" }
func (documentKind) Prefix() string    { return "doc" }
func (discountKind) Prefix() string    { return "dsc" }
func (thanksKind) Prefix() string      { return "thx" }
func (linkRequestKind) Prefix() string { return "lrq" }
func (transferKind) Prefix() string    { return "trf" }
func (quoteKind) Prefix() string       { return "quo" }

// The identifiers of what orders owns.
type (
	CartID        = id.ID[cartKind]
	CartLineID    = id.ID[cartLineKind]
	CheckoutID    = id.ID[checkoutKind]
	OrderID       = id.ID[orderKind]
	LineID        = id.ID[lineKind]
	PaymentID     = id.ID[paymentKind]
	RefundID      = id.ID[refundKind]
	ShipmentID    = id.ID[shipmentKind]
	HoldID        = id.ID[holdKind]
	MailID        = id.ID[mailKind]
	CallID        = id.ID[callKind]
	DisputeID     = id.ID[disputeKind]
	MismatchID    = id.ID[mismatchKind]
	ClaimID       = id.ID[claimKind]
	DocumentID    = id.ID[documentKind]
	DiscountID    = id.ID[discountKind]
	ThanksID      = id.ID[thanksKind]
	LinkRequestID = id.ID[linkRequestKind]
	TransferID    = id.ID[transferKind]
	QuotationID   = id.ID[quoteKind]
)
