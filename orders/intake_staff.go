package orders

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
)

// What staff may write to customers, and the most places they may give.
const (
	maxSentence = 200
	maxPlaces   = 100_000
)

// SetIntake decides how much is taken on of a product that is made to order, or of all for the zero
// id. It holds from the next confirmation on. Errors: *FormError ("weekly_limit", "longest_days"
// "invalid"; "reopens_on" "invalid" for a day that has come; "sentence…" "too_long" or those of
// a text; "product" "unknown").
func (s *Service) SetIntake(ctx context.Context, by audit.Actor, rule IntakeRule) error {
	if !rule.Paused {
		rule.ReopensOn = nil
	}
	if err := rule.check(s.now()); err != nil {
		return err
	}
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := s.saveIntake(ctx, tx, rule); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "intake.changed", Subject: intakeSubject(rule.ProductID), Detail: rule.told()})
	})
	if err != nil {
		return fmt.Errorf("change intake: %w", err)
	}
	s.catalog.Changed()
	return nil
}

func intakeSubject(product catalog.ProductID) string {
	if product == everything {
		return "all"
	}
	return product.String()
}

func (r IntakeRule) told() map[string]any {
	return map[string]any{
		"weekly_limit": r.WeeklyLimit, "longest_days": r.LongestDays, "paused": r.Paused, "reopens_on": r.ReopensOn, "sentence": r.Sentence,
	}
}

func (r *IntakeRule) check(now time.Time) error {
	fields := map[string]string{}
	if r.WeeklyLimit != nil && (*r.WeeklyLimit < 0 || *r.WeeklyLimit > maxPlaces) {
		fields["weekly_limit"] = "invalid"
	}
	if r.LongestDays != nil && (*r.LongestDays < 1 || *r.LongestDays > 365 || r.ProductID != everything) {
		fields["longest_days"] = "invalid"
	}
	if r.ReopensOn != nil && r.ReopensOn.Format(time.DateOnly) <= jst.Date(now) {
		fields["reopens_on"] = "invalid"
	}
	for name, sentence := range map[string]*string{"sentence": &r.Sentence, "sentence_easy": &r.SentenceEasy, "sentence_en": &r.SentenceEn} {
		*sentence = strings.TrimSpace(*sentence)
		if reason := checkText(*sentence); reason != "" {
			fields[name] = reason
		} else if len([]rune(*sentence)) > maxSentence {
			fields[name] = "too_long"
		}
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

func (s *Service) saveIntake(ctx context.Context, tx *sqlx.Tx, rule IntakeRule) error {
	var reopens *string
	if rule.ReopensOn != nil {
		reopens = new(rule.ReopensOn.Format(time.DateOnly))
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO intake_rules (product_id, weekly_limit, longest_days, paused, reopens_on, sentence, sentence_easy, sentence_en, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT ON CONSTRAINT intake_rule_once
		DO UPDATE SET weekly_limit = excluded.weekly_limit, longest_days = excluded.longest_days, paused = excluded.paused,
		              reopens_on = excluded.reopens_on, sentence = excluded.sentence, sentence_easy = excluded.sentence_easy,
		              sentence_en = excluded.sentence_en, changed_at = excluded.changed_at`,
		rule.ProductID, rule.WeeklyLimit, rule.LongestDays, rule.Paused, reopens, rule.Sentence, rule.SentenceEasy, rule.SentenceEn, s.now())
	if postgres.Violates(err, "intake_rules_product_id_fkey") {
		return &FormError{Fields: map[string]string{"product": "unknown"}}
	}
	if err != nil {
		return fmt.Errorf("save intake rule: %w", err)
	}
	return nil
}

// MadeToOrder lists the products on sale that are made to order, by their ids and names.
func (s *Service) MadeToOrder(ctx context.Context) ([]MadeProduct, error) {
	var products []MadeProduct
	err := s.db.SelectContext(ctx, &products, `
		SELECT id, slug, name
		FROM products
		WHERE routing <> '' AND kind = 'personalized' AND state = 'published'
		ORDER BY position, id`)
	if err != nil {
		return nil, fmt.Errorf("list what is made to order: %w", err)
	}
	return products, nil
}

// MadeProduct names a product that is made to order.
type MadeProduct struct {
	ID   catalog.ProductID `db:"id"`
	Slug string            `db:"slug"`
	Name string            `db:"name"`
}
