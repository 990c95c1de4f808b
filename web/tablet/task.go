package tablet

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// taskPage is one task as its member sees it; State decides which part is shown.
type taskPage struct {
	Head       ui.TabletHead
	Operation  fulfilment.OperationKey
	State      fulfilment.TaskState
	Title      []ui.RubyRun
	Slots      ui.Slots
	Steps      [][]ui.RubyRun
	Spoken     string
	Sentence   string // why the last press could not be followed, kindly
	Called     bool   // help is on its way
	Address    string
	Pieces     []piece
	Plate      string // SVG
	PlateLabel string
	Facts      []ui.Fact
	Choices    []ui.Choices
	Nothing    string // said instead of choices when there is nothing to choose from
	Waiting    bool   // a machine does its part
	Slice      bool   // スライスする comes before できた
	Advice     string
	Done       string // words of the button
}

// piece is one thing on the screen: its picture, its code and what can be said about it.
type piece struct {
	Code    string
	Text    string
	Image   string
	Model   string // to be turned around, where letters are compared
	Base    string // #rrggbb
	Letters string // #rrggbb
	Choices ui.Choices
}

// deedForm is the form that できた sends.
const deedForm = "deed"

// waits reports whether a machine does its part now.
func (p taskPage) waits() bool { return p.State == fulfilment.TaskActive && p.Waiting }

// press is the one thing to press; without a label while there is none.
func (p taskPage) press() ui.Action {
	switch {
	case p.waits() || p.Nothing != "" && p.State == fulfilment.TaskActive:
		return ui.Action{}
	case p.State != fulfilment.TaskActive:
		return ui.Action{Label: "はじめる", Kind: ui.Primary, Icon: ui.IconArrowRight, Post: true, URL: p.Address + "/start"}
	case p.Slice:
		return ui.Action{Label: "スライスする", Kind: ui.Primary, Icon: ui.IconLayers, Post: true, URL: p.Address + "/slice"}
	default:
		return ui.Action{Label: p.Done, Kind: ui.Primary, Icon: ui.IconCheck, Attributes: templ.Attributes{"form": deedForm}}
	}
}

func taskAddress(id fulfilment.TaskID) string { return "/tablet/tasks/" + id.String() }

// proofOf is the picture of a piece: the one its customer agreed to.
func proofOf(p fulfilment.Piece) string {
	return "/api/v1/designs/" + p.Design.String() + "/proof.png"
}

func helpWith(task fulfilment.TaskID) ui.Action {
	return ui.Action{Label: "てつだって", Icon: ui.IconHelp, Post: true, URL: taskAddress(task) + "/help"}
}

func (f *face) showTask(c echo.Context, member fulfilment.Member) error {
	id, err := idParam[fulfilment.TaskID](c, "task")
	if err != nil {
		return err
	}
	return f.renderTask(c, member, id, nil)
}

// renderTask shows a task, or shows it again with the reason why a press could not be followed.
// What was chosen stays chosen.
func (f *face) renderTask(c echo.Context, member fulfilment.Member, id fulfilment.TaskID, refused error) error {
	view, err := f.Fulfilment.Task(c.Request().Context(), member.ID, id)
	if err != nil {
		return err
	}
	colors, err := f.colors(c)
	if err != nil {
		return err
	}
	page := pageOf(c, member, view)
	page.fill(view, colors, c.FormValue)
	status := http.StatusOK
	if refused != nil {
		page.Sentence = kindSentence(refused)
		if status = problem.From(refused, problem.Japanese).Status; status >= http.StatusInternalServerError {
			return refused
		}
	}
	return render(c, status, task(page))
}

func pageOf(c echo.Context, member fulfilment.Member, view fulfilment.TaskView) taskPage {
	v := voiceOf(member)
	page := taskPage{
		Head: headOf(c, member, view.Instruction.What.Plain()), Operation: view.Operation, State: view.State, Address: taskAddress(view.ID),
		Title: v.runs(view.Instruction.What),
		Slots: ui.Slots{
			What: v.runs(view.Instruction.What), HowMany: v.runs(view.Instruction.HowMuch),
			Finished: v.runs(view.Instruction.FinishedWhen), Next: v.runs(next[view.Operation]),
		},
		Steps: v.all(view.Instruction.Steps), Spoken: spoken(view.Instruction), Called: view.HelpWanted, Done: doneWords(view.Operation),
	}
	page.Head.Help = helpWith(view.ID)
	if view.Operation == fulfilment.OpPrepare {
		page.Head.Scripts = append(page.Head.Scripts, "studio.js") // the model to turn around
	}
	switch view.State {
	case fulfilment.TaskAccepted, fulfilment.TaskActive, fulfilment.TaskDone:
		page.Head.Home = ui.Action{Label: "もどす", Icon: ui.IconUndo, Post: true, URL: page.Address + "/undo"}
	}
	if view.State == fulfilment.TaskActive {
		page.Head.Break = ui.Action{Label: "きゅうけい", Icon: ui.IconBreak, Post: true, URL: page.Address + "/pause"}
	}
	return page
}

// colors are the filaments by their keys.
func (f *face) colors(c echo.Context) (map[string]string, error) {
	shelf, err := f.Catalog.Colors(c.Request().Context())
	if err != nil {
		return nil, err
	}
	colors := map[string]string{}
	for _, color := range shelf {
		colors[color.Key] = color.Hex
	}
	return colors, nil
}

// onTask answers a button that needs nothing but who pressed it.
func (f *face) onTask(press pressed) memberPage {
	return func(c echo.Context, member fulfilment.Member) error {
		id, err := idParam[fulfilment.TaskID](c, "task")
		if err != nil {
			return err
		}
		view, err := press(c.Request().Context(), member.ID, id)
		if err != nil {
			return f.renderTask(c, member, id, err)
		}
		if view.State == fulfilment.TaskReady { // taken back altogether
			return c.Redirect(http.StatusSeeOther, "/tablet/today")
		}
		return c.Redirect(http.StatusSeeOther, taskAddress(id))
	}
}

// release is おわり before it is finished.
func (f *face) release(c echo.Context, member fulfilment.Member) error {
	id, err := idParam[fulfilment.TaskID](c, "task")
	if err != nil {
		return err
	}
	if err := f.Fulfilment.Release(c.Request().Context(), member.ID, id); err != nil {
		return f.renderTask(c, member, id, err)
	}
	return c.Redirect(http.StatusSeeOther, "/tablet/today")
}

// done is できた with what the form says.
func (f *face) done(c echo.Context, member fulfilment.Member) error {
	id, err := idParam[fulfilment.TaskID](c, "task")
	if err != nil {
		return err
	}
	view, err := f.Fulfilment.Task(c.Request().Context(), member.ID, id)
	if err != nil {
		return err
	}
	if _, err := f.Fulfilment.Submit(c.Request().Context(), member.ID, id, resultOf(view, c.FormValue)); err != nil {
		return f.renderTask(c, member, id, err)
	}
	return c.Redirect(http.StatusSeeOther, taskAddress(id))
}

// resultOf reads what was chosen. Ids that are none stay zero and are refused by the use case.
func resultOf(view fulfilment.TaskView, chosen func(string) string) fulfilment.Result {
	result := fulfilment.Result{Outcome: fulfilment.Outcome(chosen("outcome"))}
	_ = result.Printer.UnmarshalText([]byte(chosen("printer")))
	_ = result.BaseSpool.UnmarshalText([]byte(chosen("base_spool")))
	_ = result.TextSpool.UnmarshalText([]byte(chosen("text_spool")))
	for _, p := range view.Pieces {
		said := fulfilment.PieceResult{Unit: p.Unit}
		switch value := chosen(pieceField(p)); view.Operation {
		case fulfilment.OpPack:
			said.Code, said.Verdict = value, fulfilment.VerdictOK
		case fulfilment.OpSort, fulfilment.OpInspect:
			said.Verdict = fulfilment.Verdict(value)
		default:
			continue
		}
		result.Pieces = append(result.Pieces, said)
	}
	return result
}

func pieceField(p fulfilment.Piece) string { return "piece-" + p.Unit.String() }
