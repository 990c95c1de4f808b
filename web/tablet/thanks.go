package tablet

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/internal/photo"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// thanksPage is what people said about what this member worked on.
type thanksPage struct {
	Head     ui.TabletHead
	Messages []thanksCard
}

// thanksCard is one message; Photo is the address of its photo, "" without one.
type thanksCard struct{ Words, Reading, Where, Photo string }

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
		if message.HasPhoto {
			card.Photo = "/tablet/thanks/" + message.ID.String() + "/photo"
		}
		page.Messages = append(page.Messages, card)
	}
	return render(c, http.StatusOK, thanks(page))
}

// showThanksPhoto shows a photo that staff let through to this member; no other is there.
func (f *face) showThanksPhoto(c echo.Context, member fulfilment.Member) error {
	var id orders.ThanksID
	if id.UnmarshalText([]byte(c.Param("thanks"))) != nil {
		return orders.ErrPhotoNotFound
	}
	content, err := f.Fulfilment.ThanksPhotoFor(c.Request().Context(), member.ID, id)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Response().Header().Set("X-Content-Type-Options", "nosniff")
	return c.Blob(http.StatusOK, photo.Type, content)
}
