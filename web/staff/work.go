package staff

import (
	"context"
	"fmt"
	"net/http"

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
	Amount  string
	Badge   ui.Badge
	Detail  string
	Order   ui.Link
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
	for _, operation := range operations {
		column := workColumn{Title: operation.words}
		for _, task := range tasks {
			if task.Operation == operation.key {
				card := taskCardOf(task, names, can(who, auth.ReadOrders))
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
		names[member.ID] = member.Nickname + "さん"
		if member.Present {
			page.Members = append(page.Members, ui.Choice{Value: member.ID.String(), Label: names[member.ID]})
		}
	}
	return names, nil
}

func taskCardOf(task fulfilment.Task, names map[fulfilment.MemberID]string, seesOrders bool) taskCard {
	card := taskCard{
		ID: task.ID.String(), Amount: fmt.Sprintf("%dこ ・ 約%d分", len(task.Units), task.Minutes), Badge: taskStates[task.State],
		Detail: names[task.MemberID], Help: task.HelpWantedAt != nil,
		CanTake: task.State == fulfilment.TaskReady || task.State == fulfilment.TaskOffered,
	}
	if task.DueMinute != nil {
		card.Amount += fmt.Sprintf(" ・ 開始から%d分ごろ", *task.DueMinute)
	}
	if !task.OrderID.IsZero() && seesOrders {
		card.Order = ui.Link{Label: "注文を見る", URL: orderAddress(task.OrderID)}
	}
	if !task.PlateID.IsZero() {
		card.Plate = ui.Link{Label: "プレートを見る", URL: plateAddress(task.PlateID)}
	}
	return card
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
