package fulfilment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// Mood is how a member says they are; NoAnswer is as good as any.
type Mood string

// The moods of the picture scale.
const (
	MoodGreat    Mood = "great"
	MoodGood     Mood = "good"
	MoodSoSo     Mood = "so_so"
	MoodTired    Mood = "tired"
	MoodHard     Mood = "hard"
	MoodNoAnswer Mood = "no_answer"
)

var moods = []Mood{MoodGreat, MoodGood, MoodSoSo, MoodTired, MoodHard, MoodNoAnswer}

// ErrUnknownMood says that the scale has no such picture.
var ErrUnknownMood = errors.New("no such mood")

// Arrive records that a member is here today; coming back after leaving counts on.
func (s *Service) Arrive(ctx context.Context, by audit.Actor, member MemberID) error {
	return s.attend(ctx, by, member, "member.arrived", `
		INSERT INTO attendances (member_id, day, arrived_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (member_id, day) DO UPDATE
		SET arrived_at = coalesce(attendances.arrived_at, excluded.arrived_at), left_at = NULL`)
}

// Leave records that a member has gone home. Their open offers are closed; a task in hand stays
// theirs until it is released.
func (s *Service) Leave(ctx context.Context, by audit.Actor, member MemberID) error {
	return s.attend(ctx, by, member, "member.left", `
		INSERT INTO attendances (member_id, day, arrived_at, left_at)
		VALUES ($1, $2, $3, $3)
		ON CONFLICT (member_id, day) DO UPDATE
		SET arrived_at = coalesce(attendances.arrived_at, excluded.arrived_at), left_at = excluded.left_at`)
}

func (s *Service) attend(ctx context.Context, by audit.Actor, member MemberID, action, write string) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := s.memberIn(ctx, tx, member); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, write, member, s.today(), s.now()); err != nil {
			return err
		}
		if action == "member.left" {
			if err := s.closeOffersOf(ctx, tx, member); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Subject: member.String()})
	})
	if err != nil {
		return fmt.Errorf("record attendance of %s: %w", member, err)
	}
	return nil
}

// PlanAttendance notes how many minutes a member means to come on a day (YYYY-MM-DD).
func (s *Service) PlanAttendance(ctx context.Context, member MemberID, day string, minutes int) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO attendances (member_id, day, planned_minutes)
		VALUES ($1, $2, $3)
		ON CONFLICT (member_id, day) DO UPDATE
		SET planned_minutes = excluded.planned_minutes`, member, day, minutes)
	if err != nil {
		return fmt.Errorf("plan attendance of %s: %w", member, err)
	}
	return nil
}

// moodSize is the length to which all moods are filled up before they are sealed: what is sealed
// keeps its length, and "tired" would tell itself from "hard" by it.
const moodSize = len(MoodNoAnswer)

func moodContext(member MemberID) string { return "fulfilment.mood:" + member.String() }

// SetMood keeps how a member is today, sealed: it is welfare data and feeds no ranking.
func (s *Service) SetMood(ctx context.Context, member MemberID, mood Mood) error {
	if !slices.Contains(moods, mood) {
		return fmt.Errorf("%w: %q", ErrUnknownMood, mood)
	}
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO attendances (member_id, day, mood_sealed)
		VALUES ($1, $2, $3)
		ON CONFLICT (member_id, day) DO UPDATE
		SET mood_sealed = excluded.mood_sealed`, member, s.today(), s.seal.Seal(moodContext(member), fmt.Appendf(nil, "%-*s", moodSize, mood)))
	if err != nil {
		return fmt.Errorf("keep mood of %s: %w", member, err)
	}
	return nil
}

// MoodsToday returns what present members said today, for staff who support them; each reading
// leaves an audit row.
func (s *Service) MoodsToday(ctx context.Context, by audit.Actor) (map[MemberID]Mood, error) {
	said := map[MemberID]Mood{}
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		var rows []struct {
			Member MemberID `db:"member_id"`
			Sealed []byte   `db:"mood_sealed"`
		}
		if err := tx.SelectContext(ctx, &rows, `
			SELECT member_id, mood_sealed
			FROM attendances
			WHERE day = $1 AND mood_sealed IS NOT NULL`, s.today()); err != nil {
			return err
		}
		for _, row := range rows {
			mood, err := s.seal.Open(moodContext(row.Member), row.Sealed)
			if err != nil {
				return err
			}
			said[row.Member] = Mood(bytes.TrimRight(mood, " "))
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "moods.read", Subject: s.today()})
	})
	if err != nil {
		return nil, fmt.Errorf("read moods: %w", err)
	}
	return said, nil
}
