package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// cartAge is how long a cart is remembered after its last change.
const cartAge = orders.CartKept

// fewLeft is from how many pieces on the shelf the cart says that there are few.
const fewLeft = 5

type cartPage struct {
	page
	Lines  []cartLine
	Goods  string
	Code   ui.Field  // for a discount code
	Taken  []ui.Fact // what the code in the cart takes off
	OnSale bool      // everything in it can be bought
	Intake *ui.Notice

	Refused   bool       // what was sent
	NoCookies *ui.Notice // why nothing is in it
}

type cartLine struct {
	Title     string
	Text      string
	Picture   string
	Alt       string
	Edit      string // where the piece can be changed
	Each      string
	Total     string
	Update    string // addresses of the two forms
	Remove    string
	Available bool
	Note      string // that it is downloaded, or how few are left
	Few       string // that there are fewer than are wanted
	Quantity  ui.Field
}

func (s *shop) cart(c echo.Context) error {
	return s.showCart(c, http.StatusOK, cartMistake{})
}

// cartMistake is a quantity, or a discount code where line is empty, that could not be taken, as it was typed.
type cartMistake struct {
	line  string
	typed string
	told  string
}

func (s *shop) showCart(c echo.Context, status int, mistake cartMistake) error {
	cart, err := s.currentCart(c)
	if err != nil {
		return err
	}
	p := cartPage{page: blankPage(c, ""), Goods: (cart.Goods - cart.Discount).String(), OnSale: true, Refused: mistake.told != ""}
	p.Head.Title, p.Head.CartCount, p.Head.NoIndex = p.All.Cart, pieces(cart), true
	for _, line := range cart.Lines {
		p.Lines = append(p.Lines, p.line(line, mistake))
		p.OnSale = p.OnSale && line.Available
	}
	if p.Intake, err = s.tooMuchIn(c, p.page, cart); err != nil {
		return err
	}
	p.askCode(cart, mistake)
	if c.QueryParam("new") != "" && len(cart.Lines) == 0 {
		p.NoCookies = &ui.Notice{Kind: ui.NoticeAttention, Text: p.Words.Cart.NoCookies}
	}
	confidential(c)
	return render(c, status, cartView(p))
}

// mistakes are the fields that need another look after something was sent.
func (p cartPage) mistakes() []ui.Field {
	if !p.Refused {
		return nil
	}
	fields := []ui.Field{p.Code}
	for _, line := range p.Lines {
		fields = append(fields, line.Quantity)
	}
	return wrong(fields...)
}

// askCode shows the field for a discount code, with what was wrong with the one that was typed or lies in the cart.
func (p *cartPage) askCode(cart orders.Cart, mistake cartMistake) {
	words := p.Words.Prices
	p.Code = ui.Field{
		Name: "code", Label: words.Code, Note: p.All.Optional, Value: cart.Code, Autocomplete: "off",
		Attributes: map[string]any{"autocapitalize": "characters", "maxlength": "100"},
	}
	if cart.CodeProblem != "" {
		p.Code.Error = p.reason(cart.CodeProblem)
	}
	if mistake.told != "" && mistake.line == "" {
		p.Code.Value, p.Code.Error = mistake.typed, mistake.told
	}
	if cart.Discount > 0 {
		p.Taken = []ui.Fact{{Name: fmt.Sprintf(words.Discount, cart.Code), Value: (-cart.Discount).String()}}
	}
}

// reason is the sentence for a reason of a form's field.
func (p page) reason(code string) string {
	told, _ := p.refused(&orders.FormError{Fields: map[string]string{"discount_code": code}})
	return told.Errors[0].Message
}

// useCode puts a discount code into the cart; an empty one takes it out.
func (s *shop) useCode(c echo.Context) error {
	form, err := posted(c)
	if err != nil {
		return err
	}
	typed := form.Get("code")
	if form.Get("do") == "remove" {
		typed = ""
	}
	_, err = s.Orders.UseCode(c.Request().Context(), cookie(c, cartCookie), typed)
	var refused *orders.FormError
	if errors.As(err, &refused) {
		told := blankPage(c, "").reason(refused.Fields["discount_code"])
		return s.showCart(c, http.StatusUnprocessableEntity, cartMistake{typed: typed, told: told})
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/cart")
}

func (p *cartPage) line(line orders.CartLine, mistake cartMistake) cartLine {
	address := "/cart/lines/" + line.ID.String()
	line.Title = p.name(line.Title, line.TitleEn)
	shown := cartLine{
		Title: line.Title, Text: line.DesignText, Picture: shown(line.ProductSlug, catalog.Angle, 288),
		Alt: fmt.Sprintf(p.Words.Product.PictureAlt, line.Title), Edit: "/products/" + line.ProductSlug,
		Each: fmt.Sprintf(p.Words.Cart.Each, line.UnitPrice), Total: line.UnitPrice.Times(line.Quantity).String(),
		Update: address, Remove: address + "/removal", Available: line.Available,
		Quantity: p.quantity(line.ID.String(), strconv.Itoa(line.Quantity)),
	}
	if !line.DesignID.IsZero() {
		shown.Picture, shown.Alt = proof(line.DesignID), fmt.Sprintf(p.Words.Cart.PictureAlt, line.DesignText)
		shown.Edit += "/studio?design=" + line.DesignID.String()
	}
	words := p.Words.Prices
	switch {
	case line.Digital:
		shown.Note = words.Digital
	case line.Tracked && line.Left < line.Quantity:
		shown.Few = fmt.Sprintf(words.NotEnough, max(line.Left, 0))
	case line.Tracked && line.Left <= fewLeft:
		shown.Note = fmt.Sprintf(words.Left, line.Left)
	}
	if mistake.line == line.ID.String() {
		shown.Quantity.Value, shown.Quantity.Error = mistake.typed, mistake.told
	}
	return shown
}

// quantity is the field of one line; its id is its own, its name is the same in every form.
func (p *cartPage) quantity(line, value string) ui.Field {
	return ui.Field{
		Name: "quantity-" + line, Label: p.All.Quantity, InputMode: "numeric", Value: value, Required: true, Autocomplete: "off",
		Attributes: map[string]any{"name": "quantity"},
	}
}

// addLine puts a piece from the shelf, or a design, into the cart.
func (s *shop) addLine(c echo.Context) error {
	form, err := posted(c)
	if err != nil {
		return err
	}
	request := orders.LineRequest{Quantity: whole(form.Get("quantity"))}
	if request.Variant.UnmarshalText([]byte(form.Get("variant"))) != nil {
		return orders.ErrNotForSale
	}
	if design := form.Get("design"); design != "" && request.Design.UnmarshalText([]byte(design)) != nil {
		return orders.ErrDesignMissing
	}
	err = s.putIntoCart(c, request)
	if slug := form.Get("product"); errors.Is(err, orders.ErrBadQuantity) && slug != "" {
		told, _ := blankPage(c, "").refused(err)
		return s.showProduct(c, slug, productMistake{form.Get("variant"), form.Get("quantity"), sentence(told)})
	}
	return err
}

// newCart is the address of a cart that was just made: when it is empty, the browser keeps no cookies.
const newCart = "/cart?new=1"

// putIntoCart adds a line to the cart of the request, makes one if there is none, and leads to it.
func (s *shop) putIntoCart(c echo.Context, request orders.LineRequest) error {
	ctx, token := c.Request().Context(), cookie(c, cartCookie)
	_, err := s.Orders.AddLine(ctx, token, request)
	address := "/cart"
	if errors.Is(err, orders.ErrCartNotFound) {
		if token, err = s.Orders.NewCart(ctx); err != nil {
			return err
		}
		_, err = s.Orders.AddLine(ctx, token, request)
		address = newCart
	}
	if err != nil {
		return err
	}
	s.setCookie(c, cartCookie, token, cartAge)
	return seeOther(c, address)
}

func (s *shop) changeLine(c echo.Context) error {
	form, err := posted(c)
	if err != nil {
		return err
	}
	var line orders.CartLineID
	if line.UnmarshalText([]byte(c.Param("line"))) != nil {
		return orders.ErrLineNotFound
	}
	typed := form.Get("quantity")
	_, err = s.Orders.ChangeLine(c.Request().Context(), cookie(c, cartCookie), line, whole(typed))
	if errors.Is(err, orders.ErrBadQuantity) {
		told, _ := blankPage(c, "").refused(err)
		return s.showCart(c, http.StatusUnprocessableEntity, cartMistake{line.String(), typed, sentence(told)})
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/cart")
}

// removeLine takes a line out. One that is gone already is as gone as it should be.
func (s *shop) removeLine(c echo.Context) error {
	var line orders.CartLineID
	if line.UnmarshalText([]byte(c.Param("line"))) != nil {
		return orders.ErrLineNotFound
	}
	_, err := s.Orders.RemoveLine(c.Request().Context(), cookie(c, cartCookie), line)
	if err != nil && !errors.Is(err, orders.ErrLineNotFound) {
		return err
	}
	return seeOther(c, "/cart")
}

// whole reads a number as a Japanese keyboard may have typed it; what is none is 0.
func whole(typed string) int {
	number, err := strconv.Atoi(strings.TrimSpace(narrow(typed)))
	if err != nil {
		return 0
	}
	return number
}

// tooMuchIn tells why a cart cannot be ordered now; nil if it can.
func (s *shop) tooMuchIn(c echo.Context, p page, cart orders.Cart) (*ui.Notice, error) {
	if !slices.ContainsFunc(cart.Lines, func(line orders.CartLine) bool { return line.Routing != "" }) {
		return nil, nil
	}
	intake, err := s.Orders.Intake(c.Request().Context())
	if err != nil {
		return nil, err
	}
	return p.tooMuch(intake.Check(cart)), nil
}
