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

// panelView is what the panel shows: the newest of everything, newest first.
type panelView struct {
	Now        time.Time
	Rules      Delivery
	Waiting    int
	Held       bool
	Troubles   []string // what goes wrong at the moment
	Told       string   // what the last knob did
	Refused    string
	Routes     []string
	FaultKinds []FaultKind
	Payments   []paymentView
	Sessions   []session // open ones
	Refunds    []refund
	Disputes   []dispute
	Events     []event
}

// Copies shows "once" as 1.
func (v panelView) Copies() int { return max(1, v.Rules.Copies) }

// paymentView is a payment with what may be done to it.
type paymentView struct {
	Entry
	Amount     int64
	Complained bool // there is a dispute or an inquiry
}

// Left is what may still be refunded.
func (v paymentView) Left() int64 { return max(0, v.Captured-v.Refunded-v.Refunding-v.Disputed) }

func (s *Server) addPanel(mux *http.ServeMux) {
	mux.HandleFunc("GET /panel", s.showPanel)
	mux.HandleFunc("POST /panel", s.turnKnob)
	mux.HandleFunc("GET /panel/ledger", s.showLedger)
	mux.HandleFunc("GET /panel/status", s.showStatus)
}

func (s *Server) showPanel(w http.ResponseWriter, r *http.Request) {
	view := s.panel()
	view.Told = knobWords[r.URL.Query().Get("did")]
	show(w, http.StatusOK, "panel.html", view)
}

func (s *Server) panel() panelView {
	entries := lastOf(s.Ledger())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endOverdue()
	view := panelView{
		Now: s.now().In(jst), Rules: s.state.Rules, Waiting: len(s.state.Deliveries), Held: s.state.HoldsBack,
		Troubles: s.state.troubles(), Routes: spoilable,
		FaultKinds: []FaultKind{FailAfterCommit, TimeoutAfterCommit, Unavailable, Slow},
		Refunds:    copied(s.state.Refunds.Rows), Disputes: copied(s.state.Disputes.Rows), Events: copied(s.state.Events.Rows),
	}
	for _, o := range copied(s.state.Sessions.Rows) {
		if o.Status == "open" {
			view.Sessions = append(view.Sessions, o)
		}
	}
	for _, entry := range entries {
		pi, _ := s.state.Intents.get(entry.Intent)
		ch, charged := s.state.Charges.get(string(pi.LatestCharge))
		view.Payments = append(view.Payments, paymentView{Entry: entry, Amount: pi.Amount, Complained: charged && ch.Disputed})
	}
	return view
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

// Status is how the stand-in stands at the moment, as GET /panel/status tells it.
type Status struct {
	Now     time.Time `json:"now"`
	Waiting int       `json:"waiting"` // webhooks that are not delivered yet
	Faults  int       `json:"faults"`  // requests that will still be spoiled
}

func (s *Server) showStatus(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	status := Status{Now: s.now(), Waiting: len(s.state.Deliveries)}
	for _, fault := range s.state.Faults {
		status.Faults += fault.Times
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(status)
}

// turnKnob does what a form of the panel asks for: 303 back to the panel, or 422 with the reason.
func (s *Server) turnKnob(w http.ResponseWriter, r *http.Request) {
	if err := s.turn(r); err != nil {
		view := s.panel()
		view.Refused = err.Error()
		show(w, http.StatusUnprocessableEntity, "panel.html", view)
		return
	}
	http.Redirect(w, r, s.options.PublicURL+"/panel?did="+r.PostFormValue("knob"), http.StatusSeeOther)
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
	case "inquiry":
		_, err = s.OpenInquiry(id, "fraudulent")
	case "escalate":
		err = s.EscalateInquiry(id)
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
