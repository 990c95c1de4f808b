package storefront

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/internal/photo"
	"tsukuriba/orders"
	"tsukuriba/web/locale"
	"tsukuriba/web/ui"
	"tsukuriba/web/upload"
)

// photosField asks for up to so many photos. What it accepts makes an iPhone send a JPEG.
func photosField(words locale.PhotoWords, most int) ui.Field {
	field := ui.Field{
		Name: "photos", Label: words.One, Note: words.Optional, Hint: words.HintOne + words.Privacy, Type: "file",
		Attributes: map[string]any{"accept": "image/jpeg,image/png,image/webp"},
	}
	if most > 1 {
		field.Label, field.Hint = words.Label, words.Hint+words.Privacy
		field.Attributes["multiple"] = true
	}
	return field
}

// postedPhotos reads a form with up to so many photos.
func postedPhotos(c echo.Context, most int) ([][]byte, error) {
	files, err := upload.Read(c, "photos", upload.Limits{Files: most, Size: photo.MaxBytes})
	photos := make([][]byte, len(files))
	for i, file := range files {
		photos[i] = file.Content
	}
	return photos, err
}

// photoRefusal says what is wrong with a photo, "" if that is not the trouble.
func photoRefusal(words locale.PhotoWords, err error) string {
	for _, refusal := range []struct {
		of   error
		said string
	}{
		{photo.ErrType, words.BadType},
		{photo.ErrHEIC, words.HEIC},
		{photo.ErrTooLarge, words.TooLarge},
		{photo.ErrTooManyPixels, words.TooFine},
		{photo.ErrDamaged, words.Damaged},
		{orders.ErrTooManyPhotos, words.TooMany},
		{upload.ErrTooMany, words.TooMany},
		{upload.ErrTooLarge, words.TooLarge},
	} {
		if errors.Is(err, refusal.of) {
			return refusal.said
		}
	}
	return ""
}

// photoError is what stands beside the field of photos when a form is shown again. No browser keeps chosen
// files.
func photoError(words locale.PhotoWords, refusal error, chosen int) string {
	said := photoRefusal(words, refusal)
	if said == "" && refusal != nil && chosen > 0 {
		return words.ChooseAgain
	}
	return said
}

// sendPhoto answers with a photo for nobody else, in which nothing can run.
func sendPhoto(c echo.Context, content []byte) error {
	confidential(c)
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Response().Header().Set("X-Content-Type-Options", "nosniff")
	return c.Blob(http.StatusOK, photo.Type, content)
}
