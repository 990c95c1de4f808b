package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/offer"
)

// ListTasks lists the open tasks.
func (a *API) ListTasks(ctx context.Context, request rest.ListTasksRequestObject) (rest.ListTasksResponseObject, error) {
	tasks, err := a.Fulfilment.OpenTasks(ctx)
	if err != nil {
		return nil, err
	}
	answer := rest.ListTasks200JSONResponse{Items: []rest.Task{}}
	for _, task := range tasks {
		if operation := request.Params.Operation; operation == nil || *operation == string(task.Operation) {
			answer.Items = append(answer.Items, taskOf(task))
		}
	}
	return answer, nil
}

func taskOf(task fulfilment.Task) rest.Task {
	return rest.Task{
		ID: task.ID.String(), Operation: string(task.Operation), Title: task.Title, Skill: task.Skill, MinStage: rest.Stage(task.MinStage),
		Minutes: task.Minutes, State: rest.TaskState(task.State), Pieces: len(task.Units), MemberID: optional(task.MemberID.String()),
		OrderID: optional(task.OrderID.String()), PlateID: optional(task.PlateID.String()), PrintRunID: optional(task.RunID.String()),
		HelpWanted: optional(task.HelpWantedAt != nil), UnitIds: new(each(task.Units, fulfilment.UnitID.String)),
	}
}

// ListSuggestions proposes who might like to do what.
func (a *API) ListSuggestions(ctx context.Context, _ rest.ListSuggestionsRequestObject) (rest.ListSuggestionsResponseObject, error) {
	suggestions, err := a.Fulfilment.Suggestions(ctx)
	return rest.ListSuggestions200JSONResponse{Items: each(suggestions, suggestionOf)}, err
}

func suggestionOf(s fulfilment.Suggestion) rest.Suggestion {
	suggestion := rest.Suggestion{
		Task: taskOf(s.Task), MemberID: s.Member.ID.String(), MemberName: s.Member.Nickname, Kind: rest.OfferKind(s.Kind),
		Reasons: append([]string{}, s.Reasons...),
	}
	if s.WhyNot != nil {
		suggestion.WhyNot = &rest.WhyNot{MemberName: s.WhyNot.Member.Nickname, Reason: s.WhyNot.Reason}
	}
	return suggestion
}

// OfferTask offers a task to a member.
func (a *API) OfferTask(ctx context.Context, request rest.OfferTaskRequestObject) (rest.OfferTaskResponseObject, error) {
	proposal := fulfilment.Proposal{Kind: offer.Kind(given(request.Body.Kind))}
	if err := readID(&proposal.Task, request.Body.TaskID, fulfilment.ErrTaskNotFound); err != nil {
		return nil, err
	}
	if err := readID(&proposal.Member, request.Body.MemberID, fulfilment.ErrMemberNotFound); err != nil {
		return nil, err
	}
	made, err := a.Fulfilment.OfferTask(ctx, by(ctx), proposal)
	return rest.OfferTask201JSONResponse{
		ID: made.ID.String(), TaskID: made.TaskID.String(), MemberID: made.MemberID.String(), Kind: rest.OfferKind(made.Kind),
	}, err
}

// WithdrawOffer takes an offer back.
func (a *API) WithdrawOffer(ctx context.Context, request rest.WithdrawOfferRequestObject) (rest.WithdrawOfferResponseObject, error) {
	var withdrawn fulfilment.OfferID
	if err := readID(&withdrawn, request.OfferID, fulfilment.ErrOfferNotFound); err != nil {
		return nil, err
	}
	return rest.WithdrawOffer204Response{}, a.Fulfilment.WithdrawOffer(ctx, by(ctx), withdrawn)
}
