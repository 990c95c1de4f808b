package problem

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// inside lists errors that no request can cause: they tell the operator or an author something.
var inside = map[string]string{
	"catalog.ErrInvalidSchema":      "told as the SchemaError that carries it, or by the seed",
	"catalog.ErrNotReserved":        "a broken invariant of stock",
	"tag.ErrFontsMissing":           "the binary was built without fonts",
	"tag.ErrNotClosed":              "a mesh that must not be printed; a bug",
	"tag.ErrPictureSize":            "sizes of pictures are ours",
	"tag.ErrTooFewSlices":           "of the calibration",
	"fulfilment.ErrRoutingNotFound": "routings are ours",
}

func TestEveryExportedErrorHasARow(t *testing.T) {
	t.Parallel()
	rows := selectorsOf(t, "table.go")
	for name, dir := range map[string]string{
		"catalog": "../../catalog", "tag": "../../catalog/tag", "orders": "../../orders", "fulfilment": "../../fulfilment", "": ".",
	} {
		for _, exported := range exportedErrors(t, dir) {
			key := strings.TrimPrefix(name+"."+exported, ".")
			_, exempt := inside[key]
			if rows[key] == exempt {
				t.Errorf("%s: has a row %t, is inside %t", key, rows[key], exempt)
			}
		}
	}
}

// selectorsOf returns the names used in a file, as in tag.ErrBlank or ErrForbidden.
func selectorsOf(t *testing.T, file string) map[string]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			used[fmt.Sprint(n.X)+"."+n.Sel.Name] = true
		case *ast.Ident:
			used[n.Name] = true
		}
		return true
	})
	return used
}

// exportedErrors returns the package-level variables Err… of a folder.
func exportedErrors(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Go files in %s: %v", dir, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for _, name := range spec.Names {
					if strings.HasPrefix(name.Name, "Err") {
						names = append(names, name.Name)
					}
				}
			}
			_, isFunc := n.(*ast.FuncDecl)
			return !isFunc
		})
	}
	return names
}

func TestEveryLengthHasAName(t *testing.T) {
	t.Parallel()
	for field := range reflect.TypeFor[tag.Spec]().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type != reflect.TypeFor[tag.Micron]() {
			continue
		}
		outside := From(&tag.RangeError{Field: key, Max: tag.Millimeter}, Japanese)
		if name := lengthNames[key]; name == "" || !strings.HasPrefix(outside.Detail, name) {
			t.Errorf("%s is told as %q", key, outside.Detail)
		}
	}
}

func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	used := map[string]bool{"internal": true}
	for _, row := range table {
		used[row.code] = true
	}
	for _, code := range []string{"blank_text", "too_long", "invisible_characters", "characters_not_taken", "unknown_font", "text_denied", "text_of_others"} { // of explainChoice
		used[code] = true
	}
	for code := range used {
		if words := sentences[code]; words.ja == "" || words.en == "" {
			t.Errorf("%s has no sentence: %+v", code, words)
		}
	}
	for code := range sentences {
		if !used[code] {
			t.Errorf("the sentence of %s is never said", code)
		}
	}
}

// TestWordsOfTheTablet: nothing a member may read hurries or judges (rule 12 of the design).
func TestWordsOfTheTablet(t *testing.T) {
	t.Parallel()
	for code, words := range sentences {
		for _, never := range []string{"納期", "遅れ", "ノルマ", "失敗", "エラー", "不良", "評価", "レベル", "ランク", "未達", "がんばれ"} {
			if strings.Contains(words.ja, never) {
				t.Errorf("%s says %s", code, never)
			}
		}
	}
}

// A sentence for people calls a font by the name that the studio shows them.
func TestFontsHaveNames(t *testing.T) {
	t.Parallel()
	book, err := tag.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, font := range book.Fonts() {
		japanese, english := fontName(font.ID, Japanese), fontName(font.ID, English)
		if japanese != font.Name || english == "" || english == japanese {
			t.Errorf("%s is called %q and %q, want %q and English", font.ID, japanese, english, font.Name)
		}
	}
}

func TestFrom(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		err    error
		status int
		code   string
		detail string
		fields []Field
	}{
		{"an unknown error tells nothing", errors.New("password is hunter2"), 500, "internal", "", nil},
		{"a wrapped sentinel", fmt.Errorf("offer: %w", fulfilment.ErrStageTooLow), 409, "stage_too_low", "", nil},
		{
			"each missing glyph", &tag.MissingGlyphsError{Graphemes: []string{"🐱", "☃"}, Elsewhere: []tag.FontID{tag.MPlusRoundedBold, tag.NotoSansJPBold}}, 422, "missing_glyphs",
			"この書体にない文字: 🐱 ☃。次の書体なら作れます: まるゴシック（太）, 角ゴシック（太）",
			[]Field{{"/text", "missing_glyph", "🐱"}, {"/text", "missing_glyph", "☃"}},
		},
		{
			"a line that is too long", &catalog.ChoiceError{Field: "text", Reason: catalog.TooLong, Limit: 10}, 422, "too_long", "10文字まで入れられます。",
			[]Field{{"/text", "too_long", "長すぎます。"}},
		},
		{
			"an invisible character", &catalog.ChoiceError{Field: "text", Reason: catalog.Invisible, Names: []string{"U+200B"}}, 422, "invisible_characters",
			"次の文字を取り除いてください: U+200B",
			[]Field{{"/text", "invisible", "U+200B"}},
		},
		{
			"a font that is not offered", &catalog.ChoiceError{Field: "font", Reason: catalog.NotOffered}, 422, "unknown_font", "",
			[]Field{{"/font", "not_offered", "選べない値です。"}},
		},
		{
			"a form in order", &orders.FormError{Fields: map[string]string{"shipping": "unknown", "name": "required"}}, 422, "invalid_fields", "",
			[]Field{{"/name", "required", "入力してください。"}, {"/shipping_method", "unknown", "一覧から選んでください。"}},
		},
		{"stock", fmt.Errorf("confirm: %w", &catalog.OutOfStockError{Left: 2}), 409, "out_of_stock", "残りは 2 個です。", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := From(test.err, Japanese)
			if got.Status != test.status || got.Code != test.code || got.Detail != test.detail || got.Title == "" {
				t.Errorf("got %+v", got)
			}
			if fmt.Sprint(got.Errors) != fmt.Sprint(test.fields) {
				t.Errorf("fields %q, want %q", got.Errors, test.fields)
			}
		})
	}
}

func TestLanguageOf(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Language{"": Japanese, "en-US,ja;q=0.5": English, "ja,en": Japanese, "ja-x-easy": EasyJapanese, "fr, en;q=0.3": English, ";;,": Japanese} {
		r := &http.Request{Header: http.Header{"Accept-Language": {header}}}
		if got := LanguageOf(r); got != want {
			t.Errorf("%q: %s", header, got)
		}
	}
}
