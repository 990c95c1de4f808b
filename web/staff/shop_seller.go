package staff

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

func sellerFacts(seller orders.Seller) []ui.Fact {
	var facts []ui.Fact
	for _, field := range sellerFields {
		if value := *field.of(&seller); value != "" {
			facts = append(facts, ui.Fact{Name: field.label, Value: value})
		}
	}
	return facts
}

// sellerField is one particular, as the form asks for it.
type sellerField struct {
	name, label, hint string
	required          bool
	of                func(*orders.Seller) *string
}

var sellerFields = []sellerField{
	{"name", "販売業者の名前", "法人名と事業所名。領収書や請求書にも載ります", true, func(s *orders.Seller) *string { return &s.Name }},
	{"name_en", "英語の名前", "空なら、日本語のまま出ます", false, func(s *orders.Seller) *string { return &s.NameEn }},
	{"manager", "運営責任者", "", true, func(s *orders.Seller) *string { return &s.Manager }},
	{"manager_en", "運営責任者（英語）", "", false, func(s *orders.Seller) *string { return &s.ManagerEn }},
	{"address", "所在地", "郵便番号から建物名・階まで", true, func(s *orders.Seller) *string { return &s.Address }},
	{"address_en", "所在地（英語）", "", false, func(s *orders.Seller) *string { return &s.AddressEn }},
	{"phone", "電話番号", "確実につながる番号", true, func(s *orders.Seller) *string { return &s.Phone }},
	{"hours", "電話の受付時間", "例：平日 10:00〜16:00", true, func(s *orders.Seller) *string { return &s.Hours }},
	{"hours_en", "電話の受付時間（英語）", "", false, func(s *orders.Seller) *string { return &s.HoursEn }},
	{"email", "メールアドレス", "", true, func(s *orders.Seller) *string { return &s.Email }},
	{"registration", "適格請求書発行事業者の登録番号", "Tと13桁の数字。登録していなければ空", false, func(s *orders.Seller) *string { return &s.Registration }},
	{"bank", "振込先の銀行", "五つとも空なら、請求書払いをお受けしません", false, func(s *orders.Seller) *string { return &s.Bank.Bank }},
	{"bank_branch", "支店", "", false, func(s *orders.Seller) *string { return &s.Bank.Branch }},
	{"bank_kind", "預金の種類", "普通 か 当座", false, func(s *orders.Seller) *string { return &s.Bank.Kind }},
	{"bank_number", "口座番号", "数字だけ", false, func(s *orders.Seller) *string { return &s.Bank.Number }},
	{"bank_holder", "口座名義", "カタカナ", false, func(s *orders.Seller) *string { return &s.Bank.Holder }},
}

func (s *console) showSeller(c echo.Context, who fulfilment.Staff) error {
	versions, err := s.Orders.SellerVersions(c.Request().Context())
	if err != nil {
		return err
	}
	seller := orders.Seller{}
	if len(versions) > 0 {
		seller = versions[0].Content
	}
	return s.renderSeller(c, who, seller, edited{status: http.StatusOK, version: len(versions)})
}

func (s *console) renderSeller(c echo.Context, who fulfilment.Staff, seller orders.Seller, edited edited) error {
	versions, err := s.Orders.SellerVersions(c.Request().Context())
	if err != nil {
		return err
	}
	page := editPage{
		Head: headFor(c, who, "お店の情報", shopPath), Title: "お店の情報", Action: shopPath + "/seller", Version: edited.base(len(versions)),
		Lead:    "ここに書いたことが、お店のページ、領収書や請求書、メールに入ります。もう発行した書類は変わりません。",
		Problem: edited.problemOf(), From: edited.fromField(),
	}
	refused := map[string]string{}
	var form *orders.FormError
	if errors.As(edited.refused, &form) {
		refused = form.Fields
	}
	for _, field := range sellerFields {
		page.Fields = append(page.Fields, ui.Field{
			Name: field.name, Label: field.label, Hint: field.hint, Required: field.required, Value: *field.of(&seller), MaxLength: 120,
			Error: sellerSentence(field, refused[field.name]),
		})
	}
	if page.Versions, err = versionRowsOf(c.Request().Context(), s, versions, page.Action, ""); err != nil {
		return err
	}
	return render(c, edited.status, editView(page))
}

func sellerSentence(field sellerField, reason string) string {
	switch reason {
	case "":
		return ""
	case "required":
		return "法律で決まっています。書いてください。"
	case "too_long":
		return "120文字までにしてください。"
	case "incomplete":
		return "振込先は、五つとも書くか、五つとも空にしてください。"
	}
	if field.hint == "" {
		return "形を確かめてください。"
	}
	return "形を確かめてください。" + field.hint + "。"
}

func (s *console) reviseSeller(c echo.Context, who fulfilment.Staff) error {
	ctx := c.Request().Context()
	var seller orders.Seller
	for _, field := range sellerFields {
		*field.of(&seller) = c.FormValue(field.name)
	}
	revision, err := revisionIn(c)
	if err == nil {
		err = s.Orders.ReviseSeller(ctx, by(who), revision, seller)
	}
	if formRefused(err) {
		return s.renderSeller(c, who, seller, edited{refusedStatus(err), revision.Base, c.FormValue("valid_from"), err})
	}
	if err != nil {
		return err
	}
	return backTo(c, shopPath, "shop-revised")
}

func (s *console) withdrawSeller(c echo.Context, who fulfilment.Staff) error {
	if err := s.Orders.WithdrawSeller(c.Request().Context(), by(who), count(c.Param("version"))); err != nil {
		return err
	}
	return backTo(c, shopPath+"/seller", "version-withdrawn")
}
