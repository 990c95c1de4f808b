package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
)

// company is a customer who pays by invoice.
func company() rest.CheckoutRequest {
	asked := customer
	asked.Company, asked.PaymentMethod = new("株式会社ひかり"), "invoice"
	return asked
}

func today() types.Date { return types.Date{Time: jst.Midnight(time.Now())} }

func TestPayByInvoice(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, manager := h.visitor(), h.staff(fulfilment.Manager)
	cart := buyer.cart("はると")
	person := company()
	person.Company = nil
	buyer.refused(422, "invalid_fields", http.MethodPost, "/carts/"+cart.Token+"/checkouts", person)
	checkout := buyer.screen(cart, company())
	var placed rest.PlacedOrder
	buyer.want(http.MethodPost, checkout.confirm, nil, &placed, idempotent("order"))
	if placed.PayURL != "" || buyer.status(placed).Invoice != nil {
		t.Fatalf("placed %+v", placed)
	}
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders?number="+placed.Number, nil, &page)
	order := page.Items[0].ID
	path := "/staff/orders/" + order + "/transfers"
	transfer := rest.TransferRequest{AmountYen: checkout.TotalYen - 100, ValueDate: today(), Payer: "ｶ)ﾋｶﾘ", Reference: new("7")}
	manager.refused(409, "wrong_order_state", http.MethodPost, path, transfer, idempotent("early"))
	manager.want(http.MethodPost, "/staff/orders/"+order+"/approve", nil, nil)
	h.settle()
	seen := buyer.status(placed)
	if seen.Invoice == nil || seen.Invoice.Bank.Number != "0123456" || seen.Invoice.RestYen != checkout.TotalYen || seen.PayURL != nil {
		t.Fatalf("the customer sees %+v", seen)
	}
	buyer.refused(409, "wrong_order_state", http.MethodPost, "/orders/"+placed.Token+"/payments", nil, idempotent("pay"))
	buyer.want(http.MethodGet, "/orders/"+placed.Token+"/documents/"+seen.Invoice.DocumentID+"/file.pdf", nil, nil)

	h.staff(fulfilment.Instructor).refused(403, "forbidden", http.MethodPost, path, transfer, idempotent("t"))
	manager.refused(422, "invalid_fields", http.MethodPost, path, rest.TransferRequest{AmountYen: 0, ValueDate: today(), Payer: "x"}, idempotent("zero"))
	var list rest.TransferList
	manager.want(http.MethodPost, path, transfer, &list, idempotent("one"))
	manager.want(http.MethodPost, path, transfer, &list, idempotent("another key, the same transfer"))
	if len(list.Items) != 1 || list.RestYen != 100 {
		t.Fatalf("transfers %+v", list)
	}
	manager.want(http.MethodPost, "/staff/transfers/"+list.Items[0].ID+"/undo", nil, &list, idempotent("undo"))
	if list.Items[0].UndoneAt == nil || list.RestYen != list.TotalYen {
		t.Fatalf("transfers %+v", list)
	}
	transfer.AmountYen += 600
	manager.want(http.MethodPost, path, transfer, nil, idempotent("whole"))
	h.settle()
	if got := buyer.status(placed); got.Status != rest.CustomerStatusMaking || got.Invoice != nil {
		t.Errorf("the customer sees %+v", got)
	}
	surplus := h.onlyMatter(manager)
	manager.want(http.MethodPost, "/staff/money/actions", rest.MatterActionRequest{Action: surplus.Action, Subject: surplus.Subject}, nil, idempotent("surplus"))
	h.settle()
	refund := h.onlyMatter(manager)
	if surplus.Kind != "surplus" || refund.Kind != "transfer_refund" || refund.Action != rest.RefundSent {
		t.Fatalf("matters %+v, %+v", surplus, refund)
	}
	sent := "/staff/refunds/" + refund.Subject
	manager.refused(409, "refund_open", http.MethodPost, sent+"/returned", nil, idempotent("early return"))
	var back rest.Refund
	manager.want(http.MethodPost, sent+"/sent", nil, &back, idempotent("sent"))
	if back.State != rest.RefundStateSucceeded || back.AmountYen != 500 || back.Lines[0].Kind != rest.PartKindSurplus {
		t.Errorf("refund %+v", back)
	}
	manager.want(http.MethodPost, sent+"/returned", nil, &back, idempotent("returned"))
	if !back.Retryable {
		t.Errorf("refund %+v", back)
	}
	manager.refused(404, "transfer_not_found", http.MethodPost, "/staff/transfers/"+order+"/undo", nil, idempotent("x"))
}

func TestWriteOff(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, accounting := h.visitor(), h.staff(fulfilment.Accounting)
	checkout := buyer.screen(buyer.cart("はると"), company())
	var placed rest.PlacedOrder
	buyer.want(http.MethodPost, checkout.confirm, nil, &placed, idempotent("order"))
	var page rest.OrderPage
	accounting.want(http.MethodGet, "/staff/orders?number="+placed.Number, nil, &page)
	order := "/staff/orders/" + page.Items[0].ID
	h.staff(fulfilment.Manager).want(http.MethodPost, order+"/approve", nil, nil)
	h.settle()
	let := rest.WriteOffRequest{AmountYen: 440, Reason: "手数料が引かれていた"}
	accounting.refused(409, "not_paid", http.MethodPost, order+"/write-off", let, idempotent("early"))
	transfer := rest.TransferRequest{AmountYen: checkout.TotalYen - 1001, ValueDate: today(), Payer: "ｶ)ﾋｶﾘ"}
	accounting.want(http.MethodPost, order+"/transfers", transfer, nil, idempotent("short"))
	accounting.refused(409, "write_off_too_large", http.MethodPost, order+"/write-off", rest.WriteOffRequest{AmountYen: 1001, Reason: "手数料"}, idempotent("much"))
	transfer.AmountYen = 561
	accounting.want(http.MethodPost, order+"/transfers", transfer, nil, idempotent("some more"))

	h.staff(fulfilment.Instructor).refused(403, "forbidden", http.MethodPost, order+"/write-off", let, idempotent("not mine"))
	accounting.refused(422, "invalid_fields", http.MethodPost, order+"/write-off", rest.WriteOffRequest{AmountYen: 440}, idempotent("why"))
	accounting.refused(422, "invalid_fields", http.MethodPost, order+"/write-off", rest.WriteOffRequest{AmountYen: 10_000, Reason: "手数料"}, idempotent("far too much"))
	accounting.refused(409, "changed_meanwhile", http.MethodPost, order+"/write-off", rest.WriteOffRequest{AmountYen: 439, Reason: "手数料"}, idempotent("other"))
	accounting.refused(404, "order_not_found", http.MethodPost, "/staff/orders/ord_nobody/write-off", let, idempotent("nobody"))
	var list rest.TransferList
	accounting.want(http.MethodPost, order+"/write-off", let, nil, idempotent("let"))
	accounting.want(http.MethodPost, order+"/write-off", let, &list, idempotent("let again"))
	if list.WrittenOffYen != 440 || list.RestYen != 0 || list.TotalYen != checkout.TotalYen || len(list.Items) != 2 {
		t.Errorf("transfers %+v", list)
	}
	h.settle()
	if got := buyer.status(placed); got.Status != rest.CustomerStatusMaking {
		t.Errorf("the customer sees %+v", got)
	}
}

func (h *house) onlyMatter(manager *visitor) rest.Matter {
	h.t.Helper()
	var list rest.MatterList
	manager.want(http.MethodGet, "/staff/money/matters", nil, &list)
	if len(list.Items) != 1 {
		h.t.Fatalf("matters %+v", list.Items)
	}
	return list.Items[0]
}

func TestQuotations(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, other, manager := h.visitor(), h.visitor(), h.staff(fulfilment.Manager)
	screen := buyer.screen(buyer.cart("はると"), company())
	quoteAt := strings.Replace(screen.confirm, "/confirm", "/quotation", 1)
	var made, again rest.Quotation
	buyer.want(http.MethodPost, quoteAt, nil, &made, idempotent("q"))
	buyer.want(http.MethodPost, quoteAt, nil, &again, idempotent("r"))
	if again.Number != made.Number || made.Checkout.ID == screen.ID || made.Checkout.TotalYen != screen.TotalYen || made.OrderURL != nil {
		t.Fatalf("quotations %+v, %+v", made, again)
	}
	h.settle()
	var documents rest.DocumentPage
	manager.want(http.MethodGet, "/staff/documents?kind=quotation", nil, &documents)
	if len(documents.Items) != 1 || documents.Items[0].Number != made.Number || documents.Items[0].OrderNumber != nil {
		t.Errorf("documents %+v", documents.Items)
	}
	for _, token := range []string{made.Number, made.Checkout.ID, made.Token[:len(made.Token)-1], made.Token + "A", documents.Items[0].ID} {
		other.refused(404, "quotation_not_found", http.MethodGet, "/quotations/"+token, nil)
		other.refused(404, "quotation_not_found", http.MethodGet, "/quotations/"+token+"/file.pdf", nil)
	}
	got := buyer.want(http.MethodGet, "/quotations/"+made.Token+"/file.pdf", nil, nil)
	if string(got.body[:4]) != "%PDF" {
		t.Error("the document is no PDF")
	}
	var placed rest.PlacedOrder
	buyer.want(http.MethodPost, "/quotations/"+made.Token+"/confirm", nil, &placed, idempotent("order"))
	buyer.want(http.MethodGet, "/quotations/"+made.Token, nil, &again)
	if again.OrderURL == nil || *again.OrderURL != placed.OrderURL {
		t.Errorf("it became %v, want %s", again.OrderURL, placed.OrderURL)
	}
	other.refused(404, "document_not_found", http.MethodGet, "/orders/"+placed.Token+"/documents/"+documents.Items[0].ID+"/file.pdf", nil)
	person := company()
	person.Company, person.PaymentMethod = nil, "card"
	screen = buyer.screen(buyer.cart("さくら"), person)
	problem := buyer.refused(422, "invalid_fields", http.MethodPost, strings.Replace(screen.confirm, "/confirm", "/quotation", 1), nil, idempotent("p"))
	if problem.Errors == nil || (*problem.Errors)[0].Pointer != "/company" {
		t.Errorf("problem %+v", problem)
	}
}
