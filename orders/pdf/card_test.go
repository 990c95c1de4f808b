package pdf_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"tsukuriba/orders"
	"tsukuriba/orders/pdf"
)

// setCard sets a card and reads its lines, page by page.
func setCard(t *testing.T, message string) (file []byte, pages [][]string) {
	t.Helper()
	card := orders.GiftCard{Message: message, Workshop: "つくり場", Set: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)}
	file, err := pdf.Setter{}.TypesetCard(card)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range letters(t, file) {
		pages = append(pages, lines(page))
	}
	return file, pages
}

func TestGiftCard(t *testing.T) {
	t.Parallel()
	file, pages := setCard(t, "\uFA19\uF9DC さんへ\n\nおめでとう。\nばあばより")
	if want := []string{"\uFA19\uF9DC さんへ", "おめでとう。", "ばあばより", "つくり場"}; len(pages) != 1 || !slices.Equal(pages[0], want) {
		t.Errorf("the card says %q", pages)
	}
	if !bytes.Contains(file, []byte("/MediaBox [ 0 0 297.64 419.53 ]")) {
		t.Errorf("it is not A6: %s", file[:min(len(file), 600)])
	}
	again, _ := setCard(t, "\uFA19\uF9DC さんへ\n\nおめでとう。\nばあばより")
	if !bytes.Equal(file, again) {
		t.Error("the same card gave other bytes")
	}
}

func TestLongGiftCards(t *testing.T) {
	t.Parallel()
	_, pages := setCard(t, strings.Repeat("いつまでも元気で。", orders.MaxGiftMessage/9))
	if len(pages) != 1 {
		t.Errorf("the longest message takes %d cards", len(pages))
	}
	_, pages = setCard(t, strings.Repeat("あ\n", orders.MaxGiftMessage/2))
	var told strings.Builder
	for _, page := range pages {
		told.WriteString(strings.Join(page[:len(page)-1], "")) // without the workshop
	}
	if len(pages) < 2 || strings.Count(told.String(), "あ") != orders.MaxGiftMessage/2 {
		t.Errorf("%d cards say %d letters", len(pages), strings.Count(told.String(), "あ"))
	}
}
