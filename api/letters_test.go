package api_test

import (
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// TestLetters notes by REST that a mail came back, as the page does, and sends it again.
func TestLetters(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, clerk := h.staff(fulfilment.Manager), h.staff(fulfilment.ShippingStaff)
	h.visitor().paid("はると")
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &page)
	var order orders.OrderID
	must(t, order.UnmarshalText([]byte(page.Items[0].ID)))
	must(t, h.orders.MailInReview(t.Context(), orders.OrderInReview{OrderID: order}))
	_, err := h.db.ExecContext(t.Context(), `UPDATE mails SET state = 'queued', sent_at = NULL`) // as if the mail server were away
	must(t, err)

	path := "/staff/orders/" + page.Items[0].ID + "/letters"
	var list rest.LetterList
	clerk.want(http.MethodGet, path, nil, &list)
	if len(list.Items) != 1 || list.Items[0].State != rest.LetterStateQueued || list.Items[0].SentAt != nil {
		t.Fatalf("mails %+v", list)
	}
	letter := path + "/" + list.Items[0].ID
	manager.refused(409, "mail_unsent", http.MethodPost, letter+"/bounced", nil)
	_, err = h.db.ExecContext(t.Context(), `UPDATE mails SET state = 'sent', sent_at = now()`)
	must(t, err)
	manager.refused(409, "mail_delivered", http.MethodPost, letter+"/resend", nil)
	clerk.refused(403, "forbidden", http.MethodPost, letter+"/bounced", nil)
	for range 2 {
		manager.want(http.MethodPost, letter+"/bounced", nil, &list)
		if list.Items[0].State != rest.LetterStateBounced || list.Items[0].SentAt == nil {
			t.Errorf("what came back is %+v", list.Items[0])
		}
	}
	manager.want(http.MethodPost, letter+"/resend", nil, &list)
	if len(list.Items) != 2 || list.Items[0].State != rest.LetterStateRepeated || list.Items[1].Version != 2 {
		t.Errorf("sent again: %+v", list)
	}
	manager.refused(404, "order_not_found", http.MethodGet, "/staff/orders/ord_x/letters", nil)
	manager.refused(404, "mail_not_found", http.MethodPost, path+"/mai_x/bounced", nil)
}
