package orders

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Why a use case says no.
var (
	ErrCartNotFound      = errors.New("there is no such cart")
	ErrCartEmpty         = errors.New("the cart is empty")
	ErrCartFull          = errors.New("a cart holds at most 50 different things")
	ErrCartChanged       = errors.New("the cart has changed since the confirmation page was shown")
	ErrLineNotFound      = errors.New("there is no such line in the cart")
	ErrBadQuantity       = errors.New("a quantity is from 1 to 99")
	ErrNotForSale        = errors.New("the product is not for sale")
	ErrDesignMissing     = errors.New("the product needs a design of its own")
	ErrDesignMismatch    = errors.New("the design belongs to another product")
	ErrCheckoutNotFound  = errors.New("there is no such checkout")
	ErrCheckoutExpired   = errors.New("the confirmation page is too old")
	ErrOrderNotFound     = errors.New("there is no such order")
	ErrPaymentNotFound   = errors.New("there is no such payment")
	ErrRefundNotFound    = errors.New("there is no such refund")
	ErrWrongState        = errors.New("the order is not in a state that allows this")
	ErrStale             = errors.New("the order was changed by somebody else in between")
	ErrOnHold            = errors.New("the order is on hold")
	ErrNotPaid           = errors.New("the order is not fully paid")
	ErrUnknownReason     = errors.New("there is no such reason")
	ErrContactClosed     = errors.New("the address is readable for shipping from ready until 14 days after shipping")
	ErrTooManyAttempts   = errors.New("the order has had too many attempts to pay")
	ErrDisputeOpen       = errors.New("the dispute has not been decided in our favor")
	ErrMailNotFound      = errors.New("there is no such mail")
	ErrMailUnsent        = errors.New("the mail has not left yet")
	ErrMailDelivered     = errors.New("the mail has arrived or is on its way")
	ErrDocumentNotFound  = errors.New("there is no such document")
	ErrUnknownDocument   = errors.New("there is no such kind of document")
	ErrUnknownExport     = errors.New("there is no such export")
	ErrRefundOpen        = errors.New("the refund has not arrived yet")
	ErrDocumentDamaged   = errors.New("the stored document is not what was issued")
	ErrRefundTooLarge    = errors.New("a refund cannot exceed what was paid")
	ErrRefundAssigned    = errors.New("it is known already what the refund was for")
	ErrRefundUnassigned  = errors.New("nobody has said yet what a refund was for")
	ErrClaimNotFound     = errors.New("there is no such claim")
	ErrClaimOpen         = errors.New("somebody wrote about this line already, and staff are looking at it")
	ErrClaimTooLate      = errors.New("claims are taken until 60 days after shipping")
	ErrClaimDecided      = errors.New("the claim is decided already")
	ErrClaimNotReady     = errors.New("nothing is ready to be shipped for the claim")
	ErrLineRefunded      = errors.New("these pieces were refunded already")
	ErrRefundNotFailed   = errors.New("only a refund that failed and is still owed is tried again or closed")
	ErrTransferNotFound  = errors.New("there is no such transfer")
	ErrTransferKnown     = errors.New("this transfer was entered for another order")
	ErrTransferRelied    = errors.New("work, a download, a receipt or a refund relies on this transfer already")
	ErrRefundNotByBank   = errors.New("only a refund of transferred money is sent by us")
	ErrNoSurplus         = errors.New("no more was transferred than the order costs")
	ErrQuotationNotFound = errors.New("there is no such quotation")
	ErrQuotationEnded    = errors.New("the time of the quotation is over")
)

// FormError says which fields of a form cannot be taken, each with a stable reason code that
// pages and the API translate: "required", "too_long", "invalid", "unknown", and others that
// the form's own documentation lists.
type FormError struct {
	Fields map[string]string
}

// Error lists the fields with their reasons in alphabetical order.
func (e *FormError) Error() string {
	var parts []string
	for field, reason := range e.Fields {
		parts = append(parts, field+": "+reason)
	}
	slices.Sort(parts)
	return "the form cannot be taken: " + strings.Join(parts, ", ")
}

// wrongState tells what was wanted of an order in which state.
func wrongState(act string, state State) error {
	return fmt.Errorf("%w: cannot %s in state %s", ErrWrongState, act, state)
}
