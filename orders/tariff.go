package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// The keys under which stands what the workshop alone decides among the prices of shipping: what
// wrapping costs, and the most that may be written off for a bank's fee.
const (
	WrappingKey = "wrapping"
	WriteOffKey = "write-off"
)

// maxTariff is more than anything costs that is sent or wrapped here.
const maxTariff = 20_000

// maxWriteOff is the most that may be let go of without a return invoice.
const maxWriteOff = 9_999

// Errors about dated prices.
var (
	ErrTariffNotFound = errors.New("there is no such price")
	ErrTariffInForce  = errors.New("a price that is or was in force is never changed")
)

// PriceList is what one way to ship, or wrapping, has cost, costs and will cost, or how much could, can
// and will be written off for a bank's fee.
type PriceList struct {
	Key    string
	Name   string
	ByZone bool // the prefecture decides
	Prices []DatedPrice
}

// Bounds are the least and the most that a new price may be.
func (l PriceList) Bounds() (least, most yen.Amount) {
	if l.Key == WriteOffKey {
		return 1, maxWriteOff
	}
	return 0, maxTariff
}

// DatedPrice is what something costs from a day on, until the next price begins.
type DatedPrice struct {
	Key       string      `db:"key"`
	Name      string      `db:"name"`
	ValidFrom time.Time   `db:"valid_from"` // midnight in UTC of that date
	Price     *yen.Amount `db:"price_yen"`  // nil where the zone decides
	Zones     []ZonePrice // the nearest first
	Confirmed *time.Time  `db:"confirmed_at"` // when a manager compared it with the carrier's list
	When      PriceSeason // as of today
}

// ZonePrice is what something costs to a zone.
type ZonePrice struct {
	Zone  string
	Price yen.Amount
}

// PriceSeason says whether a price is over, in force or still to come.
type PriceSeason string

// The seasons of a price.
const (
	PricePast    PriceSeason = "past"
	PriceInForce PriceSeason = "in_force"
	PriceToCome  PriceSeason = "to_come"
)

// PriceLists lists the prices of shipping and wrapping, and the limit of writing off, in the order of display, the newest first.
func (s *Service) PriceLists(ctx context.Context) ([]PriceList, error) {
	var prices []DatedPrice
	err := s.db.SelectContext(ctx, &prices, `
		SELECT key, name, valid_from, price_yen, confirmed_at
		FROM (
		    SELECT key, name, valid_from, price_yen, confirmed_at, min(position) OVER (PARTITION BY key) AS position
		    FROM shipping_tariffs
		    UNION ALL
		    SELECT key, CASE key WHEN $1 THEN 'ギフト包装' ELSE '振込手数料の値引きの上限' END, valid_from, price_yen, confirmed_at, 1000
		    FROM own_prices) AS price
		ORDER BY position, key, valid_from DESC`, WrappingKey)
	if err != nil {
		return nil, fmt.Errorf("read price lists: %w", err)
	}
	zones, err := s.zonePrices(ctx)
	if err != nil {
		return nil, err
	}
	var lists []PriceList
	today := jst.Date(s.now())
	for _, price := range prices {
		if len(lists) == 0 || lists[len(lists)-1].Key != price.Key {
			lists = append(lists, PriceList{Key: price.Key, Name: price.Name, ByZone: price.Price == nil})
		}
		price.Zones = zones[price.ref()]
		list := &lists[len(lists)-1]
		price.When = season(price.ValidFrom, today, list.Prices)
		list.Prices = append(list.Prices, price)
	}
	return lists, nil
}

// season is when a price counts, given those that begin later.
func season(from time.Time, today string, later []DatedPrice) PriceSeason {
	switch {
	case from.Format(time.DateOnly) > today:
		return PriceToCome
	case len(later) == 0 || later[len(later)-1].When == PriceToCome:
		return PriceInForce
	default:
		return PricePast
	}
}

func (p DatedPrice) ref() PriceRef { return PriceRef{p.Key, p.ValidFrom.Format(time.DateOnly)} }

func (s *Service) zonePrices(ctx context.Context) (map[PriceRef][]ZonePrice, error) {
	var rows []struct {
		Key       string     `db:"key"`
		ValidFrom time.Time  `db:"valid_from"`
		Zone      string     `db:"zone"`
		Price     yen.Amount `db:"price_yen"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT key, valid_from, zone, price_yen
		FROM shipping_zone_prices
		ORDER BY key, valid_from, price_yen, zone`)
	if err != nil {
		return nil, fmt.Errorf("read zone prices: %w", err)
	}
	zones := map[PriceRef][]ZonePrice{}
	for _, row := range rows {
		ref := PriceRef{row.Key, row.ValidFrom.Format(time.DateOnly)}
		zones[ref] = append(zones[ref], ZonePrice{row.Zone, row.Price})
	}
	return zones, nil
}

// ShippingZone is how far prefectures are from the workshop, as the post counts it.
type ShippingZone struct {
	Key         string
	Prefectures []string
}

// ShippingZones lists the zones with their prefectures, both in the order of JIS X 0401.
func (s *Service) ShippingZones(ctx context.Context) ([]ShippingZone, error) {
	var rows []struct {
		Zone       string `db:"zone"`
		Prefecture string `db:"prefecture"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT zone, prefecture
		FROM shipping_zones
		ORDER BY array_position($1, prefecture)`, pq.Array(Prefectures))
	if err != nil {
		return nil, fmt.Errorf("read shipping zones: %w", err)
	}
	var zones []ShippingZone
	for _, row := range rows {
		i := slices.IndexFunc(zones, func(zone ShippingZone) bool { return zone.Key == row.Zone })
		if i < 0 {
			i, zones = len(zones), append(zones, ShippingZone{Key: row.Zone})
		}
		zones[i].Prefectures = append(zones[i].Prefectures, row.Prefecture)
	}
	return zones, nil
}

// PriceRef names one dated price: what it is for, and the date from which it counts.
type PriceRef struct {
	Key  string
	From string // 2026-11-23
}

// NewPrice is what something is to cost from a future day on.
type NewPrice struct {
	Key   string
	From  time.Time
	Price *yen.Amount           // nil where the zone decides
	Zones map[string]yen.Amount // all zones, where they decide
}

// check notes what cannot be taken: "valid_from" ("invalid" unless after today), "price_yen" and
// "zones/…" ("required", "invalid"). List has the price it takes the place of.
func (n NewPrice) check(list PriceList, today string) error {
	old, fields := list.Prices[0], map[string]string{}
	if n.From.In(jst.Zone).Format(time.DateOnly) <= today {
		fields["valid_from"] = "invalid"
	}
	if old.Price != nil {
		list.checkPrice(fields, "price_yen", n.Price)
	}
	for _, zone := range old.Zones {
		price, given := n.Zones[zone.Zone]
		if !given {
			fields["zones/"+zone.Zone] = "required"
			continue
		}
		list.checkPrice(fields, "zones/"+zone.Zone, &price)
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

func (l PriceList) checkPrice(fields map[string]string, name string, price *yen.Amount) {
	least, most := l.Bounds()
	switch {
	case price == nil:
		fields[name] = "required"
	case *price < least || *price > most:
		fields[name] = "invalid"
	}
}

// AddPrice lets something cost more or less from a day after today on. Sizes, weights and days stay
// as they were. What was promised before keeps its price. Errors: ErrTariffNotFound, *FormError
// ("valid_from" may also be "taken", others as NewPrice has them).
func (s *Service) AddPrice(ctx context.Context, by audit.Actor, wanted NewPrice) error {
	list, err := s.priceList(ctx, wanted.Key)
	if err != nil {
		return err
	}
	if err := wanted.check(list, jst.Date(s.now())); err != nil {
		return err
	}
	ref := PriceRef{wanted.Key, jst.Date(wanted.From)}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := s.insertPrice(ctx, tx, ref, wanted); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "price.added", Subject: ref.subject(), Detail: map[string]any{"price": wanted.Price, "zones": wanted.Zones},
		})
	})
	if postgres.Violates(err, "shipping_tariffs_pkey") || postgres.Violates(err, "own_prices_pkey") {
		return &FormError{Fields: map[string]string{"valid_from": "taken"}}
	}
	if err != nil {
		return fmt.Errorf("add price of %s: %w", wanted.Key, err)
	}
	return nil
}

func (r PriceRef) subject() string { return r.Key + " " + r.From }

// own says whether the workshop alone decides the price.
func (r PriceRef) own() bool { return r.Key == WrappingKey || r.Key == WriteOffKey }

func (s *Service) priceList(ctx context.Context, key string) (PriceList, error) {
	lists, err := s.PriceLists(ctx)
	if err != nil {
		return PriceList{}, err
	}
	i := slices.IndexFunc(lists, func(list PriceList) bool { return list.Key == key })
	if i < 0 {
		return PriceList{}, ErrTariffNotFound
	}
	return lists[i], nil
}

func (s *Service) insertPrice(ctx context.Context, tx *sqlx.Tx, ref PriceRef, wanted NewPrice) error {
	if ref.own() {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO own_prices (key, valid_from, price_yen, confirmed_at)
			VALUES ($1, $2, $3, $4)`, ref.Key, ref.From, wanted.Price, s.now())
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO shipping_tariffs (key, valid_from, name, name_en, price_yen, max_weight_g, max_width_mm, max_depth_mm, max_height_mm,
		                              extra_days, needs_address, position, confirmed_at)
		SELECT key, $2, name, name_en, $3::bigint, max_weight_g, max_width_mm, max_depth_mm, max_height_mm, extra_days, needs_address, position, $4
		FROM shipping_tariffs
		WHERE key = $1
		ORDER BY valid_from DESC
		LIMIT 1`, ref.Key, ref.From, wanted.Price, s.now())
	if err != nil {
		return err
	}
	for zone, price := range wanted.Zones {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO shipping_zone_prices (key, valid_from, zone, price_yen)
			VALUES ($1, $2, $3, $4)`, ref.Key, ref.From, zone, price)
		if err != nil {
			return err
		}
	}
	return nil
}

// WithdrawPrice takes back a price that has not begun to count. Errors: ErrTariffNotFound,
// ErrTariffInForce.
func (s *Service) WithdrawPrice(ctx context.Context, by audit.Actor, ref PriceRef) error {
	return s.onPrice(ctx, by, "price.withdrawn", ref, func(tx *sqlx.Tx) (sql.Result, error) {
		if ref.From <= jst.Date(s.now()) {
			return nil, ErrTariffInForce
		}
		if ref.own() {
			return tx.ExecContext(ctx, `DELETE FROM own_prices WHERE key = $1 AND valid_from = $2`, ref.Key, ref.From)
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM shipping_zone_prices WHERE key = $1 AND valid_from = $2`, ref.Key, ref.From); err != nil {
			return nil, err
		}
		return tx.ExecContext(ctx, `DELETE FROM shipping_tariffs WHERE key = $1 AND valid_from = $2`, ref.Key, ref.From)
	})
}

// ConfirmPrice notes that a price was compared with the carrier's own list. Errors: ErrTariffNotFound.
func (s *Service) ConfirmPrice(ctx context.Context, by audit.Actor, ref PriceRef) error {
	return s.onPrice(ctx, by, "price.confirmed", ref, func(tx *sqlx.Tx) (sql.Result, error) {
		if ref.own() {
			return tx.ExecContext(ctx, `UPDATE own_prices SET confirmed_at = $3 WHERE key = $1 AND valid_from = $2`, ref.Key, ref.From, s.now())
		}
		return tx.ExecContext(ctx, `
			UPDATE shipping_tariffs
			SET confirmed_at = $3
			WHERE key = $1 AND valid_from = $2`, ref.Key, ref.From, s.now())
	})
}

// onPrice changes one dated price, which must be there, and leaves an audit entry.
func (s *Service) onPrice(ctx context.Context, by audit.Actor, action string, ref PriceRef, do func(*sqlx.Tx) (sql.Result, error)) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		result, err := do(tx)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return errors.Join(ErrTariffNotFound, err)
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Subject: ref.subject()})
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", action, ref.subject(), err)
	}
	return nil
}
