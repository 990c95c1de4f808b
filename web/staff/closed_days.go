package staff

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type closedDaysPage struct {
	Head ui.StaffHead
	Days []closedDayRow
	Day  ui.Field
	Name ui.Field
}

type closedDayRow struct {
	Day, Name, Kind string
	Open            ui.Action
}

func (s *console) showClosedDays(c echo.Context, who fulfilment.Staff) error {
	return s.renderClosedDays(c, who, http.StatusOK, &orders.FormError{})
}

func (s *console) renderClosedDays(c echo.Context, who fulfilment.Staff, status int, refused *orders.FormError) error {
	days, err := s.Orders.ClosedDays(c.Request().Context())
	if err != nil {
		return err
	}
	page := closedDaysPage{
		Head: headFor(c, who, "お休みの日", "/staff/closed-days"),
		Day:  ui.Field{Name: "day", Label: "日", Type: "date", Value: c.FormValue("day"), Required: true, Error: discountSentence(refused.Fields["day"])},
		Name: ui.Field{Name: "name", Label: "何の日か", Hint: "例：夏休み、棚おろし", Value: c.FormValue("name"), Required: true, MaxLength: 60, Error: discountSentence(refused.Fields["name"])},
	}
	for _, closed := range days {
		row := closedDayRow{
			Day: fmt.Sprintf("%d年%s", closed.Day.Year(), day(closed.Day)), Name: closed.Name, Kind: "工房のお休み",
			Open: ui.Action{
				Label: "開ける", Kind: ui.Quiet, Post: true, URL: "/staff/closed-days/" + closed.Day.Format(time.DateOnly) + "/open",
				Attributes: map[string]any{"aria-label": day(closed.Day) + "を開ける"},
			},
		}
		if closed.Holiday {
			row.Kind = "祝日"
		}
		page.Days = append(page.Days, row)
	}
	return render(c, status, closedDayList(page))
}

func (s *console) closeDay(c echo.Context, who fulfilment.Staff) error {
	fields := map[string]string{}
	date := dateField(c, "day", fields)
	if date == nil {
		fields["day"] = "required"
	}
	err := error(&orders.FormError{Fields: fields})
	if len(fields) == 0 {
		err = s.Orders.CloseDay(c.Request().Context(), by(who), *date, strings.TrimSpace(c.FormValue("name")))
	}
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.renderClosedDays(c, who, http.StatusUnprocessableEntity, refused)
	}
	if err != nil {
		return err
	}
	return backTo(c, "/staff/closed-days", "day-closed")
}

func (s *console) openDay(c echo.Context, who fulfilment.Staff) error {
	date, err := time.ParseInLocation(time.DateOnly, c.Param("day"), jst.Zone)
	if err != nil {
		return problem.ErrRouteNotFound
	}
	if err := s.Orders.OpenDay(c.Request().Context(), by(who), date); err != nil {
		return err
	}
	return backTo(c, "/staff/closed-days", "day-opened")
}
