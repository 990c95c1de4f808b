package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"tsukuriba/api/rest"
)

// worker is a member with a tablet.
type worker struct {
	*visitor
	member rest.Member
}

// stageOrder ranks the stages as the workshop's path does.
var stageOrder = []rest.Stage{rest.Trial, rest.Practice, rest.Production, rest.Sales}

func (w *worker) reaches(skill string, stage rest.Stage) bool {
	has, known := w.member.Stages[skill]
	return known && slices.Index(stageOrder, has) >= slices.Index(stageOrder, stage)
}

// gatherTeam seats two members who can do every step, so that one may inspect what the other
// finished, and one whose stage allows only the first steps.
func (w *walk) gatherTeam(ctx context.Context) error {
	var members rest.MemberList
	if err := w.staff.ask(ctx, http.MethodGet, "/staff/members", nil, &members); err != nil {
		return err
	}
	faces, err := w.seat(ctx, "見学用のタブレット")
	if err != nil {
		return err
	}
	needsPIN, err := faces.pins(ctx)
	if err != nil {
		return err
	}
	isFull := func(m rest.Member) bool {
		seen := worker{member: m}
		return seen.reaches("inspect", rest.Production) && seen.reaches("slice", rest.Production) && seen.reaches("finish", rest.Practice)
	}
	isBeginner := func(m rest.Member) bool {
		seen := worker{member: m}
		return seen.reaches("pack", rest.Trial) && !seen.reaches("inspect", rest.Practice)
	}
	for _, wanted := range []func(rest.Member) bool{isFull, isFull, isBeginner} {
		i := slices.IndexFunc(members.Items, func(m rest.Member) bool { return wanted(m) && !needsPIN[m.ID] })
		if i < 0 {
			return errors.New("the workshop lacks two members for production and one at the start")
		}
		if err := w.join(ctx, members.Items[i]); err != nil {
			return err
		}
		members.Items = slices.Delete(members.Items, i, i+1)
	}
	return nil
}

// seat enrolls a tablet with a code from the console.
func (w *walk) seat(ctx context.Context, name string) (*worker, error) {
	var code rest.EnrollmentCode
	if err := w.staff.ask(ctx, http.MethodPost, "/staff/tablets", rest.TabletRequest{Name: name}, &code); err != nil {
		return nil, err
	}
	tablet := &worker{visitor: newVisitor(name, w.base)}
	return tablet, tablet.ask(ctx, http.MethodPost, "/tablet/enrollment", rest.EnrollmentRequest{Code: code.Code}, nil)
}

func (w *worker) pins(ctx context.Context) (map[string]bool, error) {
	var faces rest.FaceList
	err := w.ask(ctx, http.MethodGet, "/tablet/members", nil, &faces)
	pins := map[string]bool{}
	for _, face := range faces.Items {
		pins[face.ID] = face.NeedsPin
	}
	return pins, err
}

func (w *walk) join(ctx context.Context, member rest.Member) error {
	return w.step(member.Nickname, "来て、タブレットをひらく", func() (string, error) {
		attendance := rest.AttendanceRequest{Present: true}
		if err := w.staff.ask(ctx, http.MethodPost, "/staff/members/"+member.ID+"/attendance", attendance, nil); err != nil {
			return "", err
		}
		worker, err := w.seat(ctx, member.Nickname)
		if err != nil {
			return "", err
		}
		worker.member = member
		if err := worker.ask(ctx, http.MethodPost, "/tablet/session", rest.MemberSignInRequest{MemberID: member.ID}, nil); err != nil {
			return "", err
		}
		w.team = append(w.team, worker)
		return "", worker.ask(ctx, http.MethodPut, "/tablet/mood", rest.MoodRequest{Mood: rest.NoAnswer}, nil)
	})
}

// make offers, accepts and does tasks until every order is ready to ship.
func (w *walk) make(ctx context.Context) error {
	refusalSeen := false
	return until(ctx, 20*w.patience, "making the pieces", func() (bool, error) {
		tasks, err := w.openTasks(ctx)
		if err != nil {
			return false, err
		}
		for _, task := range tasks {
			if !refusalSeen && task.MinStage == rest.Production && task.State == rest.TaskStateReady {
				if err := w.refusedBelowStage(ctx, task); err != nil {
					return false, err
				}
				refusalSeen = true
			}
			if err := w.doTask(ctx, task); err != nil {
				return false, err
			}
		}
		if err := w.approvePlates(ctx); err != nil {
			return false, err
		}
		return w.allReady(ctx)
	})
}

// openTasks are those that carry this walk's units or plates and that nobody has taken.
func (w *walk) openTasks(ctx context.Context) ([]rest.Task, error) {
	var list rest.TaskList
	if err := w.staff.ask(ctx, http.MethodGet, "/staff/tasks", nil, &list); err != nil {
		return nil, err
	}
	ours, err := w.ownUnits(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list.Items, func(task rest.Task) bool {
		free := task.State == rest.TaskStateReady || task.State == rest.TaskStateOffered
		carries := task.UnitIds != nil && slices.ContainsFunc(*task.UnitIds, func(id string) bool { return ours[id] })
		return !free || !carries
	}), nil
}

func (w *walk) ownUnits(ctx context.Context) (map[string]bool, error) {
	ours := map[string]bool{}
	for _, order := range w.orders {
		var seen rest.StaffOrder
		if err := w.staff.ask(ctx, http.MethodGet, "/staff/orders/"+order.id, nil, &seen); err != nil {
			return nil, err
		}
		for _, unit := range seen.Units {
			ours[unit.ID] = true
		}
	}
	return ours, nil
}

// refusedBelowStage proves that a task above the beginner's stage cannot be offered to them.
func (w *walk) refusedBelowStage(ctx context.Context, task rest.Task) error {
	beginner := w.team[len(w.team)-1]
	return w.step("職員", fmt.Sprintf("%sさんに「%s」をすすめて、断られる", beginner.member.Nickname, task.Title), func() (string, error) {
		err := w.staff.ask(ctx, http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task.ID, MemberID: beginner.member.ID}, nil)
		var no *refused
		if !errors.As(err, &no) || no.problem.Code != "stage_too_low" {
			return "", fmt.Errorf("a task above the stage was not refused: %w", errors.Join(err, errors.New("wanted stage_too_low")))
		}
		return "  (" + no.problem.Code + ")", nil
	})
}

// doTask finds a member the task may be offered to, who accepts, starts and finishes it. The
// beginner is asked first, so that everybody works at what their stage allows.
func (w *walk) doTask(ctx context.Context, task rest.Task) error {
	for _, worker := range slices.Backward(w.team) {
		var offer rest.Offer
		err := w.staff.ask(ctx, http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task.ID, MemberID: worker.member.ID}, &offer)
		var no *refused
		if errors.As(err, &no) && (no.status == http.StatusConflict || no.status == http.StatusUnprocessableEntity) {
			continue
		}
		if err != nil {
			return err
		}
		return w.step(worker.member.Nickname, task.Title, func() (string, error) { return worker.do(ctx, offer, w.patience) })
	}
	return fmt.Errorf("nobody could be offered %q (%s)", task.Title, task.ID)
}

// do takes an offer and works through it as the tablet's screens would.
func (w *worker) do(ctx context.Context, offer rest.Offer, patience time.Duration) (string, error) {
	var task rest.WorkTask
	if err := w.ask(ctx, http.MethodPost, "/tablet/offers/"+offer.ID+"/accept", nil, &task); err != nil {
		return "", err
	}
	path := "/tablet/tasks/" + task.ID
	if err := w.ask(ctx, http.MethodPost, path+"/start", nil, &task); err != nil {
		return "", err
	}
	if task.Operation == "slice" {
		if err := w.slice(ctx, path, &task, patience); err != nil {
			return "", err
		}
	}
	result, err := w.result(task)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("  %d こ", len(task.Pieces)), w.ask(ctx, http.MethodPost, path+"/done", result, nil)
}

func (w *worker) slice(ctx context.Context, path string, task *rest.WorkTask, patience time.Duration) error {
	if err := w.ask(ctx, http.MethodPost, path+"/slice", nil, task); err != nil {
		return err
	}
	return until(ctx, patience, "slicing", func() (bool, error) {
		err := w.ask(ctx, http.MethodGet, path, nil, task)
		if err == nil && task.Slicing != nil && *task.Slicing == rest.WorkTaskSlicingRejected {
			return false, errors.New("the slice was rejected")
		}
		return task.Slicing != nil && *task.Slicing == rest.WorkTaskSlicingDone, err
	})
}

// result says what a careful person would say of a task that went well.
func (w *worker) result(task rest.WorkTask) (rest.DoneRequest, error) {
	var done rest.DoneRequest
	switch task.Operation {
	case "set_up":
		var err error
		done.PrinterID, err = firstChoice(task.Printers, err)
		done.BaseSpoolID, err = firstChoice(task.BaseSpools, err)
		done.TextSpoolID, err = firstChoice(task.TextSpools, err)
		return done, err
	case "remove":
		seen := rest.DoneRequestOutcomeDone
		done.Outcome = &seen
	case "sort", "finish", "inspect", "pack", "prepare":
		pieces := []rest.DonePiece{}
		for _, piece := range task.Pieces {
			pieces = append(pieces, rest.DonePiece{UnitID: piece.ID, Code: &piece.Code, Result: rest.Ok})
		}
		done.Pieces = &pieces
	}
	return done, nil
}

func firstChoice(choices *[]rest.Choice, earlier error) (*string, error) {
	if earlier != nil {
		return nil, earlier
	}
	if choices == nil || len(*choices) == 0 {
		return nil, errors.New("no free printer or no spool of the color")
	}
	return &(*choices)[0].Key, nil
}

// approvePlates is staff's look at sliced plates.
func (w *walk) approvePlates(ctx context.Context) error {
	var plates rest.PlateList
	if err := w.staff.ask(ctx, http.MethodGet, "/staff/plates", nil, &plates); err != nil {
		return err
	}
	ours, err := w.ownUnits(ctx)
	if err != nil {
		return err
	}
	for _, plate := range plates.Items {
		if plate.State != rest.PlateStateSliced || !slices.ContainsFunc(plate.Units, func(u rest.PlacedUnit) bool { return ours[u.ID] }) {
			continue
		}
		if err := w.approvePlate(ctx, plate); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) approvePlate(ctx context.Context, plate rest.Plate) error {
	return w.step("職員", "プレート "+plate.Code+" を承認する", func() (string, error) {
		if err := w.staff.ask(ctx, http.MethodPost, "/staff/plates/"+plate.ID+"/approve", nil, &plate); err != nil {
			return "", err
		}
		if err := w.notePlate(ctx, plate); err != nil {
			return "", err
		}
		return fmt.Sprintf("  %d こ, 印刷 %.0f 分, %.1f g, 色がえ %d 回, %s", len(plate.Units), float64(plate.Artifact.PrintSeconds)/60,
			plate.Artifact.FilamentG, plate.Artifact.ColorSwaps, plate.Artifact.SlicerVersion), nil
	})
}

// notePlate remembers for the summary which order's piece lies on which plate.
func (w *walk) notePlate(ctx context.Context, plate rest.Plate) error {
	for _, order := range w.orders {
		var seen rest.StaffOrder
		if err := w.staff.ask(ctx, http.MethodGet, "/staff/orders/"+order.id, nil, &seen); err != nil {
			return err
		}
		for _, unit := range seen.Units {
			if slices.ContainsFunc(plate.Units, func(placed rest.PlacedUnit) bool { return placed.ID == unit.ID }) {
				order.plate = plate
			}
		}
	}
	return nil
}

func (w *walk) allReady(ctx context.Context) (bool, error) {
	for _, order := range w.orders {
		var seen rest.StaffOrder
		if err := w.staff.ask(ctx, http.MethodGet, "/staff/orders/"+order.id, nil, &seen); err != nil {
			return false, err
		}
		if seen.State != rest.OrderStateReady {
			return false, nil
		}
	}
	return true, nil
}
