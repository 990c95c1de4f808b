package orders_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// proofs name the tests that stand for each promise about money. All run on PostgreSQL against the
// stand-in of Stripe; nodes are services with connections of their own, in TestSoak processes.
// After each run the stand-in's books must equal our ledger (shop.sound).
var proofs = map[string][]string{
	"100 buyers for the last 1 and the last 10":                      {"TestManyBuyersFewPieces"},
	"one event 50 times at once":                                     {"TestOneEventFiftyTimes"},
	"completed, async_succeeded, succeeded, refunded in every order": {"TestEventsInEveryOrder"},
	"webhooks doubled, turned around, lost":                          {"TestRepeatedWebhooksInAnyOrder", "TestWalk"},
	"process killed between call and commit at every step":           {"TestProcessDies", "TestSoak"},
	"5xx and silence after the provider's commit":                    {"TestProviderFailsAfterTheCall", "TestFaults", "TestWalk"},
	"client retries with the same key":                               {"TestIdempotencyKeys", "TestSameKeyAtOnce", "TestSoak"},
	"client retries with another key":                                {"TestConfirmTwice", "TestIdempotencyKeys", "TestSoak"},
	"cart edited in tab B while tab A pays":                          {"TestCartChanged", "TestCartEditedWhilePaying", "TestCartEditedOnThePayPage"},
	"cancel against capture":                                         {"TestCancelAgainstCapture", "TestCancelAgainstApprove"},
	"approve against expire":                                         {"TestApproveAgainstExpire", "TestPaidAgainstExpire"},
	"refund against refund":                                          {"TestRefundAgainstRefund", "TestRefundAgainstCancel"},
	"random commands against the invariants":                         {"TestStorm", "TestReduceInAnyOrder"},
	"two app processes, killed all the time":                         {"TestSoak"},
}

func TestProofsExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, folder := range []string{".", "stripe", "../api", "../cmd/tsukuriba"} {
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
