package orders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
)

// ErrNoSeller says that nobody has said yet who sells. Without that nothing is sold (特定商取引法 第11条).
var ErrNoSeller = errors.New("the shop's particulars are not filled in yet")

// Seller is who the law wants named wherever something is sold (特定商取引法 第11条, 施行規則 第23条): the one place
// from which pages, documents and mails take it. Registration is T and 13 digits, or empty for one who does not issue
// qualified invoices. Without a complete Bank nobody is offered to pay by invoice. What is empty in English is shown in
// Japanese.
type Seller struct {
	Name         string      `json:"name"`
	NameEn       string      `json:"name_en,omitempty"`
	Manager      string      `json:"manager"`
	ManagerEn    string      `json:"manager_en,omitempty"`
	Address      string      `json:"address"`
	AddressEn    string      `json:"address_en,omitempty"`
	Phone        string      `json:"phone"`
	Hours        string      `json:"hours"`
	HoursEn      string      `json:"hours_en,omitempty"`
	Email        string      `json:"email"`
	Registration string      `json:"registration,omitempty"`
	Bank         BankAccount `json:"bank,omitzero"`
}

// In is the seller as a reader of a language is told of it.
func (s Seller) In(language Language) Seller {
	if language != English {
		return s
	}
	s.Name, s.Manager = cmp.Or(s.NameEn, s.Name), cmp.Or(s.ManagerEn, s.Manager)
	s.Address, s.Hours = cmp.Or(s.AddressEn, s.Address), cmp.Or(s.HoursEn, s.Hours)
	return s
}

// issuer is how the seller stands on documents.
func (s Seller) issuer() Issuer {
	return Issuer{Name: s.Name, Address: s.Address, Phone: s.Phone, Email: s.Email, Registration: s.Registration}
}

// check trims the seller and notes what cannot be taken: "required", "too_long", "invalid". Of the account either all
// or nothing is told ("bank": "incomplete").
func (s *Seller) check() error {
	fields := map[string]string{}
	for name, value := range s.texts() {
		*value = strings.TrimSpace(*value)
		if reason := checkText(*value); reason != "" {
			fields[name] = reason
		}
	}
	for name, value := range map[string]string{
		"name": s.Name, "manager": s.Manager, "address": s.Address, "phone": s.Phone, "hours": s.Hours, "email": s.Email,
	} {
		require(fields, name, value)
	}
	for name, wrong := range map[string]bool{
		"phone": s.Phone != "" && !sanePhone(digits(s.Phone)), "email": s.Email != "" && !saneEmail(s.Email),
		"registration": s.Registration != "" && !s.issuer().Registered(), "bank_kind": s.Bank.Kind != "" && s.Bank.Kind != "普通" && s.Bank.Kind != "当座",
		"bank_number": s.Bank.Number != "" && !onlyDigits(s.Bank.Number),
	} {
		if wrong && fields[name] == "" {
			fields[name] = "invalid"
		}
	}
	if s.Bank != (BankAccount{}) && !s.Bank.Complete() {
		fields["bank"] = "incomplete"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

func (s *Seller) texts() map[string]*string {
	return map[string]*string{
		"name": &s.Name, "name_en": &s.NameEn, "manager": &s.Manager, "manager_en": &s.ManagerEn, "address": &s.Address,
		"address_en": &s.AddressEn, "phone": &s.Phone, "hours": &s.Hours, "hours_en": &s.HoursEn, "email": &s.Email,
		"registration": &s.Registration, "bank": &s.Bank.Bank, "bank_branch": &s.Bank.Branch, "bank_kind": &s.Bank.Kind,
		"bank_number": &s.Bank.Number, "bank_holder": &s.Bank.Holder,
	}
}

// sellerSubject is under which name the seller's versions are kept, beside the pages.
const sellerSubject = "seller"

// sellerMemory keeps the versions of the seller while changes would be heard of, as the catalog's memory does.
type sellerMemory struct {
	mu       sync.Mutex
	versions []Version[Seller]
	changes  int
}

// Seller is who sells now. Errors: ErrNoSeller.
func (s *Service) Seller(ctx context.Context) (Seller, error) {
	versions, err := s.rememberedSellers(ctx)
	if err != nil {
		return Seller{}, err
	}
	now := s.now()
	for _, version := range versions {
		if version.WithdrawnAt == nil && !version.ValidFrom.After(now) {
			return version.Content, nil
		}
	}
	return Seller{}, ErrNoSeller
}

func (s *Service) rememberedSellers(ctx context.Context) ([]Version[Seller], error) {
	changes, heard := s.catalog.Changes()
	s.sellers.mu.Lock()
	versions, fresh := s.sellers.versions, heard && s.sellers.changes == changes
	s.sellers.mu.Unlock()
	if fresh && versions != nil {
		return versions, nil
	}
	versions, err := s.SellerVersions(ctx)
	if err == nil && heard {
		s.sellers.mu.Lock()
		s.sellers.versions, s.sellers.changes = versions, changes
		s.sellers.mu.Unlock()
	}
	return versions, err
}

// sellerIn reads who sells now within a transaction.
func (s *Service) sellerIn(ctx context.Context, tx *sqlx.Tx) (Seller, error) {
	var found []versionRow
	err := tx.SelectContext(ctx, &found, `
		SELECT subject, version, content
		FROM shop_versions
		WHERE subject = $1 AND valid_from <= $2 AND withdrawn_at IS NULL
		ORDER BY version DESC
		LIMIT 1`, sellerSubject, s.now())
	if err != nil {
		return Seller{}, fmt.Errorf("read seller: %w", err)
	}
	if len(found) == 0 {
		return Seller{}, ErrNoSeller
	}
	version, err := versionOf[Seller](found[0])
	return version.Content, err
}

// SellerVersions lists who sold, sells and will sell, the newest first.
func (s *Service) SellerVersions(ctx context.Context) ([]Version[Seller], error) {
	return versionsOf[Seller](ctx, s.db, sellerSubject, s.now())
}

// ReviseSeller says anew who sells. Documents that were issued keep what stands on them, and what held at a moment stays
// readable. Errors: *FormError (the fields of the JSON form, "bank_…" and "valid_from"), ErrShopEdited.
func (s *Service) ReviseSeller(ctx context.Context, by audit.Actor, revision Revision, seller Seller) error {
	if err := seller.check(); err != nil {
		return err
	}
	return s.revise(ctx, by, sellerSubject, revision, seller)
}

// WithdrawSeller takes back particulars that have not begun. Errors: ErrVersionNotFound, ErrVersionInForce.
func (s *Service) WithdrawSeller(ctx context.Context, by audit.Actor, number int) error {
	return s.withdraw(ctx, by, sellerSubject, number)
}

// sellerHeld is who sold at a moment, of versions with the newest first; before anybody had said so, whoever was named
// first, and nobody while nobody is.
func sellerHeld(rows []versionRow, at time.Time) (Seller, error) {
	row := heldOf(rows, sellerSubject, at)
	for i := len(rows) - 1; row == nil && i >= 0; i-- {
		if rows[i].Subject == sellerSubject {
			row = &rows[i]
		}
	}
	if row == nil {
		return Seller{}, nil
	}
	version, err := versionOf[Seller](*row)
	return version.Content, err
}
