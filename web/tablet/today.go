package tablet

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/offer"
	"tsukuriba/web/ui"
)

type moodPage struct {
	Head  ui.TabletHead
	Faces []ui.Face
}

// moodFaces is the picture scale; not answering is as large as any answer.
var moodFaces = []struct {
	mood  fulfilment.Mood
	label string
	icon  ui.IconName
}{
	{fulfilment.MoodGreat, "とても いい", ui.IconSunrise},
	{fulfilment.MoodGood, "いい", ui.IconLeaf},
	{fulfilment.MoodSoSo, "ふつう", ui.IconSprout},
	{fulfilment.MoodTired, "つかれている", ui.IconBreak},
	{fulfilment.MoodHard, "つらい", ui.IconHand},
	{fulfilment.MoodNoAnswer, "こたえない", ui.IconMinus},
}

func (f *face) showMood(c echo.Context, member fulfilment.Member) error {
	page := moodPage{Head: headOf(c, member, "きょうは どうですか")}
	for _, face := range moodFaces {
		page.Faces = append(page.Faces, ui.Face{Label: face.label, Icon: face.icon, Name: "mood", Value: string(face.mood)})
	}
	return render(c, http.StatusOK, mood(page))
}

func (f *face) setMood(c echo.Context, member fulfilment.Member) error {
	if err := f.Fulfilment.SetMood(c.Request().Context(), member.ID, fulfilment.Mood(c.FormValue("mood"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/tablet/today")
}

type todayPage struct {
	Head  ui.TabletHead
	Cards []ui.WorkCard
}

// showToday shows the work in hand, or else what is offered: the familiar one first, never more
// than three. A single card carries its answers; of several each has one button, so that the
// screen never asks for more than five decisions.
func (f *face) showToday(c echo.Context, member fulfilment.Member) error {
	work, err := f.Fulfilment.Work(c.Request().Context(), member.ID)
	if err != nil {
		return err
	}
	page := todayPage{Head: headOf(c, member, "きょうの しごと")}
	page.Head.Home = ui.Action{Label: "おわり", Icon: ui.IconSignOut, Post: true, URL: "/tablet/sign-out"}
	if work.Current != nil {
		page.Head.Help = helpWith(work.Current.ID)
		page.Cards = []ui.WorkCard{currentCard(*work.Current, voiceOf(member))}
	}
	for i, offered := range work.Offers {
		if work.Current != nil || i == offer.PerMember {
			break
		}
		card := offerCard(offered, voiceOf(member))
		if len(work.Offers) == 1 {
			card.Actions = answers(offered.ID)
		}
		page.Cards = append(page.Cards, card)
	}
	return render(c, http.StatusOK, today(page))
}

func workCard(view fulfilment.TaskView, v voice) ui.WorkCard {
	card := ui.WorkCard{
		Title: v.runs(view.Instruction.What), HowMany: v.runs(view.Instruction.HowMuch), HowLong: v.runs(view.Instruction.About),
	}
	if len(view.Pieces) > 0 {
		card.Image, card.Alt = proofOf(view.Pieces[0]), "できあがりの え"
	}
	return card
}

func currentCard(view fulfilment.TaskView, v voice) ui.WorkCard {
	card := workCard(view, v)
	card.Familiar, card.Label = true, "いま している しごと"
	card.Actions = []ui.Action{{Label: "つづける", Kind: ui.Primary, Icon: ui.IconArrowRight, URL: taskAddress(view.ID)}}
	return card
}

func offerCard(offered fulfilment.OfferedTask, v voice) ui.WorkCard {
	card := workCard(offered.Task, v)
	switch offered.Kind {
	case offer.Anchor:
		card.Familiar, card.Label = true, "いつもの しごと"
	case offer.Stretch:
		card.Label = "ちょっと あたらしい しごと"
	default:
		card.Label = "ほかの しごと"
	}
	card.Actions = []ui.Action{{Label: "みてみる", Icon: ui.IconEye, URL: "/tablet/offers/" + offered.ID.String()}}
	return card
}

// answers are the three answers to an offer; あとで leaves it where it is.
func answers(id fulfilment.OfferID) []ui.Action {
	address := "/tablet/offers/" + id.String()
	return []ui.Action{
		{Label: "やってみる", Kind: ui.Primary, Icon: ui.IconCheck, Post: true, URL: address + "/accept"},
		{Label: "あとで", Icon: ui.IconClock, URL: "/tablet/rest"},
		{Label: "やらない", Icon: ui.IconMinus, URL: address + "/decline"},
	}
}

type restPage struct {
	Head   ui.TabletHead
	Title  string
	Words  string
	Answer ui.Action
	Thanks ui.Action // where thank-you messages are
}

func (f *face) showRest(c echo.Context, member fulfilment.Member) error {
	page := restPage{
		Head: headOf(c, member, "やすむ"), Title: "ゆっくり どうぞ", Words: "つづきは、いつでも すきな ときに。",
		Answer: ui.Action{Label: "きょうの しごとを みる", Icon: ui.IconArrowRight, URL: "/tablet/today"},
		Thanks: ui.Action{Label: "ありがとうを みる", Icon: ui.IconThanks, URL: "/tablet/thanks"},
	}
	page.Head.Home = ui.Action{Label: "おわり", Icon: ui.IconSignOut, Post: true, URL: "/tablet/sign-out"}
	return render(c, http.StatusOK, rest(page))
}

// showHelp is for calling somebody over while no work is in hand.
func (f *face) showHelp(c echo.Context, member fulfilment.Member) error {
	return render(c, http.StatusOK, rest(restPage{
		Head: headOf(c, member, "てつだって"), Title: "この がめんを しょくいんに みせて ください", Words: "てを あげても、こえを かけても だいじょうぶです。",
		Answer: ui.Action{Label: "もどる", Icon: ui.IconArrowLeft, URL: "/tablet/today"},
	}))
}

type offerPage struct {
	Head ui.TabletHead
	Card ui.WorkCard
}

// offered is an open offer of the member, read through the member's own work.
func (f *face) offered(c echo.Context, member fulfilment.Member) (fulfilment.OfferedTask, error) {
	id, err := idParam[fulfilment.OfferID](c, "offer")
	if err != nil {
		return fulfilment.OfferedTask{}, err
	}
	work, err := f.Fulfilment.Work(c.Request().Context(), member.ID)
	if err != nil {
		return fulfilment.OfferedTask{}, err
	}
	for _, offered := range work.Offers {
		if offered.ID == id {
			return offered, nil
		}
	}
	return fulfilment.OfferedTask{}, fulfilment.ErrOfferNotFound
}

func (f *face) showOffer(c echo.Context, member fulfilment.Member) error {
	offered, err := f.offered(c, member)
	if err != nil {
		return err
	}
	card := offerCard(offered, voiceOf(member))
	card.Actions, card.Familiar = answers(offered.ID), true
	return render(c, http.StatusOK, oneOffer(offerPage{headOf(c, member, "この しごと"), card}))
}

func (f *face) accept(c echo.Context, member fulfilment.Member) error {
	id, err := idParam[fulfilment.OfferID](c, "offer")
	if err != nil {
		return err
	}
	task, err := f.Fulfilment.Accept(c.Request().Context(), member.ID, id)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, taskAddress(task.ID))
}

type declinePage struct {
	Head    ui.TabletHead
	Title   []ui.RubyRun
	Answers []ui.Action
}

func (f *face) showDecline(c echo.Context, member fulfilment.Member) error {
	offered, err := f.offered(c, member)
	if err != nil {
		return err
	}
	address := "/tablet/offers/" + offered.ID.String()
	return render(c, http.StatusOK, declining(declinePage{
		Head: headOf(c, member, "やらない"), Title: voiceOf(member).runs(offered.Task.Instruction.What),
		Answers: []ui.Action{
			{Label: "いまは やらない", Icon: ui.IconMinus, Post: true, URL: address + "/decline"},
			{Label: "きょうは この しごとを しない", Icon: ui.IconLeaf, Post: true, URL: address + "/decline", Name: "not_today", Value: "1"},
		},
	}))
}

func (f *face) decline(c echo.Context, member fulfilment.Member) error {
	id, err := idParam[fulfilment.OfferID](c, "offer")
	if err != nil {
		return err
	}
	if err := f.Fulfilment.Decline(c.Request().Context(), member.ID, id, c.FormValue("not_today") == "1"); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/tablet/today")
}
