// Package upload reads forms with files. What was typed is kept whatever is wrong with a file, so that a page
// can be shown again with it.
//
// It holds no more of a file than may be, refuses nothing for what it contains and writes nothing to disk.
package upload

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"
)

// Why a form's files are not taken.
var (
	ErrTooLarge = errors.New("the file is too large")
	ErrTooMany  = errors.New("these are too many files")
)

const (
	maxTyped = 64 << 10 // bytes of all that is typed; the longest address form takes a few kilobytes
	overflow = 4        // times what is allowed is read, so that what was typed is not lost
	patience = 5 * time.Minute
)

// File is a file as it was posted. Its name is whatever the other side wrote.
type File struct {
	Name    string
	Content []byte
}

// Limits are how many files a form may have, and how many bytes each.
type Limits struct {
	Files int
	Size  int64
}

// Read reads a form and the files posted as the field named. The answers are then found by
// c.FormValue, also after ErrTooLarge or ErrTooMany. Nothing chosen is no file.
func Read(c echo.Context, field string, limits Limits) ([]File, error) {
	request := c.Request()
	// A phone may take its time. Where the deadline cannot be moved, the server's stays.
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(patience))
	request.Body = http.MaxBytesReader(c.Response(), request.Body, maxTyped+overflow*int64(limits.Files)*limits.Size)
	request.Form, request.PostForm = url.Values{}, url.Values{}
	parts, err := request.MultipartReader()
	if err != nil { // sent without files
		request.Form, request.PostForm = nil, nil
		return nil, ignoreOther(request.ParseForm())
	}
	form := form{field: field, limits: limits, typed: request.PostForm}
	err = form.read(parts)
	request.Form = request.PostForm
	return form.files, err
}

// ignoreOther keeps what a broken encoding hides for the use case to miss.
func ignoreOther(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return ErrTooLarge
	}
	return nil
}

type form struct {
	field   string
	limits  Limits
	typed   url.Values
	room    int64
	files   []File
	refused error
}

func (f *form) read(parts *multipart.Reader) error {
	f.room = maxTyped
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f.refused
		}
		if err == nil {
			err = f.take(part)
		}
		if err != nil {
			if err := ignoreOther(err); err != nil {
				return err
			}
			return f.refused // the rest never came: what is missing is said by its field
		}
	}
}

func (f *form) take(part *multipart.Part) error {
	switch {
	case part.FileName() == "":
		return f.takeTyped(part)
	case part.FormName() != f.field:
		return nil // nobody asked for it
	case len(f.files) >= f.limits.Files:
		f.refused = ErrTooMany
		return nil
	}
	content, err := io.ReadAll(io.LimitReader(part, f.limits.Size+1))
	if err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	if int64(len(content)) > f.limits.Size {
		f.refused = ErrTooLarge
		return nil
	}
	if len(content) > 0 {
		f.files = append(f.files, File{Name: part.FileName(), Content: content})
	}
	return nil
}

func (f *form) takeTyped(part *multipart.Part) error {
	value, err := io.ReadAll(io.LimitReader(part, f.room+1))
	if f.room -= int64(len(value)); f.room < 0 {
		return &http.MaxBytesError{Limit: maxTyped}
	}
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	f.typed.Add(part.FormName(), string(value))
	return nil
}
