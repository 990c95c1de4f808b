package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/slicer"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

// emptyWorkshop is all parts over an empty database; no process serves it.
func emptyWorkshop(t testing.TB) *workshop {
	t.Helper()
	w, err := assemble(t.Context(), Config{
		DatabaseURL: testdb.DSN(t), Blobs: t.TempDir(), SealKey: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
		StripeKey: "sk_test_standin", StripeSecrets: []string{"whsec_seed"}, SMTP: "smtp://127.0.0.1:1", MailFrom: "つくり場 <shop@localhost>",
		PublicURL: "http://localhost:8080", PictureWidth: 240, VirtualSpeed: 60,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func TestSeed(t *testing.T) {
	t.Parallel()
	w, standIn := emptyWorkshop(t), filepath.Join(t.TempDir(), "stripe.json")
	var said strings.Builder
	began := time.Now()
	if err := seed(t.Context(), w, standIn, &said); err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	t.Logf("seeded in %.1f s:\n%s", time.Since(began).Seconds(), &said)
	withoutSlicer := strings.Contains(said.String(), slicer.ErrNotInstalled.Error())

	t.Run("keeps_every_invariant", func(t *testing.T) {
		var found strings.Builder
		if err := checkInvariants(t.Context(), w.db, &found); err != nil {
			t.Errorf("%v\n%s", err, &found)
		}
	})
	t.Run("leaves_orders_in_every_part_of_the_line", func(t *testing.T) {
		if withoutSlicer {
			t.Skip("PrusaSlicer is not installed")
		}
		want := map[orders.State]int{orders.Completed: 3, orders.Shipped: 3, orders.InProduction: 1, orders.Approved: 1, orders.InReview: 2}
		for state, n := range want {
			page, err := w.orders.Orders(t.Context(), orders.OrderQuery{States: []orders.State{state}})
			if err != nil || len(page.Items) != n {
				t.Errorf("%d orders are %s (%v), want %d", len(page.Items), state, err, n)
			}
		}
	})
	t.Run("tells_of_the_past_at_its_time", func(t *testing.T) { checkTimelines(t, w) })
	t.Run("agrees_with_the_stand_in", func(t *testing.T) { checkPayments(t, w, standIn) })
	t.Run("has_a_team_for_a_walk", func(t *testing.T) { checkTeam(t, w) })
	t.Run("signs_the_manager_in", func(t *testing.T) {
		staff, err := w.fulfilment.SignInStaff(t.Context(), demoEmail, demoPassword)
		if err != nil || staff.Role != fulfilment.Manager {
			t.Errorf("signed in %+v: %v", staff, err)
		}
	})
	t.Run("does_nothing_a_second_time", func(t *testing.T) {
		var again strings.Builder
		if err := seed(t.Context(), w, standIn, &again); err != nil || again.Len() > 0 {
			t.Errorf("said %q: %v", &again, err)
		}
	})
}

// checkTimelines wants what happened to an order to begin when it was placed, in order.
func checkTimelines(t *testing.T, w *workshop) {
	page, err := w.orders.Orders(t.Context(), orders.OrderQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range page.Items {
		timeline, err := w.orders.Timeline(t.Context(), order.ID)
		if err != nil || len(timeline) == 0 {
			t.Fatalf("timeline of %s: %d entries, %v", order.Number, len(timeline), err)
		}
		if first := timeline[0].At; first.Sub(order.PlacedAt).Abs() > time.Second {
			t.Errorf("%s was placed at %s, its timeline begins at %s", order.Number, order.PlacedAt, first)
		}
		if !slices.IsSortedFunc(timeline, func(a, b orders.TimelineEntry) int { return a.At.Compare(b.At) }) {
			t.Errorf("the timeline of %s goes back in time", order.Number)
		}
	}
	if _, err := w.db.ExecContext(t.Context(), `DELETE FROM audit_entries`); err == nil {
		t.Error("audit entries can be deleted after seeding")
	}
}

// checkPayments has a stand-in that starts later know all payments.
func checkPayments(t *testing.T, w *workshop, stateFile string) {
	standIn, err := stripetest.Start(stripetest.Options{StateFile: stateFile})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = standIn.Close() }()
	gateway, err := stripe.New(stripe.Config{SecretKey: w.config.StripeKey, WebhookSecrets: w.config.StripeSecrets, BackendURL: standIn.URL()})
	if err != nil {
		t.Fatal(err)
	}
	page, err := w.orders.Orders(t.Context(), orders.OrderQuery{})
	if err != nil || len(page.Items) == 0 {
		t.Fatalf("%d orders: %v", len(page.Items), err)
	}
	for _, order := range page.Items {
		payment := order.LivePayment()
		seen, err := gateway.Payment(t.Context(), orders.PaymentRef{SessionID: payment.SessionID, IntentID: payment.IntentID})
		if err != nil || seen.Captured != order.Paid {
			t.Errorf("%s: the stand-in took %s (%v), the shop counts %s", order.Number, seen.Captured, err, order.Paid)
		}
	}
}

func checkTeam(t *testing.T, w *workshop) {
	members, err := w.fulfilment.Members(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	full, beginners, signs := 0, 0, map[string]bool{}
	for _, member := range members {
		signs[member.Picture] = true
		reached := func(skill string) bool {
			stage := member.Stages[skill]
			return stage == fulfilment.Production || stage == fulfilment.Sales
		}
		if !member.NeedsPIN && !slices.ContainsFunc(making, func(skill string) bool { return !reached(skill) }) {
			full++
		}
		if len(member.Stages) == 1 && member.Stages["pack"] == fulfilment.Trial && member.SupporterID.IsZero() && !member.NeedsPIN {
			beginners++
		}
	}
	if full < 2 || beginners < 1 || len(members) != 12 || len(signs) != 12 {
		t.Errorf("%d members with %d signs; %d can do every step, %d begin", len(members), len(signs), full, beginners)
	}
}

// interrupter presses Ctrl-C when it hears a word.
type interrupter struct {
	word string
	stop context.CancelFunc
}

func (i interrupter) Write(said []byte) (int, error) {
	if strings.Contains(string(said), i.word) {
		i.stop()
	}
	return len(said), nil
}

func TestSeed_cut_off_is_filled_up_the_next_time(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"Demo workshop", "12 members"} {
		t.Run("after "+word, func(t *testing.T) {
			t.Parallel()
			w, standIn := emptyWorkshop(t), filepath.Join(t.TempDir(), "stripe.json")
			ctx, stop := context.WithCancel(t.Context())
			if err := seed(ctx, w, standIn, interrupter{word, stop}); !errors.Is(err, context.Canceled) {
				t.Fatalf("the cut off seed ended with %v", err)
			}
			if err := seed(t.Context(), w, "", io.Discard); err != nil {
				t.Fatal(err)
			}
			checkTeam(t, w)
			if due, err := w.seedIsDue(t.Context()); err != nil || due {
				t.Errorf("the seed is still due (%v)", err)
			}
		})
	}
}

func TestSeed_leaves_a_workshop_of_its_own_alone(t *testing.T) {
	t.Parallel()
	w := emptyWorkshop(t)
	if _, err := w.fulfilment.AddStaff(t.Context(), demoSystem, fulfilment.NewStaff{
		Email: "own@example.jp", Name: "石川 葵", Role: fulfilment.Manager, Password: "a long password",
	}); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	if err := seed(t.Context(), w, "", &said); err != nil || said.Len() > 0 {
		t.Errorf("said %q: %v", &said, err)
	}
}

func TestSeed_without_the_stand_in_has_no_past(t *testing.T) {
	t.Parallel()
	w := emptyWorkshop(t)
	if err := seed(t.Context(), w, "", io.Discard); err != nil {
		t.Fatal(err)
	}
	page, err := w.orders.Orders(t.Context(), orders.OrderQuery{})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("%d orders: %v", len(page.Items), err)
	}
	if empty, err := w.isEmpty(t.Context()); err != nil || empty {
		t.Errorf("the seeded database counts as empty (%v)", err)
	}
}

func TestWorkday(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 23, 1, 0, 0, 0, jst.Zone)
	for back, want := range map[int]string{0: "2026-11-23", 1: "2026-11-20", 5: "2026-11-16", 6: "2026-11-13"} {
		if got := workday(monday, back).Format(time.DateOnly); got != want {
			t.Errorf("%d working days before %s is %s, want %s", back, monday, got, want)
		}
	}
}
