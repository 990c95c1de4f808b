package orders_test

import (
	"testing"

	"tsukuriba/internal/mail"
	"tsukuriba/orders"
)

func TestStaffMailThatFailedIsSentAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	s.letters.refuse = mail.ErrRefused
	_, err := s.stripe.OpenDispute(s.order(placed).Payments[0].IntentID, "fraudulent")
	must(t, err)
	s.settle()
	s.letters.refuse = nil
	var failed []orders.Matter
	matters, err := s.Matters(t.Context())
	must(t, err)
	for _, matter := range matters {
		if matter.Kind == orders.MatterMailFailed {
			failed = append(failed, matter)
		}
	}
	if len(failed) != 1 || failed[0].Sentence != "工房あてのメールが送れていません。メールサーバーと宛先を確かめてください。" {
		t.Fatalf("the matters are %+v", matters)
	}
	s.resolve(failed[0], orders.ActRetryMail)
	s.settle()
	if told := s.letters.last(); told.To != seller.Email {
		t.Errorf("it went to %s", told.To)
	}
	letters, err := s.Letters(t.Context(), placed.Order.ID)
	must(t, err)
	for _, letter := range letters {
		if letter.Kind == "dispute" {
			t.Error("the mail to the workshop counts as one to the customer")
		}
	}
}
