package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
)

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotent-Replayed"

	// abandonedAfter is when a request in flight is taken for dead, as after a crash. Its use
	// case is safe to repeat, so the key may then be used again.
	abandonedAfter = time.Minute
)

// idempotency answers a repeated key with the first answer, so that a client may retry whatever
// the network did. Answers of 500 and above are not kept.
type idempotency struct{ db *sqlx.DB }

// answer is a stored response; a Status of 0 is a request still in flight.
type answer struct {
	RequestHash []byte         `db:"request_hash"`
	Status      sql.NullInt64  `db:"status"`
	ContentType sql.NullString `db:"content_type"`
	Body        []byte         `db:"response"`
}

func (i idempotency) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key := c.Request().Header.Get(idempotencyHeader)
		scope := c.Request().Method + " " + c.Request().URL.Path
		hash, err := requestHash(c.Request())
		if err != nil {
			return err
		}
		mine, err := i.claim(c.Request().Context(), scope, key, hash)
		if err != nil {
			return err
		}
		if !mine {
			return i.replay(c, scope, key, hash)
		}
		return i.record(c, next, scope, key)
	}
}

func requestHash(r *http.Request) ([]byte, error) {
	body, err := takeBody(r)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return sum[:], nil
}

// claim reports whether this request is the first with its key.
func (i idempotency) claim(ctx context.Context, scope, key string, hash []byte) (bool, error) {
	result, err := i.db.ExecContext(ctx, `
		INSERT INTO idempotency_keys (scope, key, request_hash, state)
		VALUES ($1, $2, $3, 'in_flight')
		ON CONFLICT (scope, key) DO UPDATE
		SET created_at = now()
		WHERE idempotency_keys.state = 'in_flight'
			AND idempotency_keys.request_hash = excluded.request_hash
			AND idempotency_keys.created_at < now() - $4 * interval '1 second'`,
		scope, key, hash, abandonedAfter.Seconds())
	if err != nil {
		return false, fmt.Errorf("claim idempotency key: %w", err)
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}

func (i idempotency) replay(c echo.Context, scope, key string, hash []byte) error {
	var earlier answer
	err := i.db.GetContext(c.Request().Context(), &earlier, `
		SELECT request_hash, status, content_type, response
		FROM idempotency_keys
		WHERE scope = $1 AND key = $2`, scope, key)
	switch {
	case errors.Is(err, sql.ErrNoRows): // it failed and was forgotten a moment ago
		return problem.ErrRequestInFlight
	case err != nil:
		return fmt.Errorf("read idempotency key: %w", err)
	case !bytes.Equal(earlier.RequestHash, hash):
		return problem.ErrIdempotencyKeyReused
	case !earlier.Status.Valid:
		return problem.ErrRequestInFlight
	}
	c.Response().Header().Set(replayedHeader, "true")
	return c.Blob(int(earlier.Status.Int64), earlier.ContentType.String, earlier.Body)
}

// record runs the handler and keeps its answer, also when the client has gone meanwhile.
func (i idempotency) record(c echo.Context, next echo.HandlerFunc, scope, key string) error {
	var body bytes.Buffer
	original := c.Response().Writer
	c.Response().Writer = teeWriter{original, &body}
	defer func() { c.Response().Writer = original }()
	ctx := context.WithoutCancel(c.Request().Context())
	finished := false
	defer func() {
		if !finished { // a panic is on its way up
			i.forget(ctx, c, scope, key)
		}
	}()

	if err := next(c); err != nil {
		c.Error(err) // answers now, so that the problem is kept as well
	}
	finished = true
	if c.Response().Status >= http.StatusInternalServerError {
		i.forget(ctx, c, scope, key)
		return nil
	}
	_, err := i.db.ExecContext(ctx, `
		UPDATE idempotency_keys
		SET state = 'done', status = $3, content_type = $4, response = $5
		WHERE scope = $1 AND key = $2`,
		scope, key, c.Response().Status, c.Response().Header().Get(echo.HeaderContentType), append([]byte{}, body.Bytes()...)) // never NULL
	if err != nil {
		c.Logger().Errorf("keep answer of %s: %v", scope, err)
	}
	return nil
}

func (i idempotency) forget(ctx context.Context, c echo.Context, scope, key string) {
	if _, err := i.db.ExecContext(ctx, `DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2`, scope, key); err != nil {
		c.Logger().Errorf("forget idempotency key of %s: %v", scope, err)
	}
}

// DeleteOldIdempotencyKeys removes answers older than a week; a periodic job calls it.
func DeleteOldIdempotencyKeys(ctx context.Context, db *sqlx.DB) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM idempotency_keys WHERE created_at < now() - interval '7 days'`); err != nil {
		return fmt.Errorf("delete old idempotency keys: %w", err)
	}
	return nil
}

// teeWriter copies what is answered.
type teeWriter struct {
	http.ResponseWriter
	copy *bytes.Buffer
}

func (w teeWriter) Write(p []byte) (int, error) {
	w.copy.Write(p)
	return w.ResponseWriter.Write(p)
}

func (w teeWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
