package api

import (
	"bytes"
	"context"
	"slices"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
)

// GetWork returns a member's task in hand and offers.
func (a *API) GetWork(ctx context.Context, _ rest.GetWorkRequestObject) (rest.GetWorkResponseObject, error) {
	work, err := a.Fulfilment.Work(ctx, memberOf(ctx))
	if err != nil {
		return nil, err
	}
	answer := rest.GetWork200JSONResponse{Offers: each(work.Offers, workOfferOf)}
	if work.Current != nil {
		answer.Current = new(workTaskOf(*work.Current))
	}
	return answer, nil
}

func workOfferOf(o fulfilment.OfferedTask) rest.WorkOffer {
	return rest.WorkOffer{ID: o.ID.String(), Kind: rest.OfferKind(o.Kind), Task: workTaskOf(o.Task)}
}

// AcceptOffer is やってみる.
func (a *API) AcceptOffer(ctx context.Context, request rest.AcceptOfferRequestObject) (rest.AcceptOfferResponseObject, error) {
	var accepted fulfilment.OfferID
	if err := readID(&accepted, request.OfferID, fulfilment.ErrOfferNotFound); err != nil {
		return nil, err
	}
	task, err := a.Fulfilment.Accept(ctx, memberOf(ctx), accepted)
	if err != nil {
		return nil, err
	}
	view, err := a.Fulfilment.Task(ctx, memberOf(ctx), task.ID)
	return rest.AcceptOffer200JSONResponse(workTaskOf(view)), err
}

// DeclineOffer is やらない.
func (a *API) DeclineOffer(ctx context.Context, request rest.DeclineOfferRequestObject) (rest.DeclineOfferResponseObject, error) {
	var declined fulfilment.OfferID
	if err := readID(&declined, request.OfferID, fulfilment.ErrOfferNotFound); err != nil {
		return nil, err
	}
	notToday := request.Body != nil && given(request.Body.NotToday)
	return rest.DeclineOffer204Response{}, a.Fulfilment.Decline(ctx, memberOf(ctx), declined, notToday)
}

// taskUse is something a member does with a task, and what the tablet then shows.
type taskUse func(context.Context, fulfilment.MemberID, fulfilment.TaskID) (fulfilment.TaskView, error)

func onTask(ctx context.Context, text string, use taskUse) (rest.WorkTask, error) {
	var task fulfilment.TaskID
	if err := readID(&task, text, fulfilment.ErrTaskNotFound); err != nil {
		return rest.WorkTask{}, err
	}
	view, err := use(ctx, memberOf(ctx), task)
	return workTaskOf(view), err
}

// GetTask shows a task.
func (a *API) GetTask(ctx context.Context, request rest.GetTaskRequestObject) (rest.GetTaskResponseObject, error) {
	task, err := onTask(ctx, request.TaskID, a.Fulfilment.Task)
	return rest.GetTask200JSONResponse(task), err
}

// StartTask begins a task or goes on with it.
func (a *API) StartTask(ctx context.Context, request rest.StartTaskRequestObject) (rest.StartTaskResponseObject, error) {
	task, err := onTask(ctx, request.TaskID, a.Fulfilment.Start)
	return rest.StartTask200JSONResponse(task), err
}

// PauseTask is きゅうけい.
func (a *API) PauseTask(ctx context.Context, request rest.PauseTaskRequestObject) (rest.PauseTaskResponseObject, error) {
	task, err := onTask(ctx, request.TaskID, a.Fulfilment.Pause)
	return rest.PauseTask200JSONResponse(task), err
}

// SliceTask is スライスする.
func (a *API) SliceTask(ctx context.Context, request rest.SliceTaskRequestObject) (rest.SliceTaskResponseObject, error) {
	task, err := onTask(ctx, request.TaskID, a.Fulfilment.Slice)
	return rest.SliceTask200JSONResponse(task), err
}

// UndoTask is もどす.
func (a *API) UndoTask(ctx context.Context, request rest.UndoTaskRequestObject) (rest.UndoTaskResponseObject, error) {
	task, err := onTask(ctx, request.TaskID, a.Fulfilment.Undo)
	return rest.UndoTask200JSONResponse(task), err
}

// CallHelp is てつだって.
func (a *API) CallHelp(ctx context.Context, request rest.CallHelpRequestObject) (rest.CallHelpResponseObject, error) {
	task, err := onTask(ctx, request.TaskID, a.Fulfilment.CallHelp)
	return rest.CallHelp200JSONResponse(task), err
}

// ReleaseTask is おわり before the task is finished.
func (a *API) ReleaseTask(ctx context.Context, request rest.ReleaseTaskRequestObject) (rest.ReleaseTaskResponseObject, error) {
	var task fulfilment.TaskID
	if err := readID(&task, request.TaskID, fulfilment.ErrTaskNotFound); err != nil {
		return nil, err
	}
	return rest.ReleaseTask204Response{}, a.Fulfilment.Release(ctx, memberOf(ctx), task)
}

// FinishTask is できた.
func (a *API) FinishTask(ctx context.Context, request rest.FinishTaskRequestObject) (rest.FinishTaskResponseObject, error) {
	result, err := resultOf(given(request.Body))
	if err != nil {
		return nil, err
	}
	task, err := onTask(ctx, request.TaskID, func(ctx context.Context, member fulfilment.MemberID, task fulfilment.TaskID) (fulfilment.TaskView, error) {
		return a.Fulfilment.Submit(ctx, member, task, result)
	})
	return rest.FinishTask200JSONResponse(task), err
}

func resultOf(r rest.DoneRequest) (fulfilment.Result, error) {
	result := fulfilment.Result{Outcome: fulfilment.Outcome(given(r.Outcome))}
	if r.PrinterID != nil {
		if err := readID(&result.Printer, *r.PrinterID, fulfilment.ErrPrinterNotFound); err != nil {
			return result, err
		}
	}
	if r.BaseSpoolID != nil {
		if err := readID(&result.BaseSpool, *r.BaseSpoolID, fulfilment.ErrSpoolNotFound); err != nil {
			return result, err
		}
	}
	if r.TextSpoolID != nil {
		if err := readID(&result.TextSpool, *r.TextSpoolID, fulfilment.ErrSpoolNotFound); err != nil {
			return result, err
		}
	}
	for _, piece := range given(r.Pieces) {
		said := fulfilment.PieceResult{Code: given(piece.Code), Verdict: fulfilment.Verdict(piece.Result)}
		if err := readID(&said.Unit, piece.UnitID, fulfilment.ErrUnitNotFound); err != nil {
			return result, err
		}
		result.Pieces = append(result.Pieces, said)
	}
	return result, nil
}

// GetUnitPicture shows what a piece looks like, to those whose work it is or might be.
func (a *API) GetUnitPicture(ctx context.Context, request rest.GetUnitPictureRequestObject) (rest.GetUnitPictureResponseObject, error) {
	var unit fulfilment.UnitID
	if err := readID(&unit, request.UnitID, fulfilment.ErrUnitNotFound); err != nil {
		return nil, err
	}
	work, err := a.Fulfilment.Work(ctx, memberOf(ctx))
	if err != nil {
		return nil, err
	}
	design, mine := designOfUnit(work, unit)
	if !mine {
		return nil, fulfilment.ErrUnitNotFound
	}
	picture, err := a.Catalog.ProofPNG(ctx, design)
	if err != nil {
		return nil, err
	}
	return rest.GetUnitPicture200ImagePngResponse{Body: bytes.NewReader(picture), ContentLength: int64(len(picture))}, nil
}

func designOfUnit(work fulfilment.Work, unit fulfilment.UnitID) (catalog.DesignID, bool) {
	var pieces []fulfilment.Piece
	if work.Current != nil {
		pieces = work.Current.Pieces
	}
	for _, offered := range work.Offers {
		pieces = append(slices.Clip(pieces), offered.Task.Pieces...)
	}
	for _, piece := range pieces {
		if piece.Unit == unit {
			return piece.Design, true
		}
	}
	return catalog.DesignID{}, false
}

// workTaskOf names nothing of a customer: neither order nor line is in a fulfilment.TaskView.
func workTaskOf(t fulfilment.TaskView) rest.WorkTask {
	task := rest.WorkTask{
		ID: t.ID.String(), Operation: string(t.Operation), State: rest.TaskState(t.State),
		What: t.Instruction.What.Plain(), HowMuch: t.Instruction.HowMuch.Plain(),
		FinishedWhen: t.Instruction.FinishedWhen.Plain(), About: t.Instruction.About.Plain(),
		Steps: each(t.Instruction.Steps, stepOf), Pieces: each(t.Pieces, pieceOf), MapSvg: optional(t.PlateMap),
		Slicing: optional(rest.WorkTaskSlicing(t.Slicing)), Advice: optional(t.SlicingAdvice), PlateCode: optional(t.PlateCode),
		PrinterName: optional(t.PrinterName), FileName: optional(t.FileName), RunState: optional(string(t.RunState)),
		HelpWanted: optional(t.HelpWanted),
	}
	if len(t.Printers) > 0 {
		task.Printers = new(each(t.Printers, printerChoiceOf))
	}
	if len(t.BaseSpools) > 0 {
		task.BaseSpools = new(each(t.BaseSpools, spoolChoiceOf))
	}
	if len(t.TextSpools) > 0 {
		task.TextSpools = new(each(t.TextSpools, spoolChoiceOf))
	}
	return task
}

func stepOf(step fulfilment.Ruby) rest.WorkStep {
	return rest.WorkStep{Text: step.Plain(), Reading: optional(step.Spoken())}
}

func pieceOf(p fulfilment.Piece) rest.WorkPiece {
	return rest.WorkPiece{
		ID: p.Unit.String(), Code: p.Code, Text: p.Text, PictureURL: BasePath + "/tablet/units/" + p.Unit.String() + "/picture.png",
		BaseColor: optional(p.BaseColor), TextColor: optional(p.TextColor),
	}
}

func printerChoiceOf(p fulfilment.PrinterChoice) rest.Choice {
	return rest.Choice{Key: p.ID.String(), Name: p.Name}
}

func spoolChoiceOf(s fulfilment.SpoolChoice) rest.Choice {
	return rest.Choice{Key: s.ID.String(), Name: s.ColorName + " " + s.Lot}
}
