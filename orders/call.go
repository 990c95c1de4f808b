package orders

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// errOtherParams guards the provider's rule that a key belongs to one set of parameters.
var errOtherParams = errors.New("a call was planned before with other parameters")

// callPlan is a call to the provider that changes something there.
type callPlan struct {
	operation string // "open", "capture", "cancel", "refund"
	subject   string // the id of the payment or refund it is about
	order     OrderID
	payment   PaymentID
	params    any // all parameters but the key
}

// call makes a planned call: the plan is committed before, the outcome recorded after. Whoever
// repeats it after a crash or a silence uses the same key again; only a refusal makes a new key.
// do returns the id of the object at the provider.
func (s *Service) call(ctx context.Context, plan callPlan, do func(key string) (string, error)) error {
	key, err := s.plan(ctx, plan)
	if err != nil {
		return fmt.Errorf("plan %s: %w", plan.operation, err)
	}
	object, err := do(key)
	// The outcome is worth recording even if the caller has gone away meanwhile.
	return errors.Join(err, s.recordCall(context.WithoutCancel(ctx), key, object, err))
}

func (s *Service) plan(ctx context.Context, plan callPlan) (string, error) {
	params, err := json.Marshal(plan.params)
	if err != nil {
		return "", fmt.Errorf("write parameters: %w", err)
	}
	hash := sha256.Sum256(params)
	var key string
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if _, err := lockOrder(ctx, tx, plan.order); err != nil {
			return err
		}
		if key, err = nextKey(ctx, tx, plan); err != nil {
			return err
		}
		return insertCall(ctx, tx, plan, key, hash[:])
	})
	return key, err
}

// nextKey counts the refusals: capture:pay_…:1 is used until it is refused.
func nextKey(ctx context.Context, tx *sqlx.Tx, plan callPlan) (string, error) {
	prefix := plan.operation + ":" + plan.subject + ":"
	var refused int
	err := tx.GetContext(ctx, &refused, `
		SELECT count(*)
		FROM stripe_calls
		WHERE order_id = $1 AND starts_with(idempotency_key, $2) AND state = 'failed'`, plan.order, prefix)
	if err != nil {
		return "", fmt.Errorf("count refused calls: %w", err)
	}
	return fmt.Sprintf("%s%d", prefix, refused+1), nil
}

func insertCall(ctx context.Context, tx *sqlx.Tx, plan callPlan, key string, hash []byte) error {
	var known []byte
	err := tx.GetContext(ctx, &known, `
		INSERT INTO stripe_calls (id, idempotency_key, operation, order_id, payment_id, params_hash, state)
		VALUES ($1, $2, $3, $4, $5, $6, 'planned')
		ON CONFLICT (idempotency_key) DO UPDATE SET operation = excluded.operation
		RETURNING params_hash`, id.New[callKind](), key, plan.operation, plan.order, plan.payment, hash)
	if err != nil {
		return fmt.Errorf("insert call: %w", err)
	}
	if string(known) != string(hash) {
		return fmt.Errorf("%w: %s", errOtherParams, key)
	}
	return nil
}

func (s *Service) recordCall(ctx context.Context, key, object string, outcome error) error {
	state, message := "ok", ""
	if outcome != nil {
		state, message = "unknown", outcome.Error()
	}
	if errors.Is(outcome, ErrGatewayRefused) || errors.Is(outcome, ErrGatewayNotFound) {
		state = "failed"
	}
	_, err := s.db.ExecContext(ctx, `
		UPDATE stripe_calls
		SET state = $2, object_id = $3, last_error = $4, finished_at = $5
		WHERE idempotency_key = $1 AND state <> 'ok'`, key, state, object, message, s.now())
	if err != nil {
		return fmt.Errorf("record call: %w", err)
	}
	return nil
}
