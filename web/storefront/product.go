package storefront

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type productPage struct {
	page
	Name        string
	Summary     string
	Description string
	Crumbs      []ui.Link
	Pictures    []productPicture
	Price       ui.Price
	Ships       string
	Intake      *ui.Notice
	Colors      []string
	Facts       []ui.Fact
	Studio      string // where a personalized product is written on
	Slug        string
	Variants    ui.Choices // of a product from the shelf
	Quantity    ui.Field
	OnSale      bool
}

// productPicture is a view of the sample; the large one stands above the others.
type productPicture struct {
	Image   string
	Sources string // in all widths
	Alt     string
	Large   bool
}

func (s *shop) product(c echo.Context) error {
	return s.showProduct(c, c.Param("slug"), productMistake{})
}

// productMistake is a quantity that could not be taken, as it was typed, beside the variant that was chosen.
type productMistake struct{ variant, typed, told string }

func (s *shop) showProduct(c echo.Context, slug string, mistake productMistake) error {
	ctx := c.Request().Context()
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	product, err := s.Catalog.Product(ctx, slug)
	if err != nil {
		return err
	}
	toMake := 0
	if product.Routing != "" {
		toMake = 1
	}
	window, err := s.Orders.ShipWindow(ctx, toMake)
	if err != nil {
		return err
	}
	seller, err := s.seller(ctx)
	if err != nil {
		return err
	}
	p := s.productPage(frame, product, window)
	p.describe(s, product, seller)
	if toMake > 0 {
		opening, err := s.Orders.Opening(ctx, product.ID)
		if err != nil {
			return err
		}
		p.Intake = p.keep(p.opening(opening))
	}
	status := http.StatusOK
	if mistake.told != "" {
		status = http.StatusUnprocessableEntity
		p.correct(mistake)
	}
	return render(c, status, productView(p))
}

// correct shows again what was chosen, and what is wrong with it.
func (p *productPage) correct(mistake productMistake) {
	for i := range p.Variants.Options {
		p.Variants.Options[i].Checked = p.Variants.Options[i].Value == mistake.variant
	}
	p.Quantity.Value, p.Quantity.Error = mistake.typed, mistake.told
}

func (s *shop) productPage(frame page, product catalog.Product, window orders.Window) productPage {
	p := productPage{
		page: frame, Name: frame.name(product.Name, product.NameEn), Summary: product.Summary, Description: product.Description,
		Ships: frame.window(frame.Words.Product.Ships, window), OnSale: product.State == catalog.Published,
	}
	p.Crumbs = p.crumbs(ui.Link{Label: p.All.Products, URL: "/products"}, ui.Link{Label: p.Name, URL: "/products/" + product.Slug})
	p.Pictures = p.pictures(product)
	p.Slug, p.Quantity = product.Slug, ui.Field{
		Name: "quantity", Label: p.All.Quantity, InputMode: "numeric", Value: "1", Required: true, Autocomplete: "off",
	}
	p.Price = ui.Price{Amount: product.Price.String(), Note: p.All.TaxIncludedShort, Large: true}
	if product.Schema != nil {
		p.Studio = "/products/" + product.Slug + "/studio"
		p.Price.Amount = fmt.Sprintf(p.Words.From, product.Price)
		for _, color := range product.Colors {
			p.Colors = append(p.Colors, color.Hex)
		}
	} else {
		p.shelf(product)
	}
	p.Facts = p.facts(product)
	return p
}

// pictures are the views of the sample, each said in words.
func (p *productPage) pictures(product catalog.Product) (pictures []productPicture) {
	if product.Sample == nil {
		return nil
	}
	spec := product.Sample.Spec
	written := strings.TrimSpace(spec.Text + " " + spec.SecondLine)
	for _, view := range product.Sample.Views() {
		colors := product.Sample.Colors(view)
		alt := fmt.Sprintf(p.Words.Product.Views[view], p.Name, written, p.colorName(product.Colors, colors.Base), p.colorName(product.Colors, colors.Text))
		pictures = append(pictures, productPicture{
			Image: shown(product.Slug, view, 576), Sources: shownIn(product.Slug, view), Alt: alt, Large: len(pictures) == 0,
		})
	}
	return pictures
}

func (p *productPage) colorName(colors []catalog.Color, key string) string {
	for _, color := range colors {
		if color.Key == key {
			return p.name(color.Name, color.NameEn)
		}
	}
	return key
}

// shelf fills the choice among what is ready-made. A kind that is sold out stays in view.
func (p *productPage) shelf(product catalog.Product) {
	p.Variants = ui.Choices{Name: "variant", Legend: p.Words.Product.Variant}
	chosen := false
	for _, variant := range product.Variants {
		gone := variant.Tracked && variant.Left <= 0
		choice := ui.Choice{Value: variant.ID.String(), Label: cmp.Or(variant.Name, p.Name), Detail: variant.Price.String(), Disabled: gone}
		if gone {
			choice.Detail = p.All.SoldOut
		} else if variant.Tracked {
			choice.Detail += " ・ " + fmt.Sprintf(p.Words.Product.Left, variant.Left)
		}
		choice.Checked, chosen = !gone && !chosen, chosen || !gone
		p.Variants.Options = append(p.Variants.Options, choice)
	}
	p.OnSale = p.OnSale && chosen
}

func (p *productPage) facts(product catalog.Product) []ui.Fact {
	returns := p.Words.Product.ReturnsStock
	if product.Kind == catalog.Personalized {
		returns = p.Words.Product.ReturnsCustom
	}
	facts := []ui.Fact{{Name: p.All.ShipWindow, Value: p.Ships}}
	if product.Kind == catalog.Digital {
		returns = p.Words.Prices.DigitalReturns
		facts = []ui.Fact{{Name: p.Words.Prices.Digital, Value: p.Words.Prices.DigitalWhen}, {Name: p.Words.Prices.File, Value: product.FileName}}
	}
	for _, fact := range []ui.Fact{
		{Name: p.All.Material, Value: product.Material}, {Name: p.Words.Product.CareLabel, Value: product.Care},
	} {
		if fact.Value != "" {
			facts = append(facts, fact)
		}
	}
	return append(facts,
		ui.Fact{Name: p.All.Returns, Value: returns, URL: "/returns"},
		ui.Fact{Name: p.Words.Product.MadeBy, Value: p.Words.Product.MadeByTeam, URL: "/about"})
}

// describe tells search engines and shared links what the page is about (schema.org/Product).
func (p *productPage) describe(s *shop, product catalog.Product, seller orders.Seller) {
	address := s.PublicURL + "/products/" + product.Slug
	p.Head.Title, p.Head.Description, p.Head.Canonical = p.Name, product.Summary, address
	p.Head.Image = s.PublicURL + picture(product.Slug, catalog.Share)
	p.Head.Current, p.Head.Type = "/products", "product"
	p.Head.LinkedData = s.linked(p.productData(s, product, seller), s.breadcrumbs(p.Crumbs))
}
