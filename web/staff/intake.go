package staff

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

const intakePath = "/staff/intake"

type intakePage struct {
	Head   ui.StaffHead
	Likely string // when a piece ordered now would be sent
	Scopes []intakeScope
	Form   intakeForm
}

// intakeScope is one thing about which staff decide: everything, or a product.
type intakeScope struct {
	Name   string
	Badge  ui.Badge
	Detail string
	Change string // address
}

type intakeForm struct {
	Title   string
	Address string
	Limit   ui.Field
	Longest *ui.Field // for everything only
	Paused  ui.Field
	Reopens ui.Field
	Words   []ui.Field
}

func (s *console) showIntake(c echo.Context, who fulfilment.Staff) error {
	return s.renderIntake(c, who, http.StatusOK, &orders.FormError{})
}

func (s *console) renderIntake(c echo.Context, who fulfilment.Staff, status int, refused *orders.FormError) error {
	ctx := c.Request().Context()
	intake, err := s.Orders.Intake(ctx)
	if err != nil {
		return err
	}
	scopes, err := s.scopes(c)
	if err != nil {
		return err
	}
	promised, err := s.Orders.ShipWindow(ctx, 1)
	if err != nil {
		return err
	}
	chosen := scopes[scopeAt(scopes, cmp.Or(c.Param("scope"), c.QueryParam("product")))]
	page := intakePage{
		Head: headFor(c, who, "受注の調整", intakePath), Likely: window(promised),
		Form: intakeFormOf(intake.Rule(chosen.ID), chosen),
	}
	for _, scope := range scopes {
		page.Scopes = append(page.Scopes, intakeScopeOf(intake, scope))
	}
	if status != http.StatusOK {
		page.Form.correct(c, refused)
	}
	return render(c, status, intakeView(page))
}

// scopes are everything, and then each product that is made to order.
func (s *console) scopes(c echo.Context) ([]orders.MadeProduct, error) {
	made, err := s.Orders.MadeToOrder(c.Request().Context())
	return append([]orders.MadeProduct{{Name: "すべてのオーダーメイド", Slug: "all"}}, made...), err
}

// scopeAt is the place of a scope, of everything for one that is not known.
func scopeAt(scopes []orders.MadeProduct, slug string) int {
	return max(slices.IndexFunc(scopes, func(scope orders.MadeProduct) bool { return scope.Slug == slug }), 0)
}

func intakeScopeOf(intake orders.Intake, scope orders.MadeProduct) intakeScope {
	opening, rule := intake.Opening(scope.ID), intake.Rule(scope.ID)
	shown := intakeScope{
		Name: scope.Name, Badge: ui.Badge{Text: "受付中", Tone: ui.TonePine}, Detail: fmt.Sprintf("今週の注文：%d個", intake.Taken(scope.ID)),
		Change: intakePath + "?product=" + scope.Slug + "#form",
	}
	if rule.WeeklyLimit != nil {
		shown.Detail += fmt.Sprintf("（週%d個まで）", *rule.WeeklyLimit)
	}
	if opening.Closed != "" {
		shown.Badge = ui.Badge{Text: closedWords[opening.Closed], Tone: ui.ToneAttention}
		if opening.Reopens != nil {
			shown.Detail += "。次の受付は" + day(*opening.Reopens) + "から"
		}
	}
	return shown
}

var closedWords = map[orders.CloseReason]string{
	orders.ClosedByStaff: "お休み中", orders.ClosedForWeek: "今週はいっぱい", orders.ClosedByQueue: "混み合って停止中",
}

func intakeFormOf(rule orders.IntakeRule, scope orders.MadeProduct) intakeForm {
	form := intakeForm{
		Title: scope.Name, Address: intakePath + "/" + scope.Slug,
		Limit:   ui.Field{Name: "weekly_limit", Label: "週に受ける数（個）", Hint: "月曜から日曜まで。空なら制限しません。", InputMode: "numeric", Value: writtenNumber(rule.WeeklyLimit)},
		Paused:  ui.Field{Name: "paused", Label: "受付をお休みする", Checked: rule.Paused},
		Reopens: ui.Field{Name: "reopens_on", Label: "再開する日", Hint: "この日から自動で受け付けます。空なら、お休みをはずすまで続きます。", Type: "date"},
		Words: []ui.Field{
			{Name: "sentence", Label: "お客さまへのひとこと", Hint: "例：夏祭りの準備のため、受付をお休みしています。", Value: rule.Sentence, MaxLength: 200},
			{Name: "sentence_easy", Label: "やさしい日本語で", Value: rule.SentenceEasy, MaxLength: 200},
			{Name: "sentence_en", Label: "英語で", Value: rule.SentenceEn, MaxLength: 200},
		},
	}
	if rule.ReopensOn != nil {
		form.Reopens.Value = rule.ReopensOn.Format(time.DateOnly)
	}
	if scope.ID.IsZero() {
		form.Longest = &ui.Field{
			Name: "longest_days", Label: "発送までの日数の上限（日）", InputMode: "numeric", Value: writtenNumber(rule.LongestDays),
			Hint: "いま注文すると発送がこれより先になるあいだ、自動で受付を止めます。空なら止めません。",
		}
	}
	return form
}

func writtenNumber(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// correct shows what was typed, and what of it could not be taken.
func (f *intakeForm) correct(c echo.Context, refused *orders.FormError) {
	fields := []*ui.Field{&f.Limit, &f.Reopens, &f.Words[0], &f.Words[1], &f.Words[2]}
	if f.Longest != nil {
		fields = append(fields, f.Longest)
	}
	for _, field := range fields {
		field.Value, field.Error = c.FormValue(field.Name), discountSentence(refused.Fields[field.Name])
	}
	f.Paused.Checked = c.FormValue("paused") != ""
}

func (s *console) setIntake(c echo.Context, who fulfilment.Staff) error {
	scopes, err := s.scopes(c)
	if err != nil {
		return err
	}
	fields := map[string]string{}
	rule := orders.IntakeRule{
		ProductID: scopes[scopeAt(scopes, c.Param("scope"))].ID, WeeklyLimit: wholeField(c, "weekly_limit", fields),
		LongestDays: wholeField(c, "longest_days", fields), Paused: c.FormValue("paused") != "", ReopensOn: dateField(c, "reopens_on", fields),
		Sentence: c.FormValue("sentence"), SentenceEasy: c.FormValue("sentence_easy"), SentenceEn: c.FormValue("sentence_en"),
	}
	if err = error(&orders.FormError{Fields: fields}); len(fields) == 0 {
		err = s.Orders.SetIntake(c.Request().Context(), by(who), rule)
	}
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.renderIntake(c, who, http.StatusUnprocessableEntity, refused)
	}
	if err != nil {
		return err
	}
	return backTo(c, intakePath, "intake-set")
}

// wholeField reads a number of a form; nil if nothing was typed.
func wholeField(c echo.Context, name string, fields map[string]string) *int {
	typed := strings.TrimSpace(c.FormValue(name))
	if typed == "" {
		return nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		fields[name] = "invalid"
	}
	return &n
}
