package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// ClaimState is where a claim stands.
type ClaimState string

// The states of a claim. Settled and refused are final. An accepted remake is made and packed
// before its own parcel settles it; a refund settles it at once, and goes its own way.
const (
	ClaimOpen     ClaimState = "open"
	ClaimRemaking ClaimState = "remaking"
	ClaimReady    ClaimState = "ready"
	ClaimSettled  ClaimState = "settled"
	ClaimRefused  ClaimState = "declined"
)

// ClaimReason says what is wrong with a line.
type ClaimReason string

// ClaimReasons are those that customers choose from: broken, another text than agreed, another
// thing, badly finished, missing, no longer wished for, and anything else.
var ClaimReasons = []ClaimReason{"broken", "wrong_text", "wrong_item", "finish", "missing", "wish", "other"}

// earlyReasons make sense before anything has arrived.
var earlyReasons = []ClaimReason{"wrong_text", "wish", "other"}

// Remedy is what an accepted claim gives.
type Remedy string

// The remedies. A remake is made, or taken from the shelf, once more and costs nothing.
const (
	RemedyRemake Remedy = "remake"
	RemedyRefund Remedy = "refund"
)

// DeclineReasons are the keys of the words with which staff kindly decline a claim.
var DeclineReasons = []string{"as_agreed", "signs_of_use", "too_late", "cannot_verify"}

const (
	// claimWindow is how long after shipping a customer may write about an order by its page.
	claimWindow = 60 * 24 * time.Hour
	// maxClaimNote is how much they may write.
	maxClaimNote = 1000
)

// Claim is what a customer says is wrong with a line of an order, and what became of it. Order and
// line stay as they were agreed.
type Claim struct {
	ID        ClaimID     `db:"id"`
	OrderID   OrderID     `db:"order_id"`
	Number    string      `db:"number"` // of the order
	LineID    LineID      `db:"order_line_id"`
	Quantity  int         `db:"quantity"`
	Reason    ClaimReason `db:"reason"`
	Origin    audit.Role  `db:"origin"` // customer or staff
	State     ClaimState  `db:"state"`
	Remedy    Remedy      `db:"remedy"` // "" until it is accepted
	Answer    string      `db:"answer"` // one of DeclineReasons once declined
	Version   int         `db:"version"`
	CreatedAt time.Time   `db:"created_at"`
	DecidedAt *time.Time  `db:"decided_at"`

	Note     string       `db:"-"` // the customer's words
	Photos   []ClaimPhoto `db:"-"` // the oldest first
	Shipment *Shipment    `db:"-"` // of the remade pieces, once handed over
}

// ClaimRequest is what somebody says is wrong. Photos are as they were sent, MaxClaimPhotos at most.
type ClaimRequest struct {
	Line     LineID
	Quantity int
	Reason   ClaimReason
	Note     string
	Photos   [][]byte
}

// CanBeClaimed says whether the customer may write about the order: from the first piece on,
// when it can no longer be canceled, until 60 days after shipping.
func (o Order) CanBeClaimed(now time.Time) bool {
	switch o.State {
	case InProduction, Ready:
		return true
	case Shipped, Completed:
		return o.ShippedAt != nil && now.Sub(*o.ShippedAt) < claimWindow
	default:
		return false
	}
}

// ClaimReasons are those that make sense for the order as it stands.
func (o Order) ClaimReasons() []ClaimReason {
	if o.ShippedAt == nil {
		return earlyReasons
	}
	return ClaimReasons
}

// claim opens a claim. Errors: *FormError ("line", "quantity", "reason", "note").
func (o Order) claim(request ClaimRequest) (Claim, error) {
	fields := map[string]string{}
	line := o.line(request.Line)
	switch {
	case line.ID.IsZero():
		fields["line"] = "unknown"
	case request.Quantity < 1 || request.Quantity > line.Quantity:
		fields["quantity"] = "invalid"
	}
	require(fields, "reason", string(request.Reason))
	if request.Reason != "" && !slices.Contains(o.ClaimReasons(), request.Reason) {
		fields["reason"] = "unknown"
	}
	request.Note = strings.TrimSpace(strings.ReplaceAll(request.Note, "\r\n", "\n"))
	require(fields, "note", request.Note)
	if reason := checkNote(request.Note, maxClaimNote); reason != "" {
		fields["note"] = reason
	}
	if len(fields) > 0 {
		return Claim{}, &FormError{Fields: fields}
	}
	if len(request.Photos) > MaxClaimPhotos {
		return Claim{}, ErrTooManyPhotos
	}
	return Claim{
		ID: id.New[claimKind](), OrderID: o.ID, Number: o.Number, LineID: line.ID, Quantity: request.Quantity, Reason: request.Reason,
		State: ClaimOpen, Note: request.Note, Version: 1,
	}, nil
}

// accept decides for a claim. A remake is for pieces that have been sent and were not refunded.
func (c *Claim) accept(order Order, remedy Remedy) error {
	switch {
	case c.State != ClaimOpen:
		return ErrClaimDecided
	case remedy == RemedyRefund:
		c.State = ClaimSettled
	case remedy != RemedyRemake:
		return ErrUnknownReason
	case order.State != Shipped && order.State != Completed:
		return wrongState("remake", order.State)
	case order.Wanted(c.LineID) < c.Quantity:
		return ErrLineRefunded
	case order.line(c.LineID).Routing == "": // it lies on the shelf
		c.State = ClaimReady
	default:
		c.State = ClaimRemaking
	}
	c.Remedy = remedy
	return nil
}

func (c *Claim) decline(answer string) error {
	switch {
	case !slices.Contains(DeclineReasons, answer):
		return ErrUnknownReason
	case c.State != ClaimOpen:
		return ErrClaimDecided
	}
	c.State, c.Answer = ClaimRefused, answer
	return nil
}

// ClaimByCustomer opens a claim by the order's secret link. Errors: ErrOrderNotFound,
// ErrWrongState, ErrClaimTooLate, ErrClaimOpen, ErrTooManyPhotos, those of photo.Clean, and *FormError
// ("line", "quantity", "reason", "note").
func (s *Service) ClaimByCustomer(ctx context.Context, token string, request ClaimRequest) (Claim, error) {
	found, err := s.ByLink(ctx, token)
	if err != nil {
		return Claim{}, err
	}
	return s.openClaim(ctx, audit.Actor{Role: audit.Customer}, found, request, func(order Order) error {
		if order.State == Shipped || order.State == Completed {
			return ErrClaimTooLate
		}
		return wrongState("claim", order.State)
	})
}

// OpenClaim opens a claim that a customer told staff, at any time from the first piece on. Errors
// are those of ClaimByCustomer without ErrClaimTooLate.
func (s *Service) OpenClaim(ctx context.Context, by audit.Actor, id OrderID, request ClaimRequest) (Claim, error) {
	found, err := s.Order(ctx, id)
	if err != nil {
		return Claim{}, err
	}
	return s.openClaim(ctx, by, found, request, func(order Order) error {
		if order.State == Shipped || order.State == Completed {
			return nil
		}
		return wrongState("claim", order.State)
	})
}

// openClaim asks twice: before photos are drawn anew, which takes a while, and when the order is locked.
func (s *Service) openClaim(ctx context.Context, by audit.Actor, found Order, request ClaimRequest, closed func(Order) error) (Claim, error) {
	decide := func(order Order) (Claim, error) {
		if !order.CanBeClaimed(s.now()) {
			if err := closed(order); err != nil {
				return Claim{}, err
			}
		}
		return order.claim(request)
	}
	claim, err := decide(found)
	if err != nil {
		return Claim{}, err
	}
	photos, err := s.keepPhotos(ctx, claimPhotoContext(claim.ID), request.Photos)
	if err != nil {
		return Claim{}, err
	}
	_, err = s.change(ctx, "claim", found.ID, func(tx *sqlx.Tx, order *Order) error {
		if _, err := decide(*order); err != nil {
			return err
		}
		claim.Origin, claim.CreatedAt = by.Role, s.now()
		if err := s.insertClaim(ctx, tx, claim); err != nil {
			return err
		}
		if err := s.insertClaimPhotos(ctx, tx, by.Role, claim, photos); err != nil {
			return err
		}
		if err := recordOn(ctx, tx, *order, by, "claim.open"); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, ClaimOpened{OrderID: order.ID, ClaimID: claim.ID})
	})
	if err != nil {
		return Claim{}, err
	}
	return s.Claim(ctx, claim.ID)
}

func (s *Service) insertClaim(ctx context.Context, tx *sqlx.Tx, claim Claim) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO claims (id, order_id, order_line_id, quantity, reason, words_sealed, origin, state, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		claim.ID, claim.OrderID, claim.LineID, claim.Quantity, claim.Reason, s.seal.Seal(claimContext(claim.ID), []byte(claim.Note)),
		claim.Origin, claim.State, claim.CreatedAt)
	if postgres.Violates(err, "one_open_claim_per_line") {
		return ErrClaimOpen
	}
	if err != nil {
		return fmt.Errorf("insert claim: %w", err)
	}
	return nil
}

func claimContext(id ClaimID) string { return "orders.claim:" + id.String() }

// AcceptClaim grants a remake or gives the money for the pieces back. Errors: ErrClaimNotFound,
// ErrClaimDecided, ErrUnknownReason for a remedy that is none, ErrWrongState for a remake of what was not
// shipped, ErrLineRefunded, *catalog.OutOfStockError for a shelf that is empty, and those of
// RequestRefund.
func (s *Service) AcceptClaim(ctx context.Context, by audit.Actor, id ClaimID, remedy Remedy) (Claim, error) {
	return s.onClaim(ctx, "accept", id, func(tx *sqlx.Tx, order *Order, claim *Claim) error {
		before := *claim
		if err := claim.accept(*order, remedy); err != nil {
			return err
		}
		if err := s.saveClaim(ctx, tx, before, claim, by); err != nil {
			return err
		}
		if err := s.grant(ctx, tx, by, order, *claim); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, ClaimAccepted{OrderID: order.ID, ClaimID: claim.ID})
	})
}

// grant gives what was accepted: money, or pieces from the shelf. What has to be made anew is
// owed by those who listen to ClaimAccepted.
func (s *Service) grant(ctx context.Context, tx *sqlx.Tx, by audit.Actor, order *Order, claim Claim) error {
	switch {
	case claim.Remedy == RemedyRefund:
		_, err := s.refundParts(ctx, tx, by, order, RefundOrder{
			Order: order.ID, Parts: []RefundPart{{Kind: PartLine, LineID: claim.LineID, Quantity: claim.Quantity}},
			Reason: claim.Reason.refund(), claim: claim.ID,
		})
		return err
	case claim.State == ClaimReady:
		pieces := []catalog.StockChange{{Variant: order.line(claim.LineID).VariantID, Quantity: claim.Quantity}}
		if err := s.catalog.Reserve(ctx, tx, pieces); err != nil {
			return err
		}
		return s.catalog.Consume(ctx, tx, pieces)
	}
	return nil
}

// refund is the reason under which a claim is refunded.
func (r ClaimReason) refund() RefundReason {
	switch r {
	case "broken":
		return "damaged"
	case "missing":
		return "lost"
	case "wish":
		return "returned"
	default:
		return "defect"
	}
}

// DeclineClaim explains by one of DeclineReasons why a claim cannot be accepted. Errors:
// ErrClaimNotFound, ErrClaimDecided, ErrUnknownReason.
func (s *Service) DeclineClaim(ctx context.Context, by audit.Actor, id ClaimID, answer string) (Claim, error) {
	return s.onClaim(ctx, "decline", id, func(tx *sqlx.Tx, order *Order, claim *Claim) error {
		before := *claim
		if err := claim.decline(answer); err != nil {
			return err
		}
		if err := s.saveClaim(ctx, tx, before, claim, by); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, ClaimDeclined{OrderID: order.ID, ClaimID: claim.ID})
	})
}

// ClaimPacked notes that all pieces made anew for a claim are packed. Saying so twice is fine.
// Errors: ErrClaimNotFound, ErrClaimDecided.
func (s *Service) ClaimPacked(ctx context.Context, tx *sqlx.Tx, id ClaimID) error {
	_, claim, err := s.lockClaim(ctx, tx, id)
	if err != nil || claim.State == ClaimReady || claim.State == ClaimSettled {
		return err
	}
	if claim.State != ClaimRemaking {
		return ErrClaimDecided
	}
	before := claim
	claim.State = ClaimReady
	return s.saveClaim(ctx, tx, before, &claim, system)
}

// ShipClaim hands what was made or taken anew to the carrier, which settles the claim. Errors:
// ErrClaimNotFound, ErrClaimNotReady, ErrOnHold, *FormError ("carrier", "tracking").
func (s *Service) ShipClaim(ctx context.Context, by audit.Actor, id ClaimID, handover Handover) (Claim, error) {
	return s.onClaim(ctx, "ship", id, func(tx *sqlx.Tx, order *Order, claim *Claim) error {
		if claim.State != ClaimReady {
			return ErrClaimNotReady
		}
		if len(order.Holds) > 0 {
			return ErrOnHold
		}
		if err := handover.check(*order); err != nil {
			return err
		}
		shipment, err := s.insertShipment(ctx, tx, Shipment{OrderID: order.ID, ClaimID: claim.ID}, handover)
		if err != nil {
			return err
		}
		before := *claim
		claim.State, claim.Shipment = ClaimSettled, &shipment
		if err := s.saveClaim(ctx, tx, before, claim, by); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, ClaimShipped{OrderID: order.ID, ClaimID: claim.ID})
	})
}

func (s *Service) onClaim(ctx context.Context, act string, id ClaimID, do func(*sqlx.Tx, *Order, *Claim) error) (Claim, error) {
	var claim Claim
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		var order Order
		if order, claim, err = s.lockClaim(ctx, tx, id); err != nil {
			return err
		}
		return do(tx, &order, &claim)
	})
	if err != nil {
		return Claim{}, fmt.Errorf("%s claim %s: %w", act, id, err)
	}
	return claim, nil
}

// lockClaim locks the order of a claim, which covers the claim, and reads both.
func (s *Service) lockClaim(ctx context.Context, tx *sqlx.Tx, id ClaimID) (Order, Claim, error) {
	var of OrderID
	err := tx.GetContext(ctx, &of, `SELECT order_id FROM claims WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, Claim{}, ErrClaimNotFound
	}
	if err != nil {
		return Order{}, Claim{}, fmt.Errorf("find claim: %w", err)
	}
	order, err := lockOrder(ctx, tx, of)
	if err != nil {
		return Order{}, Claim{}, err
	}
	claims, err := s.findClaims(ctx, tx, `claims.id = $1`, id)
	if err != nil {
		return Order{}, Claim{}, err
	}
	return order, claims[0], nil
}

// saveClaim is the only function that writes a claim's state. The order is locked.
func (s *Service) saveClaim(ctx context.Context, tx *sqlx.Tx, before Claim, claim *Claim, by audit.Actor) error {
	if before.State == ClaimOpen {
		claim.DecidedAt = new(s.now())
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE claims
		SET state = $4, remedy = $5, answer = $6, decided_at = $7, version = version + 1
		WHERE id = $1 AND state = $2 AND version = $3`,
		claim.ID, before.State, before.Version, claim.State, claim.Remedy, claim.Answer, claim.DecidedAt)
	if err != nil {
		return fmt.Errorf("update claim: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(ErrStale, err)
	}
	claim.Version++
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: "claim." + string(claim.State), Subject: claim.OrderID.String(),
		Detail: map[string]any{"claim": claim.ID, "from": before.State, "remedy": claim.Remedy, "answer": claim.Answer},
	})
}

// Claims lists the claims about an order, the oldest first.
func (s *Service) Claims(ctx context.Context, order OrderID) ([]Claim, error) {
	return s.findClaims(ctx, s.db, `claims.order_id = $1`, order)
}

// Claim returns one claim, or ErrClaimNotFound.
func (s *Service) Claim(ctx context.Context, id ClaimID) (Claim, error) {
	claims, err := s.findClaims(ctx, s.db, `claims.id = $1`, id)
	if err != nil {
		return Claim{}, err
	}
	if len(claims) == 0 {
		return Claim{}, ErrClaimNotFound
	}
	return claims[0], nil
}

// OpenClaims lists the claims that staff have something to do with, the oldest first: to decide,
// or to ship what was made anew.
func (s *Service) OpenClaims(ctx context.Context) ([]Claim, error) {
	return s.findClaims(ctx, s.db, `claims.state IN ('open', 'remaking', 'ready')`)
}

func (s *Service) findClaims(ctx context.Context, db sqlx.QueryerContext, condition string, args ...any) ([]Claim, error) {
	var rows []struct {
		Claim
		Sealed       []byte         `db:"words_sealed"`
		ShipmentID   ShipmentID     `db:"shipment_id"`
		Carrier      sql.NullString `db:"carrier"`
		Tracking     sql.NullString `db:"tracking"`
		HandedOverAt *time.Time     `db:"handed_over_at"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT claims.id, claims.order_id, orders.number, claims.order_line_id, claims.quantity, claims.reason, claims.words_sealed, claims.origin,
		       claims.state, claims.remedy, claims.answer, claims.version, claims.created_at, claims.decided_at,
		       shipments.id AS shipment_id, shipments.carrier, shipments.tracking, shipments.handed_over_at
		FROM claims
		JOIN orders ON orders.id = claims.order_id
		LEFT JOIN shipments ON shipments.claim_id = claims.id AND shipments.state <> 'returned'
		WHERE `+condition+`
		ORDER BY claims.created_at, claims.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	claims := make([]Claim, len(rows))
	for i, row := range rows {
		note, err := s.seal.Open(claimContext(row.ID), row.Sealed)
		if err != nil {
			return nil, fmt.Errorf("open claim %s: %w", row.ID, err)
		}
		claims[i] = row.Claim
		claims[i].Note = string(note)
		if !row.ShipmentID.IsZero() {
			claims[i].Shipment = &Shipment{
				ID: row.ShipmentID, OrderID: row.OrderID, ClaimID: row.ID, State: "handed_over",
				Carrier: row.Carrier.String, Tracking: row.Tracking.String, HandedOverAt: row.HandedOverAt,
			}
		}
	}
	return claims, s.addPhotosTo(ctx, db, claims)
}
