package fulfilment

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
)

// ErrTooManyTries says that an account was tried with wrong secrets too often in the last minutes.
var ErrTooManyTries = errors.New("too many wrong passwords or digits for this account; wait some minutes")

// After five wrong tries an account rests for five minutes: four digits then last a year of
// guessing, and a person who mistyped waits for a cup of tea. All processes count together.
const (
	wrongTries = 5
	tryWindow  = 5 * time.Minute
)

// trySecret compares a secret with its hash, unless the account was tried too often. It returns
// refusal for a wrong one, and counts it.
func (s *Service) trySecret(ctx context.Context, account, secret, hash string, refusal error) error {
	key := sha256.Sum256([]byte(account))
	var failures int
	err := s.db.GetContext(ctx, &failures, `
		SELECT count(*)
		FROM sign_in_failures
		WHERE account = $1 AND at > $2`, key[:], s.now().Add(-tryWindow))
	if err != nil {
		return fmt.Errorf("count wrong tries: %w", err)
	}
	if failures >= wrongTries {
		return ErrTooManyTries
	}
	if secretMatches(secret, hash) {
		return nil
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO sign_in_failures (account, at)
		VALUES ($1, $2)`, key[:], s.now())
	if err != nil {
		return fmt.Errorf("count a wrong try: %w", err)
	}
	return refusal
}

// ForgetTries deletes wrong tries that no longer count; a periodic job calls it.
func (s *Service) ForgetTries(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM sign_in_failures WHERE at <= $1`, s.now().Add(-tryWindow))
	if err != nil {
		return fmt.Errorf("forget wrong tries: %w", err)
	}
	return nil
}
