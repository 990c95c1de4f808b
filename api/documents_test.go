package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

func TestDocuments(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, manager, shipping, instructor := h.visitor(), h.staff(fulfilment.Manager), h.staff(fulfilment.ShippingStaff), h.staff(fulfilment.Instructor)
	placed := buyer.paid("髙﨑")
	own := "/orders/" + placed.Token
	wanted := rest.ReceiptRequest{Addressee: "株式会社 𠮷田", Honorific: "御中"}
	buyer.refused(409, "not_paid", http.MethodPost, own+"/receipt", wanted)

	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &page)
	order := "/staff/orders/" + page.Items[0].ID
	manager.want(http.MethodPost, order+"/approve", nil, nil)
	h.settle()

	buyer.refused(422, "invalid_fields", http.MethodPost, own+"/receipt", rest.ReceiptRequest{Addressee: "x", Honorific: "殿下"})
	var receipt, again rest.Document
	buyer.want(http.MethodPost, own+"/receipt", wanted, &receipt)
	buyer.want(http.MethodPost, own+"/receipt", rest.ReceiptRequest{Addressee: "だれか", Honorific: "様"}, &again)
	if again.ID != receipt.ID || receipt.AmountYen != buyer.status(placed).TotalYen || receipt.Recipient != nil {
		t.Errorf("receipts %+v and %+v", receipt, again)
	}
	var list rest.DocumentList
	buyer.want(http.MethodGet, own+"/documents", nil, &list)
	if len(list.Items) != 1 || list.Items[0].Number != receipt.Number {
		t.Errorf("documents %+v", list)
	}
	file := buyer.want(http.MethodGet, strings.TrimPrefix(receipt.FileURL, api.BasePath), nil, nil)
	if !bytes.HasPrefix(file.body, []byte("%PDF-")) || file.header.Get("Content-Disposition") != `attachment; filename="`+receipt.Number+`.pdf"` {
		t.Errorf("the file is %.20s, %v", file.body, file.header)
	}
	if kept := file.header.Get("Cache-Control"); kept != "no-store" {
		t.Errorf("caches may keep a receipt: %s", kept)
	}

	var found rest.DocumentPage
	manager.want(http.MethodGet, "/staff/documents?kind=receipt&recipient=%E5%90%89%E7%94%B0", nil, &found) // 吉田 is not 𠮷田
	if len(found.Items) != 0 {
		t.Errorf("another name finds %+v", found)
	}
	day := time.Now().In(time.FixedZone("JST", 9*60*60)).Format(time.DateOnly)
	manager.want(http.MethodGet, "/staff/documents?recipient=%F0%A0%AE%B7%E7%94%B0&from="+day+"&until="+day+"&at_least=1&at_most=100000", nil, &found)
	if len(found.Items) != 1 || *found.Items[0].Recipient != "株式会社 𠮷田 御中" {
		t.Fatalf("found %+v", found)
	}
	var reissue rest.Document
	manager.want(http.MethodPost, "/staff/documents/"+receipt.ID+"/reissue", nil, &reissue, idempotent("again"))
	if !reissue.Reissue || reissue.Number != receipt.Number {
		t.Errorf("reissued %+v", reissue)
	}
	if file := manager.want(http.MethodGet, strings.TrimPrefix(reissue.FileURL, api.BasePath), nil, nil); !bytes.HasPrefix(file.body, []byte("%PDF-")) {
		t.Errorf("the reissue is %.20s", file.body)
	}

	shipping.refused(403, "forbidden", http.MethodGet, "/staff/documents", nil)
	instructor.refused(403, "forbidden", http.MethodGet, "/staff/exports/orders?month=2026-11", nil)
	shipping.refused(403, "contact_closed", http.MethodPost, order+"/packing-slip", nil)
	_, err := h.db.Exec(`UPDATE orders SET state = 'ready'`)
	must(t, err)
	if slip := shipping.want(http.MethodPost, order+"/packing-slip", nil, nil); !bytes.HasPrefix(slip.body, []byte("%PDF-")) {
		t.Errorf("the slip is %.20s", slip.body)
	}
	shipping.refused(404, "no_gift_message", http.MethodPost, order+"/gift-card", nil)
	shipping.refused(404, "claim_not_found", http.MethodPost, "/staff/claims/clm_0/packing-slip", nil)
	var note rest.Document
	manager.want(http.MethodPost, order+"/documents", rest.IssueRequest{Kind: rest.DocumentKindDeliveryNote}, &note)
	other := h.visitor()
	other.refused(404, "document_not_found", http.MethodGet, own+"/documents/"+note.ID+"/file.pdf", nil)
	other.refused(404, "order_not_found", http.MethodGet, own+"x/documents/"+receipt.ID+"/file.pdf", nil)
}

func TestExports(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, accounting := h.visitor(), h.staff(fulfilment.Accounting)
	buyer.order("はると")
	month := time.Now().In(time.FixedZone("JST", 9*60*60)).Format("2006-01")
	for _, kind := range []string{"orders", "sales", "ledger", "documents"} {
		got := accounting.want(http.MethodGet, "/staff/exports/"+kind+"?month="+month, nil, nil)
		if !bytes.HasPrefix(got.body, []byte("\uFEFF")) || got.header.Get("Content-Disposition") != `attachment; filename="tsukuriba-`+kind+"-"+month+`.csv"` {
			t.Errorf("%s: %q, %v", kind, got.body, got.header)
		}
		if bytes.Contains(got.body, []byte("髙﨑")) {
			t.Errorf("%s tells a name that was not asked for", kind)
		}
	}
	if got := accounting.want(http.MethodGet, "/staff/exports/orders?month="+month+"&names=true", nil, nil); !bytes.Contains(got.body, []byte("髙﨑 福子")) {
		t.Errorf("no name in %s", got.body)
	}
	accounting.refused(422, "invalid_fields", http.MethodGet, "/staff/exports/orders?month=2026-13", nil)
	accounting.refused(422, "invalid_fields", http.MethodGet, "/staff/exports/members?month=2026-11", nil)
}
