package orders

import (
	"errors"
	"strings"
	"testing"
)

func TestMayBeHeld(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("あ", maxHoldNote)
	for name, c := range map[string]struct {
		state  State
		reason HoldReason
		note   string
		want   error
		field  string
	}{
		"in review, to ask":               {InReview, HoldTextQuery, "「と」ですか。\nお返事を待ちます。", nil, ""},
		"shipped, for fraud":              {Shipped, HoldFraud, "", nil, ""},
		"for something else, told":        {Approved, HoldOther, long, nil, ""},
		"for something else, not told":    {Approved, HoldOther, "", nil, "required"},
		"with too long a note":            {Approved, HoldCapacity, long + "あ", nil, "too_long"},
		"with a note no page can show":    {Approved, HoldCapacity, "a\x00b", nil, "invalid"},
		"completed":                       {Completed, HoldFraud, "", ErrWrongState, ""},
		"canceled":                        {Canceled, HoldCapacity, "", ErrWrongState, ""},
		"for what only money can tell":    {Approved, HoldLateMoney, "", ErrUnknownReason, ""},
		"for what nobody has thought of ": {Approved, "mood", "", ErrUnknownReason, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			order := Order{State: c.state}
			err := order.mayBeHeld(c.reason, c.note)
			var form *FormError
			if errors.As(err, &form); c.field != "" && (form == nil || form.Fields["note"] != c.field) || c.field == "" && !errors.Is(err, c.want) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestEveryHoldHasWords(t *testing.T) {
	t.Parallel()
	for _, code := range []CauseCode{
		CauseOtherOrder, CauseCurrency, CauseOtherAmount, CauseOtherCapture, CauseDisputed, CauseLateMoney, CauseRefundFailed, CauseExternalRefund,
	} {
		if words := (Hold{Cause: &Cause{Code: code}}).Words(); words == string(code) || !strings.HasSuffix(words, "。") {
			t.Errorf("%s is told as %q", code, words)
		}
	}
	for _, reason := range append([]HoldReason{
		HoldMismatch, HoldLateMoney, HoldExternalRefund, HoldRefundFailed,
	}, StaffHoldReasons...) {
		if holdSentences[reason] == "" {
			t.Errorf("%s has no sentence", reason)
		}
	}
}
