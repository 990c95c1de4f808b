package catalog

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strconv"

	"golang.org/x/image/draw"

	"tsukuriba/catalog/tag"
)

// Errors of asking for a picture.
var (
	ErrNoPicture   = errors.New("the product has no sample to be pictured")
	ErrUnknownView = errors.New("there is no such view")
)

// The views a product is pictured from.
const (
	Front  = "front"  // straight from above
	Angle  = "angle"  // as it lies on a table before somebody
	Close  = "close"  // from low on the other side, where the height of the letters is seen
	Second = "second" // as Angle, in the first other colors of the sample
	Third  = "third"  // and in the second
	Share  = "share"  // as Angle, in the format of shared links
)

// Views lists the views of a sample for people to look at, the first of which stands for the product.
func (s Sample) Views() []string {
	return append([]string{Angle, Front, Close}, []string{Second, Third}[:min(2, len(s.Others))]...)
}

// Colors are those in which a view shows the sample.
func (s Sample) Colors(view string) Palette {
	for i, other := range []string{Second, Third} {
		if view == other && i < len(s.Others) {
			return s.Others[i]
		}
	}
	return Palette{s.BaseColor, s.TextColor}
}

var views = map[string]tag.View{
	Front: tag.ViewTop, Angle: tag.ViewThreeQuarter, Close: {Turn: -24, Tilt: 28}, Second: {Turn: -12, Tilt: 52}, Third: tag.ViewThreeQuarter,
	Share: tag.ViewThreeQuarter,
}

const pictureQuality = 52 // of a JPEG; what is lost is not seen on these smooth surfaces

// heightOf is the height of a view that is so many pixels wide: 4:3 as the pages show it, or 1.91:1 (Open Graph).
func heightOf(view string, width int) int {
	if view == Share {
		return width * 630 / 1200
	}
	return width * 3 / 4
}

// PictureWidths are those of SmallPicture, in pixels.
var PictureWidths = []int{144, 288, 432, 576, 864}

// table is the color of the shop's paper.
var table = color.RGBA{R: 0xf6, G: 0xf1, B: 0xe7, A: 0xff}

// GLB returns the solid of a design as binary glTF in its colors. Errors: those of Model.
func (s *Service) GLB(ctx context.Context, id DesignID) ([]byte, error) {
	design, model, err := s.model(ctx, id)
	if err != nil {
		return nil, err
	}
	colors, err := s.tagColors(ctx, design.BaseColor, design.TextColor)
	if err != nil {
		return nil, fmt.Errorf("write model of %s: %w", id, err)
	}
	var out bytes.Buffer
	if err := model.Mesh.WriteGLB(&out, colors); err != nil {
		return nil, fmt.Errorf("write model of %s: %w", id, err)
	}
	return out.Bytes(), nil
}

// ProofPNG returns the picture of a design that its customer agrees to: the stored one if there
// is one, else a fresh rendering. Errors: those of Model.
func (s *Service) ProofPNG(ctx context.Context, id DesignID) ([]byte, error) {
	key, err := s.proofKey(ctx, id)
	if err == nil && key != "" {
		return s.blobs.Get(ctx, key)
	}
	if err != nil {
		return nil, err
	}
	design, err := s.Design(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.renderDesign(ctx, design)
}

// storeProof renders the picture of a design and keeps it for good. Doing so again changes nothing.
func (s *Service) storeProof(ctx context.Context, design Design) error {
	picture, err := s.renderDesign(ctx, design)
	if err != nil {
		return err
	}
	key, err := s.blobs.Put(ctx, picture, "image/png")
	if err != nil {
		return fmt.Errorf("store proof of %s: %w", design.ID, err)
	}
	_, err = s.db.ExecContext(ctx, `
		UPDATE designs
		SET proof_key = $2
		WHERE id = $1 AND proof_key = ''`, design.ID, key)
	if err != nil {
		return fmt.Errorf("store proof of %s: %w", design.ID, err)
	}
	return nil
}

func (s *Service) proofKey(ctx context.Context, id DesignID) (string, error) {
	var key string
	err := s.db.GetContext(ctx, &key, `
		SELECT proof_key
		FROM designs
		WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrDesignNotFound
	}
	if err != nil {
		return "", fmt.Errorf("get proof of %s: %w", id, err)
	}
	return key, nil
}

func (s *Service) renderDesign(ctx context.Context, design Design) ([]byte, error) {
	model, err := s.solid(design)
	if err != nil {
		return nil, err
	}
	return s.render(ctx, model, Palette{design.BaseColor, design.TextColor}, Angle)
}

// Picture returns a PNG of a product's sample in one of its views, or for Share. It is rendered once and
// kept. Errors: ErrUnknownView, ErrProductNotFound, ErrNoPicture.
func (s *Service) Picture(ctx context.Context, slug, view string) ([]byte, error) {
	picture, err := s.picture(ctx, slug, view)
	if err != nil {
		return nil, fmt.Errorf("picture product %q: %w", slug, err)
	}
	return picture, nil
}

// SmallPicture returns a JPEG of Picture for screens, so many pixels wide, which is one of
// PictureWidths. It is made once and kept. Errors: those of Picture, ErrUnknownView for other widths.
func (s *Service) SmallPicture(ctx context.Context, slug, view string, width int) ([]byte, error) {
	of, model, err := s.toPicture(ctx, slug, view)
	if err == nil && (view == Share || !slices.Contains(PictureWidths, width)) {
		err = ErrUnknownView
	}
	if err != nil {
		return nil, fmt.Errorf("picture product %q: %w", slug, err)
	}
	small := of
	small.view = view + "-" + strconv.Itoa(width)
	picture, err := s.kept(ctx, small, "image/jpeg", func() ([]byte, error) {
		large, err := s.large(ctx, of, model)
		if err != nil {
			return nil, err
		}
		return smaller(large, width)
	})
	if err != nil {
		return nil, fmt.Errorf("picture product %q: %w", slug, err)
	}
	return picture, nil
}

func (s *Service) picture(ctx context.Context, slug, view string) ([]byte, error) {
	of, model, err := s.toPicture(ctx, slug, view)
	if err != nil {
		return nil, err
	}
	return s.large(ctx, of, model)
}

// toPicture returns what a view of a product shows.
func (s *Service) toPicture(ctx context.Context, slug, view string) (of pictured, model *tag.Model, err error) {
	if _, known := views[view]; !known {
		return pictured{}, nil, ErrUnknownView
	}
	product, err := s.Product(ctx, slug)
	if err != nil {
		return pictured{}, nil, err
	}
	if product.Sample == nil {
		return pictured{}, nil, ErrNoPicture
	}
	if view != Share && !slices.Contains(product.Sample.Views(), view) {
		return pictured{}, nil, ErrUnknownView
	}
	model, hash, err := s.models.build(product.Sample.Spec)
	return pictured{hash: hash, Palette: product.Sample.Colors(view), view: view}, model, err
}

// large is a picture as it is rendered.
func (s *Service) large(ctx context.Context, of pictured, model *tag.Model) ([]byte, error) {
	return s.kept(ctx, of, "image/png", func() ([]byte, error) { return s.render(ctx, model, of.Palette, of.view) })
}

// pictured names a picture by all it shows.
type pictured struct {
	Palette
	hash tag.Hash
	view string
}

func (s *Service) pictureKey(ctx context.Context, of pictured) (string, error) {
	var key string
	err := s.db.GetContext(ctx, &key, `
		SELECT blob_key
		FROM sample_pictures
		WHERE design_hash = $1 AND base_color = $2 AND text_color = $3 AND view = $4`,
		of.hash[:], of.Base, of.Text, of.view)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find picture: %w", err)
	}
	return key, nil
}

// kept returns the picture that is stored, or makes it and stores it.
func (s *Service) kept(ctx context.Context, of pictured, mediaType string, draw func() ([]byte, error)) ([]byte, error) {
	key, err := s.pictureKey(ctx, of)
	if err != nil {
		return nil, err
	}
	if key != "" {
		return s.blobs.Get(ctx, key)
	}
	content, err := draw()
	if err != nil {
		return nil, err
	}
	if key, err = s.blobs.Put(ctx, content, mediaType); err != nil {
		return nil, fmt.Errorf("store picture: %w", err)
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO sample_pictures (design_hash, base_color, text_color, view, blob_key)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, of.hash[:], of.Base, of.Text, of.view, key)
	if err != nil {
		return nil, fmt.Errorf("store picture: %w", err)
	}
	return content, nil
}

// smaller makes a JPEG of a rendered picture.
func smaller(rendered []byte, width int) ([]byte, error) {
	large, err := png.Decode(bytes.NewReader(rendered))
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, heightOf(Angle, width)))
	draw.CatmullRom.Scale(small, small.Bounds(), large, large.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: pictureQuality}); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return out.Bytes(), nil
}

// allColors returns every filament by its key, also those that cannot be had now: a design keeps its colors.
func (s *Service) allColors(ctx context.Context) (map[string]color.RGBA, error) {
	return recall(s.memory, "colors", func() (map[string]color.RGBA, int, error) {
		var rows []struct{ Key, Hex string }
		err := s.db.SelectContext(ctx, &rows, `
			SELECT key, hex
			FROM filament_colors`)
		if err != nil {
			return nil, 0, fmt.Errorf("read colors: %w", err)
		}
		colors := make(map[string]color.RGBA, len(rows))
		for _, row := range rows {
			if colors[row.Key], err = parseHex(row.Hex); err != nil {
				return nil, 0, fmt.Errorf("read color %s: %w", row.Key, err)
			}
		}
		return colors, 64 * len(rows), nil
	})
}

// parseHex reads "#d9622b".
func parseHex(hex string) (color.RGBA, error) {
	rgb, err := strconv.ParseUint(hex[1:], 16, 24)
	return color.RGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 255}, err
}

func (s *Service) tagColors(ctx context.Context, base, text string) (tag.Colors, error) {
	colors, err := s.allColors(ctx)
	return tag.Colors{Base: colors[base], Text: colors[text]}, err
}

// render pictures a model in two colors.
func (s *Service) render(ctx context.Context, model *tag.Model, colored Palette, view string) ([]byte, error) {
	colors, err := s.tagColors(ctx, colored.Base, colored.Text)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = model.Mesh.RenderPNG(&out, tag.RenderOptions{
		Width: s.pictureWidth, Height: heightOf(view, s.pictureWidth), Colors: colors, Background: table, View: views[view],
	})
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	return out.Bytes(), nil
}
