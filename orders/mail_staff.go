package orders

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// staffLetters begins the keys of mails to the workshop itself. They belong to no order's letters
// and name no customer.
const staffLetters = "staff:"

// MailDispute tells the workshop by mail that a customer's bank objects to a payment, and how that
// ended: staff may not look at the console before the time to answer is over. Where nobody is named who
// sells there is nobody to tell, and the matter has to do.
func (s *Service) MailDispute(ctx context.Context, event DisputeMoved) error {
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		seller, err := s.sellerIn(ctx, tx)
		if errors.Is(err, ErrNoSeller) {
			return nil
		}
		if err != nil {
			return err
		}
		var dispute Dispute
		if err := tx.GetContext(ctx, &dispute, selectDisputes+`id = $1`, event.DisputeID); err != nil {
			return fmt.Errorf("read dispute %s: %w", event.DisputeID, err)
		}
		order, err := readOrder(ctx, tx, `orders.id = $1`, dispute.OrderID)
		if err != nil {
			return err
		}
		fee, err := disputeFee(ctx, tx, dispute.PaymentID)
		if err != nil {
			return err
		}
		message := dispute.letter(event.State, order.Number, fee)
		if message.Subject == "" {
			return nil
		}
		message.To, message.Text = seller.Email, message.Text+"\n\n"+s.publicURL+"/staff/money\n"
		return s.queueMail(ctx, tx, message)
	})
}

// disputeFee is what the provider has taken for disputes about a payment and not given back.
func disputeFee(ctx context.Context, tx *sqlx.Tx, payment PaymentID) (fee yen.Amount, err error) {
	err = tx.GetContext(ctx, &fee, `
		SELECT coalesce(sum(CASE kind WHEN 'dispute_fee' THEN amount_yen ELSE -amount_yen END), 0)
		FROM money_ledger
		WHERE payment_id = $1 AND kind IN ('dispute_fee', 'dispute_fee_returned')`, payment)
	if err != nil {
		return 0, fmt.Errorf("sum dispute fees: %w", err)
	}
	return fee, nil
}

// letter says that the dispute has come into a state. There is none for states in which nothing is
// to be done or known.
func (d Dispute) letter(state DisputeState, number string, fee yen.Amount) mail.Message {
	row := matterRow{Kind: MatterDispute, Amount: d.Amount, Ref: string(state), Note: d.Reason, Due: d.EvidenceDue}
	message := mail.Message{Key: staffLetters + "dispute:" + d.ID.String() + ":" + string(state), Lang: "ja"}
	switch state {
	case DisputeNeedsResponse, DisputeWarning:
		message.Subject, message.Text = "支払いへの異議("+number+")", row.dispute().sentence
	case DisputeLost:
		message.Subject, message.Text = "異議が認められました("+number+")", row.dispute().sentence
	case DisputeWon, DisputeWarningClosed:
		row.Kind = MatterDisputeWon
		message.Subject, message.Text = "異議が終わりました("+number+")", row.dispute().sentence
	default:
		return mail.Message{}
	}
	if fee > 0 {
		message.Text += fmt.Sprintf("\n決済サービスの手数料 %s がかかっています。", fee)
	}
	message.Text = "注文 " + number + "\n\n" + message.Text + "\n\nくわしくは、職員の画面の「お金の確認」で見られます。"
	return message
}
