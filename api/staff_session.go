package api

import (
	"context"

	"tsukuriba/api/auth"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// SignInStaff opens a session.
func (a *API) SignInStaff(ctx context.Context, request rest.SignInStaffRequestObject) (rest.SignInStaffResponseObject, error) {
	staff, err := a.Fulfilment.SignInStaff(ctx, request.Body.Email, request.Body.Password)
	if err != nil {
		return nil, err
	}
	return rest.SignInStaff200JSONResponse(staffMemberOf(staff)), a.Sessions.SignIn(ctx, auth.Staff, staff.ID.String())
}

// GetStaffSession says who is signed in.
func (a *API) GetStaffSession(ctx context.Context, _ rest.GetStaffSessionRequestObject) (rest.GetStaffSessionResponseObject, error) {
	return rest.GetStaffSession200JSONResponse(staffMemberOf(staffOf(ctx))), nil
}

// SignOutStaff ends the session.
func (a *API) SignOutStaff(ctx context.Context, _ rest.SignOutStaffRequestObject) (rest.SignOutStaffResponseObject, error) {
	return rest.SignOutStaff204Response{}, a.Sessions.SignOut(ctx, auth.Staff)
}

func staffMemberOf(staff fulfilment.Staff) rest.Staff {
	return rest.Staff{ID: staff.ID.String(), Name: staff.Name, Role: rest.StaffRole(staff.Role)}
}
