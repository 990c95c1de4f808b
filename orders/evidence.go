package orders

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/mail"
)

// ErrDisputeNotFound says that there is no such dispute.
var ErrDisputeNotFound = errors.New("there is no such dispute")

// Evidence is what a bank is shown about a disputed order: a zip archive, and the name of its file.
type Evidence struct {
	Name    string
	Archive []byte
}

// evidenceFile is one file of the archive.
type evidenceFile struct {
	name    string
	content []byte
}

// Evidence packs what speaks for us in a dispute: the confirmation as it was shown, the pictures
// that were agreed to, who approved which text when, what happened, how it was sent, the mails that
// were written, and what was claimed. It names customer and staff, never a member. Reading it leaves an audit entry.
// Errors: ErrDisputeNotFound.
func (s *Service) Evidence(ctx context.Context, by audit.Actor, id DisputeID) (Evidence, error) {
	var disputes []Dispute
	if err := s.db.SelectContext(ctx, &disputes, selectDisputes+`id = $1`, id); err != nil {
		return Evidence{}, fmt.Errorf("read dispute %s: %w", id, err)
	}
	if len(disputes) == 0 {
		return Evidence{}, ErrDisputeNotFound
	}
	order, err := readOrder(ctx, s.db, `orders.id = $1`, disputes[0].OrderID)
	if err != nil {
		return Evidence{}, err
	}
	files, err := s.evidenceFiles(ctx, by, order, disputes[0])
	if err != nil {
		return Evidence{}, fmt.Errorf("pack evidence of dispute %s: %w", id, err)
	}
	archive, err := pack(files, s.now())
	return Evidence{Name: "evidence-" + order.Number + ".zip", Archive: archive}, err
}

func (s *Service) evidenceFiles(ctx context.Context, by audit.Actor, order Order, dispute Dispute) ([]evidenceFile, error) {
	contact, err := s.Contact(ctx, by, order.ID) // with its audit entry
	if err != nil {
		return nil, err
	}
	approvals, err := s.approvals(ctx, order.ID)
	if err != nil {
		return nil, err
	}
	happened, err := s.happenings(ctx, order.ID)
	if err != nil {
		return nil, err
	}
	files := []evidenceFile{
		{"1-order.txt", []byte(orderSheet(order, dispute, contact))},
		{"2-confirmation-as-shown.txt", []byte(order.LegalText + "\n")},
		{"4-text-approvals.txt", []byte(approvals)},
		{"5-timeline.txt", []byte(happened)},
		{"6-shipping.txt", []byte(shippingSheet(order, contact))},
	}
	proofs := s.proofs(ctx, order)
	letters, err := s.sentMails(ctx, order.ID)
	if err != nil {
		return nil, err
	}
	claims, err := s.claimSheets(ctx, order)
	return slices.Concat(files, proofs, letters, claims), err
}

// claimSheets are what the customer wrote about what they got, with our answers and all photos. A photo that
// cannot be read does not keep back the rest.
func (s *Service) claimSheets(ctx context.Context, order Order) ([]evidenceFile, error) {
	claims, err := s.Claims(ctx, order.ID)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	var sheet strings.Builder
	var photos []evidenceFile
	for i, claim := range claims {
		fmt.Fprintf(&sheet, "Claim %d, %s, from %s: %s, %d × %s\n%s\nState: %s %s %s\n\n", i+1, stamp(claim.CreatedAt), claim.Origin, claim.Reason,
			claim.Quantity, order.line(claim.LineID).Title, claim.Note, claim.State, claim.Remedy, claim.Answer)
		for _, photo := range claim.Photos {
			file := evidenceFile{name: fmt.Sprintf("8-claim-%d-photo-%d-from-%s.jpg", i+1, photo.Position, photo.Origin)}
			if file.content, err = s.readPhoto(ctx, claimPhotoContext(claim.ID), photo.Key); err != nil {
				file = evidenceFile{file.name + "-is-missing.txt", []byte(err.Error() + "\n")}
			}
			photos = append(photos, file)
		}
	}
	return append([]evidenceFile{{"8-claims.txt", []byte(sheet.String())}}, photos...), nil
}

func orderSheet(order Order, dispute Dispute, contact Contact) string {
	var sheet strings.Builder
	fmt.Fprintf(&sheet, "Dispute %s\nReason given: %s\nAmount: %s\n", dispute.ProviderID, dispute.Reason, dispute.Amount)
	if dispute.EvidenceDue != nil {
		fmt.Fprintf(&sheet, "Evidence is due: %s\n", stamp(*dispute.EvidenceDue))
	}
	fmt.Fprintf(&sheet, "\nOrder %s, placed %s\nCustomer: %s <%s>\n\n", order.Number, stamp(order.PlacedAt), contact.Name, contact.Email)
	for _, line := range order.Lines {
		fmt.Fprintf(&sheet, "%s\n  %s × %d = %s\n", line.Title, line.UnitPrice, line.Quantity, line.Total)
		if line.DesignText != "" {
			fmt.Fprintf(&sheet, "  made for this customer, with the text: %s\n", strings.ReplaceAll(line.DesignText, "\n", " / "))
		}
	}
	fmt.Fprintf(&sheet, "\nGoods %s, shipping %s, total %s (tax included)\n", order.Goods, order.Shipping, order.Total)
	return sheet.String()
}

func shippingSheet(order Order, contact Contact) string {
	if order.Shipment == nil || order.Shipment.HandedOverAt == nil {
		return fmt.Sprintf("Not shipped yet. Promised: %s to %s.\n", jst.Date(order.From), jst.Date(order.Until))
	}
	return fmt.Sprintf("Handed over: %s\nCarrier: %s\nTracking number: %s\nTo: %s, %s %s%s%s %s\n",
		stamp(*order.Shipment.HandedOverAt), order.Shipment.Carrier, order.Shipment.Tracking,
		contact.Name, contact.PostalCode, contact.Prefecture, contact.City, contact.Street, contact.Building)
}

// stamp writes a moment in Japan.
func stamp(t time.Time) string { return t.In(jst.Zone).Format("2006-01-02 15:04:05 JST") }

// approvals tells which text was decided when and by which member of staff, by id.
func (s *Service) approvals(ctx context.Context, order OrderID) (string, error) {
	var rows []struct {
		Title string           `db:"title"`
		Text  string           `db:"text"`
		State TextState        `db:"text_state"`
		By    id.ID[staffKind] `db:"text_decided_by"`
		At    *time.Time       `db:"text_decided_at"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT line.title, design.text, line.text_state, line.text_decided_by, line.text_decided_at
		FROM order_lines AS line
		JOIN designs AS design ON design.id = line.design_id
		WHERE line.order_id = $1
		ORDER BY line.position`, order)
	if err != nil {
		return "", fmt.Errorf("read approvals: %w", err)
	}
	if len(rows) == 0 {
		return "The order has no text of its own.\n", nil
	}
	var sheet strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&sheet, "%s 「%s」: %s", row.Title, row.Text, row.State)
		if row.At != nil {
			fmt.Fprintf(&sheet, ", %s, by staff %s", stamp(*row.At), row.By)
		}
		sheet.WriteString("\n")
	}
	return sheet.String(), nil
}

// happenings writes the timeline of the order. Who is a member is not named, nor that they were.
func (s *Service) happenings(ctx context.Context, order OrderID) (string, error) {
	entries, err := s.Timeline(ctx, order)
	if err != nil {
		return "", err
	}
	var sheet strings.Builder
	for _, entry := range entries {
		actor := string(entry.Actor.Role)
		switch entry.Actor.Role {
		case audit.Staff:
			actor += " " + entry.Actor.ID
		case audit.Member:
			actor = "workshop"
		}
		fmt.Fprintf(&sheet, "%s  %-26s %s\n", stamp(entry.At), entry.Action, actor)
	}
	return sheet.String(), nil
}

// proofs are the pictures that the customer agreed to. One that cannot be had does not keep back
// the rest.
func (s *Service) proofs(ctx context.Context, order Order) []evidenceFile {
	var files []evidenceFile
	for i, line := range order.Lines {
		if line.DesignID.IsZero() {
			continue
		}
		file := evidenceFile{name: fmt.Sprintf("3-proof-line-%d.png", i+1)}
		var err error
		if file.content, err = s.catalog.ProofPNG(ctx, line.DesignID); err != nil {
			file = evidenceFile{file.name + "-is-missing.txt", []byte(err.Error() + "\n")}
		}
		files = append(files, file)
	}
	return files
}

// sentMails are the mails about the order that left the house. The secret link to the order is
// taken out: it is for the customer's eyes.
func (s *Service) sentMails(ctx context.Context, order OrderID) ([]evidenceFile, error) {
	link, err := s.orderURL(ctx, s.db, order)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID     MailID    `db:"id"`
		Sealed []byte    `db:"sealed"`
		SentAt time.Time `db:"sent_at"`
	}
	err = s.db.SelectContext(ctx, &rows, `
		SELECT id, sealed, sent_at
		FROM mails
		WHERE starts_with(key, $1) AND state = 'sent'
		ORDER BY sent_at, id`, order.String()+":")
	if err != nil {
		return nil, fmt.Errorf("read mails: %w", err)
	}
	var files []evidenceFile
	for i, row := range rows {
		var letter mail.Message
		if err := openJSON(s.seal, mailContext(row.ID), row.Sealed, &letter); err != nil {
			return nil, err
		}
		text := fmt.Sprintf("Sent: %s\nTo: %s\nSubject: %s\n\n%s", stamp(row.SentAt), plainAddress(letter.To), letter.Subject,
			strings.ReplaceAll(letter.Text, link, "[link to the customer's own page]"))
		files = append(files, evidenceFile{fmt.Sprintf("7-mail-%d.txt", i+1), []byte(text)})
	}
	return files, nil
}

// plainAddress writes an address of a mail as people read it.
func plainAddress(header string) string {
	address, err := netmail.ParseAddress(header)
	if err != nil {
		return header
	}
	return strings.TrimSpace(address.Name + " <" + address.Address + ">")
}

func pack(files []evidenceFile, at time.Time) ([]byte, error) {
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	for _, file := range files {
		entry, err := writer.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", file.name, err)
		}
		if _, err := entry.Write(file.content); err != nil {
			return nil, fmt.Errorf("pack %s: %w", file.name, err)
		}
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("close archive: %w", err)
	}
	return archive.Bytes(), nil
}
