package staff

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/text"
	"tsukuriba/web/ui"
)

const wordsPath = "/staff/text-words"

type wordsPage struct {
	Head    ui.StaffHead
	Lists   []wordList
	Word    ui.Field
	Note    ui.Field
	List    ui.Choices
	Reason  ui.Choices
	Whole   ui.Field
	Try     ui.Field
	Remarks []string // about what was tried
	Tried   bool
	Problem string
}

type wordList struct {
	Title, Lead string
	Words       []wordRow
}

type wordRow struct {
	Word, About string
	Remove      ui.Action
}

var wordReasons = []struct {
	reason catalog.WordReason
	words  string
}{
	{catalog.HurtsPeople, "人を傷つけることば"}, {catalog.RightsOfOthers, "ほかの人の名前や作品"}, {catalog.OtherReason, "そのほか"},
}

func reasonOf(reason catalog.WordReason) string {
	for _, known := range wordReasons {
		if known.reason == reason {
			return known.words
		}
	}
	return ""
}

var remarkWords = map[text.RemarkKind]string{
	text.MixedScripts: "ほかの国の、よく似た字が混ざっています", text.ForeignScript: "日本語と英字のほかの文字です",
	text.PhoneNumber: "電話番号のようです", text.MailAddress: "メールアドレスのようです", text.WebAddress: "ホームページのアドレスのようです",
	text.StreetAddress: "住所のようです", text.SocialHandle: "SNSの名前のようです",
}

// notes are all that staff should know of a text: first what asks for a decision, then what the eye may miss.
func (s *console) notes(ctx context.Context, typed string) ([]string, error) {
	remarks, err := s.Catalog.Remarks(ctx, typed)
	if err != nil {
		return nil, err
	}
	return append(remarkNotes(remarks), textNote(typed)...), nil
}

func remarkNotes(remarks []catalog.TextRemark) []string {
	var notes []string
	for _, remark := range remarks {
		switch word := remark.Word; {
		case word.ID.IsZero():
			notes = append(notes, fmt.Sprintf("確かめてください：「%s」 %s", remark.Part, remarkWords[remark.Kind]))
		case word.List == catalog.Deny:
			notes = append(notes, fmt.Sprintf("お断りの一覧にあります：「%s」 %s", word.Word, aboutWord(word)))
		default:
			notes = append(notes, fmt.Sprintf("確かめてください：「%s」 %s", word.Word, aboutWord(word)))
		}
	}
	return notes
}

func aboutWord(word catalog.Word) string {
	about := reasonOf(word.Reason)
	if word.Note != "" {
		about += "（" + word.Note + "）"
	}
	return about
}

func (s *console) showWords(c echo.Context, who fulfilment.Staff) error {
	return s.renderWords(c, who, http.StatusOK, "")
}

func (s *console) renderWords(c echo.Context, who fulfilment.Staff, status int, refused string) error {
	ctx := c.Request().Context()
	words, err := s.Catalog.Words(ctx)
	if err != nil {
		return err
	}
	page := wordsPage{
		Head: headFor(c, who, "ことばの確認", wordsPath), Problem: refused,
		Lists: []wordList{
			{Title: "お断りすることば", Lead: "お客さまには、その場で「おつくりしていません」とお伝えします。注文にはなりません。"},
			{Title: "確かめることば", Lead: "注文はお受けして、承認のときに印をつけます。決めるのは人です。"},
		},
		Word:  ui.Field{Name: "word", Label: "ことば", Hint: "全角・半角、ひらがな・カタカナ、間の記号は区別しません", Value: c.FormValue("word"), Required: true, MaxLength: 40, Error: refused},
		Note:  ui.Field{Name: "note", Label: "職員へのメモ", Note: "任意", Value: c.FormValue("note"), MaxLength: 200},
		Whole: ui.Field{Name: "whole", Label: "その行がこのことばだけのときに限る", Checked: c.FormValue("whole") != ""},
		List: ui.Choices{Name: "list", Legend: "どうするか", Options: []ui.Choice{
			{Value: string(catalog.Ask), Label: "確かめる", Checked: c.FormValue("list") != string(catalog.Deny)},
			{Value: string(catalog.Deny), Label: "お断りする", Checked: c.FormValue("list") == string(catalog.Deny)},
		}},
		Reason: ui.Choices{Name: "reason", Legend: "理由"},
		Try:    ui.Field{Name: "text", Label: "試したいことば", Value: c.QueryParam("text"), MaxLength: 60},
	}
	for i, reason := range wordReasons {
		chosen := c.FormValue("reason") == string(reason.reason) || c.FormValue("reason") == "" && i == 0
		page.Reason.Options = append(page.Reason.Options, ui.Choice{Value: string(reason.reason), Label: reason.words, Checked: chosen})
	}
	for _, word := range words {
		list := &page.Lists[0]
		if word.List == catalog.Ask {
			list = &page.Lists[1]
		}
		list.Words = append(list.Words, wordRowOf(word))
	}
	if page.Tried = page.Try.Value != ""; page.Tried {
		remarks, err := s.Catalog.Remarks(ctx, page.Try.Value)
		if err != nil {
			return err
		}
		page.Remarks = remarkNotes(remarks)
	}
	return render(c, status, wordLists(page))
}

func wordRowOf(word catalog.Word) wordRow {
	row := wordRow{Word: word.Word, About: aboutWord(word), Remove: ui.Action{
		Label: "一覧から外す", Kind: ui.Quiet, Post: true, URL: wordsPath + "/" + word.ID.String() + "/remove",
		Attributes: map[string]any{"aria-label": word.Word + "を一覧から外す"},
	}}
	if word.Whole {
		row.About += " ・ その行がこのことばだけのとき"
	}
	return row
}

func (s *console) addWord(c echo.Context, who fulfilment.Staff) error {
	_, err := s.Catalog.AddWord(c.Request().Context(), by(who), catalog.Word{
		Word: c.FormValue("word"), List: catalog.WordList(c.FormValue("list")), Reason: catalog.WordReason(c.FormValue("reason")),
		Whole: c.FormValue("whole") != "", Note: c.FormValue("note"),
	})
	if errors.Is(err, catalog.ErrBadWord) || errors.Is(err, catalog.ErrWordKnown) {
		return s.renderWords(c, who, http.StatusUnprocessableEntity, problem.From(err, problem.Japanese).Title)
	}
	if err != nil {
		return err
	}
	return backTo(c, wordsPath, "word-added")
}

func (s *console) removeWord(c echo.Context, who fulfilment.Staff) error {
	word, err := idParam[catalog.WordID](c, "word")
	if err != nil {
		return err
	}
	if err := s.Catalog.RemoveWord(c.Request().Context(), by(who), word); err != nil {
		return err
	}
	return backTo(c, wordsPath, "word-removed")
}
