package upload_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"tsukuriba/web/upload"
)

// posted is a form with what was typed before and after its files.
func posted(t *testing.T, field string, files ...string) (string, []byte) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must(t, form.WriteField("before", "はる"))
	for _, content := range files {
		part, err := form.CreateFormFile(field, "../../a.jpg")
		must(t, err)
		_, err = part.Write([]byte(content))
		must(t, err)
	}
	must(t, form.WriteField("after", "なつ"))
	must(t, form.Close())
	return form.FormDataContentType(), body.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(kind string, body []byte) (echo.Context, []upload.File, error) {
	request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	request.Header.Set("Content-Type", kind)
	c := echo.New().NewContext(request, httptest.NewRecorder())
	files, err := upload.Read(c, "photos", upload.Limits{Files: 2, Size: 10})
	return c, files, err
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		field string
		files []string
		want  string // contents, joined
		err   error
	}{
		"none":             {"photos", nil, "", nil},
		"as many as fit":   {"photos", []string{"0123456789", "b"}, "0123456789,b", nil},
		"an empty one":     {"photos", []string{"", "b"}, "b", nil},
		"too many":         {"photos", []string{"a", "b", "c"}, "a,b", upload.ErrTooMany},
		"a large one":      {"photos", []string{"0123456789x", "b"}, "b", upload.ErrTooLarge},
		"a very large one": {"photos", []string{strings.Repeat("x", 60_000)}, "", upload.ErrTooLarge},
		"of another field": {"virus", []string{"a"}, "", nil},
	} {
		kind, body := posted(t, test.field, test.files...)
		c, files, err := read(kind, body)
		var got []string
		for _, file := range files {
			got = append(got, string(file.Content))
		}
		if strings.Join(got, ",") != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if c.FormValue("before") != "はる" || c.FormValue("after") != "なつ" {
			t.Errorf("%s: what was typed is lost: %v", name, c.Request().Form)
		}
	}
}

// What never came is missing, and what was typed before is there.
func TestReadBroken(t *testing.T) {
	t.Parallel()
	kind, body := posted(t, "photos", "0123456789")
	half, _, _ := bytes.Cut(body, []byte("after"))
	c, _, err := read(kind, half)
	if err != nil || c.FormValue("before") != "はる" || c.FormValue("after") != "" {
		t.Errorf("cut off: %v, %v", err, c.Request().Form)
	}
	endless, _, _ := bytes.Cut(body, []byte("0123456789"))
	c, files, err := read(kind, append(endless, make([]byte, 1<<20)...))
	if !errors.Is(err, upload.ErrTooLarge) || len(files) != 0 || c.FormValue("before") != "はる" {
		t.Errorf("endless: %v, %v", err, c.Request().Form)
	}
	var long bytes.Buffer
	form := multipart.NewWriter(&long)
	must(t, form.WriteField("note", strings.Repeat("x", 70_000)))
	must(t, form.Close())
	if _, _, err := read(form.FormDataContentType(), long.Bytes()); !errors.Is(err, upload.ErrTooLarge) {
		t.Errorf("more typed than anybody types: %v", err)
	}
}

func TestReadWithoutFiles(t *testing.T) {
	t.Parallel()
	c, files, err := read("application/x-www-form-urlencoded", []byte("before=はる&note=a%0Ab"))
	if err != nil || len(files) != 0 || c.FormValue("before") != "はる" || c.FormValue("note") != "a\nb" {
		t.Errorf("%v, %v, %v", files, err, c.Request().Form)
	}
	if _, files, err := read("multipart/form-data", []byte("x")); err != nil || len(files) != 0 {
		t.Errorf("without a boundary: %v, %v", files, err)
	}
}
