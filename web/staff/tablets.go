package staff

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

type tabletsPage struct {
	Head  ui.StaffHead
	Name  ui.Field
	Code  string
	Until string
}

func tabletForm(c echo.Context, who fulfilment.Staff, name, sentence string) tabletsPage {
	return tabletsPage{Head: headFor(c, who, "タブレット", "/staff/tablets"), Name: ui.Field{
		Name: "name", Label: "タブレットの名前", Hint: "置き場所など。例：仕上げ机", Value: name, Error: sentence, Required: true, MaxLength: 40,
	}}
}

func (s *console) showTablets(c echo.Context, who fulfilment.Staff) error {
	return render(c, http.StatusOK, tablets(tabletForm(c, who, "", "")))
}

// makeCode answers with the page itself: a code is shown once, and a redirect would have to carry
// it in an address.
func (s *console) makeCode(c echo.Context, who fulfilment.Staff) error {
	name := strings.TrimSpace(c.FormValue("name"))
	if name == "" {
		return render(c, http.StatusUnprocessableEntity, tablets(tabletForm(c, who, "", "名前を入れてください。")))
	}
	enrollment, err := s.Fulfilment.EnrollCode(c.Request().Context(), by(who), name)
	if err != nil {
		return err
	}
	page := tabletForm(c, who, "", "")
	page.Code, page.Until = enrollment.Code, moment(enrollment.Until)
	return render(c, http.StatusOK, tablets(page))
}
