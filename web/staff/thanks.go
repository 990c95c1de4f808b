package staff

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

const thanksPath = "/staff/thanks"

type thanksPage struct {
	Head     ui.StaffHead
	Messages []thanksCard
	Problem  string
}

// thanksCard is a message with what can be decided about it.
type thanksCard struct {
	Order   ui.Link
	Written string
	Words   string
	From    string // the prefecture
	Badge   ui.Badge
	Telling bool
	Show    string // address; "" for one that is shown
	Decline string // address; "" for one that is declined
	Reading ui.Field
	Notes   []string // what asks for a second look
	Photo   string   // address; "" without one
	Picked  ui.Field // whether members see the photo
	Seen    bool     // they do
}

var thanksBadges = map[orders.ThanksState]ui.Badge{
	orders.ThanksOpen:     {Text: "読むのを待っています", Tone: ui.ToneAttention},
	orders.ThanksShown:    {Text: "届けました", Tone: ui.TonePine},
	orders.ThanksDeclined: {Text: "見せていません"},
}

func (s *console) showThanks(c echo.Context, who fulfilment.Staff) error {
	return s.renderThanks(c, who, http.StatusOK, "")
}

func (s *console) renderThanks(c echo.Context, who fulfilment.Staff, status int, trouble string) error {
	messages, err := s.Orders.AllThanks(c.Request().Context())
	if err != nil {
		return err
	}
	page := thanksPage{Head: headFor(c, who, "ありがとうの声", thanksPath), Problem: trouble}
	for _, message := range messages {
		page.Messages = append(page.Messages, thanksCardOf(message))
	}
	return render(c, status, thanksList(page))
}

func thanksCardOf(message orders.Thanks) thanksCard {
	address := thanksPath + "/" + message.ID.String()
	card := thanksCard{
		Order: ui.Link{Label: message.Number, URL: orderAddress(message.OrderID)}, Written: moment(message.CreatedAt), Words: message.Words,
		Notes: remarkNotes(message.Remarks), From: message.Prefecture, Badge: thanksBadges[message.State], Telling: message.Telling(),
		Reading: ui.Field{
			Name: "reading-" + message.ID.String(), Label: "よみ（かな）", Hint: "書くと、タブレットでことばの下に出ます。", Value: message.Reading, Rows: 2, MaxLength: 1000,
			Attributes: map[string]any{"name": "reading"}, // its id is its own
		},
	}
	if message.HasPhoto {
		card.Photo, card.Seen = address+"/photo", message.PhotoShown
		card.Picked = ui.Field{
			Name: "photo", ID: "photo-" + message.ID.String(), Label: "写真も見せる", Hint: "顔、名前、住所などが写っていないか、大きくして確かめてください。",
		}
	}
	if message.State != orders.ThanksShown || message.HasPhoto && !message.PhotoShown {
		card.Show = address + "/show"
	}
	if message.State != orders.ThanksDeclined {
		card.Decline = address + "/decline"
	}
	return card
}

func (s *console) letThanksThrough(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.ThanksID](c, "thanks")
	if err != nil {
		return err
	}
	err = s.Orders.ShowThanks(c.Request().Context(), by(who), id, orders.Showing{Reading: c.FormValue("reading"), WithPhoto: c.FormValue("photo") != ""})
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.renderThanks(c, who, http.StatusUnprocessableEntity, "よみに使えない文字があるか、長すぎます。")
	}
	if err != nil {
		return err
	}
	return backTo(c, thanksPath, "thanks-shown")
}

// thanksPhoto shows the photo of a message.
func (s *console) thanksPhoto(c echo.Context, _ fulfilment.Staff) error {
	id, err := idParam[orders.ThanksID](c, "thanks")
	if err != nil {
		return err
	}
	content, err := s.Orders.ThanksPhoto(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return sendPhoto(c, content)
}

func (s *console) declineThanks(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.ThanksID](c, "thanks")
	if err != nil {
		return err
	}
	if err := s.Orders.DeclineThanks(c.Request().Context(), by(who), id); err != nil {
		return err
	}
	return backTo(c, thanksPath, "thanks-declined")
}
