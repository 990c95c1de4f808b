package orders

import (
	"strings"
	"testing"
	"unicode"
)

// Whatever of our books does not add up is told in Japanese, with what it is about.
func TestBrokenRulesAreTold(t *testing.T) {
	t.Parallel()
	for _, rule := range invariants {
		said := brokenRule(rule.Name + " 2026-000001")
		japanese := strings.ContainsFunc(ruleSentences[rule.Name], func(r rune) bool { return unicode.In(r, unicode.Hiragana) })
		if !japanese || strings.Contains(said, "%!") || strings.Count(said, "2026-000001") != 1 || !strings.Contains(ruleSentences[rule.Name], "。") {
			t.Errorf("%s is told as %q", rule.Name, said)
		}
	}
	if len(ruleSentences) != len(invariants) {
		t.Errorf("%d sentences for %d rules", len(ruleSentences), len(invariants))
	}
}

func TestDisputeFeeIsTold(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]string{
		"general":      "そのほか",
		"general 0":    "そのほか",
		"general 1500": "¥1,500",
	} {
		for _, state := range []DisputeState{DisputeNeedsResponse, DisputeLost} {
			said := matterRow{Kind: MatterDispute, Amount: 1285, Ref: string(state), Note: note}.dispute().sentence
			if !strings.Contains(said, want) || strings.Contains(said, "手数料") != (note == "general 1500") || !strings.Contains(said, "（そのほか）") {
				t.Errorf("%s, %s: %s", note, state, said)
			}
		}
	}
}
