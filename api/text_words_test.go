package api_test

import (
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
)

func TestTextWords(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	office := h.staff("instructor")
	var added rest.TextWord
	word := rest.NewTextWord{Word: "いやなことば", List: "deny", Reason: "hurts_people"}
	office.want(http.MethodPost, "/staff/text-words", word, &added)
	office.refused(409, "word_known", http.MethodPost, "/staff/text-words", word)
	office.refused(422, "bad_word", http.MethodPost, "/staff/text-words", rest.NewTextWord{Word: "・", List: "ask", Reason: "other"})
	h.visitor().refused(422, "text_denied", http.MethodPost, "/designs", rest.DesignRequest{Product: "name-tag", Text: "イヤナコトバ"})

	var remarks rest.TextRemarkList
	office.want(http.MethodPost, "/staff/text-remarks", map[string]string{"text": "いやな ことば 090-1234-5678"}, &remarks)
	if len(remarks.Items) != 2 || remarks.Items[0].Kind != "word" || *remarks.Items[0].List != "deny" || remarks.Items[1].Kind != "phone" {
		t.Errorf("remarks %+v", remarks.Items)
	}
	office.want(http.MethodDelete, "/staff/text-words/"+added.ID, nil, nil)
	office.refused(404, "word_not_found", http.MethodDelete, "/staff/text-words/"+added.ID, nil)
	var list rest.TextWordList
	office.want(http.MethodGet, "/staff/text-words", nil, &list)
	for _, word := range list.Items {
		if word.ID == added.ID {
			t.Error("the word is still on the list")
		}
	}
	h.staff("shipping").refused(403, "forbidden", http.MethodGet, "/staff/text-words", nil)
}
