package storefront

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/labstack/echo/v4"
)

// document is a page that no secret stands in, as it is sent.
type document struct {
	body   []byte
	zipped func() ([]byte, error) // compresses at the first call
	tag    string                 // tells a browser whether it has this very page; nobody gains by forging it, so a fast sum will do
}

func newDocument(body []byte) *document {
	d := &document{body: body, tag: `W/"` + strconv.FormatUint(xxhash.Sum64(body), 36) + `"`}
	d.pack(fast)
	return d
}

// pack says how the document is compressed when a browser first asks for that.
func (d *document) pack(in *packers) {
	d.zipped = sync.OnceValues(func() ([]byte, error) { return in.zip(d.body) })
}

// packers are writers of one level of compression. Each takes most of a megabyte, so they are used again.
type packers struct{ idle sync.Pool }

var (
	fast     = newPackers(gzip.BestSpeed)          // for a page that is sent once
	thorough = newPackers(gzip.DefaultCompression) // for one that is kept
)

func newPackers(level int) *packers {
	return &packers{sync.Pool{New: func() any {
		writer, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			panic(err) // the levels stand above
		}
		return writer
	}}}
}

func (p *packers) zip(body []byte) ([]byte, error) {
	writer := p.idle.Get().(*gzip.Writer)
	defer p.idle.Put(writer)
	var zipped bytes.Buffer
	writer.Reset(&zipped)
	if _, err := writer.Write(body); err != nil {
		return nil, fmt.Errorf("compress page: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("compress page: %w", err)
	}
	return zipped.Bytes(), nil
}

// send answers with the document, compressed for a browser that accepts it, or says that the
// browser has it already.
func (d *document) send(c echo.Context, status int) error {
	asked, header := c.Request().Header, c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-cache")
	header.Add(echo.HeaderVary, "Accept-Encoding, Cookie")
	header.Set("ETag", d.tag)
	if status == http.StatusOK && asked.Get("If-None-Match") == d.tag {
		return c.NoContent(http.StatusNotModified)
	}
	body := d.body
	if strings.Contains(asked.Get(echo.HeaderAcceptEncoding), "gzip") {
		zipped, err := d.zipped()
		if err != nil {
			return err
		}
		header.Set(echo.HeaderContentEncoding, "gzip")
		body = zipped
	}
	header.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.HTMLBlob(status, body)
}
