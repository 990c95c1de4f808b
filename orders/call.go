package orders

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

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

	// stands asks the provider whether the effect of an earlier call is there, and of which object;
	// "" means that it is not. It is asked before a key that the provider may have forgotten is left.
	stands func(ctx context.Context) (object string, err error)
}

// keyLife is how long the provider surely remembers a key; it promises a day.
const keyLife = 23 * time.Hour

// callPatience is how long a call may be without an outcome before somebody looks into it.
const callPatience = time.Hour

// errKeyForgotten ends a call that had no effect before its key was forgotten.
var errKeyForgotten = fmt.Errorf("%w: no answer in %s, and no effect", ErrGatewayRefused, keyLife)

// call makes a planned call: the plan is committed before, the outcome recorded after. Whoever
// repeats it after a crash or a silence uses the same key again; only a refusal makes a new key,
// or an age at which the provider may have forgotten the old one: then the effect is looked up
// first.
func (s *Service) call(ctx context.Context, plan callPlan, do func(key string) (effect, error)) error {
	planned, err := s.plan(ctx, plan)
	if err != nil {
		return fmt.Errorf("plan %s: %w", plan.operation, err)
	}
	if planned.old {
		if stands, err := s.settleOld(ctx, plan, planned.key); err != nil || stands {
			return err
		}
		return s.call(ctx, plan, do)
	}
	return s.carryOut(ctx, planned.key, do)
}

// effect is what a call had. Besides the id of the object at the provider, a statement may save
// what is known of it; its arguments begin at $6.
type effect struct {
	object string
	save   string
	args   []any
}

// carryOut makes a call whose plan is committed, and records its outcome.
func (s *Service) carryOut(ctx context.Context, key string, do func(key string) (effect, error)) error {
	effect, err := do(key)
	// The outcome is worth recording even if the caller has gone away meanwhile.
	return errors.Join(err, s.recordCall(context.WithoutCancel(ctx), key, effect, err))
}

// settleOld settles a call that has had no outcome for as long as its key lives: it says whether
// the effect is there, and otherwise leaves the key.
func (s *Service) settleOld(ctx context.Context, plan callPlan, key string) (stands bool, err error) {
	object, err := plan.stands(ctx)
	if err != nil {
		return false, fmt.Errorf("look up %s: %w", key, err)
	}
	if object != "" {
		return true, s.recordCall(ctx, key, effect{object: object}, nil)
	}
	return false, s.recordCall(ctx, key, effect{}, errKeyForgotten)
}

func (p callPlan) prefix() string { return p.operation + ":" + p.subject + ":" }

// plannedCall is a call as it stands in the books. The provider may have forgotten an old key.
type plannedCall struct {
	key  string
	hash []byte // of the parameters
	old  bool
}

func (p callPlan) hash() ([]byte, error) {
	params, err := json.Marshal(p.params)
	if err != nil {
		return nil, fmt.Errorf("write parameters: %w", err)
	}
	sum := sha256.Sum256(params)
	return sum[:], nil
}

// planFirst plans a call together with what it is about: there is no earlier one.
func (s *Service) planFirst(batch *postgres.Batch, plan callPlan) (key string, err error) {
	key, _ = plan.nextKey(nil, s.now())
	hash, err := plan.hash()
	if err != nil {
		return "", err
	}
	s.insertCall(batch, plan, plannedCall{key: key, hash: hash})
	return key, nil
}

func (s *Service) plan(ctx context.Context, plan callPlan) (planned plannedCall, err error) {
	if planned.hash, err = plan.hash(); err != nil {
		return plannedCall{}, err
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := lockOrderRow(ctx, tx, plan.order); err != nil {
			return err
		}
		earlier, err := earlierCalls(ctx, tx, plan)
		if err != nil {
			return err
		}
		planned.key, planned.old = plan.nextKey(earlier, s.now())
		if planned.old {
			return nil
		}
		return s.replan(ctx, tx, plan, planned)
	})
	return planned, err
}

// earlierCall is a call of the same plan.
type earlierCall struct {
	Key       string    `db:"idempotency_key"`
	State     string    `db:"state"`
	PlannedAt time.Time `db:"planned_at"`
}

func earlierCalls(ctx context.Context, tx *sqlx.Tx, plan callPlan) ([]earlierCall, error) {
	var calls []earlierCall
	err := tx.SelectContext(ctx, &calls, `
		SELECT idempotency_key, state, planned_at
		FROM stripe_calls
		WHERE order_id = $1 AND starts_with(idempotency_key, $2)`, plan.order, plan.prefix())
	if err != nil {
		return nil, fmt.Errorf("read earlier calls: %w", err)
	}
	return calls, nil
}

// nextKey counts the refusals: capture:pay_…:1 is used until it is refused. A call without an
// outcome as old as its key keeps it, and has to be looked up first.
func (p callPlan) nextKey(earlier []earlierCall, now time.Time) (key string, old bool) {
	refused := 0
	for _, call := range earlier {
		switch {
		case call.State == "failed":
			refused++
		case call.State != "ok" && !now.Before(call.PlannedAt.Add(keyLife)):
			return call.Key, true
		}
	}
	return fmt.Sprintf("%s%d", p.prefix(), refused+1), false
}

func (s *Service) insertCall(batch *postgres.Batch, plan callPlan, call plannedCall) {
	batch.Add(`
		INSERT INTO stripe_calls (id, idempotency_key, operation, order_id, payment_id, params_hash, state, planned_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'planned', $7)
		ON CONFLICT (idempotency_key) DO UPDATE SET operation = excluded.operation
		RETURNING params_hash`, id.New[callKind](), call.key, plan.operation, plan.order, plan.payment, call.hash, s.now())
}

// replan inserts a call, or finds it planned already, with the same parameters.
func (s *Service) replan(ctx context.Context, tx *sqlx.Tx, plan callPlan, call plannedCall) error {
	var batch postgres.Batch
	s.insertCall(&batch, plan, call)
	var known []byte
	if err := batch.Get(ctx, tx, &known); err != nil {
		return fmt.Errorf("insert call: %w", err)
	}
	if string(known) != string(call.hash) {
		return fmt.Errorf("%w: %s", errOtherParams, call.key)
	}
	return nil
}

func (s *Service) recordCall(ctx context.Context, key string, effect effect, outcome error) error {
	state, message := "ok", ""
	if outcome != nil {
		state, message = "unknown", outcome.Error()
	}
	if errors.Is(outcome, ErrGatewayRefused) || errors.Is(outcome, ErrGatewayNotFound) {
		state = "failed"
	}
	query := `
		UPDATE stripe_calls
		SET state = $2, object_id = $3, last_error = $4, finished_at = $5
		WHERE idempotency_key = $1 AND state <> 'ok'`
	if effect.save != "" {
		// The order is locked before its call, as whoever plans a call does.
		query = `WITH saved AS (` + effect.save + ` RETURNING 1)` + query + ` AND (SELECT count(*) FROM saved) >= 0`
	}
	_, err := s.db.ExecContext(ctx, query, append([]any{key, state, effect.object, message, s.now()}, effect.args...)...)
	if err != nil {
		return fmt.Errorf("record call: %w", err)
	}
	return nil
}

// settleCalls closes the calls without an outcome whose effect we have learned in another way, or
// which nobody needs any more. What it leaves is shown to staff.
func (s *Service) settleCalls(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE stripe_calls AS call
		SET state = 'ok', finished_at = $1
		FROM payments AS payment
		WHERE payment.id = call.payment_id AND call.state IN ('planned', 'unknown') AND call.planned_at <= $2
		  AND CASE call.operation
		      WHEN 'open' THEN payment.session_id IS NOT NULL OR payment.state <> 'created'
		      WHEN 'capture' THEN payment.state NOT IN ('created', 'authorized')
		      WHEN 'cancel' THEN payment.state NOT IN ('created', 'authorized')
		      ELSE NOT EXISTS (
		          SELECT
		          FROM refunds
		          WHERE payment_id = payment.id AND provider_id IS NULL AND state IN ('requested', 'submitting'))
		      END`, s.now(), s.now().Add(-callPatience))
	if err != nil {
		return fmt.Errorf("settle calls: %w", err)
	}
	return nil
}

// paymentStands looks at a payment for the effect of a call that should have brought it to one of
// these states.
func (s *Service) paymentStands(payment Payment, states ...PaymentState) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		shown, err := s.gateway.Payment(ctx, PaymentRef{SessionID: payment.SessionID, IntentID: payment.IntentID})
		if err != nil || !slices.Contains(states, shown.State) {
			return "", err
		}
		return cmp.Or(shown.IntentID, shown.SessionID), nil
	}
}

// nothingStands is for calls whose effect cannot be looked up and does no harm.
func nothingStands(context.Context) (string, error) { return "", nil }
