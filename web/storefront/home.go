package storefront

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/web/ui"
)

// heroProduct is the product whose picture stands for the shop.
const heroProduct = "name-tag"

type homePage struct {
	page
	Ships   string
	Intake  *ui.Notice
	Hero    string // address of its picture
	HeroIn  string // the same in all widths
	Start   string // where one makes one's own
	Seasons []ui.Section
	Always  []ui.Product
}

func (s *shop) home(c echo.Context) error {
	ctx := c.Request().Context()
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	list, err := s.Catalog.Products(ctx, catalog.ProductQuery{Limit: 6})
	if err != nil {
		return err
	}
	collections, err := s.Catalog.Collections(ctx)
	if err != nil {
		return err
	}
	window, err := s.Orders.ShipWindow(ctx, 1)
	if err != nil {
		return err
	}
	opening, err := s.Orders.Opening(ctx, catalog.ProductID{})
	if err != nil {
		return err
	}
	seller, err := s.seller(ctx)
	if err != nil {
		return err
	}
	p := homePage{
		page: frame, Ships: frame.window(frame.Words.Home.ShipNow, window), Hero: shown(heroProduct, catalog.Angle, 864), HeroIn: shownIn(heroProduct, catalog.Angle),
		Start: "/products/" + heroProduct + "/studio", Always: frame.cards(list.Items), Seasons: s.seasons(frame, collections),
	}
	p.Intake = p.opening(opening)
	p.Head.Description, p.Head.Canonical = p.Words.Home.Description, s.PublicURL+"/"
	p.Head.Image = s.sharePicture()
	p.Head.LinkedData = s.linked(s.organization(p.page, seller))
	return render(c, http.StatusOK, homeView(p))
}

// sharePicture stands for the shop where a page has no picture of its own.
func (s *shop) sharePicture() string { return s.PublicURL + picture(heroProduct, catalog.Share) }
