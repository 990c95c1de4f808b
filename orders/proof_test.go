package orders_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// proofs name the tests that stand for each promise about money. All run on PostgreSQL against the
// stand-in of Stripe. Nodes are services with connections of their own; in TestTwoNodes,
// TestKilledProcesses and TestSoak they are processes. After each run the stand-in's books must equal
// our ledger (shop.sound).
var proofs = map[string][]string{
	"100 buyers for the last 1 and the last 10":                      {"TestManyBuyersFewPieces", "TestTwoNodes"},
	"one event 50 times at once":                                     {"TestOneEventFiftyTimes", "TestTwoNodes"},
	"completed, async_succeeded, succeeded, refunded in every order": {"TestEventsInEveryOrder"},
	"webhooks doubled, turned around, late, lost":                    {"TestRepeatedWebhooksInAnyOrder", "TestLateWebhooks", "TestToldAgainLater", "TestLostWebhooks", "TestWalk"},
	"process killed between call and commit at every step":           {"TestProcessDies", "TestKilledProcesses", "TestSoak"},
	"5xx and silence after the provider's commit":                    {"TestProviderFailsAfterTheCall", "TestFaults", "TestWalk"},
	"client retries with the same key":                               {"TestIdempotencyKeys", "TestSameKeyAtOnce", "TestTwoNodes", "TestSoak"},
	"client retries with another key":                                {"TestConfirmTwice", "TestIdempotencyKeys", "TestTwoNodes", "TestKilledProcesses"},
	"cart edited in tab B while tab A pays":                          {"TestCartChanged", "TestCartEditedWhilePaying", "TestCartEditedOnThePayPage", "TestTwoNodes"},
	"cancel against approve":                                         {"TestCancelAgainstApprove", "TestTwoNodes"},
	"cancel against capture, and the end of a hold against it":       {"TestCancelAgainstCapture", "TestCaptureBesideItsEnd", "TestTwoNodes"},
	"approve against expire":                                         {"TestApproveAgainstExpire", "TestPaidAgainstExpire", "TestPaidBesideItsClosing"},
	"refund against refund":                                          {"TestRefundAgainstRefund", "TestRefundAgainstCancel", "TestSameRefundAtTwoNodes", "TestTwoNodes"},
	"refund or dispute at the provider beside ours":                  {"TestRefundBesideOneAtTheProvider", "TestDisputeBesideRefund", "TestRefundMadeInstead", "TestRefundAgainstDispute"},
	"late money: revive against refund":                              {"TestLateMoneyAgainstRevive", "TestReviveAgainstRefund"},
	"reconcile against webhook":                                      {"TestOldReading", "TestListAndWebhookAtOnce"},
	"random commands against the invariants":                         {"TestStorm", "TestReduceInAnyOrder"},
	"two app processes, killed all the time":                         {"TestSoak"},
	"every knob of the stand-in":                                     {"TestEveryKnobIsTurned"},
	"amounts, quantities and keys of a stranger":                     {"TestPricesAreOurs", "TestRefundsAreOurs", "TestQuantities", "TestQuantitiesOfNewLines", "TestTamperedKeys", "TestConfirmationIsOver"},
	"addresses of every shape":                                       {"TestAddressesOfEveryShape", "TestDigits"},
	"names byte for byte, from the form to the table":                {"TestRareNamesSurvive", "TestRareNamesSurviveEverything"},
}

func TestProofsExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, folder := range []string{".", "stripe", "../api", "../web/storefront", "../cmd/tsukuriba"} {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		must(t, err)
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			must(t, err)
			for _, declared := range parsed.Decls {
				if function, ok := declared.(*ast.FuncDecl); ok && function.Recv == nil {
					known[function.Name.Name] = true
				}
			}
		}
	}
	for promise, tests := range proofs {
		for _, test := range tests {
			if !known[test] {
				t.Errorf("%s: there is no %s", promise, test)
			}
		}
	}
}
