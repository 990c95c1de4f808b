package fulfilment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// Member is a member with their stage in each skill and today's attendance.
type Member struct {
	ID              MemberID
	Nickname        string
	Reading         string
	Picture         string // key of the drawn sign the member chose
	NeedsPIN        bool
	Presentation    Presentation
	MinutesADay     int
	MinutesInOneGo  int
	SupporterID     StaffID // zero: none
	ExcludedHazards []string
	Stages          map[string]Stage
	Present         bool
}

// Called is how one speaks to the member: the nickname with さん, unless it says how already.
func (m Member) Called() string {
	for _, ending := range []string{"さん", "ちゃん", "くん", "君", "さま", "様"} {
		if strings.HasSuffix(m.Nickname, ending) {
			return m.Nickname
		}
	}
	return m.Nickname + "さん"
}

// Presentation is how a member wants the tablet to be.
type Presentation struct {
	Furigana string `json:"furigana"` // none, difficult or all
	Theme    string `json:"theme"`    // light, dark or calm
	Large    bool   `json:"large"`
	Voice    bool   `json:"voice"`
	List     bool   `json:"list"` // all steps at once, for experienced hands
}

// NewMember is what adding a member takes. PIN is empty for those who sign in by picture alone.
type NewMember struct {
	Nickname        string
	Reading         string
	Picture         string
	PIN             string
	Presentation    Presentation
	MinutesADay     int
	MinutesInOneGo  int
	SupporterID     StaffID
	ExcludedHazards []string
	Stages          map[string]Stage
}

// Errors about members.
var (
	ErrMemberNotFound = errors.New("no such member")
	ErrWrongPIN       = errors.New("the four digits do not match")
	ErrUnknownStage   = errors.New("no such stage")
)

const memberColumns = `
	SELECT m.id, m.nickname, m.reading, m.picture, m.pin_hash, m.presentation, m.minutes_a_day, m.minutes_in_one_go,
		m.supporter_id, m.excluded_hazards, a.arrived_at IS NOT NULL AND a.left_at IS NULL AS present,
		(SELECT coalesce(jsonb_object_agg(skill, stage), '{}') FROM member_stages WHERE member_id = m.id) AS stages
	FROM members AS m
	LEFT JOIN attendances AS a ON a.member_id = m.id AND a.day = $1`

type memberRow struct {
	ID              MemberID        `db:"id"`
	Nickname        string          `db:"nickname"`
	Reading         string          `db:"reading"`
	Picture         string          `db:"picture"`
	PINHash         string          `db:"pin_hash"`
	Presentation    json.RawMessage `db:"presentation"`
	MinutesADay     int             `db:"minutes_a_day"`
	MinutesInOneGo  int             `db:"minutes_in_one_go"`
	SupporterID     StaffID         `db:"supporter_id"`
	ExcludedHazards pq.StringArray  `db:"excluded_hazards"`
	Present         bool            `db:"present"`
	Stages          json.RawMessage `db:"stages"`
}

func (r memberRow) member() (Member, error) {
	member := Member{
		ID: r.ID, Nickname: r.Nickname, Reading: r.Reading, Picture: r.Picture, NeedsPIN: r.PINHash != "",
		MinutesADay: r.MinutesADay, MinutesInOneGo: r.MinutesInOneGo,
		SupporterID: r.SupporterID, ExcludedHazards: r.ExcludedHazards, Present: r.Present,
	}
	err := errors.Join(json.Unmarshal(r.Presentation, &member.Presentation), json.Unmarshal(r.Stages, &member.Stages))
	return member, err
}

// Members returns the active members by reading.
func (s *Service) Members(ctx context.Context) ([]Member, error) {
	return s.selectMembers(ctx, s.db, memberColumns+`
		WHERE m.active
		ORDER BY m.reading, m.id`, s.today())
}

// Member returns an active member, or ErrMemberNotFound.
func (s *Service) Member(ctx context.Context, member MemberID) (Member, error) {
	return s.memberIn(ctx, s.db, member)
}

func (s *Service) memberIn(ctx context.Context, q sqlx.QueryerContext, member MemberID) (Member, error) {
	found, err := s.selectMembers(ctx, q, memberColumns+`
		WHERE m.active AND m.id = $2`, s.today(), member)
	if err != nil {
		return Member{}, err
	}
	if len(found) == 0 {
		return Member{}, ErrMemberNotFound
	}
	return found[0], nil
}

func (s *Service) selectMembers(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Member, error) {
	var rows []memberRow
	if err := sqlx.SelectContext(ctx, q, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	members := make([]Member, len(rows))
	for i, row := range rows {
		member, err := row.member()
		if err != nil {
			return nil, fmt.Errorf("read member %s: %w", row.ID, err)
		}
		members[i] = member
	}
	return members, nil
}

// AddMember takes a new member in, with the stages agreed so far.
func (s *Service) AddMember(ctx context.Context, by audit.Actor, member NewMember) (MemberID, error) {
	pinHash := ""
	if member.PIN != "" {
		var err error
		if pinHash, err = hashSecret(member.PIN); err != nil {
			return MemberID{}, err
		}
	}
	presentation, err := json.Marshal(member.Presentation)
	if err != nil {
		return MemberID{}, err
	}
	added := id.New[memberKind]()
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO members (id, nickname, reading, picture, pin_hash, presentation, minutes_a_day,
				minutes_in_one_go, supporter_id, excluded_hazards)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, '{}'::text[]))`,
			added, member.Nickname, member.Reading, member.Picture, pinHash, string(presentation), member.MinutesADay,
			member.MinutesInOneGo, member.SupporterID, pq.StringArray(member.ExcludedHazards))
		if err != nil {
			return err
		}
		for skill, stage := range member.Stages {
			if err := s.writeStage(ctx, tx, added, skill, stage); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "member.added", Subject: added.String()})
	})
	if err != nil {
		return MemberID{}, fmt.Errorf("add member: %w", err)
	}
	return added, nil
}

// SetStage records the stage agreed with a member for one skill. Going back is as good as going on.
func (s *Service) SetStage(ctx context.Context, by audit.Actor, change StageChange) error {
	if stageOrder(change.Stage) < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownStage, change.Stage)
	}
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := s.memberIn(ctx, tx, change.Member); err != nil {
			return err
		}
		if err := s.writeStage(ctx, tx, change.Member, change.Skill, change.Stage); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "member.stage_agreed", Subject: change.Member.String(),
			Detail: map[string]any{"skill": change.Skill, "stage": change.Stage},
		})
	})
	if err != nil {
		return fmt.Errorf("set stage of %s: %w", change.Member, err)
	}
	return nil
}

// StageChange names the stage a member and staff agreed on for one skill.
type StageChange struct {
	Member MemberID
	Skill  string
	Stage  Stage
}

func (s *Service) writeStage(ctx context.Context, tx *sqlx.Tx, member MemberID, skill string, stage Stage) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO member_stages (member_id, skill, stage, since)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (member_id, skill) DO UPDATE
		SET stage = excluded.stage, since = excluded.since`, member, skill, stage, s.now())
	return err
}

// SignInMember lets a member take the tablet: by picture alone, or with four digits for those
// who want them.
func (s *Service) SignInMember(ctx context.Context, member MemberID, pin string) (Member, error) {
	found, err := s.Member(ctx, member)
	if err != nil || !found.NeedsPIN {
		return found, err
	}
	var hash string
	err = s.db.GetContext(ctx, &hash, `SELECT pin_hash FROM members WHERE id = $1`, member)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Member{}, fmt.Errorf("sign in member: %w", err)
	}
	if err := s.trySecret(ctx, member.String(), pin, hash, ErrWrongPIN); err != nil {
		return Member{}, err
	}
	return found, nil
}
