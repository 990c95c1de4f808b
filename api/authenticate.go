package api

import (
	"context"
	"errors"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
)

type contextKey int

const (
	staffKey contextKey = iota
	memberKey
)

// authenticate lets a request pass whose session holds what the description asks for, and puts
// who it is into the context. People who left and tablets that were revoked are looked up each
// time, so that they are out at once.
func (a *API) authenticate(operation *openapi3.Operation) echo.MiddlewareFunc {
	wanted, needed := subject(operation), permission(operation)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx, err := a.identify(c.Request().Context(), wanted, needed)
			if err != nil {
				return err
			}
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}

func (a *API) identify(ctx context.Context, wanted auth.Subject, needed auth.Permission) (context.Context, error) {
	switch wanted {
	case auth.Staff:
		return a.identifyStaff(ctx, needed)
	case auth.Tablet:
		_, err := lookUp(ctx, a.Sessions, auth.Tablet, a.Fulfilment.TabletByID)
		return ctx, err
	case auth.Member:
		return a.identifyMember(ctx)
	default:
		return ctx, nil
	}
}

func (a *API) identifyStaff(ctx context.Context, needed auth.Permission) (context.Context, error) {
	staff, err := lookUp(ctx, a.Sessions, auth.Staff, a.Fulfilment.StaffByID)
	if err != nil {
		return ctx, err
	}
	if needed != "" && !auth.May(string(staff.Role), needed) {
		return ctx, problem.ErrForbidden
	}
	return context.WithValue(ctx, staffKey, staff), nil
}

// identifyMember wants the tablet too: a member is only ever signed in on one.
func (a *API) identifyMember(ctx context.Context) (context.Context, error) {
	if _, err := lookUp(ctx, a.Sessions, auth.Tablet, a.Fulfilment.TabletByID); err != nil {
		return ctx, err
	}
	member, err := lookUp(ctx, a.Sessions, auth.Member, a.Fulfilment.Member)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, memberKey, member.ID), nil
}

// lookUp finds whom a session names, or says that nobody is signed in.
func lookUp[K id.Kind, T any](
	ctx context.Context, sessions *auth.Sessions, wanted auth.Subject, find func(context.Context, id.ID[K]) (T, error),
) (T, error) {
	var found T
	var named id.ID[K]
	if err := readID(&named, sessions.ID(ctx, wanted), problem.ErrNotSignedIn); err != nil {
		return found, err
	}
	found, err := find(ctx, named)
	for _, gone := range []error{fulfilment.ErrStaffNotFound, fulfilment.ErrTabletNotFound, fulfilment.ErrMemberNotFound} {
		if errors.Is(err, gone) {
			return found, problem.ErrNotSignedIn
		}
	}
	return found, err
}

func staffOf(ctx context.Context) fulfilment.Staff {
	staff, _ := ctx.Value(staffKey).(fulfilment.Staff)
	return staff
}

// by returns the signed-in staff member as the actor of a use case.
func by(ctx context.Context) audit.Actor {
	return audit.Actor{Role: audit.Staff, ID: staffOf(ctx).ID.String()}
}

func memberOf(ctx context.Context) fulfilment.MemberID {
	member, _ := ctx.Value(memberKey).(fulfilment.MemberID)
	return member
}
