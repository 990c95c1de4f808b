package api

import (
	"context"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/orders"
)

// ListClosedDays lists the days without work from today on.
func (a *API) ListClosedDays(ctx context.Context, _ rest.ListClosedDaysRequestObject) (rest.ListClosedDaysResponseObject, error) {
	days, err := a.closedDays(ctx)
	return rest.ListClosedDays200JSONResponse(days), err
}

// CloseDay closes the workshop on a day.
func (a *API) CloseDay(ctx context.Context, request rest.CloseDayRequestObject) (rest.CloseDayResponseObject, error) {
	if err := a.Orders.CloseDay(ctx, by(ctx), request.Body.Day.Time, request.Body.Name); err != nil {
		return nil, err
	}
	days, err := a.closedDays(ctx)
	return rest.CloseDay200JSONResponse(days), err
}

// OpenDay opens it again.
func (a *API) OpenDay(ctx context.Context, request rest.OpenDayRequestObject) (rest.OpenDayResponseObject, error) {
	if err := a.Orders.OpenDay(ctx, by(ctx), request.Day.Time); err != nil {
		return nil, err
	}
	days, err := a.closedDays(ctx)
	return rest.OpenDay200JSONResponse(days), err
}

func (a *API) closedDays(ctx context.Context) (rest.ClosedDayList, error) {
	days, err := a.Orders.ClosedDays(ctx)
	return rest.ClosedDayList{Items: each(days, closedDayOf)}, err
}

func closedDayOf(closed orders.ClosedDay) rest.ClosedDay {
	return rest.ClosedDay{Day: types.Date{Time: closed.Day}, Name: closed.Name, Holiday: &closed.Holiday}
}
