package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/postgres"
)

// How long and how often what was bought can be downloaded.
const (
	downloadDays = 30
	maxDownloads = 5
)

// Why a download is refused.
var (
	ErrDownloadNotFound = errors.New("there is no such download")
	ErrDownloadOver     = errors.New("the download has been used up or its time is over")
)

// Download is a limited link to what a digital line bought. Its Token is the only key to it.
type Download struct {
	Line      LineID
	Token     string
	Left      int // how often it can still be taken; 0 also when its time is over
	ExpiresAt time.Time
}

// openDownloads gives each digital line its link.
func (s *Service) openDownloads(ctx context.Context, tx *sqlx.Tx, order Order) error {
	for _, line := range order.Lines {
		if !line.Digital {
			continue
		}
		token := newToken()
		_, err := tx.ExecContext(ctx, `
			INSERT INTO downloads (order_line_id, token_hash, token_sealed, expires_at)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (order_line_id) DO NOTHING`,
			line.ID, hashToken(token), s.seal.Seal(downloadContext(line.ID), []byte(token)), s.now().AddDate(0, 0, downloadDays))
		if err != nil {
			return fmt.Errorf("open download: %w", err)
		}
	}
	return nil
}

func downloadContext(line LineID) string { return "orders.download:" + line.String() }

// Downloads lists what the order of a secret link may download. Errors: ErrOrderNotFound.
func (s *Service) Downloads(ctx context.Context, token string) ([]Download, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Line      LineID    `db:"order_line_id"`
		Sealed    []byte    `db:"token_sealed"`
		Taken     int       `db:"taken"`
		ExpiresAt time.Time `db:"expires_at"`
	}
	err = s.db.SelectContext(ctx, &rows, `
		SELECT download.order_line_id, download.token_sealed, download.taken, download.expires_at
		FROM downloads AS download
		JOIN order_lines AS line ON line.id = download.order_line_id
		WHERE line.order_id = $1
		ORDER BY line.position`, order.ID)
	if err != nil {
		return nil, fmt.Errorf("read downloads: %w", err)
	}
	downloads := make([]Download, len(rows))
	for i, row := range rows {
		plain, err := s.seal.Open(downloadContext(row.Line), row.Sealed)
		if err != nil {
			return nil, err
		}
		downloads[i] = Download{Line: row.Line, Token: string(plain), ExpiresAt: row.ExpiresAt}
		if order.mayDownload() && s.now().Before(row.ExpiresAt) {
			downloads[i].Left = maxDownloads - row.Taken
		}
	}
	return downloads, nil
}

// mayDownload holds while the order is paid, not all refunded, alive and not held.
func (o *Order) mayDownload() bool {
	kept := o.Total == 0 || o.Refunded() < o.Owed()
	return kept && o.Captured >= o.Owed() && len(o.Holds) == 0 && o.State != Canceled && o.State != Expired
}

// TakeDownload returns what was bought and counts that it was taken. Errors: ErrDownloadNotFound,
// ErrDownloadOver, ErrOnHold, ErrNotPaid, catalog.ErrNoFile.
func (s *Service) TakeDownload(ctx context.Context, token string) (catalog.File, error) {
	var found struct {
		Order   OrderID           `db:"order_id"`
		Line    LineID            `db:"id"`
		Product catalog.ProductID `db:"product_id"`
	}
	err := s.db.GetContext(ctx, &found, `
		SELECT line.order_id, line.id, line.product_id
		FROM downloads AS download
		JOIN order_lines AS line ON line.id = download.order_line_id
		WHERE download.token_hash = $1`, hashToken(token))
	if errors.Is(err, sql.ErrNoRows) {
		return catalog.File{}, ErrDownloadNotFound
	}
	if err != nil {
		return catalog.File{}, fmt.Errorf("find download: %w", err)
	}
	file, err := s.catalog.File(ctx, found.Product)
	if err != nil {
		return catalog.File{}, err
	}
	return file, postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		order, err := lockOrder(ctx, tx, found.Order)
		if err != nil {
			return err
		}
		return s.countDownload(ctx, tx, order, found.Line)
	})
}

func (s *Service) countDownload(ctx context.Context, tx *sqlx.Tx, order Order, line LineID) error {
	switch {
	case len(order.Holds) > 0:
		return ErrOnHold
	case !order.mayDownload():
		return ErrNotPaid
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE downloads
		SET taken = taken + 1
		WHERE order_line_id = $1 AND taken < $2 AND expires_at > $3`, line, maxDownloads, s.now())
	if err != nil {
		return fmt.Errorf("count download: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(ErrDownloadOver, err)
	}
	return nil
}
