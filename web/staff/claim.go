package staff

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/photo"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
	"tsukuriba/web/upload"
)

// claimCard is what a customer wrote about a line, with what this person may do about it.
type claimCard struct {
	Address string
	Title   string
	Badge   ui.Badge
	Words   string
	Facts   string
	Remake  bool
	Refund  bool
	Decline bool
	Slip    bool
	Ship    *shipForm

	Photos   []claimPhoto
	AddPhoto string // address of the form; "" when there is no room, or it is decided
	Photo    ui.Field
}

type claimPhoto struct{ Address, Alt, From string }

func (s *console) claimCards(c echo.Context, who fulfilment.Staff, order orders.Order) ([]claimCard, error) {
	claims, err := s.Orders.Claims(c.Request().Context(), order.ID)
	if err != nil {
		return nil, err
	}
	var cards []claimCard
	for _, claim := range slices.Backward(claims) {
		open, sent := claim.State == orders.ClaimOpen, order.State == orders.Shipped || order.State == orders.Completed
		card := claimCard{
			Address: "/staff/claims/" + claim.ID.String(), Title: fmt.Sprintf("%s　%s × %d", claimReasons[claim.Reason], partTitle(order, orders.PartLine, claim.LineID), claim.Quantity),
			Badge: claimBadge(claim), Words: claim.Note, Facts: moment(claim.CreatedAt) + "　" + claimOrigins[string(claim.Origin)],
			Remake:  open && sent && can(who, auth.ApproveOrders),
			Refund:  open && can(who, auth.ApproveOrders) && can(who, auth.Money),
			Decline: open && can(who, auth.ApproveOrders),
		}
		card.Slip = claim.Remedy == orders.RemedyRemake && claim.Packed(s.Now()) && can(who, auth.ShipOrders)
		if claim.Answer != "" {
			card.Facts += "　" + declineReasons[claim.Answer]
		}
		if claim.Shipment != nil {
			card.Facts += "　" + strings.TrimSpace(claim.Shipment.Carrier+" "+claim.Shipment.Tracking)
		}
		if claim.State == orders.ClaimReady && can(who, auth.ShipOrders) {
			card.Ship = namedShipForm(claim.ID.String())
		}
		card.photos(claim, can(who, auth.ApproveOrders))
		cards = append(cards, card)
	}
	return cards, nil
}

// photos shows what the customer sent and what staff were given, and takes more while nothing is decided.
func (card *claimCard) photos(claim orders.Claim, mayAdd bool) {
	address := card.Address + "/photos"
	for _, photo := range claim.Photos {
		from := claimOrigins[string(photo.Origin)]
		card.Photos = append(card.Photos, claimPhoto{
			Address: fmt.Sprintf("%s/%d", address, photo.Position), Alt: fmt.Sprintf("写真%d", photo.Position), From: from + "　" + moment(photo.AddedAt),
		})
	}
	if mayAdd && claim.TakesPhoto(audit.Staff) {
		card.AddPhoto, card.Photo = address, photosField("photos-"+claim.ID.String())
	}
}

// photosField asks for up to three photos.
func photosField(id string) ui.Field {
	return ui.Field{
		Name: "photos", ID: id, Label: "写真", Note: "なくても記録できます", Type: "file",
		Hint:       "3枚まで。JPEG・PNG・WebP、1枚 10 MBまで。撮った場所などの情報は消して保存します。",
		Attributes: map[string]any{"accept": "image/jpeg,image/png,image/webp", "multiple": true},
	}
}

// postedPhotos reads a form with photos; one that is too large is said in the words of photos.
func postedPhotos(c echo.Context) ([][]byte, error) {
	files, err := upload.Read(c, "photos", upload.Limits{Files: orders.MaxClaimPhotos, Size: photo.MaxBytes})
	switch {
	case errors.Is(err, upload.ErrTooLarge):
		return nil, photo.ErrTooLarge
	case errors.Is(err, upload.ErrTooMany):
		return nil, orders.ErrTooManyPhotos
	}
	photos := make([][]byte, len(files))
	for i, file := range files {
		photos[i] = file.Content
	}
	return photos, err
}

// addClaimPhotos adds what a customer gave to staff.
func (s *console) addClaimPhotos(c echo.Context, who fulfilment.Staff) error {
	photos, err := postedPhotos(c)
	if err != nil {
		return err
	}
	return s.onClaim(c, "claim-photo", func(id orders.ClaimID) (orders.Claim, error) {
		claim, err := s.Orders.Claim(c.Request().Context(), id)
		for _, sent := range photos {
			if err == nil {
				claim, err = s.Orders.AddClaimPhoto(c.Request().Context(), by(who), id, sent)
			}
		}
		return claim, err
	})
}

// showClaimPhoto shows a photo in which nothing can run.
func (s *console) showClaimPhoto(c echo.Context, _ fulfilment.Staff) error {
	id, err := idParam[orders.ClaimID](c, "claim")
	if err != nil {
		return err
	}
	position, err := strconv.Atoi(c.Param("position"))
	if err != nil {
		return orders.ErrPhotoNotFound
	}
	content, err := s.Orders.ClaimPhoto(c.Request().Context(), id, position)
	if err != nil {
		return err
	}
	return sendPhoto(c, content)
}

func sendPhoto(c echo.Context, content []byte) error {
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Response().Header().Set("X-Content-Type-Options", "nosniff")
	return c.Blob(http.StatusOK, photo.Type, content)
}

// namedShipForm gives every form on a page fields of its own.
func namedShipForm(id string) *shipForm {
	form := &shipForm{
		Carrier:  ui.Field{Name: "carrier", ID: "carrier-" + id, Label: "運送会社"},
		Tracking: ui.Field{Name: "tracking", ID: "tracking-" + id, Label: "追跡番号"},
	}
	for _, carrier := range carriers {
		form.Carrier.Options = append(form.Carrier.Options, ui.Choice{Value: carrier, Label: carrier})
	}
	return form
}

// claimLine is a claim on the morning board.
type claimLine struct {
	Order  ui.Link
	Reason string
	Badge  ui.Badge
}

// claimLines lists the claims that wait for an answer or for their parcel.
func (s *console) claimLines(ctx context.Context) ([]claimLine, error) {
	claims, err := s.Orders.OpenClaims(ctx)
	var lines []claimLine
	for _, claim := range claims {
		if claim.State == orders.ClaimRemaking { // the members have it in hand
			continue
		}
		lines = append(lines, claimLine{
			Order: ui.Link{Label: claim.Number, URL: orderAddress(claim.OrderID)}, Reason: claimReasons[claim.Reason], Badge: claimBadge(claim),
		})
	}
	return lines, err
}

func claimBadge(claim orders.Claim) ui.Badge {
	switch {
	case claim.State == orders.ClaimOpen:
		return ui.Badge{Text: "返事を待っています", Tone: ui.ToneAttention}
	case claim.State == orders.ClaimRemaking:
		return ui.Badge{Text: "作り直し中", Tone: ui.TonePine}
	case claim.State == orders.ClaimReady:
		return ui.Badge{Text: "送れます", Tone: ui.ToneAccent}
	case claim.State == orders.ClaimRefused:
		return ui.Badge{Text: "お断り"}
	case claim.Remedy == orders.RemedyRefund:
		return ui.Badge{Text: "返金しました"}
	}
	return ui.Badge{Text: "送り直しました"}
}

// onClaim does something about a claim and goes back to its order.
func (s *console) onClaim(c echo.Context, done string, do func(orders.ClaimID) (orders.Claim, error)) error {
	id, err := idParam[orders.ClaimID](c, "claim")
	if err != nil {
		return err
	}
	claim, err := do(id)
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(claim.OrderID), done)
}

// acceptClaim grants a remake, or a refund by those who may give money back.
func (s *console) acceptClaim(c echo.Context, who fulfilment.Staff) error {
	remedy := orders.Remedy(c.FormValue("remedy"))
	if remedy == orders.RemedyRefund && !can(who, auth.Money) {
		return problem.ErrForbidden
	}
	return s.onClaim(c, "claim-"+string(remedy), func(id orders.ClaimID) (orders.Claim, error) {
		return s.Orders.AcceptClaim(c.Request().Context(), by(who), id, remedy)
	})
}

func (s *console) declineClaim(c echo.Context, who fulfilment.Staff) error {
	return s.onClaim(c, "claim-declined", func(id orders.ClaimID) (orders.Claim, error) {
		return s.Orders.DeclineClaim(c.Request().Context(), by(who), id, c.FormValue("reason"))
	})
}

func (s *console) shipClaim(c echo.Context, who fulfilment.Staff) error {
	handover := orders.Handover{Carrier: strings.TrimSpace(c.FormValue("carrier")), Tracking: strings.TrimSpace(c.FormValue("tracking"))}
	return s.onClaim(c, "shipped", func(id orders.ClaimID) (orders.Claim, error) {
		return s.Orders.ShipClaim(c.Request().Context(), by(who), id, handover)
	})
}

// claimPage asks staff what a customer told them.
type claimPage struct {
	Head                         ui.StaffHead
	Number, Back, Address        string
	Line, Quantity, Reason, Note ui.Field
	Photos                       ui.Field
	Problem                      string
}

func (s *console) askClaim(c echo.Context, who fulfilment.Staff) error {
	order, err := s.orderOf(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, claimForm(newClaimPage(c, who, order, nil)))
}

func (s *console) openClaim(c echo.Context, who fulfilment.Staff) error {
	order, err := s.orderOf(c)
	if err != nil {
		return err
	}
	photos, err := postedPhotos(c)
	request := orders.ClaimRequest{Reason: orders.ClaimReason(c.FormValue("reason")), Note: c.FormValue("note"), Photos: photos}
	request.Quantity, _ = strconv.Atoi(c.FormValue("quantity"))
	_ = request.Line.UnmarshalText([]byte(c.FormValue("line"))) // what cannot be read is of another order
	if err == nil {
		_, err = s.Orders.OpenClaim(c.Request().Context(), by(who), order.ID, request)
	}
	if err != nil {
		return render(c, http.StatusUnprocessableEntity, claimForm(newClaimPage(c, who, order, err)))
	}
	return backTo(c, orderAddress(order.ID), "claim-open")
}

func newClaimPage(c echo.Context, who fulfilment.Staff, order orders.Order, err error) claimPage {
	page := claimPage{
		Head: headFor(c, who, "お客さまからの連絡", "/staff/orders"), Number: order.Number, Back: orderAddress(order.ID), Address: orderAddress(order.ID) + "/claim",
		Line:     ui.Field{Name: "line", Label: "どの品物", Value: c.FormValue("line")},
		Quantity: ui.Field{Name: "quantity", Label: "いくつ", Value: c.FormValue("quantity"), InputMode: "numeric"},
		Reason:   ui.Field{Name: "reason", Label: "どうしたか", Value: c.FormValue("reason")},
		Note:     ui.Field{Name: "note", Label: "聞いたこと", Hint: "お客さまのことばのまま、1000文字まで。", Value: c.FormValue("note"), Rows: 4, MaxLength: 1000},
	}
	page.Photos = photosField("photos")
	if err != nil {
		page.Photos.Hint += "選んであった写真は、もう一度選んでください。"
	}
	if page.Quantity.Value == "" {
		page.Quantity.Value = "1"
	}
	for _, line := range order.Lines {
		page.Line.Options = append(page.Line.Options, ui.Choice{Value: line.ID.String(), Label: fmt.Sprintf("%s（%d個）", partTitle(order, orders.PartLine, line.ID), line.Quantity)})
	}
	for _, reason := range order.ClaimReasons() {
		page.Reason.Options = append(page.Reason.Options, ui.Choice{Value: string(reason), Label: claimReasons[reason]})
	}
	var refused *orders.FormError
	switch {
	case errors.As(err, &refused):
		for field, sentence := range map[*ui.Field]string{
			&page.Line: "品物を選んでください。", &page.Quantity: "注文した数までの数字で入れてください。", &page.Reason: "選んでください。", &page.Note: "1000文字までで書いてください。",
		} {
			if refused.Fields[field.Name] != "" {
				field.Error = sentence
			}
		}
	case err != nil:
		page.Problem = problem.From(err, problem.Japanese).Title
	}
	return page
}
