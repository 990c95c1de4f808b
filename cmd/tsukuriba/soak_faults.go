package main

import (
	"context"
	"math/rand/v2"
	"os"
	"time"

	"tsukuriba/orders/stripe/stripetest"
)

// breakCalls turns the knobs of the stand-in, and lets things happen at the provider, until ctx
// ends.
func (s *soak) breakCalls(ctx context.Context) error {
	dice := s.dice(200)
	for pause(ctx, dice, 800*time.Millisecond) {
		if dice.IntN(2) == 0 {
			s.turnKnob(dice)
		} else {
			s.surprise(dice)
		}
	}
	return nil
}

func (s *soak) turnKnob(dice *rand.Rand) {
	switch dice.IntN(8) {
	case 0:
		s.standIn.SetDelivery(stripetest.Delivery{Copies: 1 + dice.IntN(4), Reverse: dice.IntN(2) == 0})
	case 1:
		s.standIn.SetDelivery(stripetest.Delivery{Delay: time.Duration(dice.IntN(2000)) * time.Millisecond})
	case 2:
		s.standIn.SetDelivery(stripetest.Delivery{Drop: 1 + dice.IntN(5)})
	case 3:
		s.standIn.HoldRefunds(dice.IntN(2) == 0)
	case 4:
		s.standIn.SetDelivery(stripetest.Delivery{})
	default:
		kinds := []stripetest.FaultKind{stripetest.Slow, stripetest.Unavailable, stripetest.FailAfterCommit, stripetest.TimeoutAfterCommit}
		routes := []string{openRoute, captureRoute, refundRoute, "POST /v1/payment_intents/{id}/cancel", "POST /v1/checkout/sessions/{id}/expire", ""}
		s.standIn.Spoil(stripetest.Fault{
			Kind: kinds[dice.IntN(len(kinds))], Route: routes[dice.IntN(len(routes))], Times: 1 + dice.IntN(3),
			Delay: time.Duration(dice.IntN(300)) * time.Millisecond, Hang: time.Duration(dice.IntN(500)) * time.Millisecond,
		})
	}
	s.count("knobs turned")
}

// surprise is what cardholders, banks and the provider's own console do to a payment.
func (s *soak) surprise(dice *rand.Rand) {
	books := s.standIn.Ledger()
	if len(books) == 0 {
		return
	}
	entry := books[dice.IntN(len(books))]
	var err error
	what := ""
	switch dice.IntN(6) {
	case 0:
		what = "refund in the dashboard"
		_, err = s.standIn.RefundFromDashboard(entry.Intent, int64(dice.IntN(500)))
	case 1:
		what = "dispute"
		_, err = s.standIn.OpenDispute(entry.Intent, "fraudulent")
	case 2:
		what = "inquiry"
		_, err = s.standIn.OpenInquiry(entry.Intent, "general")
	case 3:
		if len(entry.OpenDisputes) > 0 {
			what = "dispute decided"
			err = s.standIn.DecideDispute(entry.OpenDisputes[0], dice.IntN(2) == 0)
		}
	case 4:
		if len(entry.OpenRefunds) > 0 {
			what = "refund settled by the bank"
			err = s.standIn.SettleRefund(entry.OpenRefunds[0], []string{"succeeded", "succeeded", "failed"}[dice.IntN(3)])
		}
	default:
		what = "hold or page expired"
		if err = s.standIn.ExpireAuthorization(entry.Intent); err != nil {
			err = s.standIn.ExpireSession(entry.Session)
		}
	}
	if err == nil && what != "" { // what does not fit the payment was no event
		s.count(what)
	}
}

// killProcesses kills one process after another, and starts it again a moment later.
func (s *soak) killProcesses(ctx context.Context) error {
	dice := s.dice(201)
	for pause(ctx, dice, 5*time.Second) {
		node := s.nodes[dice.IntN(len(s.nodes))]
		node.end(os.Kill)
		s.count("processes killed")
		time.Sleep(time.Duration(dice.IntN(700)) * time.Millisecond)
		if err := node.start(0); err != nil {
			return err
		}
		for _, node := range s.nodes { // one that could not start while the database was away
			if err := node.revive(); err != nil {
				return err
			}
		}
	}
	return nil
}
