// Package catalog is what the workshop sells: products and their variants with stock, seasonal
// collections, search, what a customer may choose about a piece, and the design that comes of it.
//
// A design is immutable and keeps the text byte for byte as it was typed; whoever prints it gets
// the very geometry that was agreed to, or ErrDesignChanged. The package takes no orders, knows
// no customers and never folds or normalizes a text but in the shadow copy that search reads.
package catalog

import (
	"cmp"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/jst"
)

// Config is what a Service needs; all of it but the width.
type Config struct {
	DB    *sqlx.DB
	Book  *tag.Book
	Blobs *blob.Store
	Now   func() time.Time

	PictureWidth int // in pixels, of what Picture and ProofPNG render; 1200 if it is 0
}

// Service is the catalog. It is safe for concurrent use.
type Service struct {
	db    *sqlx.DB
	book  *tag.Book
	blobs *blob.Store
	now   func() time.Time

	pictureWidth int

	memory *memory
	models *models
}

// New returns the catalog in a migrated database. It connects to nothing by itself; run Listen
// beside it to have pages and schemas kept in memory.
func New(config Config) *Service {
	return &Service{
		db:    config.DB,
		book:  config.Book,
		blobs: config.Blobs,
		now:   config.Now,

		pictureWidth: cmp.Or(config.PictureWidth, 1200),

		memory: newMemory(),
		models: newModels(config.Book),
	}
}

// Fonts lists the fonts that a schema may offer.
func (s *Service) Fonts() []tag.FontInfo { return s.book.Fonts() }

// today is the workshop's date as PostgreSQL reads it.
func (s *Service) today() string { return jst.Date(s.now()) }
