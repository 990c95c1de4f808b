package photo_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"tsukuriba/internal/photo"
)

// quarters is a picture whose upper left corner is red and whose upper right one is blue, on white.
func quarters(width, height int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			ink := color.RGBA{255, 255, 255, 255}
			switch {
			case y < height/2 && x < width/2:
				ink = color.RGBA{255, 0, 0, 255}
			case y < height/2:
				ink = color.RGBA{0, 0, 255, 255}
			}
			picture.SetRGBA(x, y, ink)
		}
	}
	return picture
}

func asJPEG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func asPNG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// held is an Exif block that says how a camera was held, and where.
func held(order binary.AppendByteOrder, name string, orientation uint16) []byte {
	block := order.AppendUint16([]byte(name), 42)
	block = order.AppendUint32(block, 8)
	block = order.AppendUint16(block, 2)
	for _, entry := range [][2]uint16{{0x0100, 1}, {0x0112, orientation}} {
		block = order.AppendUint16(block, entry[0])
		block = order.AppendUint16(block, 3)
		block = order.AppendUint32(block, 1)
		block = order.AppendUint16(block, entry[1])
		block = order.AppendUint16(block, 0)
	}
	return append(block, "GPS 35.1234N 139.5678E"...)
}

func inJPEG(file, exif []byte) []byte {
	segment := append([]byte("Exif\x00\x00"), exif...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(segment)+2))
	return slices.Concat(file[:2], head, segment, file[2:])
}

func inPNG(file, exif []byte) []byte {
	const header = 8 + 25 // signature and IHDR
	chunk := append([]byte("eXIf"), exif...)
	framed := binary.BigEndian.AppendUint32(nil, uint32(len(exif)))
	framed = binary.BigEndian.AppendUint32(append(framed, chunk...), crc32.ChecksumIEEE(chunk))
	return slices.Concat(file[:header], framed, file[header:])
}

// huge is a PNG of few bytes that says it has very many points.
func huge(t *testing.T) []byte {
	t.Helper()
	file := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(file[16:], 30_001)
	binary.BigEndian.PutUint32(file[20:], 1000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func clean(t *testing.T, sent []byte) (image.Image, []byte) {
	t.Helper()
	kept, err := photo.Clean(t.Context(), sent)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := jpeg.Decode(bytes.NewReader(kept))
	if err != nil {
		t.Fatal(err)
	}
	return picture, kept
}

// corner names the color near a corner of a picture.
func corner(picture image.Image, right, bottom bool) string {
	at := picture.Bounds().Max.Div(4)
	if right {
		at.X *= 3
	}
	if bottom {
		at.Y *= 3
	}
	red, green, blue, _ := picture.At(at.X, at.Y).RGBA()
	switch {
	case red > 0xc000 && green < 0x4000 && blue < 0x4000:
		return "red"
	case blue > 0xc000 && green < 0x4000 && red < 0x4000:
		return "blue"
	case red > 0xc000 && green > 0xc000 && blue > 0xc000:
		return "white"
	}
	return "strange"
}

// A picture that is stored turned is kept upright, in every way a camera can be held, and says no more where it was taken.
func TestUpright(t *testing.T) {
	t.Parallel()
	// where the red corner of the stored picture goes, and the blue one: upper left, upper right, lower left, lower right
	type seen struct{ upperLeft, upperRight, lowerLeft, lowerRight string }
	want := map[uint16]seen{
		0: {"red", "blue", "white", "white"}, 1: {"red", "blue", "white", "white"}, 2: {"blue", "red", "white", "white"},
		3: {"white", "white", "blue", "red"}, 4: {"white", "white", "red", "blue"}, 5: {"red", "white", "blue", "white"},
		6: {"white", "red", "white", "blue"}, 7: {"white", "blue", "white", "red"}, 8: {"blue", "white", "red", "white"},
		9: {"red", "blue", "white", "white"},
	}
	stored := quarters(96, 64)
	for orientation, want := range want {
		for name, sent := range map[string][]byte{
			"JPEG, big end first":    inJPEG(asJPEG(t, stored), held(binary.BigEndian, "MM", orientation)),
			"JPEG, little end first": inJPEG(asJPEG(t, stored), held(binary.LittleEndian, "II", orientation)),
			"PNG":                    inPNG(asPNG(t, stored), held(binary.LittleEndian, "II", orientation)),
		} {
			picture, kept := clean(t, sent)
			got := seen{corner(picture, false, false), corner(picture, true, false), corner(picture, false, true), corner(picture, true, true)}
			if got != want {
				t.Errorf("%s, orientation %d: %+v, want %+v", name, orientation, got, want)
			}
			if bytes.Contains(kept, []byte("Exif")) || bytes.Contains(kept, []byte("139.5678")) {
				t.Errorf("%s: still says where it was taken", name)
			}
			if size := picture.Bounds().Size(); size.X*size.Y != 96*64 || (orientation >= 5 && orientation <= 8) != (size.X < size.Y) {
				t.Errorf("%s, orientation %d: has the size %v", name, orientation, size)
			}
		}
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for sent, want := range map[image.Point]image.Point{
		{40, 30}:     {40, 30},
		{1600, 1600}: {1600, 1600},
		{3200, 1000}: {1600, 500},
		{1000, 3201}: {499, 1600},
		{5000, 1}:    {1600, 1},
	} {
		picture, _ := clean(t, asPNG(t, image.NewGray(image.Rectangle{Max: sent})))
		if got := picture.Bounds().Size(); got != want {
			t.Errorf("%v became %v, want %v", sent, got, want)
		}
	}
}

func TestColors(t *testing.T) {
	t.Parallel()
	if picture, _ := clean(t, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 40, 40)))); corner(picture, false, false) != "white" {
		t.Error("what one can see through is not white")
	}
	if picture, _ := clean(t, asJPEG(t, quarters(2400, 1800))); corner(picture, false, false) != "red" || corner(picture, true, false) != "blue" {
		t.Error("a large picture lost its colors")
	}
}

// Pictures of one point each, lossy and lossless, as libwebp writes them.
const (
	lossyWebP    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	losslessWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func TestWebP(t *testing.T) {
	t.Parallel()
	for _, text := range []string{lossyWebP, losslessWebP} {
		sent, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if picture, _ := clean(t, sent); picture.Bounds().Size() != image.Pt(1, 1) {
			t.Errorf("%s became %v", text, picture.Bounds())
		}
	}
}

func TestUprightWebP(t *testing.T) {
	t.Parallel()
	wide, err := base64.StdEncoding.DecodeString(losslessWebP)
	if err != nil {
		t.Fatal(err)
	}
	wide[21], wide[22] = 2, 1<<6 // 3 × 2 points of the same color
	for _, mark := range []string{"", "Exif\x00\x00"} {
		exif := append([]byte(mark), held(binary.LittleEndian, "II", 6)...)
		chunk := append(binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(exif))), exif...)
		if picture, _ := clean(t, slices.Concat(wide, chunk)); picture.Bounds().Size() != image.Pt(2, 3) {
			t.Errorf("%q: became %v", mark, picture.Bounds())
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, quarters(400, 300))
	for name, c := range map[string]struct {
		sent []byte
		want error
	}{
		"nothing":                {nil, photo.ErrType},
		"a page":                 {[]byte("<html><script>alert(1)</script>"), photo.ErrType},
		"a drawing":              {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), photo.ErrType},
		"a GIF":                  {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), photo.ErrType},
		"a PDF":                  {[]byte("%PDF-1.7"), photo.ErrType},
		"as an iPhone keeps it":  {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), photo.ErrHEIC},
		"AVIF":                   {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), photo.ErrHEIC},
		"cut off":                {whole[:len(whole)/2], photo.ErrDamaged},
		"only the beginning":     {whole[:4], photo.ErrDamaged},
		"a WebP that is none":    {[]byte("RIFF\x10\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"), photo.ErrDamaged},
		"many points, few bytes": {huge(t), photo.ErrTooManyPixels},
		"too many bytes":         {append(whole, make([]byte, photo.MaxBytes)...), photo.ErrTooLarge},
	} {
		if kept, err := photo.Clean(t.Context(), c.sent); !errors.Is(err, c.want) || kept != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestNobodyWaitsAnyMore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := photo.Clean(ctx, asJPEG(t, quarters(64, 64))); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestWhatIsKeptIsTakenAgain(t *testing.T) {
	t.Parallel()
	_, kept := clean(t, asPNG(t, quarters(100, 80)))
	if _, again := clean(t, kept); !strings.HasPrefix(string(again), "\xff\xd8\xff") {
		t.Error("what was kept is no photo")
	}
}

func FuzzClean(f *testing.F) {
	for _, text := range []string{lossyWebP, losslessWebP} {
		sent, _ := base64.StdEncoding.DecodeString(text)
		f.Add(sent)
	}
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\xff\xff"))
	f.Add([]byte("\x89PNG\r\n\x1a\n\xff\xff\xff\xffeXIf"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		kept, err := photo.Clean(t.Context(), sent)
		if err != nil {
			return
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(kept))
		if err != nil || config.Width > photo.MaxEdge || config.Height > photo.MaxEdge {
			t.Errorf("kept %+v, %v", config, err)
		}
	})
}
