package orders

import (
	"context"
	"errors"
	"slices"
	"time"

	"tsukuriba/internal/audit"
	"tsukuriba/orders/prose"
)

// ErrPageNotFound says that the shop has no such page, or had none yet at that moment.
var ErrPageNotFound = errors.New("there is no such page")

// PageKey names a page on which the shop says something about itself; it is also the page's address.
type PageKey string

// The pages.
const (
	LegalPage         PageKey = "legal" // 特定商取引法に基づく表記
	PrivacyPage       PageKey = "privacy"
	ShippingPage      PageKey = "shipping"
	ReturnsPage       PageKey = "returns"
	AccessibilityPage PageKey = "accessibility"
	AboutPage         PageKey = "about"
)

// PageKeys are all of them, in the order in which staff see them.
var PageKeys = []PageKey{LegalPage, PrivacyPage, ShippingPage, ReturnsPage, AccessibilityPage, AboutPage}

// PageText is what a page says in one language; Body in the marks of package prose.
type PageText struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

// PageTexts is what a page says, in all languages.
type PageTexts map[Language]PageText

// ShopPage is a page as a reader sees it: the text that holds or held at a moment, with what the fields stood for then.
type ShopPage struct {
	Key   PageKey
	Title string
	Body  prose.Document
	Since time.Time   // from when on it holds as it stands here
	Until *time.Time  // when it was or will be replaced; nil for what holds
	Turns []time.Time // since when it held, each time it changed until now; the newest first
}

// ShopPage returns a page in a language as it holds at a moment, now if that is zero. Errors: ErrPageNotFound, also for
// moments to come.
func (s *Service) ShopPage(ctx context.Context, key PageKey, language Language, at time.Time) (ShopPage, error) {
	now := s.now()
	if at.IsZero() {
		at = now
	}
	if !slices.Contains(PageKeys, key) || at.After(now) {
		return ShopPage{}, ErrPageNotFound
	}
	rows, err := s.begunVersions(ctx, key, at, now)
	if err != nil {
		return ShopPage{}, err
	}
	row := heldOf(rows, string(key), at)
	if row == nil {
		return ShopPage{}, ErrPageNotFound
	}
	version, err := versionOf[PageTexts](*row)
	if err != nil {
		return ShopPage{}, err
	}
	seller, err := sellerHeld(rows, at)
	if err != nil {
		return ShopPage{}, err
	}
	page := ShopPage{Key: key, Title: version.Content[language].Title, Turns: turnsOf(rows, key)}
	page.Since, page.Until = around(page.Turns, at)
	page.Body, err = s.fill(ctx, version.Content[language], told{language, seller, at})
	return page, err
}

// turnsOf are the moments at which a page changed: its text, or the particulars in it. The newest comes first.
func turnsOf(rows []versionRow, key PageKey) []time.Time {
	var turns []time.Time
	var first time.Time // when there began to be a page
	for _, row := range rows {
		turns = append(turns, row.ValidFrom)
		if row.Subject == string(key) {
			first = row.ValidFrom
		}
	}
	turns = slices.DeleteFunc(turns, func(turn time.Time) bool { return turn.Before(first) })
	slices.SortFunc(turns, func(a, b time.Time) int { return b.Compare(a) })
	return slices.CompactFunc(turns, time.Time.Equal)
}

// around is the turn at or before a moment and the one after it.
func around(turns []time.Time, at time.Time) (since time.Time, until *time.Time) {
	for i, turn := range turns {
		if !turn.After(at) {
			return turn, until
		}
		until = &turns[i]
	}
	return since, until
}

// told is what the fields of a text depend on: to whom, of whom and when it is told.
type told struct {
	language Language
	seller   Seller
	at       time.Time
}

// fill sets a text with what its fields stand for.
func (s *Service) fill(ctx context.Context, text PageText, told told) (prose.Document, error) {
	document, _ := prose.Parse(text.Body)
	values := pageValues(told.language, told.seller)
	if slices.Contains(document.Fields(), postageField) {
		var err error
		if values[postageField], err = s.postageTable(ctx, told.language, told.at); err != nil {
			return nil, err
		}
	}
	return document.Fill(values), nil
}

// PageVersions lists what a page said, says and will say, the newest first. Errors: ErrPageNotFound.
func (s *Service) PageVersions(ctx context.Context, key PageKey) ([]Version[PageTexts], error) {
	if !slices.Contains(PageKeys, key) {
		return nil, ErrPageNotFound
	}
	return versionsOf[PageTexts](ctx, s.db, string(key), s.now())
}

// RevisePage lets a page say something else. Errors: ErrPageNotFound, *PageError for texts that cannot be shown or lack
// what the law demands, *FormError ("valid_from": "invalid", "taken"), ErrShopEdited.
func (s *Service) RevisePage(ctx context.Context, by audit.Actor, key PageKey, revision Revision, texts PageTexts) error {
	if err := s.checkPage(ctx, key, texts); err != nil {
		return err
	}
	return s.revise(ctx, by, string(key), revision, texts)
}

// WithdrawPage takes back a version that has not begun. Errors: ErrPageNotFound, ErrVersionNotFound, ErrVersionInForce.
func (s *Service) WithdrawPage(ctx context.Context, by audit.Actor, key PageKey, number int) error {
	if !slices.Contains(PageKeys, key) {
		return ErrPageNotFound
	}
	return s.withdraw(ctx, by, string(key), number)
}

// PreviewPage shows texts as readers would see them today, together with what RevisePage would say of them.
func (s *Service) PreviewPage(ctx context.Context, key PageKey, texts PageTexts) (map[Language]ShopPage, error) {
	refused := s.checkPage(ctx, key, texts)
	if !slices.Contains(PageKeys, key) {
		return nil, refused
	}
	seller, err := s.Seller(ctx)
	if err != nil && !errors.Is(err, ErrNoSeller) {
		return nil, err
	}
	pages := map[Language]ShopPage{}
	for _, language := range Languages {
		body, err := s.fill(ctx, texts[language], told{language, seller, s.now()})
		if err != nil {
			return nil, err
		}
		pages[language] = ShopPage{Key: key, Title: texts[language].Title, Body: body, Since: s.now()}
	}
	return pages, refused
}
