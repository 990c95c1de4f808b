package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/text"
)

// Errors of the lists of words.
var (
	ErrWordNotFound = errors.New("there is no such word on the lists")
	ErrWordKnown    = errors.New("the word is on a list already")
	ErrBadWord      = errors.New("a word has 1 to 40 letters, a list and a reason")
)

// WordList says what happens to a text with a word of it.
type WordList string

// The lists.
const (
	Deny WordList = "deny" // refused at once, before anybody reads it
	Ask  WordList = "ask"  // taken, with a mark for those who approve it
)

// WordReason is why a word is on a list, as customers are told.
type WordReason string

// The reasons.
const (
	HurtsPeople    WordReason = "hurts_people"
	RightsOfOthers WordReason = "rights_of_others"
	OtherReason    WordReason = "other"
)

// Word is an entry of a list. It is looked for in folded shadows of a text (text.Shadows), anywhere or, if Whole, as a
// whole line. Note is for staff.
type Word struct {
	ID     WordID     `db:"id"`
	Word   string     `db:"word"`
	List   WordList   `db:"list"`
	Reason WordReason `db:"reason"`
	Whole  bool       `db:"whole"`
	Note   string     `db:"note"`
}

func (w Word) valid() bool {
	length := utf8.RuneCountInString(w.Word)
	return length >= 1 && length <= 40 && text.Visible(w.Word) == nil && w.shadow() != "" && utf8.RuneCountInString(w.Note) <= 200 &&
		slices.Contains([]WordList{Deny, Ask}, w.List) && slices.Contains([]WordReason{HurtsPeople, RightsOfOthers, OtherReason}, w.Reason)
}

// shadow is the word as it is compared.
func (w Word) shadow() string { return text.Shadows(w.Word)[0] }

// in says whether the word hides in a line.
func (w Word) in(shadows []string) bool {
	word := w.shadow()
	return slices.ContainsFunc(shadows, func(shadow string) bool {
		return shadow == word || !w.Whole && strings.Contains(shadow, word)
	})
}

// Words returns both lists, by word.
func (s *Service) Words(ctx context.Context) ([]Word, error) {
	return recall(s.memory, "words", func() ([]Word, int, error) {
		words := []Word{}
		err := s.db.SelectContext(ctx, &words, `
			SELECT id, word, list, reason, whole, note
			FROM text_words
			ORDER BY list, word COLLATE "C"`)
		if err != nil {
			return nil, 0, fmt.Errorf("read lists of words: %w", err)
		}
		return words, 200 * len(words), nil
	})
}

// AddWord puts a word on a list. Errors: ErrBadWord, ErrWordKnown.
func (s *Service) AddWord(ctx context.Context, by audit.Actor, word Word) (Word, error) {
	word.Word, word.Note = strings.TrimSpace(word.Word), strings.TrimSpace(word.Note)
	if !word.valid() {
		return Word{}, ErrBadWord
	}
	word.ID = id.New[wordKind]()
	err := s.changeWords(ctx, by, "text_word.added", word, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO text_words (id, word, list, reason, whole, note)
			VALUES ($1, $2, $3, $4, $5, $6)`, word.ID, word.Word, word.List, word.Reason, word.Whole, word.Note)
		if postgres.Violates(err, "text_word_once") {
			return ErrWordKnown
		}
		return err
	})
	return word, err
}

// RemoveWord takes a word off its list. Error: ErrWordNotFound.
func (s *Service) RemoveWord(ctx context.Context, by audit.Actor, wanted WordID) error {
	return s.changeWords(ctx, by, "text_word.removed", Word{ID: wanted}, func(tx *sqlx.Tx) error {
		removed, err := tx.ExecContext(ctx, `
			DELETE FROM text_words
			WHERE id = $1`, wanted)
		if err != nil {
			return err
		}
		if rows, err := removed.RowsAffected(); err != nil || rows == 0 {
			return errors.Join(ErrWordNotFound, err)
		}
		return nil
	})
}

func (s *Service) changeWords(ctx context.Context, by audit.Actor, action string, word Word, change func(*sqlx.Tx) error) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Subject: word.ID.String()})
	})
	if err != nil {
		return fmt.Errorf("change lists of words: %w", err)
	}
	s.memory.changed()
	return nil
}

// TextRemark is what a person who reads a text should know about it: a listed Word, or what text.Remarks found.
type TextRemark struct {
	text.Remark      // zero for a listed word
	Word        Word // zero for everything else
}

// Remarks tells what there is to know about a text of any number of lines. It never changes it.
func (s *Service) Remarks(ctx context.Context, typed string) ([]TextRemark, error) {
	words, err := s.Words(ctx)
	if err != nil {
		return nil, err
	}
	remarks := []TextRemark{}
	for line := range strings.SplitSeq(typed, "\n") {
		shadows := text.Shadows(line)
		for _, word := range words {
			if word.in(shadows) {
				remarks = append(remarks, TextRemark{Word: word})
			}
		}
		for _, remark := range text.Remarks(line) {
			remarks = append(remarks, TextRemark{Remark: remark})
		}
	}
	return remarks, nil
}

// refuse is a *ChoiceError for the first line of a text with a word of the deny list, which hides between lines, too.
func (s *Service) refuse(ctx context.Context, first, second string) error {
	words, err := s.Words(ctx)
	if err != nil {
		return err
	}
	if err := denied(words, TextField, first); err != nil {
		return err
	}
	if err := denied(words, SecondLineField, second); err != nil {
		return err
	}
	return denied(words, TextField, first+second)
}

func denied(words []Word, field, line string) error {
	shadows := text.Shadows(line)
	for _, word := range words {
		if word.List != Deny || !word.in(shadows) {
			continue
		}
		reason := Denied
		if word.Reason == RightsOfOthers {
			reason = BelongsToOthers
		}
		return &ChoiceError{Field: field, Reason: reason}
	}
	return nil
}
