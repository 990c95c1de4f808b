package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/internal/seal"
)

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotent-Replayed"

	// abandonedAfter is when a request in flight is taken for dead, as after a crash. Its use
	// case is safe to repeat, so the key may then be used again.
	abandonedAfter = time.Minute
)

// idempotency answers a repeated key with the first answer, so that a client may retry whatever
// the network did. Answers of 500 and above are not kept. An answer may hold the link to an order,
// so it is sealed with the key it is kept under, of which only a hash is stored.
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
		request, err := keyed(c)
		if err != nil {
			return err
		}
		mine, err := i.claim(c.Request().Context(), request)
		if err != nil {
			return err
		}
		if !mine {
			return i.replay(c, request)
		}
		return i.record(c, next, request)
	}
}

// keyedRequest is a request with an idempotency key.
type keyedRequest struct {
	scope string // the operation
	key   string // hash of the key and of the address, which may hold the token of a cart or an order
	hash  []byte // of the body
	box   *seal.Box
}

func keyed(c echo.Context) (keyedRequest, error) {
	r := c.Request()
	body, err := takeBody(r)
	if err != nil {
		return keyedRequest{}, err
	}
	key, sum := r.Header.Get(idempotencyHeader), sha256.Sum256(body)
	name, secret := sha256.Sum256([]byte("name:"+r.URL.Path+" "+key)), sha256.Sum256([]byte("secret:"+key))
	box, err := seal.New(secret[:])
	return keyedRequest{
		scope: r.Method + " " + c.Path(), key: hex.EncodeToString(name[:]), hash: sum[:], box: box,
	}, err
}

// claim reports whether this request is the first with its key.
func (i idempotency) claim(ctx context.Context, r keyedRequest) (bool, error) {
	result, err := i.db.ExecContext(ctx, `
		INSERT INTO idempotency_keys (scope, key, request_hash, state)
		VALUES ($1, $2, $3, 'in_flight')
		ON CONFLICT (scope, key) DO UPDATE
		SET created_at = now()
		WHERE idempotency_keys.state = 'in_flight'
			AND idempotency_keys.request_hash = excluded.request_hash
			AND idempotency_keys.created_at < now() - $4 * interval '1 second'`,
		r.scope, r.key, r.hash, abandonedAfter.Seconds())
	if err != nil {
		return false, fmt.Errorf("claim idempotency key: %w", err)
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}

func (i idempotency) replay(c echo.Context, r keyedRequest) error {
	var earlier answer
	err := i.db.GetContext(c.Request().Context(), &earlier, `
		SELECT request_hash, status, content_type, response
		FROM idempotency_keys
		WHERE scope = $1 AND key = $2`, r.scope, r.key)
	switch {
	case errors.Is(err, sql.ErrNoRows): // it failed and was forgotten a moment ago
		return problem.ErrRequestInFlight
	case err != nil:
		return fmt.Errorf("read idempotency key: %w", err)
	case !bytes.Equal(earlier.RequestHash, r.hash):
		return problem.ErrIdempotencyKeyReused
	case !earlier.Status.Valid:
		return problem.ErrRequestInFlight
	}
	body, err := r.box.Open(r.key, earlier.Body)
	if err != nil {
		return fmt.Errorf("read kept answer: %w", err)
	}
	c.Response().Header().Set(replayedHeader, "true")
	return c.Blob(int(earlier.Status.Int64), earlier.ContentType.String, body)
}

// record runs the handler and keeps its answer, also when the client has gone meanwhile.
func (i idempotency) record(c echo.Context, next echo.HandlerFunc, r keyedRequest) error {
	var body bytes.Buffer
	original := c.Response().Writer
	c.Response().Writer = teeWriter{original, &body}
	defer func() { c.Response().Writer = original }()
	ctx := context.WithoutCancel(c.Request().Context())
	finished := false
	defer func() {
		if !finished { // a panic is on its way up
			i.forget(ctx, c, r)
		}
	}()

	if err := next(c); err != nil {
		c.Error(err) // answers now, so that the problem is kept as well
	}
	finished = true
	if c.Response().Status >= http.StatusInternalServerError {
		i.forget(ctx, c, r)
		return nil
	}
	_, err := i.db.ExecContext(ctx, `
		UPDATE idempotency_keys
		SET state = 'done', status = $3, content_type = $4, response = $5
		WHERE scope = $1 AND key = $2`,
		r.scope, r.key, c.Response().Status, c.Response().Header().Get(echo.HeaderContentType), r.box.Seal(r.key, body.Bytes()))
	if err != nil {
		c.Logger().Errorf("keep answer of %s: %v", r.scope, err)
	}
	return nil
}

func (i idempotency) forget(ctx context.Context, c echo.Context, r keyedRequest) {
	if _, err := i.db.ExecContext(ctx, `DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2`, r.scope, r.key); err != nil {
		c.Logger().Errorf("forget idempotency key of %s: %v", r.scope, err)
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
