package staff

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/offer"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// boardPage is the morning on one screen. A part that a role may not see is empty and left out.
type boardPage struct {
	Head        ui.StaffHead
	Today       string
	Stats       []ui.Stat
	Texts       []textCard
	Suggestions []suggestionCard
	Present     []presence
	SeesMoods   bool
	Plates      []plateCard
	Printers    []printerLine
	Ready       []ui.Link
	Claims      []claimLine
	Risks       []riskLine
	Calls       []string
	LowSpools   []string
	May         boardRights
}

// boardRights are the parts and buttons of the board.
type boardRights struct{ Orders, Approve, Ship, Work, Offer, Plates, Members, Attend bool }

func rightsOf(who fulfilment.Staff) boardRights {
	return boardRights{
		Orders: can(who, auth.ReadOrders), Approve: can(who, auth.ApproveOrders), Ship: can(who, auth.ShipOrders),
		Work: can(who, auth.ReadWork), Offer: can(who, auth.OfferWork), Plates: can(who, auth.ApprovePlates),
		Members: can(who, auth.ReadMembers), Attend: can(who, auth.RecordAttend),
	}
}

// textCard is an order whose texts are to be looked at.
type textCard struct {
	Number  string
	Address string
	Promise string
	Lines   []textLine
	Decide  decision
}

// decision is what staff say yes or no to: texts, and with an order by invoice its customer.
type decision struct {
	Address  string // of the order
	Note     string
	Approve  string // label
	Refusals []ui.Choice
}

// toDecide says whether there is anything to say yes or no to.
func (c textCard) toDecide() bool { return len(c.Lines) > 0 || c.Decide.Note != "" }

type textLine struct {
	Text  string
	Title string
	Image string
	Notes []string
}

type suggestionCard struct {
	Task    string // id
	Member  string // id
	Kind    string
	Words   string
	About   string // what is written on the pieces
	Label   string
	Reasons []string
	WhyNot  string
}

type presence struct {
	Name    string
	Address string
	Post    string
	Present bool
	Mood    string
}

type printerLine struct {
	Name    string
	Doing   string
	Detail  string
	Resolve string // address, when nobody knows how the run stands
}

func (s *console) showBoard(c echo.Context, who fulfilment.Staff) error {
	page := boardPage{Head: headFor(c, who, "今朝の確認", "/staff"), Today: day(s.Now()), May: rightsOf(who)}
	ctx := c.Request().Context()
	if page.May.Orders {
		if err := s.fillOrders(ctx, &page); err != nil {
			return err
		}
	}
	if page.May.Members || page.May.Work {
		if err := s.fillPeople(c, who, &page); err != nil {
			return err
		}
	}
	if page.May.Work {
		if err := s.fillMachines(ctx, &page); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, board(page))
}

// boardLimit is more texts than a morning can read.
const boardLimit = 100

func (s *console) fillOrders(ctx context.Context, page *boardPage) error {
	review, err := s.Orders.Orders(ctx, orders.OrderQuery{States: []orders.State{orders.InReview}, Limit: boardLimit})
	if err != nil {
		return err
	}
	for _, order := range slices.Backward(review.Items) { // who has waited longest comes first
		card := textCardOf(order)
		for i := range card.Lines {
			if card.Lines[i].Notes, err = s.notes(ctx, card.Lines[i].Text); err != nil {
				return err
			}
		}
		if card.toDecide() {
			page.Texts = append(page.Texts, card)
		}
	}
	ready, err := s.Orders.Orders(ctx, orders.OrderQuery{States: []orders.State{orders.Ready}})
	if err != nil {
		return err
	}
	for _, order := range ready.Items {
		page.Ready = append(page.Ready, ui.Link{Label: order.Number + " ・ " + window(order.Window), URL: orderAddress(order.ID)})
	}
	if page.Claims, err = s.claimLines(ctx); err != nil {
		return err
	}
	if page.Risks, err = s.riskLines(ctx); err != nil {
		return err
	}
	page.Stats = append(page.Stats,
		ui.Stat{Label: "確認する文字", Value: fmt.Sprint(len(page.Texts)), Unit: "件"},
		ui.Stat{Label: "発送できる注文", Value: fmt.Sprint(len(page.Ready)), Unit: "件"})
	return nil
}

func textCardOf(order orders.Order) textCard {
	card := textCard{Number: order.Number, Address: orderAddress(order.ID), Promise: window(order.Window)}
	card.Decide = decision{Address: card.Address, Approve: "承認する", Refusals: refusalsOf(order)}
	if order.Method == orders.ByInvoice {
		card.Decide.Approve = "承認して請求書を送る"
		card.Decide.Note = "請求書払い（" + order.Total.String() + "）です。承認すると、請求書が14日の期限つきで送られます。お金が届くまで、制作は始まりません。"
	}
	for _, line := range order.Lines {
		if line.TextState == orders.TextPending {
			card.Lines = append(card.Lines, textLine{Text: line.DesignText, Title: line.Title, Image: proofOf(line.DesignID)})
		}
	}
	return card
}

// fillPeople shows who is here; how they said they are is read only on request, as each reading
// is recorded.
func (s *console) fillPeople(c echo.Context, who fulfilment.Staff, page *boardPage) error {
	ctx := c.Request().Context()
	members, err := s.Fulfilment.Members(ctx)
	if err != nil {
		return err
	}
	said := map[fulfilment.MemberID]fulfilment.Mood{}
	if page.SeesMoods = page.May.Members && c.QueryParam("moods") == "1"; page.SeesMoods {
		if said, err = s.Fulfilment.MoodsToday(ctx, by(who)); err != nil {
			return err
		}
	}
	here := 0
	for _, member := range members {
		address := memberAddress(member.ID)
		page.Present = append(page.Present, presence{
			Name: member.Called(), Address: address, Post: address + "/attendance", Present: member.Present, Mood: moods[said[member.ID]],
		})
		if member.Present {
			here++
		}
	}
	if page.May.Members {
		page.Stats = append(page.Stats, ui.Stat{Label: "来ている人", Value: fmt.Sprint(here), Unit: "人", Note: fmt.Sprintf("%d人のうち", len(members))})
	}
	if !page.May.Offer {
		return nil
	}
	suggestions, err := s.Fulfilment.Suggestions(ctx)
	if err != nil {
		return err
	}
	return s.fillSuggestions(ctx, suggestions, page)
}

func (s *console) fillSuggestions(ctx context.Context, suggestions []fulfilment.Suggestion, page *boardPage) error {
	var tasks []fulfilment.Task
	for _, suggestion := range suggestions {
		tasks = append(tasks, suggestion.Task)
	}
	about, err := s.subjects(ctx, tasks)
	if err != nil {
		return err
	}
	for _, suggestion := range suggestions {
		card := suggestionCardOf(suggestion)
		card.About = strings.Join(about.texts(suggestion.Task), "、")
		page.Suggestions = append(page.Suggestions, card)
	}
	return nil
}

var kinds = map[offer.Kind]string{offer.Anchor: "いつもの", offer.Other: "ほかに", offer.Stretch: "ひとつ先"}

func suggestionCardOf(suggestion fulfilment.Suggestion) suggestionCard {
	card := suggestionCard{
		Task: suggestion.Task.ID.String(), Member: suggestion.Member.ID.String(), Kind: string(suggestion.Kind), Label: kinds[suggestion.Kind],
		Words:   fmt.Sprintf("%sさんに「%s」", suggestion.Member.Nickname, operationWords(suggestion.Task.Operation)),
		Reasons: suggestion.Reasons,
	}
	if suggestion.WhyNot != nil {
		card.WhyNot = fmt.Sprintf("%sさんでないのは：%s", suggestion.WhyNot.Member.Nickname, suggestion.WhyNot.Reason)
	}
	return card
}

func (s *console) fillMachines(ctx context.Context, page *boardPage) error {
	plates, err := s.Fulfilment.Plates(ctx)
	if err != nil {
		return err
	}
	for _, plate := range plates {
		if plate.State == fulfilment.PlateSliced {
			page.Plates = append(page.Plates, plateCardOf(plate))
		}
	}
	if page.Printers, err = s.printers(ctx); err != nil {
		return err
	}
	if err := s.fillCalls(ctx, page); err != nil {
		return err
	}
	spools, err := s.Fulfilment.Spools(ctx)
	if err != nil {
		return err
	}
	for _, spool := range spools {
		if spool.Low() {
			page.LowSpools = append(page.LowSpools, fmt.Sprintf("%s（%s）の残りが約%.0f g です", spool.ColorName, spool.Lot, spool.LeftG))
		}
	}
	if page.May.Plates {
		page.Stats = append(page.Stats, ui.Stat{Label: "承認するプレート", Value: fmt.Sprint(len(page.Plates)), Unit: "枚"})
	}
	return nil
}

func (s *console) printers(ctx context.Context) ([]printerLine, error) {
	printers, err := s.Fulfilment.Printers(ctx)
	if err != nil {
		return nil, err
	}
	lines := make([]printerLine, len(printers))
	for i, printer := range printers {
		lines[i] = printerLineOf(printer)
	}
	return lines, nil
}

func printerLineOf(printer fulfilment.PrinterStatus) printerLine {
	line := printerLine{Name: printer.Name}
	switch {
	case printer.Run != nil:
		line.Doing = runStates[printer.Run.State]
		line.Detail = "プレート " + printer.Run.PlateCode
		if printer.Run.State == fulfilment.RunPrinting {
			line.Detail += fmt.Sprintf(" ・ 約%.0f%%", printer.Run.Progress*100)
		}
		if printer.Run.State == fulfilment.RunUnknown {
			line.Resolve = runAddress(printer.Run.ID)
		}
	case !printer.Enabled:
		line.Doing = "休み"
	case !printer.BedClear:
		line.Doing = "台の片づけを待っています"
	default:
		line.Doing = "あいています"
	}
	return line
}

// fillCalls lists who asked for help with what.
func (s *console) fillCalls(ctx context.Context, page *boardPage) error {
	tasks, err := s.Fulfilment.OpenTasks(ctx)
	if err != nil {
		return err
	}
	members, err := s.memberNames(ctx)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		if task.HelpWantedAt != nil {
			page.Calls = append(page.Calls, fmt.Sprintf("%sが「%s」で待っています（%s）",
				members[task.MemberID], operationWords(task.Operation), moment(*task.HelpWantedAt)))
		}
	}
	return nil
}

// memberNames are the members by their ids, さん included.
func (s *console) memberNames(ctx context.Context) (map[fulfilment.MemberID]string, error) {
	members, err := s.Fulfilment.Members(ctx)
	if err != nil {
		return nil, err
	}
	names := map[fulfilment.MemberID]string{}
	for _, member := range members {
		names[member.ID] = member.Called()
	}
	return names, nil
}
