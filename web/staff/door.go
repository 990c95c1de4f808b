package staff

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

type signInPage struct {
	Head     ui.PageHead
	Sentence string
	Email    ui.Field
	Password ui.Field
}

func signInForm(c echo.Context, email, sentence string) signInPage {
	return signInPage{
		Head: pageHead(c, "ログイン"), Sentence: sentence,
		Email:    ui.Field{Name: "email", Label: "メールアドレス", Type: "email", Value: email, Autocomplete: "username", Required: true},
		Password: ui.Field{Name: "password", Label: "パスワード", Type: "password", Autocomplete: "current-password", Required: true},
	}
}

func (s *console) showSignIn(c echo.Context) error {
	return render(c, http.StatusOK, signIn(signInForm(c, "", "")))
}

// signIn answers an unknown e-mail and a wrong password with the same words.
func (s *console) signIn(c echo.Context) error {
	email := c.FormValue("email")
	who, err := s.Fulfilment.SignInStaff(c.Request().Context(), email, c.FormValue("password"))
	if errors.Is(err, fulfilment.ErrSignIn) {
		return render(c, http.StatusUnprocessableEntity, signIn(signInForm(c, email, "メールアドレスかパスワードが違います。")))
	}
	if errors.Is(err, fulfilment.ErrTooManyTries) {
		return render(c, http.StatusTooManyRequests, signIn(signInForm(c, email, problem.From(err, problem.Japanese).Title)))
	}
	if err != nil {
		return err
	}
	if err := s.Sessions.SignIn(c.Request().Context(), auth.Staff, who.ID.String()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/staff")
}

func (s *console) signOut(c echo.Context) error {
	if err := s.Sessions.SignOut(c.Request().Context(), auth.Staff); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/staff/sign-in")
}
