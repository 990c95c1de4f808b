package api

import (
	"context"

	"tsukuriba/api/auth"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// EnrollTablet makes the browser a tablet.
func (a *API) EnrollTablet(ctx context.Context, request rest.EnrollTabletRequestObject) (rest.EnrollTabletResponseObject, error) {
	tablet, err := a.Fulfilment.EnrollTablet(ctx, request.Body.Code)
	if err != nil {
		return nil, err
	}
	answer := rest.EnrollTablet200JSONResponse{ID: tablet.ID.String(), Name: tablet.Name}
	return answer, a.Sessions.SignIn(ctx, auth.Tablet, tablet.ID.String())
}

// ListTabletMembers returns the pictures to sign in with.
func (a *API) ListTabletMembers(ctx context.Context, _ rest.ListTabletMembersRequestObject) (rest.ListTabletMembersResponseObject, error) {
	members, err := a.Fulfilment.Members(ctx)
	return rest.ListTabletMembers200JSONResponse{Items: each(members, faceOf)}, err
}

// SignInMember gives the tablet to a member.
func (a *API) SignInMember(ctx context.Context, request rest.SignInMemberRequestObject) (rest.SignInMemberResponseObject, error) {
	var wanted fulfilment.MemberID
	if err := readID(&wanted, request.Body.MemberID, fulfilment.ErrMemberNotFound); err != nil {
		return nil, err
	}
	member, err := a.Fulfilment.SignInMember(ctx, wanted, given(request.Body.Pin))
	if err != nil {
		return nil, err
	}
	return rest.SignInMember200JSONResponse(faceOf(member)), a.Sessions.SignIn(ctx, auth.Member, member.ID.String())
}

// SignOutMember takes the member off the tablet, which stays enrolled.
func (a *API) SignOutMember(ctx context.Context, _ rest.SignOutMemberRequestObject) (rest.SignOutMemberResponseObject, error) {
	return rest.SignOutMember204Response{}, a.Sessions.SignOut(ctx, auth.Member)
}

// SetMood keeps how the member is today.
func (a *API) SetMood(ctx context.Context, request rest.SetMoodRequestObject) (rest.SetMoodResponseObject, error) {
	return rest.SetMood204Response{}, a.Fulfilment.SetMood(ctx, memberOf(ctx), fulfilment.Mood(request.Body.Mood))
}

func faceOf(m fulfilment.Member) rest.Face {
	return rest.Face{ID: m.ID.String(), Nickname: m.Nickname, Reading: optional(m.Reading), Picture: m.Picture, NeedsPin: m.NeedsPIN}
}
