package fulfilment

import (
	"context"
	"fmt"

	"tsukuriba/orders"
)

// Thanks is a message that staff let through to those who made something. It says nothing of who
// wrote it; Prefecture is how far the piece travelled, "" if that is not told.
type Thanks struct {
	ID         orders.ThanksID `db:"id"`
	Words      string          `db:"words"`
	Reading    string          `db:"reading"`
	Prefecture string          `db:"prefecture"`
	HasPhoto   bool            `db:"has_photo"` // ThanksPhotoFor reads it
}

// DeliverThanks notes for whom a message is: everybody who worked on a piece of the order or packed
// it, each once. Told twice, it does nothing more.
func (s *Service) DeliverThanks(ctx context.Context, event orders.ThanksLetThrough) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO thanks_for_members (thanks_id, member_id, delivered_at)
		SELECT DISTINCT $1::uuid, work_sessions.member_id, $3::timestamptz
		FROM work_sessions
		JOIN tasks ON tasks.id = work_sessions.task_id
		LEFT JOIN task_units ON task_units.task_id = tasks.id
		LEFT JOIN units ON units.id = task_units.unit_id
		LEFT JOIN order_lines ON order_lines.id = units.order_line_id
		WHERE tasks.order_id = $2 OR order_lines.order_id = $2
		ON CONFLICT DO NOTHING`, event.ThanksID, event.OrderID, s.now())
	if err != nil {
		return fmt.Errorf("deliver thanks %s: %w", event.ThanksID, err)
	}
	return nil
}

// maxThanks is how many messages are shown at once.
const maxThanks = 20

// ThanksFor lists the messages to a member that staff let through, the newest first.
func (s *Service) ThanksFor(ctx context.Context, member MemberID) ([]Thanks, error) {
	var found []Thanks
	err := s.db.SelectContext(ctx, &found, `
		SELECT thanks.id, thanks.words, thanks.reading, thanks.prefecture, thanks.photo_shown AS has_photo
		FROM thanks_for_members AS mine
		JOIN thanks ON thanks.id = mine.thanks_id
		WHERE mine.member_id = $1 AND thanks.state = 'shown'
		ORDER BY mine.delivered_at DESC, thanks.id DESC
		LIMIT $2`, member, maxThanks)
	if err != nil {
		return nil, fmt.Errorf("read thanks for %s: %w", member, err)
	}
	return found, nil
}

// ThanksPhotoFor reads the photo of a message to a member that staff let through with it: a JPEG. Any other is
// orders.ErrPhotoNotFound.
func (s *Service) ThanksPhotoFor(ctx context.Context, member MemberID, id orders.ThanksID) ([]byte, error) {
	var mine bool
	err := s.db.GetContext(ctx, &mine, `
		SELECT EXISTS (
			SELECT
			FROM thanks_for_members AS mine
			JOIN thanks ON thanks.id = mine.thanks_id
			WHERE mine.member_id = $1 AND thanks.id = $2 AND thanks.photo_shown)`, member, id)
	if err != nil {
		return nil, fmt.Errorf("find photo of thanks for %s: %w", member, err)
	}
	if !mine {
		return nil, orders.ErrPhotoNotFound
	}
	return s.orders.ThanksPhoto(ctx, id)
}
