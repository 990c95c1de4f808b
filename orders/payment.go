package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

const (
	// leastOpen is how far ahead a page must close when the provider opens it: its least of 30
	// minutes, and what a slow call takes.
	leastOpen = 31 * time.Minute
	// pageOpen is how long a payment page stays open. A call that got no answer may be repeated
	// with the same key until leastOpen is left; then a new attempt takes its place.
	pageOpen = 45 * time.Minute
	// codeGrace is how late the news of a payment at the till may come.
	codeGrace = 2 * time.Hour
	// konbiniDays is how many days a konbini code stays payable; it ends at 23:59:59 in Japan.
	konbiniDays = 3
	// maxAttempts bounds card testing against one order.
	maxAttempts = 10
	// maxNote is how many characters the provider shows beside the button.
	maxNote = 1200
)

var system = audit.Actor{Role: audit.System}

func (p Payment) live() bool {
	switch p.State {
	case PaymentCreated, PaymentCodeIssued, PaymentInvoiced, PaymentAuthorized, PaymentCaptured:
		return !p.Superseded
	default:
		return false
	}
}

// lapsed says that an attempt cannot be paid any more: its page is closed, or was never opened and
// would close sooner than the provider allows.
func (p Payment) lapsed(now time.Time) bool {
	if p.ExpiresAt == nil {
		return false
	}
	if p.SessionID == "" {
		return !now.Before(p.ExpiresAt.Add(-leastOpen))
	}
	return !now.Before(*p.ExpiresAt)
}

// releasable says that the attempt can be ended without money moving. A code that is out cannot.
func (p Payment) releasable() bool { return p.State == PaymentCreated || p.State == PaymentAuthorized }

// rank orders the payment states by how much is known: a snapshot moves a payment only upward,
// so a late failure never undoes a newer success. A refused card may be followed by a good one
// on the same page, a released hold by nothing; only taken money outranks everything.
func (s PaymentState) rank() int {
	switch s {
	case PaymentCreated:
		return 0
	case PaymentCodeIssued, PaymentInvoiced:
		return 1
	case PaymentFailed:
		return 2
	case PaymentAuthorized:
		return 3
	case PaymentExpired, PaymentCanceled:
		return 4
	case PaymentCaptured:
		return 5
	default:
		return -1
	}
}

// reduce is the payment after a snapshot of it was read, whatever was applied before.
func (p Payment) reduce(snapshot PaymentSnapshot) Payment {
	if p.SessionID == "" {
		p.SessionID = snapshot.SessionID
	}
	if p.IntentID == "" {
		p.IntentID = snapshot.IntentID
	}
	if snapshot.State.rank() <= p.State.rank() {
		return p
	}
	p.State, p.Failure = snapshot.State, snapshot.Failure
	switch p.State {
	case PaymentCodeIssued:
		p.VoucherURL, p.ExpiresAt = snapshot.VoucherURL, timeOrNil(snapshot.ExpiresAt)
	case PaymentAuthorized:
		p.CaptureBefore = timeOrNil(snapshot.CaptureBefore)
	}
	return p
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// foreign says why a snapshot is not of this payment at all, or nil.
func (p Payment) foreign(snapshot PaymentSnapshot) *Cause {
	switch {
	case snapshot.PaymentID != p.ID || snapshot.OrderID != p.OrderID:
		return &Cause{Code: CauseOtherOrder}
	case snapshot.Currency != "jpy":
		return &Cause{Code: CauseCurrency, Word: snapshot.Currency}
	}
	return nil
}

// disagrees says in which amount a snapshot differs from what was agreed, or nil.
func (p Payment) disagrees(snapshot PaymentSnapshot) *Cause {
	switch {
	case snapshot.Amount != p.Amount:
		return &Cause{Code: CauseOtherAmount, Amount: snapshot.Amount, Agreed: p.Amount}
	case snapshot.State == PaymentCaptured && snapshot.Captured != p.Amount:
		return &Cause{Code: CauseOtherCapture, Amount: snapshot.Captured, Agreed: p.Amount}
	}
	return nil
}

// payPage returns the address where the order is paid, and opens a new attempt if none stands.
// Errors: ErrWrongState for an order that is not to be paid, ErrTooManyAttempts, ErrGateway….
func (s *Service) payPage(ctx context.Context, id OrderID) (string, error) {
	order, payment, err := s.planAttempt(ctx, id)
	if err == nil && payment.State == PaymentCreated && payment.lapsed(s.now()) {
		if err := s.closeAttempt(ctx, payment); err != nil {
			return "", err
		}
		order, payment, err = s.planAttempt(ctx, id)
	}
	switch {
	case err != nil:
		return "", err
	case payment.State == PaymentCodeIssued:
		return payment.VoucherURL, nil
	case payment.PayURL != "":
		return payment.PayURL, nil
	}
	contact, link, err := s.contactAndLink(ctx, s.db, order.ID)
	if err != nil {
		return "", err
	}
	return s.openPage(ctx, opening{payment: payment, request: openRequest(order, payment, contact.Email, link)})
}

// planAttempt returns the attempt that stands, also one that has lapsed, or writes a new one.
func (s *Service) planAttempt(ctx context.Context, id OrderID) (Order, Payment, error) {
	var order Order
	var payment Payment
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if order, err = lockOrder(ctx, tx, id); err != nil {
			return err
		}
		if order.State != AwaitingPayment || order.Method == ByInvoice || order.paid() || order.due(s.now()) {
			return wrongState("pay", order.State)
		}
		if live := order.LivePayment(); live != nil {
			payment = *live
			return payable(payment, order)
		}
		if payment, err = s.newAttempt(order); err != nil {
			return err
		}
		return writePayment(ctx, tx, payment)
	})
	return order, payment, err
}

func payable(payment Payment, order Order) error {
	if payment.State == PaymentAuthorized || payment.State == PaymentCaptured {
		return wrongState("pay again", order.State)
	}
	return nil
}

// newAttempt is the next attempt to pay the order. Errors: ErrTooManyAttempts.
func (s *Service) newAttempt(order Order) (Payment, error) {
	if len(order.Payments) >= maxAttempts {
		return Payment{}, ErrTooManyAttempts
	}
	return Payment{
		ID: id.New[paymentKind](), OrderID: order.ID, Attempt: len(order.Payments) + 1, Method: order.Method,
		State: PaymentCreated, Version: 1, Amount: order.Total, CreatedAt: s.now(),
		ExpiresAt: new(s.now().Add(pageOpen).Truncate(time.Second)), // the provider counts whole seconds
	}, nil
}

func insertPayment(batch *postgres.Batch, payment Payment) {
	batch.Add(`
		INSERT INTO payments (id, order_id, attempt, method, state, amount_yen, expires_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
		payment.ID, payment.OrderID, payment.Attempt, payment.Method, payment.State, payment.Amount,
		payment.ExpiresAt, payment.CreatedAt)
}

func writePayment(ctx context.Context, tx *sqlx.Tx, payment Payment) error {
	var batch postgres.Batch
	insertPayment(&batch, payment)
	if err := batch.Run(ctx, tx); err != nil {
		return fmt.Errorf("insert payment: %w", err)
	}
	return nil
}

// opening is what the provider is asked for to make the page of an attempt.
type opening struct {
	payment Payment
	request CheckoutRequest
	key     string // of the call, if it is planned already
}

func (o opening) plan() callPlan {
	return callPlan{
		operation: "open", subject: o.payment.ID.String(), order: o.payment.OrderID, payment: o.payment.ID,
		params: o.request, stands: nothingStands,
	}
}

// planOpening plans the call for the page of an order's first attempt together with the order. It
// is nil for an order that need not be paid now.
func (s *Service) planOpening(batch *postgres.Batch, order Order, with insertion) (*opening, error) {
	first := order.LivePayment()
	if first == nil {
		return nil, nil
	}
	planned := opening{payment: *first, request: openRequest(order, *first, with.contact.Email, s.linkURL(with.token))}
	var err error
	planned.key, err = s.planFirst(batch, planned.plan())
	return &planned, err
}

// openPage has the provider make the page of an attempt. A repetition is byte for byte the same
// call, so that a page that was made without our knowing is found again.
func (s *Service) openPage(ctx context.Context, opening opening) (string, error) {
	var page HostedPage
	open := func(key string) (_ effect, err error) {
		request := opening.request
		request.Key = key
		if page, err = s.gateway.OpenCheckout(ctx, request); err != nil {
			return effect{}, err
		}
		return s.pageOpened(opening.payment, page), nil
	}
	var err error
	if opening.key != "" {
		err = s.carryOut(ctx, opening.key, open)
	} else {
		err = s.call(ctx, opening.plan(), open)
	}
	payment := opening.payment
	if errors.Is(err, ErrGatewayRefused) { // the next try deserves a new attempt
		err = errors.Join(err, s.forgetAttempt(ctx, payment, func(Payment) bool { return true }))
	}
	if err != nil {
		return "", fmt.Errorf("open payment page of order %s: %w", payment.OrderID, err)
	}
	return page.URL, nil
}

// pageOpened saves the page under the order's lock: a payment that is being moved is written as a whole.
func (s *Service) pageOpened(payment Payment, page HostedPage) effect {
	return effect{
		page.SessionID, `
		UPDATE payments
		SET session_id = $7, intent_id = coalesce(intent_id, nullif($8, '')), pay_url = $9, updated_at = $10
		FROM (SELECT id FROM orders WHERE id = $11 FOR UPDATE) AS locked
		WHERE payments.id = $6 AND payments.order_id = locked.id AND (session_id IS NULL OR session_id = $7)`,
		[]any{payment.ID, page.SessionID, page.IntentID, page.URL, s.now(), payment.OrderID},
	}
}

func openRequest(order Order, payment Payment, email, link string) CheckoutRequest {
	return CheckoutRequest{
		OrderID: order.ID, OrderNumber: order.Number, OrderVersion: order.Version, PaymentID: payment.ID,
		Method: payment.Method, Language: order.Language, Email: email, Lines: hostedLines(order),
		SuccessURL: link + "?returned=paid", CancelURL: link + "?returned=unpaid", ExpiresAt: payment.ExpiresAt.UTC(),
		KonbiniDays: konbiniDays, Note: shorten(order.LegalText, maxNote),
	}
}

func hostedLines(order Order) []HostedLine {
	var lines []HostedLine
	for _, line := range order.Lines {
		lines = append(lines, hostedLine(line, order.Language))
	}
	if order.Wrapping > 0 {
		lines = append(lines, HostedLine{Title: wrappingTitle[order.Language], UnitPrice: order.Wrapping, Quantity: 1})
	}
	if order.Shipping > 0 {
		lines = append(lines, HostedLine{Title: shippingTitle[order.Language], UnitPrice: order.Shipping, Quantity: 1})
	}
	return lines
}

// hostedLine shows a discounted line as one price for all its pieces, since its share of a
// discount need not divide by their number.
func hostedLine(line Line, language Language) HostedLine {
	title := line.TitleIn(language)
	if line.Discount == 0 {
		return HostedLine{Title: title, UnitPrice: line.UnitPrice, Quantity: line.Quantity}
	}
	if line.Quantity > 1 {
		title += fmt.Sprintf(" × %d", line.Quantity)
	}
	return HostedLine{Title: title, UnitPrice: line.Net(), Quantity: 1}
}

var (
	shippingTitle = map[Language]string{Japanese: "送料", Easy: "送る お金", English: "Shipping"}
	wrappingTitle = map[Language]string{Japanese: "ギフト包装", Easy: "プレゼントの つつみ", English: "Gift wrapping"}
)

func shorten(text string, limit int) string {
	letters := []rune(strings.TrimSpace(text))
	if len(letters) <= limit {
		return string(letters)
	}
	return string(letters[:limit-1]) + "…"
}

func (s *Service) findPayment(ctx context.Context, condition string, args ...any) (Payment, error) {
	var payment Payment
	err := s.db.GetContext(ctx, &payment, selectPayments+condition, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return Payment{}, ErrPaymentNotFound
	}
	if err != nil {
		return Payment{}, fmt.Errorf("find payment: %w", err)
	}
	return payment, nil
}

// movePayment moves a payment. The order is locked. Errors: ErrStale.
func (s *Service) movePayment(ctx context.Context, tx *sqlx.Tx, before, after Payment) error {
	var batch postgres.Batch
	if err := s.movePaymentWith(&batch, before, after); err != nil {
		return err
	}
	if err := batch.Run(ctx, tx); err != nil {
		return fmt.Errorf("move payment: %w", err)
	}
	return nil
}

// movePaymentWith is the only function that writes a payment's state.
func (s *Service) movePaymentWith(batch *postgres.Batch, before, after Payment) error {
	batch.Must(ErrStale, `
		UPDATE payments
		SET state = $4, version = version + 1, session_id = nullif($5, ''), intent_id = nullif($6, ''), voucher_url = $7,
		    superseded = $8, capture_before = $9, expires_at = $10, failure = $11, updated_at = $12
		WHERE id = $1 AND state = $2 AND version = $3`,
		before.ID, before.State, before.Version, after.State, after.SessionID, after.IntentID, after.VoucherURL,
		after.Superseded, after.CaptureBefore, after.ExpiresAt, after.Failure, s.now())
	return audit.RecordWith(batch, audit.Entry{
		Actor: system, Action: "payment." + string(after.State), Subject: before.OrderID.String(),
		Detail: map[string]any{
			"payment": before.ID, "attempt": before.Attempt, "from": before.State, "failure": after.Failure,
			"superseded": after.Superseded,
		},
	})
}
