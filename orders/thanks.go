package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/text"
)

// ThanksState is where a thank-you message stands.
type ThanksState string

// The states of a message. Staff may decline one that is shown, too.
const (
	ThanksOpen     ThanksState = "open"
	ThanksShown    ThanksState = "shown"
	ThanksDeclined ThanksState = "declined"
)

// Errors about thank-you messages.
var (
	ErrThankedAlready = errors.New("this order has its thank-you message already")
	ErrThanksNotFound = errors.New("no such thank-you message")
	ErrThanksRead     = errors.New("staff have decided about the thank-you message")
)

// maxThanks is how much a customer may write to the makers.
const maxThanks = 500

// Thanks is what a customer wrote to those who made an order. Nobody but staff reads it before
// staff let it through, and nothing of the customer goes with it but a prefecture they agreed to.
type Thanks struct {
	ID         ThanksID    `db:"id"`
	OrderID    OrderID     `db:"order_id"`
	Number     string      `db:"number"` // of the order
	State      ThanksState `db:"state"`
	Prefecture string      `db:"prefecture"` // "" if it is not to be told
	Reading    string      `db:"reading"`    // the same in kana, written by staff
	CreatedAt  time.Time   `db:"created_at"`
	HasPhoto   bool        `db:"has_photo"`
	PhotoShown bool        `db:"photo_shown"` // members see it, too
	Words      string      `db:"-"`

	Remarks []catalog.TextRemark `db:"-"` // what staff should know of the words; filled by AllThanks
}

// Telling reports whether staff should look twice: at listed words, at what is written so that it
// hides, and at anything by which somebody could be reached.
func (t Thanks) Telling() bool { return len(t.Remarks) > 0 || offersContact(t.Words) }

// ways are how people speak of reaching each other without saying where.
var ways = []string{
	"電話", "住所", "連絡先", "メールください", "インスタ", "instagram", "ツイッター", "twitter", "tiktok", "facebook", "discord", "LINE交換", "LINEで", "LINEの", "LINEを", "ラインで", "ライン交換",
}

// offersContact looks for ways in the shadows of words, where spaces and signs hide nothing.
func offersContact(words string) bool {
	for _, shadow := range text.Shadows(words) {
		for _, way := range ways {
			if strings.Contains(shadow, text.Shadows(way)[0]) {
				return true
			}
		}
	}
	return false
}

// ThanksRequest is what a customer wants to tell the makers. Agreed says that they know who reads
// it and that staff read it before.
type ThanksRequest struct {
	Words          string
	TellPrefecture bool
	Agreed         bool
	Photo          []byte // as it was sent; nil for none
}

// CanBeThanked says whether the makers can be thanked for the order: once it was sent, if anything
// of it was made here.
func (o Order) CanBeThanked() bool {
	if o.State != Shipped && o.State != Completed {
		return false
	}
	for _, line := range o.Lines {
		if line.Routing != "" {
			return true
		}
	}
	return false
}

func (r *ThanksRequest) check() error {
	fields := map[string]string{}
	r.Words = strings.TrimSpace(strings.ReplaceAll(r.Words, "\r\n", "\n"))
	require(fields, "words", r.Words)
	switch {
	case strangeText(strings.ReplaceAll(r.Words, "\n", " ")):
		fields["words"] = "invalid"
	case utf8.RuneCountInString(r.Words) > maxThanks:
		fields["words"] = "too_long"
	}
	if !r.Agreed {
		fields["agreed"] = "required"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

// ThankByCustomer keeps a message to those who made an order, by its secret link, until staff have
// read it. Errors: ErrOrderNotFound, ErrWrongState before it was sent, ErrThankedAlready, those of
// photo.Clean, and *FormError ("words", "agreed").
func (s *Service) ThankByCustomer(ctx context.Context, token string, request ThanksRequest) (Thanks, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return Thanks{}, err
	}
	if !order.CanBeThanked() {
		return Thanks{}, wrongState("thank for", order.State)
	}
	if err := request.check(); err != nil {
		return Thanks{}, err
	}
	thanks := Thanks{
		ID: id.New[thanksKind](), OrderID: order.ID, Number: order.Number, State: ThanksOpen, CreatedAt: s.now(), Words: request.Words,
		HasPhoto: request.Photo != nil,
	}
	var photo keptPhoto
	if thanks.HasPhoto {
		if photo, err = s.keepPhoto(ctx, thanksPhotoContext(thanks.ID), request.Photo); err != nil {
			return Thanks{}, err
		}
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if request.TellPrefecture {
			contact, err := s.contact(ctx, tx, order.ID)
			if err != nil {
				return err
			}
			thanks.Prefecture = contact.Prefecture
		}
		if err := s.insertThanks(ctx, tx, thanks, photo.key); err != nil {
			return err
		}
		return recordOn(ctx, tx, order, audit.Actor{Role: audit.Customer}, "thanks.written")
	})
	if err != nil {
		return Thanks{}, fmt.Errorf("keep thanks for order %s: %w", order.ID, err)
	}
	return thanks, nil
}

func thanksContext(id ThanksID) string { return "orders.thanks:" + id.String() }

func (s *Service) insertThanks(ctx context.Context, tx *sqlx.Tx, thanks Thanks, photoKey string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO thanks (id, order_id, words_sealed, prefecture, created_at, photo_key)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		thanks.ID, thanks.OrderID, s.seal.Seal(thanksContext(thanks.ID), []byte(thanks.Words)), thanks.Prefecture, thanks.CreatedAt, photoKey)
	if postgres.Violates(err, "thanks_once") {
		return ErrThankedAlready
	}
	if err != nil {
		return fmt.Errorf("insert thanks: %w", err)
	}
	return nil
}

// ThanksOf returns the message about an order, or ErrThanksNotFound.
func (s *Service) ThanksOf(ctx context.Context, order OrderID) (Thanks, error) {
	found, err := s.readThanks(ctx, s.db, `thanks.order_id = $1`, order)
	if err == nil && len(found) == 0 {
		err = ErrThanksNotFound
	}
	if err != nil {
		return Thanks{}, err
	}
	return found[0], nil
}

// AllThanks lists the latest messages for staff: those that wait to be read first, with what the lists
// of words say today.
func (s *Service) AllThanks(ctx context.Context) ([]Thanks, error) {
	all, err := s.readThanks(ctx, s.db, `true ORDER BY thanks.state <> 'open', thanks.created_at DESC LIMIT 100`)
	for i := range all {
		if err == nil {
			all[i].Remarks, err = s.catalog.Remarks(ctx, all[i].Words)
		}
	}
	return all, err
}

func (s *Service) readThanks(ctx context.Context, db sqlx.QueryerContext, where string, args ...any) ([]Thanks, error) {
	var rows []struct {
		Thanks
		Sealed []byte `db:"words_sealed"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT thanks.id, thanks.order_id, orders.number, thanks.state, thanks.prefecture, thanks.reading, thanks.created_at, thanks.words_sealed,
		       thanks.photo_key <> '' AS has_photo, thanks.photo_shown
		FROM thanks
		JOIN orders ON orders.id = thanks.order_id
		WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read thanks: %w", err)
	}
	found := make([]Thanks, len(rows))
	for i, row := range rows {
		words, err := s.seal.Open(thanksContext(row.ID), row.Sealed)
		if err != nil {
			return nil, fmt.Errorf("open thanks %s: %w", row.ID, err)
		}
		found[i] = row.Thanks
		found[i].Words = string(words)
	}
	return found, nil
}

// Showing is what members see of a message besides its words.
type Showing struct {
	Reading   string // the words in kana, "" if staff wrote none
	WithPhoto bool   // means nothing without a photo
}

// ShowThanks lets a message through to those who made the order. Nobody changes the words. Letting it
// through twice is fine. Errors: ErrThanksNotFound, *FormError ("reading").
func (s *Service) ShowThanks(ctx context.Context, by audit.Actor, id ThanksID, showing Showing) error {
	reading := strings.TrimSpace(showing.Reading)
	if strangeText(strings.ReplaceAll(reading, "\n", " ")) || utf8.RuneCountInString(reading) > 2*maxThanks {
		return &FormError{Fields: map[string]string{"reading": "invalid"}}
	}
	return s.changeThanks(ctx, by, "thanks.decided", id, func(tx *sqlx.Tx, thanks Thanks) error {
		if err := saveThanks(ctx, tx, thanks.ID, verdict{ThanksShown, thanks.Words, reading, showing.WithPhoto && thanks.HasPhoto, s.now()}); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, ThanksLetThrough{OrderID: thanks.OrderID, ThanksID: thanks.ID})
	})
}

// DeclineThanks keeps a message from the members, also one that they have seen. Errors:
// ErrThanksNotFound.
func (s *Service) DeclineThanks(ctx context.Context, by audit.Actor, id ThanksID) error {
	return s.changeThanks(ctx, by, "thanks.decided", id, func(tx *sqlx.Tx, thanks Thanks) error {
		return saveThanks(ctx, tx, thanks.ID, verdict{state: ThanksDeclined, at: s.now()})
	})
}

// changeThanks changes a message that is locked, and notes who did.
func (s *Service) changeThanks(ctx context.Context, by audit.Actor, action string, id ThanksID, change func(*sqlx.Tx, Thanks) error) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		var locked ThanksID
		if err := tx.GetContext(ctx, &locked, `SELECT id FROM thanks WHERE id = $1 FOR UPDATE`, id); errors.Is(err, sql.ErrNoRows) {
			return ErrThanksNotFound
		} else if err != nil {
			return err
		}
		found, err := s.readThanks(ctx, tx, `thanks.id = $1`, id)
		if err != nil {
			return err
		}
		if err := change(tx, found[0]); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Subject: found[0].OrderID.String()})
	})
	if err != nil {
		return fmt.Errorf("change thanks %s: %w", id, err)
	}
	return nil
}

// verdict is what staff decided about a message, and what members read of it.
type verdict struct {
	state          ThanksState
	words, reading string
	photo          bool
	at             time.Time
}

func saveThanks(ctx context.Context, tx *sqlx.Tx, id ThanksID, decided verdict) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE thanks
		SET state = $2, words = $3, reading = $4, photo_shown = $5, decided_at = $6
		WHERE id = $1`, id, decided.state, decided.words, decided.reading, decided.photo, decided.at)
	if err != nil {
		return fmt.Errorf("save thanks: %w", err)
	}
	return nil
}
