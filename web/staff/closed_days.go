package staff

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

const closedDaysAddress = "/staff/closed-days"

type closedDaysPage struct {
	Head  ui.StaffHead
	Years []ui.NavItem // the coming twelve months first
	Days  []closedDayRow
	Day   ui.Field
	Name  ui.Field
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
		Head: headFor(c, who, "お休みの日", closedDaysAddress),
		Day:  ui.Field{Name: "day", Label: "日", Type: "date", Value: c.FormValue("day"), Required: true, Error: discountSentence(refused.Fields["day"])},
		Name: ui.Field{Name: "name", Label: "何の日か", Hint: "例：夏休み、棚おろし", Value: c.FormValue("name"), Required: true, MaxLength: 60, Error: discountSentence(refused.Fields["name"])},
	}
	page.Years, days = yearOf(days, c.QueryParam("year"), s.Now().AddDate(1, 0, 0))
	for _, closed := range days {
		row := closedDayRow{
			Day: fmt.Sprintf("%d年%s", closed.Day.Year(), day(closed.Day)), Name: closed.Name, Kind: "工房のお休み",
			Open: ui.Action{
				Label: "開ける", Kind: ui.Quiet, Post: true, URL: closedDaysAddress + "/" + closed.Day.Format(time.DateOnly) + "/open",
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

// yearOf keeps the days of one year, or those before until where none is asked for, with links to
// the other years.
func yearOf(days []orders.ClosedDay, asked string, until time.Time) (years []ui.NavItem, kept []orders.ClosedDay) {
	item := func(label, year string) {
		link := ui.Link{Label: label, URL: closedDaysAddress}
		if year != "" {
			link.URL += "?year=" + year
		}
		years = append(years, ui.NavItem{Link: link, Current: year == asked})
	}
	item("これからの12か月", "")
	for _, closed := range days {
		year := strconv.Itoa(closed.Day.Year())
		if label := year + "年"; years[len(years)-1].Label != label {
			item(label, year)
		}
		if year == asked || asked == "" && closed.Day.Before(until) {
			kept = append(kept, closed)
		}
	}
	return years, kept
}

// toYear goes back to where a day stands or stood.
func (s *console) toYear(c echo.Context, day time.Time, done string) error {
	address := closedDaysAddress + "?"
	if day.After(s.Now().AddDate(1, 0, 0)) {
		address += "year=" + strconv.Itoa(day.Year()) + "&"
	}
	return c.Redirect(http.StatusSeeOther, address+"done="+done)
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
	return s.toYear(c, *date, "day-closed")
}

func (s *console) openDay(c echo.Context, who fulfilment.Staff) error {
	date, err := time.ParseInLocation(time.DateOnly, c.Param("day"), jst.Zone)
	if err != nil {
		return problem.ErrRouteNotFound
	}
	if err := s.Orders.OpenDay(c.Request().Context(), by(who), date); err != nil {
		return err
	}
	return s.toYear(c, date, "day-opened")
}
