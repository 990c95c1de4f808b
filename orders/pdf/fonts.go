package pdf

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/signintech/gopdf"
)

// ErrFontsMissing is returned by a binary that was built without the fonts.
var ErrFontsMissing = errors.New("the fonts of documents are missing: run scripts/fonts.sh and build again")

//go:embed fonts
var fontFiles embed.FS

// The weights that documents are set in. A name begins with six capitals, as the format wants of
// fonts that are embedded in part (ISO 32000-1, 9.6.4).
const (
	regular = "TSKREG+NotoSansJP-Regular"
	bold    = "TSKBLD+NotoSansJP-Bold"
)

// geta stands for a character that the font has not: 〓, which says to a Japanese reader that a
// letter is missing, and not which.
const geta = '〓'

// shelf parses the fonts when the first document is set and keeps them for all others: 14 MB and
// 10 ms, once a process.
var shelf = sync.OnceValues(func() (*gopdf.FontContainer, error) {
	shelf := &gopdf.FontContainer{}
	for name, file := range map[string]string{regular: "fonts/NotoSansJP_400Regular.ttf", bold: "fonts/NotoSansJP_700Bold.ttf"} {
		content, err := fontFiles.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, ErrFontsMissing
		}
		if err != nil {
			return nil, fmt.Errorf("read font %s: %w", file, err)
		}
		option := gopdf.TtfOption{OnGlyphNotFoundSubstitute: func(rune) rune { return geta }}
		if err := shelf.AddTTFFontDataWithOption(name, content, option); err != nil {
			return nil, fmt.Errorf("parse font %s: %w", file, err)
		}
	}
	return shelf, nil
})
