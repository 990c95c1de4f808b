package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// ListTextWords returns the words that custom texts are searched for.
func (a *API) ListTextWords(ctx context.Context, _ rest.ListTextWordsRequestObject) (rest.ListTextWordsResponseObject, error) {
	words, err := a.Catalog.Words(ctx)
	return rest.ListTextWords200JSONResponse{Items: each(words, textWordOf)}, err
}

// AddTextWord puts a word on a list.
func (a *API) AddTextWord(ctx context.Context, request rest.AddTextWordRequestObject) (rest.AddTextWordResponseObject, error) {
	added, err := a.Catalog.AddWord(ctx, by(ctx), catalog.Word{
		Word: request.Body.Word, List: catalog.WordList(request.Body.List), Reason: catalog.WordReason(request.Body.Reason),
		Whole: given(request.Body.Whole), Note: given(request.Body.Note),
	})
	return rest.AddTextWord201JSONResponse(textWordOf(added)), err
}

// RemoveTextWord takes a word off its list.
func (a *API) RemoveTextWord(ctx context.Context, request rest.RemoveTextWordRequestObject) (rest.RemoveTextWordResponseObject, error) {
	var word catalog.WordID
	if err := readID(&word, request.WordID, catalog.ErrWordNotFound); err != nil {
		return nil, err
	}
	return rest.RemoveTextWord204Response{}, a.Catalog.RemoveWord(ctx, by(ctx), word)
}

// RemarkOnText tells what would be remarked on a text.
func (a *API) RemarkOnText(ctx context.Context, request rest.RemarkOnTextRequestObject) (rest.RemarkOnTextResponseObject, error) {
	remarks, err := a.Catalog.Remarks(ctx, request.Body.Text)
	return rest.RemarkOnText200JSONResponse{Items: each(remarks, textRemarkOf)}, err
}

func textWordOf(w catalog.Word) rest.TextWord {
	return rest.TextWord{
		ID: w.ID.String(), Word: w.Word, List: rest.WordListName(w.List), Reason: rest.WordReason(w.Reason), Whole: w.Whole, Note: w.Note,
	}
}

func textRemarkOf(r catalog.TextRemark) rest.TextRemark {
	if r.Word.ID.IsZero() {
		return rest.TextRemark{Kind: rest.TextRemarkKind(r.Kind), Part: r.Part}
	}
	return rest.TextRemark{
		Kind: "word", Part: r.Word.Word, List: new(rest.WordListName(r.Word.List)), Reason: new(rest.WordReason(r.Word.Reason)),
		Note: optional(r.Word.Note),
	}
}

// remarkOn adds to the lines of an order what those who approve their texts should look at twice.
func (a *API) remarkOn(ctx context.Context, order orders.Order, told *rest.StaffOrder) error {
	for i, line := range order.Lines {
		if line.DesignID.IsZero() {
			continue
		}
		remarks, err := a.Catalog.Remarks(ctx, line.DesignText)
		if err != nil {
			return err
		}
		told.Lines[i].Remarks = new(each(remarks, textRemarkOf))
	}
	return nil
}
