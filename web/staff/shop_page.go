package staff

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// textField asks for a page in one language, and shows how it would look.
type textField struct {
	Language string
	Title    ui.Field
	Body     ui.Field
	Preview  *orders.ShopPage
}

func (s *console) showPage(c echo.Context, who fulfilment.Staff) error {
	versions, err := s.Orders.PageVersions(c.Request().Context(), orders.PageKey(c.Param("page")))
	if err != nil {
		return err
	}
	texts := orders.PageTexts{}
	if len(versions) > 0 {
		texts = versions[0].Content
	}
	return s.renderPage(c, who, texts, edited{status: http.StatusOK, version: len(versions)})
}

// textLanguages are the languages of a page, as the form calls them.
var textLanguages = []struct {
	language orders.Language
	name     string
}{
	{orders.Japanese, "日本語"}, {orders.Easy, "やさしい日本語"}, {orders.English, "英語"},
}

func (s *console) renderPage(c echo.Context, who fulfilment.Staff, texts orders.PageTexts, edited edited) error {
	ctx, key := c.Request().Context(), orders.PageKey(c.Param("page"))
	versions, err := s.Orders.PageVersions(ctx, key)
	if err != nil {
		return err
	}
	page := editPage{
		Head: headFor(c, who, pageNames[key], shopPath), Title: pageNames[key], Action: shopPath + "/pages/" + string(key), Version: edited.base(len(versions)),
		Lead: "保存すると新しい版になります。前の版も残り、お客さまは、ご注文のときの文面を読めます。", Problem: edited.problemOf(), From: edited.fromField(),
	}
	previews, err := s.previews(c, key, texts, edited)
	if err != nil {
		return err
	}
	for _, of := range textLanguages {
		page.Texts = append(page.Texts, textFieldOf(of.language, of.name, texts[of.language], edited.refused))
		if preview, shown := previews[of.language]; shown {
			page.Texts[len(page.Texts)-1].Preview = &preview
		}
	}
	if page.Inserts, err = s.inserts(c); err != nil {
		return err
	}
	if page.Versions, err = versionRowsOf(ctx, s, versions, page.Action, "/"+string(key)); err != nil {
		return err
	}
	return render(c, edited.status, editView(page))
}

// previews are what was typed as readers would see it; a form that is only opened has none.
func (s *console) previews(c echo.Context, key orders.PageKey, texts orders.PageTexts, edited edited) (map[orders.Language]orders.ShopPage, error) {
	if c.Request().Method != http.MethodPost {
		return nil, nil
	}
	previews, err := s.Orders.PreviewPage(c.Request().Context(), key, texts)
	var faulty *orders.PageError
	if err != nil && !errors.As(err, &faulty) {
		return nil, err
	}
	return previews, nil
}

// inserts are the fields that may be written, with what they stand for.
func (s *console) inserts(c echo.Context) ([]ui.Fact, error) {
	fields, err := s.Orders.PageFields(c.Request().Context())
	if errors.Is(err, orders.ErrNoSeller) {
		return nil, nil
	}
	facts := make([]ui.Fact, len(fields))
	for i, field := range fields {
		facts[i] = ui.Fact{Name: "{{" + field.Name + "}}", Value: oneLine(field.Words)}
	}
	return facts, err
}

func textFieldOf(language orders.Language, name string, text orders.PageText, refused error) textField {
	prefix := string(language)
	field := textField{
		Language: name,
		Title:    ui.Field{Name: prefix + ".title", Label: name + "の題", Value: text.Title, Required: true, MaxLength: 60},
		Body:     ui.Field{Name: prefix + ".body", Label: name + "の文面", Value: text.Body, Required: true, Rows: 24, Attributes: map[string]any{"spellcheck": "false"}},
	}
	var faulty *orders.PageError
	if !errors.As(refused, &faulty) {
		return field
	}
	for _, fault := range faulty.Faults {
		if fault.Language != language {
			continue
		}
		into := &field.Body
		if fault.Part == "title" {
			into = &field.Title
		}
		into.Error = strings.TrimSpace(into.Error + " " + problem.PageFaultSentence(fault, problem.Japanese))
	}
	return field
}

func (s *console) revisePage(c echo.Context, who fulfilment.Staff) error {
	ctx, key := c.Request().Context(), orders.PageKey(c.Param("page"))
	if !slices.Contains(orders.PageKeys, key) {
		return orders.ErrPageNotFound
	}
	texts := orders.PageTexts{}
	for _, of := range textLanguages {
		prefix := string(of.language)
		texts[of.language] = orders.PageText{
			Title: strings.TrimSpace(c.FormValue(prefix + ".title")), Body: strings.ReplaceAll(c.FormValue(prefix+".body"), "\r\n", "\n"),
		}
	}
	revision, err := revisionIn(c)
	looking := c.FormValue("look") != ""
	switch {
	case looking:
		_, err = s.Orders.PreviewPage(ctx, key, texts)
	case err == nil:
		err = s.Orders.RevisePage(ctx, by(who), key, revision, texts)
	}
	switch {
	case formRefused(err):
		return s.renderPage(c, who, texts, edited{refusedStatus(err), revision.Base, c.FormValue("valid_from"), err})
	case err != nil:
		return err
	case looking:
		return s.renderPage(c, who, texts, edited{status: http.StatusOK, version: revision.Base, from: c.FormValue("valid_from")})
	}
	return backTo(c, shopPath+"/pages/"+string(key), "shop-revised")
}

func (s *console) withdrawPage(c echo.Context, who fulfilment.Staff) error {
	key := orders.PageKey(c.Param("page"))
	if err := s.Orders.WithdrawPage(c.Request().Context(), by(who), key, count(c.Param("version"))); err != nil {
		return err
	}
	return backTo(c, shopPath+"/pages/"+string(key), "version-withdrawn")
}
