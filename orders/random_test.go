package orders_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

var (
	stormSeed  = flag.Uint64("storm.seed", 0, "dice of an earlier storm; 0: new dice")
	stormSteps = flag.Int("storm.steps", 400, "how many things are done in a storm")
)

// storm does whatever customers, staff, the provider, banks and the scheduler may do, to any order,
// at any moment, at one of two nodes. Refusals are part of it; broken invariants and odd errors are not.
type storm struct {
	*shop    // one of the nodes, another for each step
	nodes    []*shop
	rand     *rand.Rand
	placed   []orders.Placed
	download orders.LineRequest
	tally    map[string]int // what was done, and not refused
}

// deeds are what may be done, each so many times as often as the rarest.
var deeds = []struct {
	name   string
	weight int
	do     func(*storm, orders.Placed) error
}{
	{"place an order", 5, func(s *storm, _ orders.Placed) error { return s.newOrder() }},
	{"pay", 9, (*storm).pay},
	{"pay too late", 2, (*storm).payTooLate},
	{"open the payment page again", 2, func(s *storm, p orders.Placed) error {
		_, err := s.RetryPayment(s.t.Context(), p.LinkToken)
		return err
	}},
	{"come back from the payment page", 1, func(s *storm, p orders.Placed) error { _, err := s.Refresh(s.t.Context(), p.LinkToken); return err }},
	{"approve", 7, func(s *storm, p orders.Placed) error {
		_, err := s.Approve(s.t.Context(), staff, p.Order.ID)
		return err
	}},
	{"refuse", 1, func(s *storm, p orders.Placed) error {
		_, err := s.Refuse(s.t.Context(), staff, p.Order.ID, orders.RefusalReasons[0])
		return err
	}},
	{"cancel", 1, func(s *storm, p orders.Placed) error {
		_, err := s.CancelByCustomer(s.t.Context(), p.LinkToken)
		return err
	}},
	{"hold", 1, func(s *storm, p orders.Placed) error {
		_, err := s.Hold(s.t.Context(), staff, p.Order.ID, orders.HoldFraud, "見てみる")
		return err
	}},
	{"lift a hold", 4, (*storm).liftHold},
	{"revive", 2, func(s *storm, p orders.Placed) error {
		_, err := s.Revive(s.t.Context(), staff, p.Order.ID)
		return err
	}},
	{"refund late money", 1, func(s *storm, p orders.Placed) error {
		_, err := s.RefundLate(s.t.Context(), staff, p.Order.ID)
		return err
	}},
	{"refund", 3, (*storm).refund},
	{"refund at the provider", 1, (*storm).refundOutside},
	{"say what a refund was for", 2, (*storm).assign},
	{"try a refund again", 2, (*storm).retryRefund},
	{"close a refund that failed", 1, (*storm).closeFailed},
	{"start making", 3, func(s *storm, p orders.Placed) error {
		return s.inTx(func(tx *sqlx.Tx) error { return s.Started(s.t.Context(), tx, p.Order.ID) })
	}},
	{"make the last piece", 3, func(s *storm, p orders.Placed) error {
		return s.inTx(func(tx *sqlx.Tx) error { return s.AllGood(s.t.Context(), tx, p.Order.ID) })
	}},
	{"ship", 5, func(s *storm, p orders.Placed) error {
		_, err := s.Ship(s.t.Context(), staff, p.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
		return err
	}},
	{"read the bank statement", 6, (*storm).bank},
	{"send refunds by bank", 3, (*storm).tellOfRefunds},
	{"claim", 3, (*storm).claim},
	{"decide a claim", 4, (*storm).decideClaim},
	{"ship a claim", 2, (*storm).shipClaim},
	{"download", 2, (*storm).takeDownload},
	{"issue a receipt", 1, func(s *storm, p orders.Placed) error {
		_, err := s.IssueReceipt(s.t.Context(), p.LinkToken, nil)
		return err
	}},
	{"correct the stock", 1, (*storm).correctStock},
	{"take on less, or nothing, or more", 2, (*storm).setIntake},
	{"dispute", 2, (*storm).dispute},
	{"decide a dispute", 3, (*storm).decideDispute},
	{"settle a refund at the bank", 2, (*storm).settleRefund},
	{"hold refunds back at the bank", 1, func(s *storm, _ orders.Placed) error { s.stripe.HoldRefunds(s.rand.IntN(2) == 0); return nil }},
	{"make the rounds", 2, func(s *storm, _ orders.Placed) error { return s.round(time.Duration(s.rand.IntN(90)) * time.Minute) }},
	{"do the jobs", 12, func(s *storm, _ orders.Placed) error { s.settle(); return nil }},
}

// refusals are answers, not faults.
var refusals = []error{
	orders.ErrWrongState, orders.ErrOnHold, orders.ErrNotPaid, orders.ErrRefundTooLarge, orders.ErrTooManyAttempts,
	orders.ErrGatewayUnavailable, orders.ErrNoCapacity, orders.ErrClaimOpen, orders.ErrClaimTooLate, orders.ErrClaimDecided,
	orders.ErrClaimNotReady, orders.ErrLineRefunded, orders.ErrRefundAssigned, orders.ErrRefundUnassigned, orders.ErrRefundNotFailed,
	orders.ErrDisputeOpen, orders.ErrRefundOpen, orders.ErrDownloadOver, catalog.ErrStockReserved, errNothingToDo,
	orders.ErrTransferRelied, orders.ErrNoSurplus, orders.ErrRefundNotByBank, orders.ErrWriteOffTooLarge,
}

// errNothingToDo is a deed that the order at hand gives no occasion for.
var errNothingToDo = errors.New("there is nothing to do")

// refused says whether a deed was answered with no. An odd error ends the test.
func (s *storm) refused(name string, err error) bool {
	s.t.Helper()
	if none := (*catalog.OutOfStockError)(nil); err == nil || errors.As(err, &none) {
		return err != nil
	}
	if full := (*orders.IntakeError)(nil); errors.As(err, &full) {
		return true // the workshop is closed, or the week is full
	}
	if form := (*orders.FormError)(nil); errors.As(err, &form) && (form.Fields["lines"] == "required" || form.Fields["discount_code"] != "") {
		return true // nothing is left of the order, or of the code
	}
	if form := (*orders.FormError)(nil); errors.As(err, &form) && form.Fields["payment_method"] == "amount_out_of_range" {
		return true // the code made it too cheap for an invoice
	}
	if !slices.ContainsFunc(refusals, func(refusal error) bool { return errors.Is(err, refusal) }) {
		s.t.Fatalf("%s: %v", name, err)
	}
	return true
}

// step does one random thing to a random order, or to another one if it was refused.
func (s *storm) step() {
	s.shop = s.nodes[s.rand.IntN(len(s.nodes))]
	sum := 0
	for _, deed := range deeds {
		sum += deed.weight
	}
	dice := s.rand.IntN(sum)
	for _, deed := range deeds {
		if dice -= deed.weight; dice < 0 {
			for range 4 {
				if !s.refused(deed.name, deed.do(s, pick(s.rand, s.placed))) {
					s.tally[deed.name]++
					return
				}
			}
			return
		}
	}
}

func pick[T any](dice *rand.Rand, from []T) T { return from[dice.IntN(len(from))] }

// newOrder buys something from the shelf, a tag, a download, with or without a code.
func (s *storm) newOrder() error {
	lines := pick(s.rand, [][]orders.LineRequest{{s.tag()}, {s.magnet(2)}, {s.tags(2), s.magnet(2)}, {s.tag(), s.download}, {s.magnet(3), s.download}})
	token := s.cart(lines...)
	if s.rand.IntN(3) == 0 {
		if _, err := s.UseCode(s.t.Context(), token, "storm"); err != nil {
			return err
		}
	}
	filled := form(pick(s.rand, []orders.Method{orders.Card, orders.Konbini, orders.ByInvoice}))
	filled.Gift.Wrapped = s.rand.IntN(4) == 0
	checkout, err := s.PrepareCheckout(s.t.Context(), token, filled)
	if err != nil {
		return err
	}
	placed, err := s.Confirm(s.t.Context(), checkout.Key())
	if !placed.Order.ID.IsZero() {
		s.placed = append(s.placed, placed)
	}
	return err
}

// bank is staff with a statement: they enter what came, take back what was none, let go of a fee, and
// give up or settle what does not add up.
func (s *storm) bank(placed orders.Placed) error {
	ctx, order := s.t.Context(), s.order(placed)
	if order.Method != orders.ByInvoice {
		return errNothingToDo
	}
	var err error
	switch s.rand.IntN(9) {
	case 0:
		_, err = s.ReturnSurplus(ctx, staff, order.ID)
	case 1:
		_, err = s.GiveUpUnpaid(ctx, staff, order.ID)
	case 2, 3:
		entered := s.entered(placed)
		if len(entered) == 0 {
			return errNothingToDo
		}
		_, err = s.UndoTransfer(ctx, staff, pick(s.rand, entered).ID)
	case 4:
		_, err = s.WriteOffFee(ctx, staff, orders.WriteOff{Order: order.ID, Amount: order.Missing(), Reason: "手数料"})
	default:
		amount := pick(s.rand, []yen.Amount{order.Total, order.Total - 440, order.Total + 100, order.Total / 2})
		_, err = s.EnterTransfer(ctx, staff, s.entry(placed, amount))
	}
	return err
}

// tellOfRefunds is staff who sent money back by bank, or whose bank did not find the account.
func (s *storm) tellOfRefunds(placed orders.Placed) error {
	refunds := s.order(placed).Refunds
	if len(refunds) == 0 {
		return errNothingToDo
	}
	note := s.RefundSent
	if s.rand.IntN(4) == 0 {
		note = s.RefundReturned
	}
	_, err := note(s.t.Context(), staff, pick(s.rand, refunds).ID)
	return err
}

// pay is the customer at the provider; whether that works is the provider's matter.
func (s *storm) pay(placed orders.Placed) error {
	payments := s.order(placed).Payments
	if len(payments) == 0 {
		return errNothingToDo
	}
	payment := payments[len(payments)-1]
	switch s.rand.IntN(12) {
	case 0:
		_ = s.stripe.DeclineCard(payment.SessionID)
	case 1:
		_ = s.stripe.ExpireAuthorization(payment.IntentID)
	case 2:
		_ = s.stripe.LapseCode(payment.SessionID)
	default:
		_ = s.stripe.PayCard(payment.SessionID)
		_ = s.stripe.IssueCode(payment.SessionID, "09012345678")
		_ = s.stripe.PayAtStore(payment.SessionID, "lawson")
	}
	return nil
}

// payTooLate has a code paid whose order was given up meanwhile.
func (s *storm) payTooLate(placed orders.Placed) error {
	order := s.order(placed)
	if order.State != orders.AwaitingPayment || order.Method != orders.Konbini || len(order.Payments) != 1 ||
		s.stripe.IssueCode(order.Payments[0].SessionID, "09012345678") != nil {
		return errNothingToDo
	}
	s.settle()
	s.payLateAt(placed, order.Payments[0].SessionID)
	return nil
}

func (s *storm) liftHold(placed orders.Placed) error {
	holds := s.order(placed).Holds
	if len(holds) == 0 {
		return errNothingToDo
	}
	_, err := s.ReleaseHold(s.t.Context(), staff, placed.Order.ID, pick(s.rand, holds).Reason)
	return err
}

// refund gives back a piece, some of its price, or everything.
func (s *storm) refund(placed orders.Placed) error {
	order := s.order(placed)
	request := refundOf(order, 1)
	switch s.rand.IntN(5) {
	case 0:
		request = allOf(order)
	case 1, 2:
		request.Amount, request.Note = yen.Amount(1+s.rand.IntN(500)), "おわび"
	}
	_, err := s.RequestRefund(s.t.Context(), staff, request)
	return err
}

func (s *storm) refundOutside(placed orders.Placed) error {
	for _, payment := range s.order(placed).Payments {
		if _, err := s.stripe.RefundFromDashboard(payment.IntentID, int64(1+s.rand.IntN(200))); err == nil {
			return nil
		}
	}
	return errNothingToDo
}

func (s *storm) assign(placed orders.Placed) error {
	order := s.order(placed)
	for _, refund := range order.Refunds {
		if refund.Unassigned() {
			_, err := s.AssignRefund(s.t.Context(), staff, refund.ID, allOf(order).Parts)
			return err
		}
	}
	return errNothingToDo
}

func (s *storm) retryRefund(placed orders.Placed) error {
	for _, refund := range s.order(placed).Refunds {
		if refund.Over() {
			_, err := s.RetryRefund(s.t.Context(), staff, refund.ID)
			return err
		}
	}
	return errNothingToDo
}

func (s *storm) closeFailed(placed orders.Placed) error {
	for _, refund := range s.order(placed).Refunds {
		if refund.Retryable() {
			closing := orders.RefundClosing{Given: refund.Amount * yen.Amount(s.rand.IntN(3)) / 2, Reason: "話し合った"}
			_, err := s.CloseRefund(s.t.Context(), staff, refund.ID, closing)
			return err
		}
	}
	return errNothingToDo
}

func (s *storm) claim(placed orders.Placed) error {
	order := s.order(placed)
	line := pick(s.rand, order.Lines)
	request := orders.ClaimRequest{Line: line.ID, Quantity: 1 + s.rand.IntN(line.Quantity), Reason: pick(s.rand, order.ClaimReasons()), Note: "われて いました。"}
	if s.rand.IntN(3) == 0 {
		_, err := s.OpenClaim(s.t.Context(), staff, order.ID, request)
		return err
	}
	_, err := s.ClaimByCustomer(s.t.Context(), placed.LinkToken, request)
	return err
}

func (s *storm) openClaim() (orders.Claim, bool) {
	s.t.Helper()
	claims, err := s.OpenClaims(s.t.Context())
	must(s.t, err)
	if len(claims) == 0 {
		return orders.Claim{}, false
	}
	return pick(s.rand, claims), true
}

func (s *storm) decideClaim(orders.Placed) (err error) {
	claim, there := s.openClaim()
	if !there {
		return errNothingToDo
	}
	switch s.rand.IntN(4) {
	case 0:
		_, err = s.DeclineClaim(s.t.Context(), staff, claim.ID, orders.DeclineReasons[0])
	case 1:
		_, err = s.AcceptClaim(s.t.Context(), staff, claim.ID, orders.RemedyRefund)
	default:
		_, err = s.AcceptClaim(s.t.Context(), staff, claim.ID, orders.RemedyRemake)
	}
	return err
}

func (s *storm) shipClaim(orders.Placed) error {
	claim, there := s.openClaim()
	if !there {
		return errNothingToDo
	}
	if err := s.inTx(func(tx *sqlx.Tx) error { return s.ClaimPacked(s.t.Context(), tx, claim.ID) }); err != nil {
		return err
	}
	_, err := s.ShipClaim(s.t.Context(), staff, claim.ID, orders.Handover{Carrier: "日本郵便", Tracking: "2"})
	return err
}

func (s *storm) takeDownload(placed orders.Placed) error {
	downloads, err := s.Downloads(s.t.Context(), placed.LinkToken)
	if err != nil || len(downloads) == 0 {
		return errors.Join(err, errNothingToDo)
	}
	_, err = s.TakeDownload(s.t.Context(), downloads[0].Token)
	return err
}

func (s *storm) correctStock(orders.Placed) error {
	_, err := s.catalog.CorrectStock(s.t.Context(), staff, catalog.Correction{Variant: s.goods.magnet, Counted: 5 + s.rand.IntN(40), Reason: "数えた"})
	return err
}

// dispute is a bank that asks, asks on, or takes the money at once.
// setIntake limits what is taken on of one product or of all, ends a limit, or closes for a while.
func (s *storm) setIntake(orders.Placed) error {
	rule := orders.IntakeRule{Paused: s.rand.IntN(6) == 0}
	if s.rand.IntN(2) == 0 {
		must(s.t, s.db.Get(&rule.ProductID, `SELECT product_id FROM variants WHERE id = $1`, s.goods.tag))
	}
	if s.rand.IntN(2) == 0 {
		rule.WeeklyLimit = new(s.rand.IntN(25))
	}
	return s.SetIntake(s.t.Context(), staff, rule)
}

func (s *storm) dispute(orders.Placed) error {
	entry := pick(s.rand, append(s.stripe.Ledger(), stripetest.Entry{}))
	for _, inquiry := range entry.OpenDisputes {
		if s.stripe.EscalateInquiry(inquiry) == nil {
			return nil
		}
	}
	open := s.stripe.OpenDispute
	if s.rand.IntN(3) == 0 {
		open = s.stripe.OpenInquiry
	}
	if _, err := open(entry.Intent, "fraudulent"); err != nil {
		return errNothingToDo
	}
	return nil
}

func (s *storm) decideDispute(orders.Placed) error {
	for _, entry := range s.stripe.Ledger() {
		for _, dispute := range entry.OpenDisputes {
			must(s.t, s.stripe.DecideDispute(dispute, s.rand.IntN(2) == 0))
			return nil
		}
	}
	return errNothingToDo
}

// settleRefund is a bank that pays a refund out or sends it back.
func (s *storm) settleRefund(orders.Placed) error {
	for _, entry := range s.stripe.Ledger() {
		for _, refund := range entry.OpenRefunds {
			must(s.t, s.stripe.SettleRefund(refund, pick(s.rand, []string{"succeeded", "succeeded", "failed"})))
			return nil
		}
	}
	return errNothingToDo
}

// round lets time pass and makes all rounds that the program makes.
func (s *storm) round(pass time.Duration) error {
	s.clock.Advance(pass)
	return errors.Join(s.ExpireDue(s.t.Context()), s.Reconcile(s.t.Context()), s.CatchUp(s.t.Context()), s.AuditBooks(s.t.Context()), s.CompleteShipped(s.t.Context()))
}

// calm lets a month pass, in which nobody does anything: then nothing may be left to wait for.
func (s *storm) calm() {
	s.t.Helper()
	s.stripe.Heal()
	for _, pass := range []time.Duration{0, 12 * time.Minute, 3 * time.Hour, 4 * 24 * time.Hour, 5 * 24 * time.Hour, 30 * 24 * time.Hour, 12 * time.Minute, 2 * time.Hour} {
		s.settle()
		s.refused("calm", s.round(pass))
	}
	s.settle()
	for what, query := range map[string]string{
		"orders that can never be paid": `
			SELECT count(*)
			FROM orders
			WHERE state = 'awaiting_payment'
			  AND NOT EXISTS ( -- paid, but held until somebody lifts the hold
				SELECT
				FROM order_holds AS hold
				JOIN money_ledger AS ledger ON ledger.order_id = hold.order_id AND ledger.kind = 'capture'
				WHERE hold.order_id = orders.id AND hold.released_at IS NULL)`,
		"attempts nobody looks after": `SELECT count(*) FROM payments WHERE state IN ('created', 'code_issued', 'authorized')`,
		"calls without an outcome":    `SELECT count(*) FROM stripe_calls WHERE state IN ('planned', 'unknown')`,
		"events that were not heard":  `SELECT count(*) FROM stripe_events WHERE state NOT IN ('done', 'ignored')`,
	} {
		if left := s.count(query); left != 0 {
			s.t.Errorf("%d %s are left", left, what)
		}
	}
	if found := s.mismatches(); len(found) != 0 {
		s.t.Errorf("the books do not agree: %v", found)
	}
}

func newStorm(t *testing.T, seed uint64) *storm {
	t.Helper()
	first := newShop(t)
	s := &storm{shop: first, nodes: []*shop{first, first.twin()}, rand: rand.New(rand.NewPCG(seed, 0)), tally: map[string]int{}}
	exec(t, s.db, `UPDATE variants SET on_hand = 40 WHERE tracked`)
	s.download = s.pattern()
	s.code(orders.NewCode{Code: "STORM", Value: 700, MaxUses: new(5)})
	for len(s.placed) < 4 {
		s.refused("place an order", s.newOrder())
	}
	return s
}

func TestStorm(t *testing.T) {
	t.Parallel()
	seed := *stormSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("go test ./orders -run TestStorm -storm.seed %d -storm.steps %d", seed, *stormSteps)
	s := newStorm(t, seed)
	s.stripe.SetDelivery(stripetest.Delivery{Copies: 2})
	for i := range *stormSteps {
		if s.step(); i%50 == 49 {
			if s.whole(); t.Failed() {
				t.FailNow()
			}
		}
	}
	s.settle()
	s.sound()
	s.calm()
	s.sound()
	var done []string
	for _, deed := range slices.Sorted(maps.Keys(s.tally)) {
		done = append(done, fmt.Sprintf("%d × %s", s.tally[deed], deed))
	}
	t.Logf("%d orders: %s", len(s.placed), strings.Join(done, ", "))
}
