package problem

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/orders"
)

// notForShoppers are the codes that only programs, staff or members are told.
var notForShoppers = strings.Fields(`
	artifact_changed bad_count bad_word bed_not_clear busy cannot_undo claim_not_ready contact_closed
	dispute_not_found dispute_open enough_offers file_missing file_too_large file_type forbidden forged_event
	hazard idempotency_key_reused invalid_json invalid_schema mail_delivered mail_not_found mail_unsent
	matter_not_found member_absent member_has_work member_not_found no_capacity no_gift_message no_stock_reason
	no_surplus no_time_left not_counted not_digital not_signed_in not_sliced not_today not_your_task
	offer_not_found own_work pieces_incomplete plate_not_found price_in_force price_not_found printer_ambiguous
	printer_file_missing printer_manual printer_not_found printer_offline printer_taken refund_assigned
	refund_not_by_bank refund_not_failed refund_not_found refund_open refund_too_large refund_unassigned
	reworked_twice routing_mismatch run_not_found size_missing spool_not_found spool_too_low staff_exists
	staff_not_found stage_too_low stock_reserved tablet_not_found task_not_found task_too_long thanks_not_found
	too_many_tries transfer_known transfer_not_found transfer_relied unit_not_found unknown_export unknown_mood
	unknown_outcome unknown_stage unsupported_content_type weak_password word_known word_not_found wrong_code
	wrong_color wrong_enrollment_code wrong_pin wrong_plate_state wrong_profile wrong_run_state wrong_sign_in
	wrong_task_state wrong_unit_state
	page_not_found page_refused version_in_force version_not_found write_off_too_large
`)

// TestShoppersAreToldInThreeLanguages walks every problem: what a customer may be told has a sentence of its own in
// ordinary Japanese, in やさしい日本語 and in English, and the rest is named above.
func TestShoppersAreToldInThreeLanguages(t *testing.T) {
	t.Parallel()
	for code, words := range sentences {
		easy := easySentences[code]
		if elsewhere := slices.Contains(notForShoppers, code); elsewhere == (easy != "") {
			t.Errorf("%s: is not for shoppers %t, is told in easy Japanese %q", code, elsewhere, easy)
		}
		if easy != "" && (easy == words.ja || words.en == "") {
			t.Errorf("%s: %q, %q, %q", code, words.ja, easy, words.en)
		}
	}
	for code := range fieldSentences {
		if easyFieldSentences[code] == "" {
			t.Errorf("what is wrong with a field is not told in easy Japanese: %s", code)
		}
	}
	for code := range easyFieldSentences {
		if fieldSentences[code].en == "" {
			t.Errorf("the easy sentence of %s is never said", code)
		}
	}
}

var ruby = regexp.MustCompile(`｜[^｜《》]+《\p{Hiragana}+》`)

// TestEasyKanjiHaveReadings looks at what is left of easy sentences without what carries a reading.
func TestEasyKanjiHaveReadings(t *testing.T) {
	t.Parallel()
	said := slices.Concat(slices.Collect(maps.Values(easySentences)), slices.Collect(maps.Values(easyFieldSentences)))
	for _, err := range []error{
		&tag.TooLongError{Graphemes: 30, Max: 24},
		&tag.TooLargeError{},
		&tag.TooThinError{Grapheme: "あ"},
		&tag.RangeError{},
		&tag.MissingGlyphsError{Graphemes: []string{"😀"}},
		&catalog.ChoiceError{Field: "text", Reason: catalog.TooLong, Limit: 10},
		&catalog.ChoiceError{Field: "text", Reason: catalog.TooShort, Limit: 2},
		&catalog.ChoiceError{Field: "text", Reason: catalog.Invisible, Names: []string{"U+200B"}},
		&catalog.OutOfStockError{Left: 1},
		&orders.FormError{Fields: map[string]string{"email": "invalid"}},
		&orders.IntakeError{Opening: orders.Opening{Limited: true, Left: 2}},
	} {
		told := From(err, EasyJapanese)
		said = append(said, told.Title, told.Detail)
		for _, field := range told.Errors {
			said = append(said, field.Message)
		}
	}
	for _, sentence := range said {
		rest := ruby.ReplaceAllString(sentence, "")
		if strings.ContainsAny(rest, "｜《》") || strings.ContainsFunc(rest, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("no reading in %q", sentence)
		}
	}
}
