package tablet

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// thanksPage is what people said about what this member worked on.
type thanksPage struct {
	Head     ui.TabletHead
	Messages []thanksCard
}

type thanksCard struct{ Words, Reading, Where string }

func (f *face) showThanks(c echo.Context, member fulfilment.Member) error {
	messages, err := f.Fulfilment.ThanksFor(c.Request().Context(), member.ID)
	if err != nil {
		return err
	}
	page := thanksPage{Head: headOf(c, member, "ありがとう")}
	for _, message := range messages {
		card := thanksCard{Words: message.Words, Reading: message.Reading}
		if message.Prefecture != "" {
			card.Where = message.Prefecture + "に とどきました"
		}
		page.Messages = append(page.Messages, card)
	}
	return render(c, http.StatusOK, thanks(page))
}
