package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

var errNoPhoto = errors.New("no photo was chosen")

// photos shows what the customer sent of a claim of theirs, and takes more while it is open.
func (p orderPage) photos(card *claimCard, claim orders.Claim) {
	address := p.Back + "/claims/" + claim.ID.String() + "/photos"
	for _, photo := range claim.Photos {
		if photo.Origin == audit.Customer {
			card.Photos = append(card.Photos, claimPhoto{
				Address: address + "/" + strconv.Itoa(photo.Position), Alt: fmt.Sprintf(p.Words.Photos.AltNumbered, len(card.Photos)+1),
			})
		}
	}
	if claim.TakesPhoto(audit.Customer) {
		card.AddPhoto, card.Photo = address, photosField(p.Words.Photos, 1)
		card.Photo.ID, card.Photo.Label, card.Photo.Note = "photos-"+claim.ID.String(), p.Words.Photos.Add, ""
	}
}

// addPhoto adds a photo to what the customer wrote, or shows the order's page again with what is wrong with it.
func (s *shop) addPhoto(c echo.Context) error {
	ctx, token := c.Request().Context(), c.Param("token")
	found, err := s.Orders.ByLink(ctx, token)
	if err != nil {
		return err
	}
	claim, err := claimOf(c)
	if err != nil {
		return err
	}
	photos, err := postedPhotos(c, 1)
	if err == nil && len(photos) == 0 {
		err = errNoPhoto
	}
	if err == nil {
		_, err = s.Orders.AddOwnClaimPhoto(ctx, token, claim, photos[0])
	}
	if err == nil {
		return seeOther(c, "/orders/"+token+"?photo=1")
	}
	return s.refusePhoto(c, found, err)
}

// refusePhoto says beside its field what is wrong with a photo.
func (s *shop) refusePhoto(c echo.Context, found orders.Order, refusal error) error {
	p, err := s.orderPage(c, found)
	if err != nil {
		return err
	}
	said := photoRefusal(p.Words.Photos, refusal)
	if errors.Is(refusal, errNoPhoto) {
		said = p.Words.Photos.Missing
	}
	if said == "" {
		return refusal
	}
	p.Notice = ui.Notice{Kind: ui.NoticeAttention, Text: said}
	for i, card := range p.Claims {
		if card.AddPhoto == c.Request().URL.Path {
			p.Claims[i].Photo.Error = said
		}
	}
	confidential(c)
	return render(c, http.StatusUnprocessableEntity, orderView(p))
}

// showPhoto shows the customer a photo they sent.
func (s *shop) showPhoto(c echo.Context) error {
	claim, err := claimOf(c)
	if err != nil {
		return err
	}
	position, err := strconv.Atoi(c.Param("position"))
	if err != nil {
		return orders.ErrPhotoNotFound
	}
	content, err := s.Orders.OwnClaimPhoto(c.Request().Context(), c.Param("token"), claim, position)
	if err != nil {
		return err
	}
	return sendPhoto(c, content)
}

func claimOf(c echo.Context) (orders.ClaimID, error) {
	var claim orders.ClaimID
	if claim.UnmarshalText([]byte(c.Param("claim"))) != nil {
		return claim, orders.ErrClaimNotFound
	}
	return claim, nil
}
