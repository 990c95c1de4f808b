package auth

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jmoiron/sqlx"

	"tsukuriba/api/problem"
)

// CookieName is the one cookie of all three faces.
const CookieName = "tsukuriba"

// lifetime bounds every session; an enrolled tablet renews its own when a member signs in.
const lifetime = 30 * 24 * time.Hour

// Sessions remembers who is signed in. Staff, tablet and member are separate entries of one
// session, so that signing out of one leaves the others.
type Sessions struct{ manager *scs.SessionManager }

// NewSessions keeps sessions in db. Secure cookies are wanted wherever the shop has https.
func NewSessions(db *sqlx.DB, secure bool) *Sessions {
	// scs.New would start a goroutine for a store in memory that nobody uses.
	manager := &scs.SessionManager{
		Store: store{db}, Codec: scs.GobCodec{}, Lifetime: lifetime, ErrorFunc: tellFailure,
		Cookie: scs.SessionCookie{
			Name: CookieName, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, Persist: true,
		},
	}
	return &Sessions{manager}
}

// tellFailure answers when a session cannot be read or kept.
func tellFailure(w http.ResponseWriter, r *http.Request, err error) {
	p := problem.From(err, problem.LanguageOf(r))
	slog.ErrorContext(r.Context(), "session failed", "error", err)
	w.Header().Set("Content-Type", problem.ContentType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever has gone needs no answer
}

// Middleware loads the session of a request and saves it when it changed.
func (s *Sessions) Middleware(next http.Handler) http.Handler { return s.manager.LoadAndSave(next) }

// Subject is what a session can know: the id of a staff member, a tablet or a member.
type Subject string

// The subjects of a session.
const (
	Staff  Subject = "staff"
	Tablet Subject = "tablet"
	Member Subject = "member"
)

// SignIn notes who has come, under a new token so that a planted one is worth nothing.
func (s *Sessions) SignIn(ctx context.Context, subject Subject, id string) error {
	if err := s.manager.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	s.manager.Put(ctx, string(subject), id)
	return nil
}

// SignOut forgets one subject and renews the token.
func (s *Sessions) SignOut(ctx context.Context, subject Subject) error {
	s.manager.Remove(ctx, string(subject))
	if err := s.manager.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	return nil
}

// ID returns the id of the signed-in subject, or "".
func (s *Sessions) ID(ctx context.Context, subject Subject) string {
	return s.manager.GetString(ctx, string(subject))
}

// store keeps sessions in PostgreSQL under the hash of their token, so that a copy of the table
// opens no door.
type store struct{ db *sqlx.DB }

func (s store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.db.GetContext(ctx, &data, `
		SELECT data
		FROM sessions
		WHERE token_hash = $1 AND expires_at > now()`, hash(token))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

func (s store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO sessions (token_hash, data, expires_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
		hash(token), data, expiry)
	return err
}

func (s store) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM sessions WHERE token_hash = $1`, hash(token))
	return err
}

func (s store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

func (s store) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

func hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// DeleteExpired removes sessions that have run out; a periodic job calls it.
func DeleteExpired(ctx context.Context, db *sqlx.DB) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM sessions WHERE expires_at <= now()`); err != nil {
		return fmt.Errorf("delete expired sessions: %w", err)
	}
	return nil
}
