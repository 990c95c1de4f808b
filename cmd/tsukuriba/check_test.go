package main

import (
	"strings"
	"testing"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	theirs := []stripetest.Entry{
		{Intent: "pi_same", Captured: 1980, Refunded: 80},
		{Intent: "pi_open", Authorized: 550},
		{Intent: "pi_less", Captured: 1980, Refunded: 100, Metadata: map[string]string{"order_number": "2026-000007"}},
		{Intent: "pi_unheard", Captured: 300, Disputed: 300},
	}
	ours := []orders.Balance{
		{IntentID: "pi_same", Captured: 1980, Refunded: 80}, {IntentID: "pi_less", Captured: 1980, Refunded: 99}, {IntentID: "pi_invented", Captured: 1},
	}
	said := differences(theirs, ours)
	if len(said) != 3 {
		t.Fatalf("said %q", said)
	}
	all := strings.Join(said, "\n")
	for _, wanted := range []string{"2026-000007 pi_less", "¥100 refunded", "¥99 refunded", "pi_unheard", "pi_invented: the stand-in does not know it"} {
		if !strings.Contains(all, wanted) {
			t.Errorf("no %q in\n%s", wanted, all)
		}
	}
}
