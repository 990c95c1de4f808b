package catalog

import (
	"errors"
	"strings"
	"testing"
)

func addWord(t *testing.T, s *Service, word Word) Word {
	t.Helper()
	added, err := s.AddWord(t.Context(), author, word)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func TestCreateDesign_refuses_denied_words_however_they_are_written(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	addWord(t, s, Word{Word: "いやなことば", List: Deny, Reason: HurtsPeople})
	addWord(t, s, Word{Word: "ほげ", List: Deny, Reason: RightsOfOthers, Whole: true})
	for typed, want := range map[string]Reason{
		"いやなことば": Denied, "ｲﾔﾅｺﾄﾊﾞ": Denied, "いやな ことば": Denied, "あいやなことばい": Denied, "イヤ・ナ・コトバ": Denied,
		"ほげ": BelongsToOthers, "ホゲ": BelongsToOthers, "ほげた": "", "はると": "", "いやな": "",
	} {
		_, err := s.CreateDesign(t.Context(), DesignChoice{Product: "name-tag", Text: typed})
		var refused *ChoiceError
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", typed, err)
		case want != "" && (!errors.As(err, &refused) || refused.Reason != want || refused.Field != TextField):
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
	_, err := s.CreateDesign(t.Context(), DesignChoice{Product: "name-tag", Text: "いやな", SecondLine: "ことば"})
	var refused *ChoiceError
	if !errors.As(err, &refused) || refused.Reason != Denied {
		t.Errorf("a word over two lines: %v", err)
	}
}

func TestCreateDesign_keeps_the_text_that_is_searched(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	for _, typed := range []string{"\uFA19\uFA1B", "ポケモン", "はる　と"} {
		design, err := s.CreateDesign(t.Context(), DesignChoice{Product: "name-tag", Text: typed, Font: "noto-sans-jp-bold"})
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := s.Design(t.Context(), design.ID); err != nil || kept.Text != typed {
			t.Errorf("%+q became %+q, %v", typed, kept.Text, err)
		}
	}
}

func TestRemarks_of_a_text(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	for typed, want := range map[string]string{
		"はると": "", "ピカ☆チュウ": "ピカチュウ", "ばか": "ばか", "ばかすか": "", "はると\n090-1234-5678": "090-1234-5678",
		"こむぎ\nばか": "ばか",
	} {
		remarks, err := s.Remarks(t.Context(), typed)
		var told []string
		for _, remark := range remarks {
			told = append(told, remark.Part+remark.Word.Word)
		}
		if err != nil || strings.Join(told, ",") != want {
			t.Errorf("about %q: %v, %v, want %s", typed, told, err, want)
		}
	}
}

func TestAgree_to_a_design_made_before_the_word_was_listed(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	design := create(t, s, DesignChoice{Product: "name-tag", Text: "はると"})
	if err := s.Agree(t.Context(), design.ID); err != nil {
		t.Fatal(err)
	}
	word := addWord(t, s, Word{Word: "ハルト", List: Deny, Reason: OtherReason, Note: "試し"})
	var refused *ChoiceError
	if err := s.Agree(t.Context(), design.ID); !errors.As(err, &refused) {
		t.Errorf("the design is still taken: %v", err)
	}
	if err := s.RemoveWord(t.Context(), author, word.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Agree(t.Context(), design.ID); err != nil {
		t.Errorf("the word is off the list: %v", err)
	}
	if err := s.RemoveWord(t.Context(), author, word.ID); !errors.Is(err, ErrWordNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	var audited int
	if err := db.Get(&audited, `SELECT count(*) FROM audit_entries WHERE subject = $1`, word.ID.String()); err != nil || audited != 2 {
		t.Errorf("%d audit entries, %v", audited, err)
	}
}

func TestAddWord_refuses(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	good := Word{Word: "ことば", List: Ask, Reason: OtherReason}
	addWord(t, s, good)
	if _, err := s.AddWord(t.Context(), author, good); !errors.Is(err, ErrWordKnown) {
		t.Errorf("a word twice: %v", err)
	}
	for name, bad := range map[string]Word{
		"nothing": {Word: " ", List: Ask, Reason: OtherReason}, "only signs": {Word: "・・", List: Ask, Reason: OtherReason},
		"too long": {Word: strings.Repeat("あ", 41), List: Ask, Reason: OtherReason}, "no list": {Word: "a", Reason: OtherReason},
		"no reason": {Word: "a", List: Deny}, "invisible": {Word: "a\u200bb", List: Deny, Reason: OtherReason},
	} {
		if _, err := s.AddWord(t.Context(), author, bad); !errors.Is(err, ErrBadWord) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
