package storefront

import (
	"cmp"
	"errors"
	"fmt"

	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// opening tells how much is taken on of what is made to order; nil if there is nothing to tell.
func (p page) opening(opening orders.Opening) *ui.Notice {
	words := p.Words.Intake
	notice := &ui.Notice{Kind: ui.NoticeAttention}
	switch opening.Closed {
	case orders.ClosedByStaff:
		notice.Text = cmp.Or(opening.SentenceIn(orders.Language(p.Head.Language)), words.Paused)
	case orders.ClosedForWeek:
		notice.Text = words.WeekFull
	case orders.ClosedByQueue:
		notice.Text = words.Busy
	default:
		if !opening.Limited {
			return nil
		}
		return &ui.Notice{Kind: ui.NoticeInfo, Text: fmt.Sprintf(words.Left, opening.Left)}
	}
	if opening.Reopens != nil {
		notice.Detail = fmt.Sprintf(words.Reopens, p.day(*opening.Reopens))
	}
	return notice
}

// keep adds that what cannot be ordered now can wait in the cart.
func (p page) keep(notice *ui.Notice) *ui.Notice {
	if notice != nil && notice.Kind == ui.NoticeAttention {
		notice.Detail += p.Words.Intake.Meanwhile
	}
	return notice
}

// tooMuch tells why a cart or a confirmation asks for more than is taken on; nil for other errors.
func (p page) tooMuch(err error) *ui.Notice {
	var refused *orders.IntakeError
	if !errors.As(err, &refused) {
		return nil
	}
	if refused.Closed == "" {
		return &ui.Notice{Kind: ui.NoticeAttention, Text: fmt.Sprintf(p.Words.Intake.TooMany, refused.Left)}
	}
	return p.opening(refused.Opening)
}
