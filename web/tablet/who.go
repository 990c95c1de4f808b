package tablet

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// pinLength is how many digits those have who want some.
const pinLength = 4

type enrollPage struct {
	Head  ui.TabletHead
	Field ui.Field
}

func enrollment(c echo.Context, code, sentence string) enrollPage {
	return enrollPage{plainHead(c, "タブレットの じゅんび"), ui.Field{
		Name: "code", Label: "コード", Hint: "職員の画面「タブレット」で つくった 8もじ", Value: code, Error: sentence,
		Autocomplete: "one-time-code", MaxLength: 16, Required: true,
	}}
}

func (f *face) showEnrollment(c echo.Context) error {
	return render(c, http.StatusOK, enroll(enrollment(c, "", "")))
}

func (f *face) enroll(c echo.Context) error {
	code := c.FormValue("code")
	tablet, err := f.Fulfilment.EnrollTablet(c.Request().Context(), code)
	if errors.Is(err, fulfilment.ErrEnrollmentCode) {
		return render(c, http.StatusUnprocessableEntity, enroll(enrollment(c, code, kindSentence(err))))
	}
	if err != nil {
		return err
	}
	if err := f.Sessions.SignIn(c.Request().Context(), auth.Tablet, tablet.ID.String()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/tablet/who")
}

type whoPage struct {
	Head  ui.TabletHead
	Faces []ui.Face
}

func (f *face) showWho(c echo.Context) error {
	members, err := f.Fulfilment.Members(c.Request().Context())
	if err != nil {
		return err
	}
	page := whoPage{Head: plainHead(c, "こんにちは")}
	for _, member := range members {
		page.Faces = append(page.Faces, ui.Face{
			Label: member.Called(), Image: pictureOf(member), Name: "member", Value: member.ID.String(),
		})
	}
	return render(c, http.StatusOK, who(page))
}

func (f *face) chooseWho(c echo.Context) error {
	var id fulfilment.MemberID
	if id.UnmarshalText([]byte(c.FormValue("member"))) != nil {
		return c.Redirect(http.StatusSeeOther, "/tablet/who")
	}
	member, err := f.Fulfilment.Member(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if member.NeedsPIN {
		return c.Redirect(http.StatusSeeOther, "/tablet/who/"+member.ID.String())
	}
	return f.welcome(c, member, "")
}

// welcome signs a member in, in the place of whoever was there before.
func (f *face) welcome(c echo.Context, member fulfilment.Member, pin string) error {
	ctx := c.Request().Context()
	if _, err := f.Fulfilment.SignInMember(ctx, member.ID, pin); err != nil {
		return err
	}
	if err := f.Sessions.SignIn(ctx, auth.Member, member.ID.String()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/tablet/mood")
}

type digitsPage struct {
	Head     ui.TabletHead
	Name     string
	Picture  string
	Address  string
	Typed    string // the digits so far, carried by the form
	Places   []bool // one for each digit, true once it is typed
	Sentence string
}

// Keys are the keys of the pad, in the order of a telephone.
func (digitsPage) Keys() []string { return []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"} }

func padFor(c echo.Context, member fulfilment.Member, typed, sentence string) digitsPage {
	page := digitsPage{
		Head: plainHead(c, "4つの すうじ"), Name: member.Called(), Picture: pictureOf(member),
		Address: "/tablet/who/" + member.ID.String(), Typed: typed, Places: make([]bool, pinLength), Sentence: sentence,
	}
	for i := range page.Places {
		page.Places[i] = i < len(typed)
	}
	return page
}

func (f *face) memberOfPath(c echo.Context) (fulfilment.Member, error) {
	id, err := idParam[fulfilment.MemberID](c, "member")
	if err != nil {
		return fulfilment.Member{}, err
	}
	return f.Fulfilment.Member(c.Request().Context(), id)
}

func (f *face) showDigits(c echo.Context) error {
	member, err := f.memberOfPath(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, digits(padFor(c, member, "", "")))
}

// enterDigit takes one digit after the other, so that a pad of buttons needs no script. After the
// last one the member is signed in.
func (f *face) enterDigit(c echo.Context) error {
	member, err := f.memberOfPath(c)
	if err != nil {
		return err
	}
	typed := c.FormValue("typed") + c.FormValue("digit")
	if len(typed) < pinLength {
		return render(c, http.StatusOK, digits(padFor(c, member, typed, "")))
	}
	err = f.welcome(c, member, typed)
	if errors.Is(err, fulfilment.ErrWrongPIN) || errors.Is(err, fulfilment.ErrTooManyTries) {
		return render(c, http.StatusUnprocessableEntity, digits(padFor(c, member, "", kindSentence(err))))
	}
	return err
}

func placesSaid(p digitsPage) string {
	return fmt.Sprintf("%dつの うち %dつ おしました", pinLength, len(p.Typed))
}
