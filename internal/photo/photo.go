// Package photo makes of what somebody sent a picture that can be kept and shown to others: upright, of
// a size for screens, and with nothing in it but what one sees. Where and with what it was taken is gone,
// because the picture is drawn anew.
//
// It refuses what it cannot read, what is larger than anybody needs, and pictures that are small as files
// and huge in memory. It stores nothing and knows nobody's permissions.
package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"golang.org/x/image/webp"
)

const (
	// MaxBytes is how large a photo may be as it is sent.
	MaxBytes = 10 << 20
	// MaxPixels is how many a photo may have as it is sent.
	MaxPixels = 30_000_000
	// MaxEdge is how many pixels the longer edge has at most as it is kept.
	MaxEdge = 1600
	// Type is the media type of every photo that is kept.
	Type = "image/jpeg"

	quality = 82
	// patience ends files that are made to be read forever: many scans over few bytes.
	patience = time.Minute
)

// Why a photo is not taken.
var (
	ErrType          = errors.New("a photo is a JPEG, PNG or WebP")
	ErrHEIC          = errors.New("a photo in the format HEIC cannot be read")
	ErrTooLarge      = errors.New("a photo has at most 10 MB")
	ErrTooManyPixels = errors.New("a photo has at most 30 million pixels")
	ErrDamaged       = errors.New("the photo is damaged")
)

// format is how one kind of file is read.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	exif   func([]byte) []byte
}

// formatOf recognizes a file by its content alone. Signatures: ITU-T T.81 § B.2, PNG § 5.2, WebP
// container § RIFF, ISO/IEC 14496-12 § 4.3.
func formatOf(sent []byte) (format, error) {
	switch {
	case bytes.HasPrefix(sent, []byte("\xff\xd8\xff")):
		return format{jpeg.DecodeConfig, jpeg.Decode, jpegExif}, nil
	case bytes.HasPrefix(sent, []byte("\x89PNG\r\n\x1a\n")):
		return format{png.DecodeConfig, png.Decode, pngExif}, nil
	case len(sent) > 12 && string(sent[:4]) == "RIFF" && string(sent[8:12]) == "WEBP":
		return format{webp.DecodeConfig, webp.Decode, webpExif}, nil
	case len(sent) > 12 && string(sent[4:8]) == "ftyp":
		return format{}, ErrHEIC
	}
	return format{}, ErrType
}

// turn lets one photo at a time be read in a process, as each may take a few hundred megabytes.
var turn = make(chan struct{}, 1)

// Clean draws a photo anew as a JPEG. Errors: ErrType, ErrHEIC, ErrTooLarge, ErrTooManyPixels,
// ErrDamaged, and that of ctx.
func Clean(ctx context.Context, sent []byte) ([]byte, error) {
	if len(sent) > MaxBytes {
		return nil, ErrTooLarge
	}
	format, err := formatOf(sent)
	if err != nil {
		return nil, err
	}
	config, err := format.config(bytes.NewReader(sent))
	switch {
	case err != nil || config.Width < 1 || config.Height < 1:
		return nil, ErrDamaged
	case int64(config.Width)*int64(config.Height) > MaxPixels:
		return nil, ErrTooManyPixels
	}
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return draw(ctx, sent, format)
}

func draw(ctx context.Context, sent []byte, format format) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	decoded, err := format.decode(&patientReader{limited, bytes.NewReader(sent)})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	picture, ok := decoded.(image.RGBA64Image)
	if err != nil || !ok {
		return nil, ErrDamaged
	}
	var drawn bytes.Buffer
	if err := jpeg.Encode(&drawn, upright(shrink(picture), orientation(format.exif(sent))), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("write photo: %w", err)
	}
	return drawn.Bytes(), nil
}

// patientReader stops reading once nobody waits any more.
type patientReader struct {
	ctx    context.Context
	source io.Reader
}

func (r *patientReader) Read(into []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.source.Read(into)
}

// shrink draws a picture on white so that it fits into MaxEdge: each point is the mean of those it
// stands for. A smaller one keeps its size.
func shrink(picture image.RGBA64Image) *image.RGBA {
	from := picture.Bounds()
	width, height := from.Dx(), from.Dy()
	if longer := max(width, height); longer > MaxEdge {
		width, height = max(1, width*MaxEdge/longer), max(1, height*MaxEdge/longer)
	}
	drawn := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		top, bottom := from.Min.Y+y*from.Dy()/height, from.Min.Y+(y+1)*from.Dy()/height
		for x := range width {
			left, right := from.Min.X+x*from.Dx()/width, from.Min.X+(x+1)*from.Dx()/width
			drawn.SetRGBA(x, y, mean(picture, image.Rect(left, top, right, bottom)))
		}
	}
	return drawn
}

func mean(picture image.RGBA64Image, of image.Rectangle) color.RGBA {
	var red, green, blue, count uint64
	for y := of.Min.Y; y < of.Max.Y; y++ {
		for x := of.Min.X; x < of.Max.X; x++ {
			point := picture.RGBA64At(x, y)
			white := uint64(0xffff - point.A) // what shines through
			red, green, blue = red+uint64(point.R)+white, green+uint64(point.G)+white, blue+uint64(point.B)+white
			count++
		}
	}
	eight := func(sum uint64) uint8 { return uint8(sum / count >> 8) }
	return color.RGBA{eight(red), eight(green), eight(blue), 0xff}
}

// upright turns and mirrors a picture as its camera was held: 1 to 8 as in Exif 2.32 § 4.6.5.
func upright(picture *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return picture
	}
	size := picture.Bounds().Max
	right, bottom := size.X-1, size.Y-1
	turned := image.Rect(0, 0, size.X, size.Y)
	if orientation >= 5 {
		turned = image.Rect(0, 0, size.Y, size.X)
	}
	drawn := image.NewRGBA(turned)
	for y := range turned.Max.Y {
		for x := range turned.Max.X {
			from := [...]image.Point{
				2: {right - x, y}, 3: {right - x, bottom - y}, 4: {x, bottom - y},
				5: {y, x}, 6: {y, bottom - x}, 7: {right - y, bottom - x}, 8: {right - y, x},
			}[orientation]
			drawn.SetRGBA(x, y, picture.RGBAAt(from.X, from.Y))
		}
	}
	return drawn
}
