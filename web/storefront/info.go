package storefront

import (
	"cmp"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/web/locale"
	"tsukuriba/web/ui"
)

// Seller is who the law wants named (特定商取引法 第11条). Registration is the number of a qualified invoice issuer, a T
// with 13 digits, or empty.
type Seller struct {
	Name         string
	Manager      string
	Address      string
	Phone        string
	Hours        string
	Email        string
	Registration string
}

// infoPage is a page of text about the shop.
type infoPage struct {
	page
	Title    string
	Lead     string
	Passages []locale.Passage
	Facts    []ui.Fact
}

func (s *shop) about(c echo.Context) error {
	p := infoPage{page: blankPage(c, "")}
	p.Title, p.Passages, p.Head.Current = p.All.About, p.Words.Info.About, "/about"
	return s.showInfo(c, p)
}

func toAbout(c echo.Context) error { return c.Redirect(http.StatusFound, "/about") }

func (s *shop) privacy(c echo.Context) error {
	p := infoPage{page: blankPage(c, "")}
	p.Title, p.Passages = p.All.Privacy, p.Words.Info.Privacy
	return s.showInfo(c, p)
}

func (s *shop) shipping(c echo.Context) error {
	p := infoPage{page: blankPage(c, "")}
	p.Title, p.Passages = p.All.Shipping, p.Words.Info.Delivery
	return s.showInfo(c, p)
}

func (s *shop) returns(c echo.Context) error {
	p := infoPage{page: blankPage(c, "")}
	p.Title, p.Passages = p.All.Returns, p.Words.Info.Returns
	return s.showInfo(c, p)
}

func (s *shop) contact(c echo.Context) error {
	p := infoPage{page: blankPage(c, "")}
	p.Title, p.Lead = p.Words.Info.ContactTitle, p.Words.Info.ContactText
	p.Facts = p.reach(s.Seller)
	return s.showInfo(c, p)
}

// legal lists the particulars of 特定商取引法 第11条 and 施行規則 第23条.
func (s *shop) legal(c echo.Context) error {
	p := infoPage{page: blankPage(c, "")}
	words := p.Words.Info
	p.Title, p.Lead = p.All.Legal, words.LegalLead
	payment := words.PaymentText
	if s.Orders.TakesInvoices() {
		payment += p.Words.Invoice.LegalText
	}
	p.Facts = append([]ui.Fact{{Name: words.Seller, Value: s.Seller.Name}, {Name: words.Manager, Value: s.Seller.Manager}}, p.reach(s.Seller)...)
	p.Facts = append(p.Facts,
		ui.Fact{Name: words.Prices, Value: words.PricesText},
		ui.Fact{Name: words.OtherCosts, Value: words.OtherCostsText, URL: "/shipping"},
		ui.Fact{Name: words.Payment, Value: payment},
		ui.Fact{Name: words.DeliveryLabel, Value: words.DeliveryText},
		ui.Fact{Name: words.CustomGoodsLabel, Value: words.CustomGoods},
		ui.Fact{Name: words.Registration, Value: cmp.Or(s.Seller.Registration, words.NotRegistered)},
	)
	for _, passage := range words.Returns {
		p.Facts = append(p.Facts, ui.Fact{Name: words.ReturnsLabel + "（" + passage.Title + "）", Value: passage.Text})
	}
	return s.showInfo(c, p)
}

// reach is how the workshop is found and spoken to.
func (p infoPage) reach(seller Seller) []ui.Fact {
	words := p.Words.Info
	return []ui.Fact{
		{Name: words.Address, Value: seller.Address},
		{Name: words.Phone, Value: seller.Phone, URL: "tel:" + seller.Phone},
		{Name: words.PhoneHours, Value: seller.Hours},
		{Name: words.Email, Value: seller.Email, URL: "mailto:" + seller.Email},
	}
}

func (s *shop) showInfo(c echo.Context, p infoPage) error {
	cart, err := s.currentCart(c)
	if err != nil {
		return err
	}
	p.Head.Title, p.Head.CartCount = p.Title, pieces(cart)
	p.Head.Canonical = s.PublicURL + c.Request().URL.Path
	return render(c, http.StatusOK, infoView(p))
}
