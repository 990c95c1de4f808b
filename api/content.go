package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// How long browsers and caches may use what they have.
const (
	askAgain  = "public, no-cache" // keep it, and ask each time whether it still holds
	aMinute   = "public, max-age=60"
	unchanged = "public, max-age=31536000, immutable" // what an id names for ever
)

// content is an answer that carries an ETag and is not sent again to those who have it.
type content struct {
	body         []byte
	mediaType    string
	etag         string
	cacheControl string
	known        *string // If-None-Match
}

// jsonContent is v as JSON.
func jsonContent(v any, cacheControl string, known *string) (content, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return content{}, fmt.Errorf("write JSON: %w", err)
	}
	return fileContent(body, "application/json", cacheControl, known), nil
}

func fileContent(body []byte, mediaType, cacheControl string, known *string) content {
	return content{body: body, mediaType: mediaType, etag: etagOf(body), cacheControl: cacheControl, known: known}
}

// etagOf names content by 132 bits of its SHA-256.
func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:])[:22] + `"`
}

func (c content) visit(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("ETag", c.etag)
	header.Set("Cache-Control", c.cacheControl)
	if c.known != nil && holds(*c.known, c.etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	header.Set("Content-Type", c.mediaType)
	header.Set("Content-Length", strconv.Itoa(len(c.body)))
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(c.body)
	return err
}

// holds compares as If-None-Match does (RFC 9110, 13.1.2): weakly, against a list or *.
func holds(known, etag string) bool {
	for candidate := range strings.SplitSeq(known, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == etag {
			return true
		}
	}
	return false
}

func (c content) VisitListProductsResponse(w http.ResponseWriter) error      { return c.visit(w) }
func (c content) VisitGetProductResponse(w http.ResponseWriter) error        { return c.visit(w) }
func (c content) VisitGetProductPictureResponse(w http.ResponseWriter) error { return c.visit(w) }

func (c content) VisitGetSmallProductPictureResponse(w http.ResponseWriter) error { return c.visit(w) }

func (c content) VisitListCollectionsResponse(w http.ResponseWriter) error { return c.visit(w) }

func (c content) VisitGetDesignResponse(w http.ResponseWriter) error { return c.visit(w) }

func (c content) VisitGetDesignModelResponse(w http.ResponseWriter) error { return c.visit(w) }

func (c content) VisitGetDesignProofResponse(w http.ResponseWriter) error { return c.visit(w) }
