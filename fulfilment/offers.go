package fulfilment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/fulfilment/offer"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// Offer is a task proposed to a member. It is accepted, or it closes without saying why.
type Offer struct {
	ID       OfferID    `db:"id"`
	TaskID   TaskID     `db:"task_id"`
	MemberID MemberID   `db:"member_id"`
	Kind     offer.Kind `db:"kind"`
	State    string     `db:"state"`
}

// Proposal is what staff confirm: this task, for this member.
type Proposal struct {
	Task   TaskID
	Member MemberID
	Kind   offer.Kind // empty: the kind that fits
}

// Why a task cannot be offered to a member or accepted by one. They are for staff; a member sees
// only that the card is gone.
var (
	ErrOfferNotFound = errors.New("no such open offer")
	ErrMemberAbsent  = errors.New("the member is not here today")
	ErrMemberHasWork = errors.New("the member has a task in hand")
	ErrEnoughOffers  = errors.New("the member has three offers already")
	ErrNotToday      = errors.New("the member does not want this kind again today")
	ErrHazard        = errors.New("the member does not work with a hazard of this task")
	ErrStageTooLow   = errors.New("the task is above the member's stage in this skill")
	ErrTooLong       = errors.New("the task takes longer than the member works in one go")
	ErrNoTimeLeft    = errors.New("the task takes longer than the member's day has left")
)

var ruleErrors = map[offer.Rule]error{
	offer.Absent:       ErrMemberAbsent,
	offer.HasWork:      ErrMemberHasWork,
	offer.EnoughOffers: ErrEnoughOffers,
	offer.WishesNot:    ErrNotToday,
	offer.Hazard:       ErrHazard,
	offer.StageTooLow:  ErrStageTooLow,
	offer.OwnWork:      ErrOwnWork,
	offer.TooLong:      ErrTooLong,
	offer.NoTimeLeft:   ErrNoTimeLeft,
}

// OfferTask proposes a task to a member. A task may be offered to several; who accepts first has
// it. Offering twice gives the same offer.
func (s *Service) OfferTask(ctx context.Context, by audit.Actor, proposal Proposal) (Offer, error) {
	var made Offer
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		task, err := s.lockTask(ctx, tx, proposal.Task)
		if err != nil {
			return err
		}
		member, err := s.memberFactsOf(ctx, tx, proposal.Member)
		if err != nil {
			return err
		}
		if err := task.offerTo(member); err != nil {
			return err
		}
		if made, err = s.writeOffer(ctx, tx, by, Proposal{task.ID, proposal.Member, kindFor(proposal.Kind, task, member)}); err != nil {
			return err
		}
		return s.saveTask(ctx, tx, &task, by)
	})
	if err != nil {
		return Offer{}, fmt.Errorf("offer task %s: %w", proposal.Task, err)
	}
	return made, nil
}

// offerTo decides whether the task may be proposed to a member.
func (t *Task) offerTo(member offer.Member) error {
	if t.State != TaskReady && t.State != TaskOffered {
		return ErrTaskState
	}
	if err := mayTake(*t, member); err != nil {
		return err
	}
	if member.OpenOffers >= offer.PerMember {
		return ErrEnoughOffers
	}
	t.State = TaskOffered
	return nil
}

// mayTake holds the hard rules, when a task is offered and again when it is accepted.
func mayTake(task Task, member offer.Member) error {
	if rule := offer.Excludes(candidateTask(task), member); rule != "" {
		return ruleErrors[rule]
	}
	if member.Occupied {
		return ErrMemberHasWork
	}
	return nil
}

func kindFor(asked offer.Kind, task Task, member offer.Member) offer.Kind {
	switch {
	case asked != "":
		return asked
	case offer.Below(candidateTask(task), member):
		return offer.Stretch
	case member.OpenOffers == 0:
		return offer.Anchor
	default:
		return offer.Other
	}
}

func (s *Service) writeOffer(ctx context.Context, tx *sqlx.Tx, by audit.Actor, proposal Proposal) (Offer, error) {
	staff, err := id.Parse[staffKind](by.ID)
	if err != nil {
		return Offer{}, err
	}
	var made Offer
	err = tx.GetContext(ctx, &made, `
		INSERT INTO offers (id, task_id, member_id, kind, offered_by, offered_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (task_id, member_id) WHERE state = 'open' DO UPDATE
		SET kind = excluded.kind
		RETURNING id, task_id, member_id, kind, state`,
		id.New[offerKind](), proposal.Task, proposal.Member, proposal.Kind, staff, s.now())
	return made, err
}

// Accept gives the task to the member, and closes what others were offered of it.
func (s *Service) Accept(ctx context.Context, member MemberID, accepted OfferID) (Task, error) {
	var task Task
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		open, err := s.openOffer(ctx, tx, accepted)
		if err != nil {
			return err
		}
		if task, err = s.lockTask(ctx, tx, open.TaskID); err != nil {
			return err
		}
		if open, err = s.openOffer(ctx, tx, accepted); err != nil { // it may have closed while we waited
			return err
		}
		if open.MemberID != member {
			return ErrOfferNotFound
		}
		if err := lockMember(ctx, tx, member); err != nil {
			return err
		}
		facts, err := s.memberFactsOf(ctx, tx, member)
		if err != nil {
			return err
		}
		if err := task.acceptBy(member, facts); err != nil {
			return err
		}
		if err := s.settleOffers(ctx, tx, open); err != nil {
			return err
		}
		return s.saveTask(ctx, tx, &task, memberActor(member))
	})
	if err != nil {
		return Task{}, fmt.Errorf("accept offer %s: %w", accepted, err)
	}
	return task, nil
}

// lockMember keeps a member from accepting two tasks in the same moment.
func lockMember(ctx context.Context, tx *sqlx.Tx, member MemberID) error {
	if _, err := tx.ExecContext(ctx, `SELECT FROM members WHERE id = $1 FOR NO KEY UPDATE`, member); err != nil {
		return fmt.Errorf("lock member: %w", err)
	}
	return nil
}

func (t *Task) acceptBy(member MemberID, facts offer.Member) error {
	if t.State != TaskOffered {
		return ErrTaskState
	}
	if err := mayTake(*t, facts); err != nil {
		return err
	}
	t.State, t.MemberID = TaskAccepted, member
	return nil
}

func (s *Service) settleOffers(ctx context.Context, tx *sqlx.Tx, accepted Offer) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE offers
		SET state = CASE WHEN id = $1 THEN 'accepted' ELSE 'closed' END, closed_at = $3
		WHERE task_id = $2 AND state = 'open'`, accepted.ID, accepted.TaskID, s.now())
	return err
}

// Decline takes an offer off the member's screen. Nothing of it is kept but, when the member
// asks, that this kind is not wanted again today.
func (s *Service) Decline(ctx context.Context, member MemberID, declined OfferID, notToday bool) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		open, err := s.openOffer(ctx, tx, declined)
		if err != nil {
			return err
		}
		if open.MemberID != member {
			return ErrOfferNotFound
		}
		task, err := s.lockTask(ctx, tx, open.TaskID)
		if err != nil {
			return err
		}
		if notToday {
			if err := s.rememberToday(ctx, tx, member, task.Operation); err != nil {
				return err
			}
		}
		return s.closeOffer(ctx, tx, open, &task, audit.Actor{Role: audit.System})
	})
	if err != nil {
		return fmt.Errorf("close offer %s: %w", declined, err)
	}
	return nil
}

func (s *Service) rememberToday(ctx context.Context, tx *sqlx.Tx, member MemberID, operation OperationKey) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO not_today (member_id, operation, day)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, member, operation, s.today())
	return err
}

// ForgetNotToday deletes wishes of past days; a periodic job calls it.
func (s *Service) ForgetNotToday(ctx context.Context) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM not_today WHERE day < $1`, s.today()); err != nil {
		return fmt.Errorf("forget wishes of past days: %w", err)
	}
	return nil
}

// WithdrawOffer takes an open offer back on behalf of staff.
func (s *Service) WithdrawOffer(ctx context.Context, by audit.Actor, withdrawn OfferID) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		open, err := s.openOffer(ctx, tx, withdrawn)
		if err != nil {
			return err
		}
		task, err := s.lockTask(ctx, tx, open.TaskID)
		if err != nil {
			return err
		}
		return s.closeOffer(ctx, tx, open, &task, by)
	})
	if err != nil {
		return fmt.Errorf("withdraw offer %s: %w", withdrawn, err)
	}
	return nil
}

// closeOffer closes one offer; a task that nobody is offered any more is ready again.
func (s *Service) closeOffer(ctx context.Context, tx *sqlx.Tx, open Offer, task *Task, by audit.Actor) error {
	closed, err := tx.ExecContext(ctx, `
		UPDATE offers
		SET state = 'closed', closed_at = $2
		WHERE id = $1 AND state = 'open'`, open.ID, s.now())
	if err != nil {
		return err
	}
	if n, err := closed.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrOfferNotFound)
	}
	var others int
	err = tx.GetContext(ctx, &others, `
		SELECT count(*)
		FROM offers
		WHERE task_id = $1 AND state = 'open'`, task.ID)
	if err != nil || others > 0 || task.State != TaskOffered {
		return err
	}
	task.State = TaskReady
	return s.saveTask(ctx, tx, task, by)
}

// closeOffersOf closes all offers of a member who has gone home.
func (s *Service) closeOffersOf(ctx context.Context, tx *sqlx.Tx, member MemberID) error {
	var open []Offer
	err := tx.SelectContext(ctx, &open, `
		SELECT id, task_id, member_id, kind, state
		FROM offers
		WHERE member_id = $1 AND state = 'open'
		ORDER BY task_id`, member)
	if err != nil {
		return err
	}
	for _, offer := range open {
		task, err := s.lockTask(ctx, tx, offer.TaskID)
		if err != nil {
			return err
		}
		if err := s.closeOffer(ctx, tx, offer, &task, systemActor); err != nil && !errors.Is(err, ErrOfferNotFound) {
			return err
		}
	}
	return nil
}

func (s *Service) openOffer(ctx context.Context, tx *sqlx.Tx, wanted OfferID) (Offer, error) {
	var open Offer
	err := tx.GetContext(ctx, &open, `
		SELECT id, task_id, member_id, kind, state
		FROM offers
		WHERE id = $1 AND state = 'open'`, wanted)
	if errors.Is(err, sql.ErrNoRows) {
		return Offer{}, ErrOfferNotFound
	}
	return open, err
}

// Work is what a member's tablet shows: the task in hand, or else what is offered.
type Work struct {
	Current *TaskView
	Offers  []OfferedTask
}

// OfferedTask is an open offer with the task as the member sees it.
type OfferedTask struct {
	ID   OfferID
	Kind offer.Kind
	Task TaskView
}

// Work returns a member's task in hand and open offers, the familiar one first.
func (s *Service) Work(ctx context.Context, member MemberID) (Work, error) {
	var work Work
	var current []TaskID
	err := s.db.SelectContext(ctx, &current, `
		SELECT id
		FROM tasks
		WHERE member_id = $1 AND state IN ('accepted', 'active', 'paused', 'submitted')
		ORDER BY state = 'active' DESC, updated_at DESC
		LIMIT 1`, member)
	if err != nil {
		return Work{}, fmt.Errorf("read work of %s: %w", member, err)
	}
	if len(current) > 0 {
		view, err := s.Task(ctx, member, current[0])
		if err != nil {
			return Work{}, err
		}
		work.Current = &view
	}
	var open []Offer
	err = s.db.SelectContext(ctx, &open, `
		SELECT id, task_id, member_id, kind, state
		FROM offers
		WHERE member_id = $1 AND state = 'open'
		ORDER BY CASE kind WHEN 'anchor' THEN 1 WHEN 'other' THEN 2 ELSE 3 END, offered_at, id`, member)
	if err != nil {
		return Work{}, fmt.Errorf("read offers of %s: %w", member, err)
	}
	for _, one := range open {
		view, err := s.Task(ctx, member, one.TaskID)
		if err != nil {
			return Work{}, err
		}
		work.Offers = append(work.Offers, OfferedTask{one.ID, one.Kind, view})
	}
	return work, nil
}
