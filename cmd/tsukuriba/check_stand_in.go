package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// askStandIn reads what a stand-in of Stripe tells about itself as JSON: panel/ledger, panel/status.
func askStandIn(ctx context.Context, url, what string, out any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/panel/"+what, nil)
	if err != nil {
		return fmt.Errorf("ask the stand-in: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the stand-in: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the stand-in answers %s", response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		return fmt.Errorf("read what the stand-in tells: %w", err)
	}
	return nil
}

// differences says for which payments the stand-in's books and our ledger are not equal to the yen.
func differences(theirs []stripetest.Entry, ours []orders.Balance) (said []string) {
	balances := map[string]orders.Balance{}
	for _, balance := range ours {
		balances[balance.IntentID] = balance
	}
	for _, entry := range theirs {
		balance := balances[entry.Intent]
		delete(balances, entry.Intent)
		books := orders.Balance{
			IntentID: balance.IntentID, Captured: yen.Amount(entry.Captured), Refunded: yen.Amount(entry.Refunded), Disputed: yen.Amount(entry.Disputed), Fees: yen.Amount(entry.Fees),
		}
		if balance != books {
			said = append(said, fmt.Sprintf("%s %s: the stand-in has %s, we have %s",
				entry.Metadata["order_number"], entry.Intent, inWords(books), inWords(balance)))
		}
	}
	for intent, balance := range balances {
		said = append(said, fmt.Sprintf("%s: the stand-in does not know it, we have %s", intent, inWords(balance)))
	}
	slices.Sort(said)
	return said
}

func inWords(b orders.Balance) string {
	return fmt.Sprintf("%s captured, %s refunded, %s disputed, %s fees", b.Captured, b.Refunded, b.Disputed, b.Fees)
}
