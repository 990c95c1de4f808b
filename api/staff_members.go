package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// ListMembers lists the members.
func (a *API) ListMembers(ctx context.Context, _ rest.ListMembersRequestObject) (rest.ListMembersResponseObject, error) {
	members, err := a.Fulfilment.Members(ctx)
	return rest.ListMembers200JSONResponse{Items: each(members, memberAnswer)}, err
}

// SetStage records the stage agreed with a member for one skill.
func (a *API) SetStage(ctx context.Context, request rest.SetStageRequestObject) (rest.SetStageResponseObject, error) {
	change := fulfilment.StageChange{Skill: request.Skill, Stage: fulfilment.Stage(request.Body.Stage)}
	if err := readID(&change.Member, request.MemberID, fulfilment.ErrMemberNotFound); err != nil {
		return nil, err
	}
	if err := a.Fulfilment.SetStage(ctx, by(ctx), change); err != nil {
		return nil, err
	}
	member, err := a.Fulfilment.Member(ctx, change.Member)
	return rest.SetStage200JSONResponse(memberAnswer(member)), err
}

// RecordAttendance records that a member came or went.
func (a *API) RecordAttendance(ctx context.Context, request rest.RecordAttendanceRequestObject) (rest.RecordAttendanceResponseObject, error) {
	var wanted fulfilment.MemberID
	if err := readID(&wanted, request.MemberID, fulfilment.ErrMemberNotFound); err != nil {
		return nil, err
	}
	record := a.Fulfilment.Leave
	if request.Body.Present {
		record = a.Fulfilment.Arrive
	}
	if err := record(ctx, by(ctx), wanted); err != nil {
		return nil, err
	}
	member, err := a.Fulfilment.Member(ctx, wanted)
	return rest.RecordAttendance200JSONResponse(memberAnswer(member)), err
}

func memberAnswer(m fulfilment.Member) rest.Member {
	stages := map[string]rest.Stage{}
	for skill, stage := range m.Stages {
		stages[skill] = rest.Stage(stage)
	}
	return rest.Member{
		ID: m.ID.String(), Nickname: m.Nickname, Reading: m.Reading, Present: m.Present, MinutesADay: m.MinutesADay, Stages: stages,
	}
}

// CreateTablet makes a one-time code that enrolls a tablet.
func (a *API) CreateTablet(ctx context.Context, request rest.CreateTabletRequestObject) (rest.CreateTabletResponseObject, error) {
	enrollment, err := a.Fulfilment.EnrollCode(ctx, by(ctx), request.Body.Name)
	return rest.CreateTablet201JSONResponse{Code: enrollment.Code, ValidUntil: enrollment.Until}, err
}
