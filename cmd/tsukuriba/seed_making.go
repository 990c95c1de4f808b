package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/offer"
)

// beforePrinting are the operations after which a plate waits at a printer for its start.
var beforePrinting = []fulfilment.OperationKey{fulfilment.OpPrepare, fulfilment.OpArrange, fulfilment.OpSlice, fulfilment.OpSetUp}

// make has members do what the system suggests, until nothing of these operations is left; nil is
// all of them. Staff approve the plates in between. The clock goes on as they work.
func (p *past) make(ctx context.Context, only []fulfilment.OperationKey) error {
	for {
		if err := p.plan(ctx); err != nil {
			return err
		}
		suggestions, err := p.fulfilment.Suggestions(ctx)
		if err != nil {
			return err
		}
		next := slices.IndexFunc(suggestions, func(s fulfilment.Suggestion) bool {
			return s.Kind != offer.Stretch && (only == nil || slices.Contains(only, s.Task.Operation))
		})
		if next < 0 {
			return p.nothingLeft(ctx, only)
		}
		if err := p.do(ctx, suggestions[next]); err != nil {
			return fmt.Errorf("%s does %s: %w", suggestions[next].Member.Nickname, suggestions[next].Task.Operation, err)
		}
	}
}

// nothingLeft fails when there is work that was suggested to nobody.
func (p *past) nothingLeft(ctx context.Context, only []fulfilment.OperationKey) error {
	open, err := p.fulfilment.OpenTasks(ctx)
	if err != nil {
		return err
	}
	for _, task := range open {
		if only == nil || slices.Contains(only, task.Operation) {
			return fmt.Errorf("nobody may take %s", task.Operation)
		}
	}
	return nil
}

// plan places prepared pieces and approves what was sliced.
func (p *past) plan(ctx context.Context) error {
	if err := p.fulfilment.ProposePlatesNow(ctx); err != nil {
		return err
	}
	plates, err := p.fulfilment.Plates(ctx)
	if err != nil {
		return err
	}
	for _, plate := range plates {
		if plate.State != fulfilment.PlateSliced {
			continue
		}
		if _, err := p.fulfilment.ApprovePlate(ctx, p.by(fulfilment.Instructor), plate.ID); err != nil {
			return err
		}
	}
	return nil
}

// do takes a suggestion through offer and acceptance to できた.
func (p *past) do(ctx context.Context, suggested fulfilment.Suggestion) error {
	task, member := suggested.Task, suggested.Member.ID
	if err := p.awaitPrinter(ctx, task); err != nil {
		return err
	}
	proposal := fulfilment.Proposal{Task: task.ID, Member: member, Kind: suggested.Kind}
	offered, err := p.fulfilment.OfferTask(ctx, p.by(fulfilment.Instructor), proposal)
	if err != nil {
		return err
	}
	if _, err := p.fulfilment.Accept(ctx, member, offered.ID); err != nil {
		return err
	}
	view, err := p.fulfilment.Start(ctx, member, task.ID)
	if err != nil {
		return err
	}
	if task.Operation == fulfilment.OpSlice {
		if view, err = p.slice(ctx, member, task); err != nil {
			return err
		}
	}
	if err := p.moveTo(ctx, p.now().Add(time.Duration(task.Minutes)*time.Minute)); err != nil {
		return err
	}
	result, err := resultOf(view)
	if err != nil {
		return err
	}
	_, err = p.fulfilment.Submit(ctx, member, task.ID, result)
	return err
}

// awaitPrinter lets the print go on to the minute at which the task is due.
func (p *past) awaitPrinter(ctx context.Context, task fulfilment.Task) error {
	if task.Operation != fulfilment.OpSwap && task.Operation != fulfilment.OpRemove {
		return nil
	}
	run, err := p.fulfilment.Run(ctx, task.RunID)
	if err != nil {
		return err
	}
	plate, err := p.fulfilment.Plate(ctx, task.PlateID)
	if err != nil {
		return err
	}
	seconds := plate.Artifact.PrintSeconds
	if task.Operation == fulfilment.OpSwap {
		seconds = *plate.Artifact.SwapAfterSeconds
	}
	return p.moveTo(ctx, run.StartedAt.Add(time.Duration(seconds)*time.Second))
}

func (p *past) slice(ctx context.Context, member fulfilment.MemberID, task fulfilment.Task) (fulfilment.TaskView, error) {
	if _, err := p.fulfilment.Slice(ctx, member, task.ID); err != nil {
		return fulfilment.TaskView{}, err
	}
	if err := p.fulfilment.SlicePlate(ctx, fulfilment.SliceRequested{PlateID: task.PlateID}); err != nil {
		return fulfilment.TaskView{}, err
	}
	plate, err := p.fulfilment.Plate(ctx, task.PlateID)
	if err == nil && plate.Slicing != fulfilment.SlicingDone {
		err = fmt.Errorf("plate %s: %s", plate.Code, plate.SlicingNote)
	}
	if err != nil {
		return fulfilment.TaskView{}, err
	}
	return p.fulfilment.Task(ctx, member, task.ID)
}

var errNothingFree = errors.New("no printer or spool is free")

// resultOf says what one says when all went well.
func resultOf(view fulfilment.TaskView) (fulfilment.Result, error) {
	result := fulfilment.Result{Outcome: fulfilment.OutcomeDone}
	for _, piece := range view.Pieces {
		result.Pieces = append(result.Pieces, fulfilment.PieceResult{Unit: piece.Unit, Code: piece.Code, Verdict: fulfilment.VerdictOK})
	}
	if view.Operation != fulfilment.OpSetUp {
		return result, nil
	}
	if len(view.Printers) == 0 || len(view.BaseSpools) == 0 {
		return result, errNothingFree
	}
	result.Printer, result.BaseSpool = view.Printers[0].ID, view.BaseSpools[0].ID
	if len(view.TextSpools) > 0 {
		result.TextSpool = view.TextSpools[0].ID
	}
	return result, nil
}

// offerTo proposes the newest task of an operation to a member, who has yet to answer.
func (p *past) offerTo(ctx context.Context, nickname string, operation fulfilment.OperationKey) error {
	open, err := p.fulfilment.OpenTasks(ctx)
	if err != nil {
		return err
	}
	for _, task := range slices.Backward(open) {
		if task.Operation != operation {
			continue
		}
		_, err := p.fulfilment.OfferTask(ctx, p.by(fulfilment.Instructor), fulfilment.Proposal{Task: task.ID, Member: p.members[nickname]})
		return err
	}
	return nil
}
