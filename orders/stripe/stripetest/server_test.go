package stripetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tsukuriba/orders/stripe/stripetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// till is a client of one stand-in that follows no redirects, so that they can be looked at.
type till struct {
	*stripetest.Server
	t    *testing.T
	http *http.Client
}

func newTill(t *testing.T, options stripetest.Options) till {
	t.Helper()
	server, err := stripetest.Start(options)
	must(t, err)
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		must(t, server.Close())
	})
	return till{server, t, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) id() string {
	var object struct{ ID string }
	_ = json.Unmarshal([]byte(r.body), &object)
	return object.ID
}

func (c till) do(method, path, form, key string) (reply, error) {
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.URL()+path, strings.NewReader(form))
	if err != nil {
		return reply{}, err
	}
	request.SetBasicAuth("sk_test_1", "")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(body)}, err
}

func (c till) call(method, path, form, key string) reply {
	c.t.Helper()
	got, err := c.do(method, path, form, key)
	must(c.t, err)
	return got
}

const order = "mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=jpy" +
	"&line_items[0][price_data][unit_amount]=1980&line_items[0][price_data][product_data][name]=Tag" +
	"&success_url=http://shop.test/done/{CHECKOUT_SESSION_ID}&cancel_url=http://shop.test/cart" +
	"&customer_email=haru@example.jp&payment_method_types[0]="

func (c till) open(method string) string {
	c.t.Helper()
	got := c.call("POST", "/v1/checkout/sessions", order+method, "")
	if got.status != http.StatusOK {
		c.t.Fatal(got)
	}
	return got.id()
}

func TestAuthorization(t *testing.T) {
	t.Parallel()
	c := newTill(t, stripetest.Options{})
	for key, want := range map[string]int{
		"": 401, "Bearer sk_live_1": 401, "Bearer pk_test_1": 401, "Bearer sk_test_1": 200, "Basic c2tfdGVzdF8xOg==": 200,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL()+"/v1/events", nil)
		must(t, err)
		request.Header.Set("Authorization", key)
		response, err := c.http.Do(request)
		must(t, err)
		response.Body.Close()
		if response.StatusCode != want || response.Header.Get("Request-Id") == "" {
			t.Errorf("%q: got %d", key, response.StatusCode)
		}
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	const path = "/v1/checkout/sessions"
	t.Run("is in flight until the work is done", func(t *testing.T) {
		t.Parallel()
		c := newTill(t, stripetest.Options{})
		gate := c.StopAt("POST "+path, stripetest.BeforeWork)
		var slow sync.WaitGroup
		slow.Go(func() {
			if got, err := c.do("POST", path, order+"card", "k"); err != nil || got.status != 200 {
				t.Errorf("the first got %v, %v", got, err)
			}
		})
		<-gate.Reached()
		if got := c.call("POST", path, order+"card", "k"); got.status != http.StatusConflict {
			t.Errorf("the second got %v", got)
		}
		gate.Open()
		slow.Wait()
	})
	t.Run("is not spent by a request that was never begun", func(t *testing.T) {
		t.Parallel()
		c := newTill(t, stripetest.Options{})
		if got := c.call("POST", path, "mode=payment", "k"); got.status != 400 {
			t.Fatal(got)
		}
		if got := c.call("POST", path, order+"card", "k"); got.status != 200 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("replays a failure after the commit", func(t *testing.T) {
		t.Parallel()
		c := newTill(t, stripetest.Options{})
		c.Spoil(stripetest.Fault{Kind: stripetest.FailAfterCommit, Route: "POST /v1/checkout/sessions"})
		for _, replayed := range []string{"", "true"} {
			got := c.call("POST", path, order+"card", "k")
			if got.status != 500 || got.header.Get("Idempotent-Replayed") != replayed {
				t.Errorf("got %v", got)
			}
		}
		if got := c.call("GET", path, "", ""); strings.Count(got.body, `"checkout.session"`) != 1 {
			t.Errorf("the work was done %s", got.body)
		}
	})
	t.Run("gives the answer that a broken connection swallowed", func(t *testing.T) {
		t.Parallel()
		c := newTill(t, stripetest.Options{})
		c.Spoil(stripetest.Fault{Kind: stripetest.TimeoutAfterCommit})
		// net/http repeats a POST with an Idempotency-Key by itself when a kept connection breaks.
		if got, err := c.do("POST", path, order+"card", "k"); err == nil && got.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("got %v", got)
		}
		if got := c.call("POST", path, order+"card", "k"); got.status != 200 || got.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("is forgotten after a day", func(t *testing.T) {
		t.Parallel()
		c := newTill(t, stripetest.Options{})
		first := c.call("POST", path, order+"card", "k")
		must(t, c.AdvanceClock(25*time.Hour))
		if got := c.call("POST", path, order+"card", "k"); got.id() == first.id() {
			t.Error("was replayed")
		}
	})
}

func TestPayPage(t *testing.T) {
	t.Parallel()
	c := newTill(t, stripetest.Options{})
	post := func(path, form string, status int, location string) {
		t.Helper()
		got := c.call("POST", path, form, "")
		if to := strings.TrimPrefix(got.header.Get("Location"), c.URL()); got.status != status || to != location {
			t.Errorf("POST %s %s: got %d to %q, want %d to %q", path, form, got.status, to, status, location)
		}
	}
	shows := func(path, phrase string) {
		t.Helper()
		if got := c.call("GET", path, "", ""); !strings.Contains(got.body, phrase) {
			t.Errorf("GET %s lacks %q:\n%s", path, phrase, got.body)
		}
	}
	card := c.open("card")
	page := "/pay/" + card
	shows(page, "¥1,980")
	post(page, "pay=konbini", 422, "")
	post(page, "pay=declined", 303, page)
	shows(page, "カードでの支払いができませんでした")
	post(page, "pay=3ds", 303, page+"/3ds")
	shows(page+"/3ds", "ご本人ですか")
	post(page+"/3ds", "answer=no", 303, page)
	post(page, "pay=3ds", 303, page+"/3ds")
	post(page+"/3ds", "answer=yes", 303, "http://shop.test/done/"+card)
	shows(page, "手続きが済んでいます")
	post(page, "pay=card", 422, "")

	code := c.open("konbini")
	page = "/pay/" + code
	shows(page, "セブン-イレブンでは支払えません")
	post(page, "pay=konbini&phone=12", 422, "")
	post(page, "pay=konbini&phone="+url.QueryEscape("０９０-1234-5678"), 303, "http://shop.test/done/"+code)
	shows(page+"/voucher", "09012345678")
	post(page+"/voucher", "act=pay&chain=seven_eleven", 422, "")
	post(page+"/voucher", "act=pay&chain=ministop", 303, page+"/voucher")
	shows(page+"/voucher", "お支払いが済みました")

	gone := c.open("card")
	must(t, c.ExpireSession(gone))
	shows("/pay/"+gone, "期限が過ぎました")
	if got := c.call("GET", "/pay/none", "", ""); got.status != 404 {
		t.Errorf("an unknown session: got %d", got.status)
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	c := newTill(t, stripetest.Options{})
	session := c.open("card")
	must(t, c.PayCard(session))
	intent := c.Ledger()[0].Intent
	c.HoldRefunds(true)
	first, err := c.RefundFromDashboard(intent, 100)
	must(t, err)
	second, err := c.RefundFromDashboard(intent, 200)
	must(t, err)
	must(t, c.SettleRefund(first, "succeeded"))
	dispute, err := c.OpenDispute(intent, "fraudulent")
	must(t, err)
	want := stripetest.Entry{
		Intent: intent, Session: session, Method: "card", Status: "succeeded", Authorized: 1980, Captured: 1980, Refunded: 100, Refunding: 200, Disputed: 1680, Fees: 1500,
		OpenRefunds: []string{second}, OpenDisputes: []string{dispute},
	}
	if got := c.Ledger()[0]; !same(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if _, err := c.RefundFromDashboard(intent, 1); err == nil {
		t.Error("disputed money was refunded")
	}
	must(t, c.DecideDispute(dispute, true))
	if got := c.Ledger()[0]; got.Disputed != 0 {
		t.Errorf("got %+v", got)
	}
}

func same(a, b stripetest.Entry) bool {
	a.Metadata, b.Metadata = nil, nil
	left, _ := json.Marshal(a)
	right, _ := json.Marshal(b)
	return bytes.Equal(left, right)
}

// letterbox notes the types of the events it is sent, and refuses the first few.
type letterbox struct {
	mu     sync.Mutex
	refuse int
	types  []string
}

func (l *letterbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var event struct{ Type string }
	err := json.NewDecoder(r.Body).Decode(&event)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuse > 0 || err != nil {
		l.refuse--
		http.Error(w, "not now", http.StatusInternalServerError)
		return
	}
	l.types = append(l.types, event.Type)
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	inOrder := []string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}
	cases := map[string]struct {
		rules  stripetest.Delivery
		refuse int
		want   func([]string) bool
	}{
		"come in order":                   {want: func(got []string) bool { return slices.Equal(got, inOrder) }},
		"come again until they are taken": {refuse: 3, want: func(got []string) bool { return slices.Equal(sorted(got), sorted(inOrder)) }},
		"come in copies":                  {rules: stripetest.Delivery{Copies: 3}, want: func(got []string) bool { return len(got) == 12 }},
		"are dropped":                     {rules: stripetest.Delivery{Drop: 3}, want: func(got []string) bool { return slices.Equal(got, inOrder[3:]) }},
		"come newest first": {rules: stripetest.Delivery{Reverse: true}, want: func(got []string) bool {
			slices.Reverse(got)
			return slices.Equal(got, inOrder)
		}},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := &letterbox{refuse: test.refuse}
			receiver := httptest.NewServer(box)
			t.Cleanup(receiver.Close)
			c := newTill(t, stripetest.Options{WebhookURL: receiver.URL, WebhookSecret: "whsec_1", RetryDelay: time.Millisecond})
			c.SetDelivery(test.rules)
			must(t, c.PayCard(c.open("card")))
			must(t, delivered(t, c))
			if got := slices.Clone(box.types); !test.want(got) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func sorted(types []string) []string { return slices.Sorted(slices.Values(types)) }

func delivered(t *testing.T, c till) error {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return c.Delivered(ctx)
}

// TestCouriers has a receiver that answers no webhook before a second one has come.
func TestCouriers(t *testing.T) {
	t.Parallel()
	var arrived sync.WaitGroup
	arrived.Add(2)
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived.Done()
		arrived.Wait()
	}))
	t.Cleanup(receiver.Close)
	c := newTill(t, stripetest.Options{
		WebhookURL: receiver.URL, WebhookSecret: "whsec_1", WebhookEvents: []string{"checkout.session.completed"}, Couriers: 2,
	})
	for range 2 {
		must(t, c.PayCard(c.open("card")))
	}
	must(t, c.Delivered(t.Context()))
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	box := &letterbox{refuse: 1}
	receiver := httptest.NewServer(box)
	t.Cleanup(receiver.Close)
	c := newTill(t, stripetest.Options{WebhookURL: receiver.URL, WebhookSecret: "whsec_1"})
	c.SetDelivery(stripetest.Delivery{Paused: true})
	must(t, c.PayCard(c.open("card")))
	completed := c.EventIDs("checkout.session.completed")
	if err := c.Deliver(t.Context(), completed[0]); err == nil {
		t.Error("a refused webhook counts as delivered")
	}
	must(t, c.Deliver(t.Context(), completed[0]))
	if len(box.types) != 1 || len(c.EventIDs()) != 4 {
		t.Errorf("got %v of %v", box.types, c.EventIDs())
	}
}

func TestStateFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stripe.json")
	before, err := stripetest.Start(stripetest.Options{StateFile: file})
	must(t, err)
	c := till{before, t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	made := c.call("POST", "/v1/checkout/sessions", order+"card", "k")
	must(t, c.PayCard(made.id()))
	must(t, c.AdvanceClock(time.Hour))
	c.HoldRefunds(true)
	c.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Route: "POST /v1/refunds"})
	ledger, clock := c.Ledger(), c.Now()
	must(t, before.Close())

	after := newTill(t, stripetest.Options{StateFile: file})
	if got := after.Ledger(); len(got) != 1 || !same(got[0], ledger[0]) {
		t.Errorf("got %+v, want %+v", got, ledger)
	}
	if after.Now().Before(clock) {
		t.Error("the clock has jumped back")
	}
	if got := after.call("POST", "/v1/checkout/sessions", order+"card", "k"); got.id() != made.id() {
		t.Errorf("the key was forgotten: %v", got)
	}
	refund := "payment_intent=" + ledger[0].Intent + "&amount=80"
	if got := after.call("POST", "/v1/refunds", refund, ""); got.status != http.StatusServiceUnavailable {
		t.Errorf("the fault was forgotten: %v", got)
	}
	if got := after.call("POST", "/v1/refunds", refund, ""); !strings.Contains(got.body, `"pending"`) {
		t.Errorf("the bank's hold was forgotten: %v", got)
	}
	if _, err := stripetest.New(stripetest.Options{StateFile: t.TempDir()}); err == nil {
		t.Error("a folder was read as state")
	}
}

func TestPanel(t *testing.T) {
	t.Parallel()
	c := newTill(t, stripetest.Options{})
	must(t, c.PayCard(c.open("card")))
	code := c.open("konbini")
	must(t, c.IssueCode(code, ""))
	intent := c.Ledger()[0].Intent
	turns := []struct {
		form   string
		status int
	}{
		{"knob=delivery&copies=2&delay=1&reverse=1", 303},
		{"knob=fault&kind=slow&route=&times=1", 303},
		{"knob=heal", 303},
		{"knob=clock&hours=1", 303},
		{"knob=hold_refunds&hold=1", 303},
		{"knob=refund&amount=80&id=" + intent, 303},
		{"knob=inquiry&id=" + intent, 303},
		{"knob=dispute&id=" + intent, 422},
		{"knob=pay_at_store&chain=lawson&id=" + code, 303},
		{"knob=lapse_code&id=" + code, 422},
		{"knob=expire_hold&id=" + intent, 422},
		{"knob=nonsense", 422},
	}
	for _, turn := range turns {
		if got := c.call("POST", "/panel", turn.form, ""); got.status != turn.status {
			t.Errorf("%s: got %d %s", turn.form, got.status, got.body)
		}
	}
	if got := c.call("GET", "/panel", "", ""); got.status != 200 || !strings.Contains(got.body, intent) {
		t.Errorf("got %d %s", got.status, got.body)
	}
	var ledger []stripetest.Entry
	must(t, json.Unmarshal([]byte(c.call("GET", "/panel/ledger", "", "").body), &ledger))
	if len(ledger) != 2 || ledger[0].Refunding != 80 || ledger[0].Disputed != 0 || ledger[1].Captured != 1980 {
		t.Errorf("got %+v", ledger)
	}
	var status stripetest.Status
	must(t, json.Unmarshal([]byte(c.call("GET", "/panel/status", "", "").body), &status))
	if status.Waiting != 0 || status.Faults != 0 || status.Now.Before(time.Now().Add(50*time.Minute)) {
		t.Errorf("got %+v", status)
	}
}

func TestPanelTells(t *testing.T) {
	t.Parallel()
	c := newTill(t, stripetest.Options{})
	must(t, c.PayCard(c.open("card")))
	for _, turn := range [][2]string{
		{"knob=delivery&copies=3&drop=2&reverse=1", "同じ通知を 3 回"},
		{"knob=fault&kind=timeout_after_commit&route=&times=2", "どの呼び出しでも：済んだのに返事がない × 2"},
		{"knob=fault&kind=unavailable&route=POST+%2Fv1%2Frefunds", "返金する：何もせずに「いまは無理」と答える（503） × 1"},
		{"knob=hold_refunds&hold=1", "返金を銀行で止めています"},
		{"knob=expire_hold&id=" + c.Ledger()[0].Intent, "できませんでした"},
		{"knob=refund&amount=80&id=" + c.Ledger()[0].Intent, "銀行で手続き中"},
		{"knob=clock&hours=2", "時計を進めました"},
	} {
		form, want := turn[0], turn[1]
		got := c.call("POST", "/panel", form, "")
		if got.status == http.StatusSeeOther {
			got = c.call("GET", strings.TrimPrefix(got.header.Get("Location"), c.URL()), "", "")
		}
		if !strings.Contains(got.body, want) {
			t.Errorf("after %s the panel lacks %q:\n%s", form, want, got.body)
		}
	}
}

func TestDispute(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string]struct {
		act  func(c till, intent string) error
		left int64 // disputed in the end
		says []string
	}{
		"won": {func(c till, intent string) error {
			id, err := c.OpenDispute(intent, "fraudulent")
			return errors.Join(err, c.DecideDispute(id, true))
		}, 0, []string{"created", "funds_withdrawn", "funds_reinstated", "closed"}},
		"lost": {func(c till, intent string) error {
			id, err := c.OpenDispute(intent, "fraudulent")
			return errors.Join(err, c.DecideDispute(id, false))
		}, 1980, []string{"created", "funds_withdrawn", "closed"}},
		"an inquiry that ends": {func(c till, intent string) error {
			id, err := c.OpenInquiry(intent, "general")
			return errors.Join(err, c.DecideDispute(id, false))
		}, 0, []string{"created", "closed"}},
		"an inquiry that becomes a dispute": {func(c till, intent string) error {
			id, err := c.OpenInquiry(intent, "general")
			refused := c.EscalateInquiry(id)
			if again := c.EscalateInquiry(id); again == nil {
				return errors.New("it became one twice")
			}
			return errors.Join(err, refused)
		}, 1980, []string{"created", "updated", "funds_withdrawn"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTill(t, stripetest.Options{})
			must(t, c.PayCard(c.open("card")))
			must(t, steps.act(c, c.Ledger()[0].Intent))
			if got := c.Ledger()[0].Disputed; got != steps.left {
				t.Errorf("%d is disputed", got)
			}
			var events struct{ Data []struct{ Type string } }
			must(t, json.Unmarshal([]byte(c.call("GET", "/v1/events", "", "").body), &events))
			var says []string
			for _, event := range slices.Backward(events.Data) {
				if kind, ok := strings.CutPrefix(event.Type, "charge.dispute."); ok {
					says = append(says, kind)
				}
			}
			if !slices.Equal(says, steps.says) {
				t.Errorf("told %v", says)
			}
			var disputes struct {
				Data []struct {
					Movements []struct{ Amount, Fee, Net int64 } `json:"balance_transactions"`
				}
			}
			must(t, json.Unmarshal([]byte(c.call("GET", "/v1/disputes", "", "").body), &disputes))
			for _, m := range disputes.Data[0].Movements {
				steps.left += m.Amount
				if m.Net != m.Amount-m.Fee {
					t.Errorf("movement %+v", m)
				}
			}
			if steps.left != 0 {
				t.Errorf("the movements %+v do not say what is disputed", disputes.Data[0].Movements)
			}
		})
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	const route = "POST /v1/payment_intents/{id}/capture"
	for moment, want := range map[stripetest.Moment]struct{ captured, again int }{
		stripetest.BeforeWork:   {0, http.StatusConflict},
		stripetest.BeforeAnswer: {1980, http.StatusOK},
	} {
		c := newTill(t, stripetest.Options{})
		must(t, c.PayCard(c.open("card&payment_intent_data[capture_method]=manual")))
		intent := c.Ledger()[0].Intent
		gate := c.StopAt(route, moment)
		answered := make(chan reply)
		go func() {
			got, _ := c.do("POST", "/v1/payment_intents/"+intent+"/capture", "", "key")
			answered <- got
		}()
		<-gate.Reached()
		if captured := c.Ledger()[0].Captured; captured != int64(want.captured) {
			t.Errorf("moment %d: %d is captured", moment, captured)
		}
		if again := c.call("POST", "/v1/payment_intents/"+intent+"/capture", "", "key"); again.status != want.again {
			t.Errorf("moment %d: the same key is answered %d", moment, again.status)
		}
		gate.Open()
		gate.Open()
		if got := <-answered; got.status != http.StatusOK || c.Ledger()[0].Captured != 1980 {
			t.Errorf("moment %d: answered %d, %+v", moment, got.status, c.Ledger())
		}
		c.StopAt(route, moment)
		c.Heal()
		c.call("POST", "/v1/payment_intents/"+intent+"/capture", "", "other") // no gate is left
	}
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	server, err := stripetest.New(stripetest.Options{PublicURL: "http://localhost:8080/stripe"})
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	handler := http.StripPrefix("/stripe", server)
	request := httptest.NewRequestWithContext(t.Context(), "POST", "/stripe/v1/checkout/sessions", strings.NewReader(order+"card"))
	request.Header.Set("Authorization", "Bearer sk_test_1")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	var session struct{ ID, URL string }
	must(t, json.Unmarshal(answer.Body.Bytes(), &session))
	if session.URL != "http://localhost:8080/stripe/pay/"+session.ID {
		t.Errorf("got %+v", session)
	}
}

func TestPayer(t *testing.T) {
	t.Parallel()
	c := newTill(t, stripetest.Options{})
	open := c.open("card")
	for name, err := range map[string]error{
		"unknown session": c.PayCard("cs_test_none"),
		"other method":    c.IssueCode(open, ""),
		"no code yet":     c.PayAtStore(open, "lawson"),
		"no such chain":   c.PayAtStore(open, "seven_eleven"),
	} {
		if !errors.Is(err, stripetest.ErrNotPayable) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	c := newTill(t, stripetest.Options{WebhookURL: "http://127.0.0.1:1/", WebhookSecret: "whsec_1"})
	c.SetDelivery(stripetest.Delivery{Paused: true})
	must(t, c.PayCard(c.open("card")))
	code := c.open("konbini")
	must(t, c.IssueCode(code, ""))
	must(t, c.PayAtStore(code, "lawson"))
	card, konbini := c.Ledger()[0].Intent, c.Ledger()[1].Intent
	dispute, err := c.OpenDispute(card, "product_not_received")
	must(t, err)
	refund := c.call("POST", "/v1/refunds", "payment_intent="+konbini+"&amount=80", "").id()
	calls := []struct {
		method, path, form string
		status             int
		want               string
	}{
		{"GET", "/v1/disputes?payment_intent=" + card, "", 200, `"needs_response"`},
		{"POST", "/v1/disputes/" + dispute, "evidence[shipping_tracking_number]=123&submit=true", 200, `"under_review"`},
		{"POST", "/v1/disputes/" + dispute, "submit=true", 400, "takes no evidence"},
		{"GET", "/v1/disputes/" + dispute, "", 200, `"shipping_tracking_number":"123"`},
		{"POST", "/v1/disputes/" + dispute + "/close", "", 200, `"lost"`},
		{"POST", "/v1/disputes/" + dispute + "/close", "", 400, "already closed"},
		{"GET", "/v1/refunds/" + refund, "", 200, `"requires_action"`},
		{"POST", "/v1/refunds/" + refund + "/cancel", "", 200, `"canceled"`},
		{"POST", "/v1/refunds/" + refund + "/cancel", "", 400, "Only a refund that requires action"},
		{"POST", "/v1/refunds", "payment_intent=" + card + "&charge=ch_1", 400, "One of the following"},
		{"POST", "/v1/refunds", "payment_intent=" + konbini + "&amount=-5", 400, "Invalid positive integer"},
		{"POST", "/v1/refunds", "payment_intent=" + konbini + "&amount=1981", 400, "greater than unrefunded amount"},
		{"GET", "/v1/charges?payment_intent=" + konbini, "", 200, `"chain":"lawson"`},
		{"GET", "/v1/payment_intents?limit=1&expand[]=data.latest_charge", "", 200, `"has_more":true`},
		{"GET", "/v1/events?type=charge.dispute.created", "", 200, `"product_not_received"`},
		{"GET", "/v1/events?delivery_success=true", "", 200, `"data":[]`},
		{"GET", "/v1/events?limit=101", "", 400, "Limit must be"},
		{"GET", "/v1/events?starting_after=evt_none", "", 404, "No such"},
		{"GET", "/v1/events/" + c.EventIDs()[0], "", 200, `"payment_intent.created"`},
		{"GET", "/v1/webhook_endpoints/we_shop", "", 200, `"enabled_events":["*"]`},
		{"GET", "/v1/customers", "", 404, "Unrecognized request URL"},
	}
	for _, call := range calls {
		got := c.call(call.method, call.path, call.form, "")
		if got.status != call.status || !strings.Contains(got.body, call.want) {
			t.Errorf("%s %s %s: got %d %s, want %d %s", call.method, call.path, call.form, got.status, got.body, call.status, call.want)
		}
	}
}
