package storefront

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/catalog"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type studioPage struct {
	page
	Title    string
	Slug     string
	Action   string
	Crumbs   []ui.Link
	Viewer   ui.Viewer
	Price    ui.Price
	Window   orders.Window
	Intake   *ui.Notice
	Width    string // of the piece shown, in mm; empty before anything was written
	Depth    string
	Thick    string
	Fields   []studioField
	Told     string     // the piece in one sentence
	Mistakes []ui.Field // with errors, for the summary
	Problem  string     // a refusal that belongs to no field
	Proof    bool       // the piece shown is the one written
}

// studioField is one question of the schema; one of the two is filled.
type studioField struct {
	Line   *ui.Field
	Choice *ui.Choices
}

// studio shows the form, blank or filled with the answers of ?design=.
func (s *shop) studio(c echo.Context) error {
	ctx := c.Request().Context()
	product, err := s.Catalog.Product(ctx, c.Param("slug"))
	if err != nil {
		return err
	}
	if product.Schema == nil {
		return seeOther(c, "/products/"+product.Slug)
	}
	view := studioView{product: product, choice: defaults(product)}
	if written := c.QueryParam("design"); written != "" {
		design, err := s.designOf(c, product, written)
		if err != nil {
			return err
		}
		view.shown, view.written = &design, true
		view.choice = product.Choice(catalog.Sample{Spec: design.Spec, BaseColor: design.BaseColor, TextColor: design.TextColor})
	} else if sample, err := s.Catalog.CreateDesign(ctx, sampleChoice(product)); err == nil {
		view.shown = &sample // else the product's picture stands in for it
	}
	return s.showStudio(c, http.StatusOK, view)
}

// designOf reads the design that an address names, which must be of this product.
func (s *shop) designOf(c echo.Context, product catalog.Product, written string) (catalog.Design, error) {
	var wanted catalog.DesignID
	if err := wanted.UnmarshalText([]byte(written)); err != nil {
		return catalog.Design{}, catalog.ErrDesignNotFound
	}
	design, err := s.Catalog.Design(c.Request().Context(), wanted)
	if err == nil && design.ProductID != product.ID {
		err = catalog.ErrDesignNotFound
	}
	return design, err
}

// design makes what was written: to look at, or straight into the cart.
func (s *shop) design(c echo.Context) error {
	ctx := c.Request().Context()
	form, err := posted(c)
	if err != nil {
		return err
	}
	product, err := s.Catalog.Product(ctx, c.Param("slug"))
	if err != nil {
		return err
	}
	if product.Schema == nil {
		return catalog.ErrNotPersonalized
	}
	choice := choiceOf(product, form)
	design, err := s.Catalog.CreateDesign(ctx, choice)
	if err != nil {
		return s.refuseDesign(c, studioView{product: product, choice: choice}, err)
	}
	if form.Get("do") != "cart" {
		return seeOther(c, studioAddress(design)+"#proof")
	}
	request := orders.LineRequest{Variant: product.Variants[0].ID, Design: design.ID, Quantity: 1}
	return s.putIntoCart(c, request)
}

func studioAddress(design catalog.Design) string {
	return "/products/" + design.Product + "/studio?design=" + design.ID.String()
}

// refuseDesign shows the form again with the refusal at its field.
func (s *shop) refuseDesign(c echo.Context, view studioView, err error) error {
	told, mendable := blankPage(c, "").refused(err)
	if !mendable || told.Status == http.StatusNotFound {
		return err
	}
	view.refusal = &told
	return s.showStudio(c, http.StatusUnprocessableEntity, view)
}

// studioView is what a studio page is made from.
type studioView struct {
	product catalog.Product
	choice  catalog.DesignChoice
	shown   *catalog.Design // nil shows the product's picture
	written bool            // shown is what the customer wrote
	refusal *problem.Problem
}

func (s *shop) showStudio(c echo.Context, status int, view studioView) error {
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	window, err := s.Orders.ShipWindow(c.Request().Context(), 1)
	if err != nil {
		return err
	}
	opening, err := s.Orders.Opening(c.Request().Context(), view.product.ID)
	if err != nil {
		return err
	}
	name := frame.name(view.product.Name, view.product.NameEn)
	p := studioPage{
		page: frame, Title: fmt.Sprintf(frame.Words.Studio.Title, name), Slug: view.product.Slug,
		Action: "/products/" + view.product.Slug + "/studio", Window: window, Proof: view.written,
	}
	p.Crumbs = p.crumbs(ui.Link{Label: name, URL: "/products/" + p.Slug}, ui.Link{Label: p.Words.Product.Write})
	p.Head.Title, p.Head.Scripts, p.Head.Current = p.Title, []string{"studio.js"}, "/products"
	if p.Slug == heroProduct {
		p.Head.Current = p.Action
	}
	p.Head.NoIndex, p.Head.Description = view.written, view.product.Summary
	p.Intake = p.keep(p.opening(opening))
	p.show(view)
	p.ask(view)
	return render(c, status, studioViewOf(p))
}

// show fills what one looks at: the piece and what it costs.
func (p *studioPage) show(view studioView) {
	price := view.product.Price
	p.Viewer = ui.Viewer{
		ID: "proof", Image: shown(p.Slug, catalog.Angle, 864), Images: shownIn(p.Slug, catalog.Angle), Sizes: viewerSizes, Alt: p.Words.Studio.SampleAlt, Hint: p.All.ViewerHint,
		Width: 1200, Height: 900, ShowModel: "model_url", ShowPicture: "proof_url", Still: p.Words.Studio.Still, Coin: true,
	}
	if view.shown != nil {
		d := view.shown
		p.Viewer.Model = model(d.ID)
		if view.written || !pictured(view.product, *d) {
			p.Viewer.Image, p.Viewer.Images = proof(d.ID), ""
		}
		p.Viewer.Base, p.Viewer.Text = hexOf(view.product.Colors, d.BaseColor), hexOf(view.product.Colors, d.TextColor)
		p.Width, p.Depth, p.Thick = wholeMM(d.Width), wholeMM(d.Depth), thick(d.Height)
		if view.written {
			price = d.Price
			p.Viewer.Alt = fmt.Sprintf(p.Words.Studio.ProofAlt, d.Text)
		}
	}
	p.Price = ui.Price{Amount: price.String(), Note: p.All.TaxIncludedShort, Large: true, Show: "price_yen"}
}

// viewerSizes is how wide the piece is shown: over half a desk, or a quarter as high as the window of a phone.
const viewerSizes = "(min-width: 60rem) 50vw, (min-height: 35rem) calc(26vh * 4 / 3), 100vw"

// pictured says whether a design is what the pictures of its product show.
func pictured(product catalog.Product, design catalog.Design) bool {
	sample := product.Sample
	return sample != nil && design.Spec == sample.Spec && design.BaseColor == sample.BaseColor && design.TextColor == sample.TextColor
}

func hexOf(colors []catalog.Color, key string) string {
	for _, color := range colors {
		if color.Key == key {
			return color.Hex
		}
	}
	return ""
}

// ask fills the form with the answers so far and what was wrong with them.
func (p *studioPage) ask(view studioView) {
	told := map[string]string{}
	if view.refusal != nil {
		if told = byField(*view.refusal); len(told) == 0 {
			p.Problem = sentence(*view.refusal)
		}
	}
	for _, field := range view.product.Schema.Fields {
		asked, mistake := p.question(field, view), told[field.Key]
		if mistake != "" {
			p.Mistakes = append(p.Mistakes, ui.Field{Name: asked.anchor(), Label: p.name(field.Label, field.LabelEn), Error: mistake})
		}
		asked.setError(mistake)
		p.Fields = append(p.Fields, asked)
	}
	p.Told = p.tell(view)
}

// tell describes the piece in one sentence, as studio.ts does while one types: the texts, the
// chosen answers, the size.
func (p *studioPage) tell(view studioView) string {
	var parts []string
	for _, field := range p.Fields {
		if field.Line != nil {
			parts = append(parts, field.Line.Value)
			continue
		}
		for _, option := range field.Choice.Options {
			if option.Checked {
				parts = append(parts, field.Choice.Legend+" "+option.Label)
			}
		}
	}
	if view.written {
		parts = append(parts, fmt.Sprintf(p.Words.Studio.SizeTold, p.Depth, p.Width))
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.Join(parts, p.Words.Studio.Comma)
}

// sizeTold is the size in the sentence, with names that studio.ts fills in.
func (p studioPage) sizeTold() string {
	return fmt.Sprintf(p.Words.Studio.SizeTold, "{depth}", "{width}")
}

// anchor is the id that a link of the summary jumps to.
func (f studioField) anchor() string {
	if f.Line != nil {
		return f.Line.Name
	}
	return f.Choice.Name + "-0"
}

func (f studioField) setError(mistake string) {
	if f.Line != nil {
		f.Line.Error = mistake
	} else {
		f.Choice.Error = mistake
	}
}

func (p *studioPage) question(field catalog.Field, view studioView) studioField {
	label, answer := p.name(field.Label, field.LabelEn), *view.choice.Answer(field.Key)
	switch field.Type {
	case catalog.TextType:
		hint := fmt.Sprintf(p.Words.Studio.LengthHint, field.MaxGraphemes)
		if field.Key == catalog.TextField {
			hint += " ・ " + p.Words.Studio.AsWritten
		}
		return studioField{Line: &ui.Field{
			Name: field.Key, Label: label, Hint: hint, Value: answer, Required: field.Required, Live: true,
			Autocomplete: "off", Limit: field.MaxGraphemes, Attributes: templ.Attributes{"spellcheck": "false"},
		}}
	case catalog.ColorType:
		return studioField{Choice: p.colors(field, label, answer, view.product.Colors)}
	default:
		return studioField{Choice: p.options(field, label, answer)}
	}
}

// options are the answers of a field as cards with pictures, those of an icon small.
func (p *studioPage) options(field catalog.Field, label, answer string) *ui.Choices {
	choices := &ui.Choices{Name: field.Key, Legend: label, Compact: field.Key == catalog.IconField}
	for _, option := range field.Options {
		choice := ui.Choice{Value: option.Key, Label: p.name(option.Label, option.LabelEn), Checked: option.Key == answer, Image: cardOf(field, option)}
		if option.Yen > 0 {
			choice.Detail = "＋" + option.Yen.String()
		}
		if field.Type == catalog.FlagType {
			choice.Attributes = templ.Attributes{"data-type": "boolean"}
		}
		choices.Options = append(choices.Options, choice)
	}
	return choices
}

// cardOf is the address of an answer's picture, "" if it needs none.
func cardOf(field catalog.Field, option catalog.Option) string {
	switch {
	case field.Key == catalog.IconField && option.Key != catalog.NoIcon:
		return "/cards/icon/" + option.Key
	case cardSpecs[field.Key] != nil:
		return "/cards/" + field.Key + "/" + option.Key
	}
	return ""
}

// colors are the spools on the shelf, or those of them that the schema offers.
func (p *studioPage) colors(field catalog.Field, label, answer string, available []catalog.Color) *ui.Choices {
	part := "base"
	if field.Key == catalog.TextColorField {
		part = "text"
	}
	offered := map[string]bool{}
	for _, option := range field.Options {
		offered[option.Key] = true
	}
	choices := &ui.Choices{Name: field.Key, Legend: label, Compact: true}
	for _, color := range available {
		if len(offered) > 0 && !offered[color.Key] {
			continue
		}
		choices.Options = append(choices.Options, ui.Choice{
			Value: color.Key, Label: p.name(color.Name, color.NameEn), Swatches: []string{color.Hex}, Checked: color.Key == answer,
			Attributes: templ.Attributes{"data-recolor": part, "data-color": color.Hex},
		})
	}
	return choices
}

// choiceOf reads a posted form.
func choiceOf(product catalog.Product, form url.Values) catalog.DesignChoice {
	choice := catalog.DesignChoice{Product: product.Slug}
	for _, field := range product.Schema.Fields {
		*choice.Answer(field.Key) = form.Get(field.Key)
	}
	return choice
}

// defaults are the answers a blank form begins with.
func defaults(product catalog.Product) catalog.DesignChoice {
	choice := catalog.DesignChoice{Product: product.Slug}
	for _, field := range product.Schema.Fields {
		*choice.Answer(field.Key) = field.Default
	}
	return choice
}

// sampleChoice is the product's own sample as a customer would have written it.
func sampleChoice(product catalog.Product) catalog.DesignChoice {
	if product.Sample == nil {
		return defaults(product)
	}
	return product.Choice(*product.Sample)
}

// thickness are the words before and after the number, which changes by itself.
func (p studioPage) thickness(part int) string {
	return strings.Split(p.Words.Studio.Thickness, "%s")[part]
}
