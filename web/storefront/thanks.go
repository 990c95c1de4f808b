package storefront

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// thanksPage asks for a word to those who made what arrived.
type thanksPage struct {
	orderPage
	Address    string
	Text       ui.Field
	Prefecture ui.Field
	Agreed     ui.Field
	Photo      ui.Field
}

func (s *shop) askThanks(c echo.Context) error {
	found, err := s.Orders.ByLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	if !found.CanBeThanked() {
		return seeOther(c, "/orders/"+c.Param("token"))
	}
	return s.showThanks(c, found, 0, nil)
}

// thank sends what the customer wrote to staff, who pass it on.
func (s *shop) thank(c echo.Context) error {
	found, err := s.Orders.ByLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	photos, err := postedPhotos(c, 1)
	if err != nil {
		return s.showThanks(c, found, len(photos), err)
	}
	request := orders.ThanksRequest{Words: c.FormValue("words"), TellPrefecture: c.FormValue("prefecture") != "", Agreed: c.FormValue("agreed") != ""}
	if len(photos) > 0 {
		request.Photo = photos[0]
	}
	_, err = s.Orders.ThankByCustomer(c.Request().Context(), c.Param("token"), request)
	if err != nil && !errors.Is(err, orders.ErrThankedAlready) {
		return s.showThanks(c, found, len(photos), err)
	}
	return seeOther(c, "/orders/"+c.Param("token")+"?thanked=1")
}

// showThanks shows the form, with what was refused beside its field. What cannot be mended there is the page's.
func (s *shop) showThanks(c echo.Context, found orders.Order, photos int, refusal error) error {
	mistakes, inForm := errors.AsType[*orders.FormError](refusal)
	frame, err := s.orderPage(c, found)
	if err != nil {
		return err
	}
	p := thanksPage{orderPage: frame, Address: frame.Back + "/thanks"}
	words := p.Words.Thanks
	p.Head.Title = words.Title
	p.Text = ui.Field{Name: "words", Label: words.Words, Hint: words.WordsHint, Value: c.FormValue("words"), Rows: 6, MaxLength: 500, Required: true}
	p.Prefecture = ui.Field{Name: "prefecture", Label: words.Prefecture, Checked: c.FormValue("prefecture") != ""}
	p.Agreed = ui.Field{Name: "agreed", Label: words.Agreed, Checked: c.FormValue("agreed") != "", Required: true}
	p.Photo = photosField(p.Words.Photos, 1)
	p.Photo.Error = photoError(p.Words.Photos, refusal, photos)
	status := http.StatusOK
	switch {
	case refusal == nil:
	case !inForm && p.Photo.Error == "":
		return refusal
	default:
		status = http.StatusUnprocessableEntity
	}
	if inForm && mistakes.Fields["words"] != "" {
		p.Text.Error = words.NeedsWords
	}
	if inForm && mistakes.Fields["agreed"] != "" {
		p.Agreed.Error = words.NeedsYes
	}
	confidential(c)
	return render(c, status, thanksView(p))
}

// thanks shows where the message about an order stands, or where to write one.
func (p *orderPage) thanks(found orders.Order, written orders.Thanks) {
	switch {
	case written.State == orders.ThanksShown:
		p.Thanked = p.Words.Thanks.Shown
	case !written.ID.IsZero(): // one that is declined is not told so
		p.Thanked = p.Words.Thanks.Open
	case found.CanBeThanked():
		p.Thank = p.Back + "/thanks"
	}
}
