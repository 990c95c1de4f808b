package storefront

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// document is a page that no secret stands in, as it is sent.
type document struct {
	body   []byte
	zipped []byte // empty until it is needed
	tag    string // tells a browser whether it has this very page
}

func newDocument(body []byte) document {
	sum := sha256.Sum256(body)
	return document{body: body, tag: `W/"` + hex.EncodeToString(sum[:12]) + `"`}
}

func (d *document) zip(level int) error {
	var zipped bytes.Buffer
	writer, err := gzip.NewWriterLevel(&zipped, level)
	if err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	if _, err := writer.Write(d.body); err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	if err := writer.Close(); err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	d.zipped = zipped.Bytes()
	return nil
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
	if !strings.Contains(asked.Get(echo.HeaderAcceptEncoding), "gzip") {
		return c.HTMLBlob(status, d.body)
	}
	if d.zipped == nil {
		if err := d.zip(gzip.BestSpeed); err != nil {
			return err
		}
	}
	header.Set(echo.HeaderContentEncoding, "gzip")
	return c.HTMLBlob(status, d.zipped)
}
