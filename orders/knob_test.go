package orders_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// knobs name for everything that the stand-in of Stripe can be made to do a test of the shop in which
// it does it.
var knobs = map[string]string{
	// How a call fails, and where it is stopped.
	"Spoil": "TestProviderFailsAfterTheCall", "Heal": "TestProviderDownAtConfirm",
	"Slow": "TestSlowProvider", "Unavailable": "TestProviderDownAtConfirm", "FailAfterCommit": "TestProviderFailsAfterTheCall",
	"TimeoutAfterCommit": "TestProviderFailsAfterTheCall", "Delay": "TestLateWebhooks", "Hang": "TestProviderFailsAfterTheCall",
	"StopAt": "TestCaptureBesideItsEnd", "BeforeWork": "TestDisputeBesideRefund", "BeforeAnswer": "TestOldReading",
	// How news travels.
	"SetDelivery": "TestRepeatedWebhooksInAnyOrder", "Copies": "TestRepeatedWebhooksInAnyOrder", "Reverse": "TestRepeatedWebhooksInAnyOrder",
	"Drop": "TestLostWebhooks", "Paused": "TestProcessDies", "Deliver": "TestToldAgainLater",
	// What payers do.
	"PayCard": "TestCardLine", "DeclineCard": "TestCardThatIsRefusedFirst", "AskThreeDSecure": "TestCardThatIsRefusedFirst",
	"AnswerThreeDSecure": "TestCardThatIsRefusedFirst", "IssueCode": "TestKonbiniLine", "PayAtStore": "TestKonbiniLine", "LapseCode": "TestKonbiniLine",
	// What time and the provider's console do.
	"AdvanceClock": "TestHoldRunsOut", "ExpireAuthorization": "TestCaptureBesideItsEnd", "ExpireSession": "TestPageClosedAtTheProvider",
	"RefundFromDashboard": "TestRefundBesideOneAtTheProvider",
	// What banks do.
	"HoldRefunds": "TestPendingRefund", "SettleRefund": "TestRefundThatTheBankSentBack", "OpenDispute": "TestDisputeBesideRefund",
	"OpenInquiry": "TestDispute", "EscalateInquiry": "TestDispute", "DecideDispute": "TestDispute",
}

// readOnly are methods of the stand-in that make nothing happen.
var readOnly = []string{"URL", "Close", "ServeHTTP", "Now", "Ledger", "EventIDs", "Waiting", "Delivered"}

func TestEveryKnobIsTurned(t *testing.T) {
	t.Parallel()
	tests := declarations(t, "*_test.go")
	for knob, test := range knobs {
		if tests[test] == nil {
			t.Errorf("%s: there is no %s", knob, test)
		} else if !mentions(tests, test, knob, map[string]bool{}) {
			t.Errorf("%s does not turn %s", test, knob)
		}
	}
	for name, declared := range declarations(t, "stripe/stripetest/*.go") {
		function, is := declared.(*ast.FuncDecl)
		if !is || function.Recv == nil || !ast.IsExported(name) || slices.Contains(readOnly, name) || !isServer(function) {
			continue
		}
		if knobs[name] == "" {
			t.Errorf("no test turns %s", name)
		}
	}
}

// declarations are the functions of some files by their names.
func declarations(t *testing.T, pattern string) map[string]ast.Node {
	t.Helper()
	files, err := filepath.Glob(pattern)
	must(t, err)
	found := map[string]ast.Node{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		must(t, err)
		for _, declared := range parsed.Decls {
			switch declared := declared.(type) {
			case *ast.FuncDecl:
				found[declared.Name.Name] = declared
			case *ast.GenDecl: // tables of tests
				for _, spec := range declared.Specs {
					if value, is := spec.(*ast.ValueSpec); is && !strings.HasSuffix(file, "knob_test.go") {
						found[value.Names[0].Name] = value
					}
				}
			}
		}
	}
	return found
}

func isServer(function *ast.FuncDecl) bool {
	pointer, is := function.Recv.List[0].Type.(*ast.StarExpr)
	if !is {
		return false
	}
	name, is := pointer.X.(*ast.Ident)
	return is && name.Name == "Server"
}

// mentions says whether a function, or one that it calls, names something.
func mentions(all map[string]ast.Node, from, name string, seen map[string]bool) (found bool) {
	seen[from] = true
	ast.Inspect(all[from], func(node ast.Node) bool {
		ident, is := node.(*ast.Ident)
		if is && !found {
			found = ident.Name == name || all[ident.Name] != nil && !seen[ident.Name] && mentions(all, ident.Name, name, seen)
		}
		return !found
	})
	return found
}

// TestSlowProvider has two nodes capture at once what takes the provider a while: the key is in
// flight for one of them, and the money is taken once.
func TestSlowProvider(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	nodes := []*shop{s, s.twin()}
	placed := s.reviewed()
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Slow, Route: captureRoute, Delay: 200 * time.Millisecond})
	var both sync.WaitGroup
	for _, node := range nodes {
		both.Go(func() {
			err := node.CaptureApproved(t.Context(), orders.TextApproved{OrderID: placed.Order.ID})
			if err != nil && !errors.Is(err, orders.ErrGatewayUnavailable) {
				t.Error(err)
			}
		})
	}
	both.Wait()
	s.settle()
	s.expect(placed, orders.Approved)
	if calls := s.count(`SELECT count(*) FROM stripe_calls WHERE operation = 'capture'`); calls != 1 || s.stripe.Ledger()[0].Captured != 1285 {
		t.Errorf("%d calls, the provider says %+v", calls, s.stripe.Ledger())
	}
	s.sound()
}

// TestLateWebhooks has the customer be back before the webhooks are.
func TestLateWebhooks(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.stripe.SetDelivery(stripetest.Delivery{Delay: 300 * time.Millisecond})
	placed := s.place(orders.Card, s.magnet(1))
	must(t, s.stripe.PayCard(s.session(placed)))
	_, err := s.Refresh(t.Context(), placed.LinkToken)
	must(t, err)
	must(t, s.CaptureApproved(t.Context(), orders.TextApproved{OrderID: placed.Order.ID}))
	s.expect(placed, orders.Ready)
	must(t, s.stripe.Delivered(t.Context()))
	s.settle()
	s.expect(placed, orders.Ready)
	if mails := len(s.letters.subjects()); mails != 1 {
		t.Errorf("mails %v", s.letters.subjects())
	}
	s.sound()
}

// TestToldAgainLater has the provider's console send every event again when all is over.
func TestToldAgainLater(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tags(2))
	_, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	s.settle()
	entries, mails := s.count(`SELECT count(*) FROM money_ledger`), len(s.letters.subjects())
	for _, event := range s.stripe.EventIDs() {
		must(t, s.stripe.Deliver(t.Context(), event))
	}
	s.settle()
	if again := s.count(`SELECT count(*) FROM money_ledger`); again != entries || len(s.letters.subjects()) != mails {
		t.Errorf("%d entries became %d, mails %v", entries, again, s.letters.subjects())
	}
	s.expect(placed, orders.Approved)
	s.sound()
}

// TestCardThatIsRefusedFirst has a customer try three cards on one page.
func TestCardThatIsRefusedFirst(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.tag())
	session := s.session(placed)
	must(t, s.stripe.DeclineCard(session))
	s.settle()
	must(t, s.stripe.AskThreeDSecure(session))
	must(t, s.stripe.AnswerThreeDSecure(session, false))
	s.settle()
	s.expect(placed, orders.AwaitingPayment)
	must(t, s.stripe.AskThreeDSecure(session))
	must(t, s.stripe.AnswerThreeDSecure(session, true))
	s.settle()
	s.expect(placed, orders.InReview)
	if order := s.order(placed); len(order.Payments) != 1 || order.Payments[0].State != orders.PaymentAuthorized {
		t.Errorf("payments %+v", order.Payments)
	}
	s.sound()
}

// TestPageClosedAtTheProvider has the page close before ours would have: the customer gets another.
func TestPageClosedAtTheProvider(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.magnet(1))
	closed := s.session(placed)
	must(t, s.stripe.ExpireSession(closed))
	s.settle()
	s.expect(placed, orders.AwaitingPayment)
	_, err := s.RetryPayment(t.Context(), placed.LinkToken)
	must(t, err)
	if s.session(placed) == closed {
		t.Fatal("the customer is sent to a page that is closed")
	}
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.Ready)
	s.sound()
}

// TestHoldRunsOut has the provider's clock be ahead: the card's hold is over before we expect it.
func TestHoldRunsOut(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	must(t, s.stripe.AdvanceClock(31*24*time.Hour))
	s.settle()
	s.expect(placed, orders.Expired)
	if _, err := s.Approve(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("err = %v", err)
	}
	s.sound()
}
