package orders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
)

// Tariff is one way to ship at the price and limits of a day. Sizes are in mm. From marks a price
// that depends on the prefecture while that is not known: it is the lowest there is.
type Tariff struct {
	Key          string     `db:"key"`
	Name         string     `db:"name"`
	NameEn       string     `db:"name_en"`
	Price        yen.Amount `db:"price_yen"`
	From         bool       `db:"from_price"`
	MaxWeight    int        `db:"max_weight_g"`
	MaxWidth     int        `db:"max_width_mm"`
	MaxDepth     int        `db:"max_depth_mm"`
	MaxHeight    int        `db:"max_height_mm"`
	ExtraDays    int        `db:"extra_days"`
	NeedsAddress bool       `db:"needs_address"`
}

// ShippingOption is a tariff that takes the whole parcel. Cheapest marks the one with the lowest
// price that is sent without delay to an address.
type ShippingOption struct {
	Tariff
	Window   Window
	Cheapest bool
}

// downloadTariff stands for shipping where nothing is sent.
var downloadTariff = Tariff{Key: DownloadKey, Name: "ダウンロード", NameEn: "Download"}

// Piece is what goes into a parcel: its size in mm, its weight in g and how many of it.
type Piece struct {
	Width, Depth, Height int
	Weight               int
	Quantity             int
}

// What a parcel needs besides its goods.
const (
	padding       = 5  // mm around each piece, and below and above all of them
	packingWeight = 25 // g of envelope, bag and card
	usableFloor   = 80 // percent of the floor that pieces of mixed sizes really cover
)

// fits says whether the pieces go into one parcel of the tariff. Pieces lie flat, in layers as
// thick as their thickest piece: a careful guess, as a parcel that does not close costs more
// than a tariff one step up.
func (t Tariff) fits(pieces []Piece) bool {
	var area, weight, thickest int
	for _, piece := range pieces {
		if !t.takesOne(piece) {
			return false
		}
		area += (piece.Width + padding) * (piece.Depth + padding) * piece.Quantity
		weight += piece.Weight * piece.Quantity
		thickest = max(thickest, piece.Height)
	}
	floor := t.MaxWidth * t.MaxDepth * usableFloor / 100
	layers := (area + floor - 1) / floor
	return weight+packingWeight <= t.MaxWeight && layers*thickest+2*padding <= t.MaxHeight
}

func (t Tariff) takesOne(piece Piece) bool {
	long, short := max(piece.Width, piece.Depth)+padding, min(piece.Width, piece.Depth)+padding
	return long <= max(t.MaxWidth, t.MaxDepth) && short <= min(t.MaxWidth, t.MaxDepth)
}

// shippingOptions keeps the tariffs that take the parcel, in their own order, and marks the
// cheapest.
func shippingOptions(tariffs []Tariff, pieces []Piece) []ShippingOption {
	var options []ShippingOption
	cheapest := -1
	for _, tariff := range tariffs {
		if !tariff.fits(pieces) {
			continue
		}
		options = append(options, ShippingOption{Tariff: tariff})
		if prompt := tariff.NeedsAddress && tariff.ExtraDays == 0; prompt && (cheapest < 0 || tariff.Price < options[cheapest].Price) {
			cheapest = len(options) - 1
		}
	}
	if cheapest >= 0 {
		options[cheapest].Cheapest = true
	}
	return options
}

// tariffs are those of tariffsOn, from memory: what is in force on a day is never changed.
func (s *Service) tariffs(ctx context.Context, day time.Time, prefecture string) ([]Tariff, error) {
	if !slices.Contains(Prefectures, prefecture) {
		prefecture = ""
	}
	return catalog.Recall(s.catalog, "tariffs\x00"+day.Format(time.DateOnly)+prefecture, func() ([]Tariff, int, error) {
		tariffs, err := tariffsOn(ctx, s.db, day, prefecture)
		return tariffs, 256 * len(tariffs), err
	})
}

// tariffsOn reads the tariffs in force on a day, in the order of display, at their prices to a
// prefecture; "" for one that is not known yet.
func tariffsOn(ctx context.Context, db sqlx.QueryerContext, day time.Time, prefecture string) ([]Tariff, error) {
	var tariffs []Tariff
	err := sqlx.SelectContext(ctx, db, &tariffs, `
		SELECT tariff.key, tariff.name, tariff.name_en, tariff.max_weight_g, tariff.max_width_mm, tariff.max_depth_mm,
		       tariff.max_height_mm, tariff.extra_days, tariff.needs_address,
		       coalesce(tariff.price_yen, min(price.price_yen) FILTER (WHERE zone.zone = price.zone), min(price.price_yen)) AS price_yen,
		       tariff.price_yen IS NULL AND min(zone.zone) IS NULL AS from_price
		FROM shipping_tariffs AS tariff
		LEFT JOIN shipping_zone_prices AS price ON price.key = tariff.key AND price.valid_from = tariff.valid_from
		LEFT JOIN shipping_zones AS zone ON zone.prefecture = $2
		WHERE tariff.valid_from = (
			SELECT max(valid_from)
			FROM shipping_tariffs AS dated
			WHERE dated.key = tariff.key AND dated.valid_from <= $1
		)
		GROUP BY tariff.key, tariff.valid_from
		ORDER BY tariff.position`, day.Format(time.DateOnly), prefecture)
	if err != nil {
		return nil, fmt.Errorf("read shipping tariffs: %w", err)
	}
	return tariffs, nil
}
