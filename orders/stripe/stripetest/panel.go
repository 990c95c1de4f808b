package stripetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const panelRows = 25

type panelView struct {
	Now        time.Time
	Rules      Delivery
	Waiting    int
	Faults     []Fault
	Held       bool
	Routes     []string
	Sessions   []session
	Refunds    []refund
	Disputes   []dispute
	Events     []event
	Ledger     []Entry
	Base       string
	FaultKinds []FaultKind
}

// spoilable are the routes that the panel offers; any other can be named from Go.
var spoilable = []string{
	"POST /v1/checkout/sessions", "GET /v1/checkout/sessions/{id}", "POST /v1/checkout/sessions/{id}/expire",
	"GET /v1/payment_intents/{id}", "POST /v1/payment_intents/{id}/capture", "POST /v1/payment_intents/{id}/cancel",
	"POST /v1/refunds", "GET /v1/refunds",
}

func (s *Server) addPanel(mux *http.ServeMux) {
	mux.HandleFunc("GET /panel", s.showPanel)
	mux.HandleFunc("POST /panel", s.turnKnob)
	mux.HandleFunc("GET /panel/ledger", s.showLedger)
}

func (s *Server) showPanel(w http.ResponseWriter, r *http.Request) {
	view := panelView{
		Base: s.options.PublicURL, Routes: spoilable, Ledger: lastOf(s.Ledger()),
		FaultKinds: []FaultKind{Slow, Unavailable, FailAfterCommit, TimeoutAfterCommit},
	}
	err := s.act(func() error {
		view.Now, view.Rules, view.Waiting, view.Held = s.now().In(jst), s.rules, len(s.state.Deliveries), s.holdRefunds
		for _, fault := range s.faults {
			if fault.Times > 0 {
				view.Faults = append(view.Faults, fault)
			}
		}
		view.Sessions = copied(s.state.Sessions.Rows)
		view.Refunds = copied(s.state.Refunds.Rows)
		view.Disputes = copied(s.state.Disputes.Rows)
		view.Events = copied(s.state.Events.Rows)
		return nil
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	show(w, http.StatusOK, "panel.html", view)
}

// lastOf returns the newest rows, newest first.
func lastOf[T any](rows []T) []T {
	rows = slices.Clone(rows[max(0, len(rows)-panelRows):])
	slices.Reverse(rows)
	return rows
}

func copied[T any](rows []*T) []T {
	var out []T
	for _, row := range lastOf(rows) {
		out = append(out, *row)
	}
	return out
}

func (s *Server) showLedger(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s.Ledger())
}

// turnKnob does what a form of the panel asks for: 303 back to the panel, or 422 with the reason.
func (s *Server) turnKnob(w http.ResponseWriter, r *http.Request) {
	if err := s.turn(r); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	http.Redirect(w, r, s.options.PublicURL+"/panel", http.StatusSeeOther)
}

func (s *Server) turn(r *http.Request) (err error) {
	form := knobForm{r}
	switch knob := form.text("knob"); knob {
	case "delivery":
		s.SetDelivery(Delivery{
			Copies: form.whole("copies"), Drop: form.whole("drop"), Delay: form.seconds("delay"),
			Reverse: form.set("reverse"), Paused: form.set("paused"),
		})
	case "fault":
		s.Spoil(Fault{
			Kind: FaultKind(form.text("kind")), Route: form.text("route"), Times: form.whole("times"),
			Delay: form.seconds("delay"), Hang: form.seconds("hang"),
		})
	case "heal":
		s.Heal()
	case "clock":
		err = s.AdvanceClock(time.Duration(form.whole("hours")) * time.Hour)
	case "hold_refunds":
		s.HoldRefunds(form.set("hold"))
	default:
		err = s.turnOnObject(r, form, knob)
	}
	return err
}

func (s *Server) turnOnObject(r *http.Request, form knobForm, knob string) (err error) {
	switch id := form.text("id"); knob {
	case "refund":
		_, err = s.RefundFromDashboard(id, int64(form.whole("amount")))
	case "settle_refund":
		err = s.SettleRefund(id, form.text("status"))
	case "dispute":
		_, err = s.OpenDispute(id, "fraudulent")
	case "decide_dispute":
		err = s.DecideDispute(id, form.text("outcome") == "won")
	case "expire_hold":
		err = s.ExpireAuthorization(id)
	case "expire_session":
		err = s.ExpireSession(id)
	case "pay_at_store":
		err = s.PayAtStore(id, form.text("chain"))
	case "lapse_code":
		err = s.LapseCode(id)
	case "resend":
		err = s.Deliver(r.Context(), id)
	default:
		err = fmt.Errorf("there is no knob %q", knob)
	}
	return err
}

// knobForm reads a form of the panel; what is no number counts as 0, which turns a knob off.
type knobForm struct{ *http.Request }

func (f knobForm) text(name string) string { return f.PostFormValue(name) }
func (f knobForm) set(name string) bool    { return f.PostFormValue(name) != "" }

func (f knobForm) whole(name string) int {
	n, err := strconv.Atoi(f.PostFormValue(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (f knobForm) seconds(name string) time.Duration {
	return time.Duration(f.whole(name)) * time.Second
}
