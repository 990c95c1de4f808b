package staff

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/internal/audit"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// editPage is the form of the particulars or of a page.
type editPage struct {
	Head     ui.StaffHead
	Title    string
	Lead     string
	Action   string
	Version  int
	Problem  ui.Notice
	Fields   []ui.Field  // of the particulars
	Texts    []textField // of a page
	Inserts  []ui.Fact
	From     ui.Field
	Versions []versionRow
}

// versionRow is a version with who wrote it.
type versionRow struct {
	Title, About string
	Badge        ui.Badge
	Read         string    // address of how it was
	Withdraw     ui.Action // with an address only before it begins
}

var versionBadges = map[orders.VersionSeason]ui.Badge{
	orders.VersionPast: {Text: "前の版"}, orders.VersionInForce: {Text: "いまの版", Tone: ui.TonePine},
	orders.VersionToCome: {Text: "これから", Tone: ui.ToneAccent}, orders.VersionWithdrawn: {Text: "取り消し"},
}

// versionRowsOf shows versions with who wrote them. A version of a page can be read at an address.
func versionRowsOf[T any](ctx context.Context, s *console, versions []orders.Version[T], form, read string) ([]versionRow, error) {
	var rows []versionRow
	names := map[string]string{}
	for _, version := range versions {
		row := versionRow{
			Title: fmt.Sprintf("第%d版", version.Number), About: fromWords(version.ValidFrom) + "・最初からの文面", Badge: versionBadges[version.When],
		}
		if version.ChangedBy != "" {
			name, err := s.actorName(ctx, audit.Actor{Role: audit.Staff, ID: version.ChangedBy}, names)
			if err != nil {
				return nil, err
			}
			row.About = fmt.Sprintf("%s・%sが%sに保存", fromWords(version.ValidFrom), name, moment(version.ChangedAt))
		}
		row.offer(version.VersionHead, form, read)
		rows = append(rows, row)
	}
	return rows, nil
}

// offer says what can be done with a version: read it once it has begun, withdraw it before.
func (r *versionRow) offer(head orders.VersionHead, form, read string) {
	switch head.When {
	case orders.VersionToCome:
		r.Withdraw = ui.Action{
			Label: "取り消す", Kind: ui.Quiet, Icon: ui.IconUndo, Post: true, URL: form + "/versions/" + strconv.Itoa(head.Number) + "/withdraw",
			Attributes: map[string]any{"aria-label": r.Title + "を取り消す"},
		}
	case orders.VersionPast, orders.VersionInForce:
		if read != "" {
			r.Read = read + "?" + url.Values{"at": {head.ValidFrom.UTC().Format(time.RFC3339Nano)}}.Encode()
		}
	}
}

// edited is a form as it came back, or as it is opened.
type edited struct {
	status  int
	version int // that the form began with
	from    string
	refused error
}

// base is after which version the form goes on: after the newest, once its writer was told of it.
func (e edited) base(newest int) int {
	if errors.Is(e.refused, orders.ErrShopEdited) {
		return newest
	}
	return e.version
}

// problemOf says what is wrong with the whole of a form.
func (e edited) problemOf() ui.Notice {
	if e.refused == nil {
		return ui.Notice{}
	}
	told := problem.From(e.refused, problem.Japanese)
	notice := ui.Notice{Kind: ui.NoticeAttention, Text: told.Title}
	if errors.Is(e.refused, orders.ErrShopEdited) {
		notice.Detail = "書いたものは下に残っています。下の「これまでの版」で新しい版を確かめてから、もう一度保存すると、その次の版になります。"
	}
	return notice
}

func (e edited) fromField() ui.Field {
	field := ui.Field{Name: "valid_from", Label: "いつから", Type: "date", Note: "任意", Hint: "空なら、保存したときから。日を決めるなら、あした以降", Value: e.from}
	var form *orders.FormError
	if errors.As(e.refused, &form) {
		field.Error = map[string]string{
			"invalid": "あしたか、それより後の日を入れてください。",
			"taken":   "もう予定している版があります。先にその版を取り消すか、それより後の日にしてください。",
		}[form.Fields["valid_from"]]
	}
	return field
}

// refusedStatus is with which status a form comes back.
func refusedStatus(err error) int {
	if errors.Is(err, orders.ErrShopEdited) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// formRefused says whether a form is to be shown again.
func formRefused(err error) bool {
	var form *orders.FormError
	var page *orders.PageError
	return errors.Is(err, orders.ErrShopEdited) || errors.As(err, &form) || errors.As(err, &page)
}

// revisionIn reads from when on something is to hold, and after which version.
func revisionIn(c echo.Context) (orders.Revision, error) {
	fields := map[string]string{}
	revision := orders.Revision{Base: count(c.FormValue("version")), From: dateField(c, "valid_from", fields)}
	if len(fields) > 0 {
		return revision, &orders.FormError{Fields: fields}
	}
	return revision, nil
}
