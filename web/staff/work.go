package staff

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/offer"
	"tsukuriba/web/ui"
)

type workPage struct {
	Head    ui.StaffHead
	Columns []workColumn
	Members []ui.Choice // those who are here
	Offer   bool
	Refused string
}

type workColumn struct {
	Title string
	Tasks []taskCard
}

type taskCard struct {
	ID      string
	Texts   []string // what is written on the pieces, each once
	Amount  string
	Badge   ui.Badge
	Detail  string
	Orders  []ui.Link
	Plate   ui.Link
	Help    bool
	CanTake bool // may be offered now
	Chosen  string
}

func (s *console) showWork(c echo.Context, who fulfilment.Staff) error {
	return s.renderWork(c, who, http.StatusOK, "")
}

// renderWork shows the open tasks as columns by operation, with what an offer was refused for.
func (s *console) renderWork(c echo.Context, who fulfilment.Staff, status int, refused string) error {
	ctx := c.Request().Context()
	tasks, err := s.Fulfilment.OpenTasks(ctx)
	if err != nil {
		return err
	}
	page := workPage{Head: headFor(c, who, "しごと", "/staff/work"), Offer: can(who, auth.OfferWork), Refused: refused}
	names, err := s.people(ctx, &page)
	if err != nil {
		return err
	}
	about, err := s.subjects(ctx, tasks)
	if err != nil {
		return err
	}
	for _, operation := range operations {
		column := workColumn{Title: operation.words}
		for _, task := range tasks {
			if task.Operation == operation.key {
				card := taskCardOf(task, names)
				card.tell(about, task, can(who, auth.ReadOrders))
				if card.ID == c.FormValue("task") {
					card.Chosen = c.FormValue("member")
				}
				column.Tasks = append(column.Tasks, card)
			}
		}
		if len(column.Tasks) > 0 {
			page.Columns = append(page.Columns, column)
		}
	}
	return render(c, status, work(page))
}

// people fills in who is here to be offered something, and returns all names.
func (s *console) people(ctx context.Context, page *workPage) (map[fulfilment.MemberID]string, error) {
	members, err := s.Fulfilment.Members(ctx)
	if err != nil {
		return nil, err
	}
	names := map[fulfilment.MemberID]string{}
	for _, member := range members {
		names[member.ID] = member.Called()
		if member.Present {
			page.Members = append(page.Members, ui.Choice{Value: member.ID.String(), Label: names[member.ID]})
		}
	}
	return names, nil
}

// subjects are the pieces and plates that tasks are about.
type subjects struct {
	pieces map[fulfilment.UnitID]fulfilment.OrderedPiece
	plates map[fulfilment.PlateID]string // their codes
}

func (s *console) subjects(ctx context.Context, tasks []fulfilment.Task) (about subjects, err error) {
	var units []fulfilment.UnitID
	for _, task := range tasks {
		units = append(units, task.Units...)
	}
	if about.pieces, err = s.Fulfilment.OrderedPieces(ctx, units); err != nil {
		return subjects{}, err
	}
	plates, err := s.Fulfilment.Plates(ctx)
	if err != nil {
		return subjects{}, err
	}
	about.plates = map[fulfilment.PlateID]string{}
	for _, plate := range plates {
		about.plates[plate.ID] = plate.Code
	}
	return about, nil
}

// texts are what is written on the pieces of a task, each once.
func (about subjects) texts(task fulfilment.Task) (texts []string) {
	for _, unit := range task.Units {
		if text := oneLine(about.pieces[unit].Text); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

func taskCardOf(task fulfilment.Task, names map[fulfilment.MemberID]string) taskCard {
	card := taskCard{
		ID: task.ID.String(), Amount: fmt.Sprintf("%dこ ・ 約%d分", len(task.Units), task.Minutes), Badge: taskStates[task.State],
		Detail: names[task.MemberID], Help: task.HelpWantedAt != nil,
		CanTake: task.State == fulfilment.TaskReady || task.State == fulfilment.TaskOffered,
	}
	if task.DueMinute != nil {
		card.Amount += fmt.Sprintf(" ・ 開始から%d分ごろ", *task.DueMinute)
	}
	return card
}

// tell says what a task is about, so that it can be told apart from others of its kind.
func (t *taskCard) tell(about subjects, task fulfilment.Task, seesOrders bool) {
	t.Texts = about.texts(task)
	for _, unit := range task.Units {
		piece := about.pieces[unit]
		order := ui.Link{Label: piece.OrderNumber, URL: orderAddress(piece.OrderID)}
		if seesOrders && piece.OrderNumber != "" && !slices.Contains(t.Orders, order) {
			t.Orders = append(t.Orders, order)
		}
	}
	if !task.PlateID.IsZero() {
		t.Plate = ui.Link{Label: "プレート " + about.plates[task.PlateID], URL: plateAddress(task.PlateID)}
	}
}

// offer proposes a task to a member. Why it cannot be is told beside the task, with the choice kept.
func (s *console) offer(c echo.Context, who fulfilment.Staff) error {
	proposal := fulfilment.Proposal{Kind: offer.Kind(c.FormValue("kind"))}
	if proposal.Task.UnmarshalText([]byte(c.FormValue("task"))) != nil {
		return fulfilment.ErrTaskNotFound
	}
	if proposal.Member.UnmarshalText([]byte(c.FormValue("member"))) != nil || proposal.Member.IsZero() {
		return s.renderWork(c, who, http.StatusUnprocessableEntity, "だれにすすめるかを選んでください。")
	}
	if _, err := s.Fulfilment.OfferTask(c.Request().Context(), by(who), proposal); err != nil {
		told := problem.From(err, problem.Japanese)
		if told.Status >= http.StatusInternalServerError {
			return err
		}
		return s.renderWork(c, who, http.StatusUnprocessableEntity, told.Title)
	}
	return backTo(c, "/staff/work", "offered")
}

func (s *console) withdraw(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[fulfilment.OfferID](c, "offer")
	if err != nil {
		return err
	}
	if err := s.Fulfilment.WithdrawOffer(c.Request().Context(), by(who), id); err != nil {
		return err
	}
	return backTo(c, "/staff/members", "withdrawn")
}
