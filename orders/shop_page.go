package orders

import (
	"context"
	"errors"
	"fmt"
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
	held, err := heldAt(ctx, s.db, at, string(key))
	if err != nil {
		return ShopPage{}, err
	}
	row, known := held[string(key)]
	if !known {
		return ShopPage{}, ErrPageNotFound
	}
	version, err := versionOf[PageTexts](row)
	if err != nil {
		return ShopPage{}, err
	}
	page := ShopPage{Key: key}
	if page.Turns, err = s.turns(ctx, key, now); err != nil {
		return ShopPage{}, err
	}
	page.Since, page.Until = around(page.Turns, at)
	page.Title, page.Body, err = s.set(ctx, version.Content[language], language, at)
	return page, err
}

// turns are the moments until now at which a page changed: its text, or the particulars in it.
func (s *Service) turns(ctx context.Context, key PageKey, now time.Time) ([]time.Time, error) {
	var turns []time.Time
	err := s.db.SelectContext(ctx, &turns, `
		SELECT DISTINCT valid_from
		FROM shop_versions
		WHERE subject IN ($1, $2) AND valid_from <= $3 AND withdrawn_at IS NULL
		  AND valid_from >= (SELECT min(valid_from) FROM shop_versions WHERE subject = $1 AND withdrawn_at IS NULL)
		ORDER BY valid_from DESC`, string(key), sellerSubject, now)
	if err != nil {
		return nil, fmt.Errorf("read when page %s changed: %w", key, err)
	}
	return turns, nil
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

// set fills a text with what its fields stood for at a moment.
func (s *Service) set(ctx context.Context, text PageText, language Language, at time.Time) (string, prose.Document, error) {
	document, _ := prose.Parse(text.Body)
	seller, err := s.sellerHeld(ctx, at)
	if err != nil && !errors.Is(err, ErrNoSeller) {
		return "", nil, err
	}
	values := pageValues(language, seller)
	if slices.Contains(document.Fields(), postageField) {
		if values[postageField], err = s.postageTable(ctx, language, at); err != nil {
			return "", nil, err
		}
	}
	return text.Title, document.Fill(values), nil
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
	pages := map[Language]ShopPage{}
	for _, language := range Languages {
		title, body, err := s.set(ctx, texts[language], language, s.now())
		if err != nil {
			return nil, err
		}
		pages[language] = ShopPage{Key: key, Title: title, Body: body, Since: s.now()}
	}
	return pages, refused
}
