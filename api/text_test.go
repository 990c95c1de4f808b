package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
)

func TestDesignRefuses(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	tests := []struct {
		name   string
		text   string
		code   string
		detail string // part of the words for people
		fields []string
	}{
		{"nothing", "", "blank_text", "", nil},
		{"a space", " ", "blank_text", "", nil},
		{"ideographic spaces", "　　", "blank_text", "", nil},
		{"a no-break space", "\u00a0", "blank_text", "", nil},
		{"emoji", "はると🐱", "missing_glyphs", "🐱", []string{"🐱"}},
		{"several emoji", "🐱と🚀🐱", "missing_glyphs", "🐱 🚀", []string{"🐱", "🚀"}},
		{"a joined emoji", "🧑\u200d🚀", "invisible_characters", "U+200D", nil},
		{"200 characters", strings.Repeat("あ", 200), "too_long", "文字まで", []string{"長すぎます。"}},
		{"a zero-width space", "は\u200bると", "invisible_characters", "U+200B", []string{"U+200B ZERO WIDTH SPACE"}},
		{"a zero-width joiner alone", "a\u200d", "invisible_characters", "U+200D", nil},
		{"a right-to-left override", "はる\u202eと", "invisible_characters", "U+202E", []string{"U+202E RIGHT-TO-LEFT OVERRIDE"}},
		{"an isolate", "\u2066はる\u2069", "invisible_characters", "U+2066", nil},
		{"a byte order mark", "\ufeffはる", "invisible_characters", "U+FEFF", nil},
		{"a line end", "はる\nと", "invisible_characters", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := v.refused(422, test.code, http.MethodPost, "/designs", rest.DesignRequest{Product: "name-tag", Text: test.text})
			if got.Title == "" || got.Detail == nil && test.detail != "" || got.Detail != nil && !strings.Contains(*got.Detail, test.detail) {
				t.Errorf("words %q, want %q in them", *got.Detail, test.detail)
			}
			if test.fields == nil {
				return
			}
			var fields []string
			for _, field := range *got.Errors {
				fields = append(fields, field.Message)
			}
			if strings.Join(fields, "|") != strings.Join(test.fields, "|") {
				t.Errorf("fields %q, want %q", fields, test.fields)
			}
		})
	}
}

func TestDesignRefusesChoices(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	tests := []struct {
		name    string
		request rest.DesignRequest
		status  int
		code    string
	}{
		{"an unknown font", rest.DesignRequest{Product: "name-tag", Text: "はると", Font: new("comic-sans")}, 422, "unknown_font"},
		{"an unknown color", rest.DesignRequest{Product: "name-tag", Text: "はると", BaseColor: new("gold")}, 422, "invalid_fields"},
		{"an unknown size", rest.DesignRequest{Product: "name-tag", Text: "はると", Size: new("-1")}, 422, "invalid_fields"},
		{"an unknown product", rest.DesignRequest{Product: "../../etc/passwd", Text: "はると"}, 404, "product_not_found"},
		{"a product without a text", rest.DesignRequest{Product: "halloween-2026", Text: "はると"}, 422, "not_personalized"},
		{"a blank second line", rest.DesignRequest{Product: "name-tag", Text: "はると", SecondLine: new(" ")}, 422, "blank_text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v.refused(test.status, test.code, http.MethodPost, "/designs", test.request)
		})
	}
}

// TestDesignKeepsBytes: what is printed is byte for byte what was typed.
func TestDesignKeepsBytes(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	for _, text := range []string{"𠮷野家", "髙﨑", "\u304b\u3099くと", "Halloween", "O'Brien", "神", "a\"<b>"} {
		got := v.ask(http.MethodPost, "/designs", rest.DesignRequest{Product: "name-tag", Text: text, Font: new("noto-sans-jp-bold")})
		if got.status != http.StatusCreated {
			t.Errorf("%s: %d %s", text, got.status, got.body)
			continue
		}
		var made, read rest.Design
		must(t, json.Unmarshal(got.body, &made))
		v.want(http.MethodGet, "/designs/"+made.ID, nil, &read)
		if made.Text != text || read.Text != text || read.Hash != made.Hash {
			t.Errorf("%q became %q, %q", text, made.Text, read.Text)
		}
		if proof := v.want(http.MethodGet, "/designs/"+made.ID+"/proof.png", nil, nil); !bytes.HasPrefix(proof.body, []byte("\x89PNG")) {
			t.Errorf("%s: no proof", text)
		}
		if model := v.want(http.MethodGet, "/designs/"+made.ID+"/model.glb", nil, nil); !bytes.HasPrefix(model.body, []byte("glTF")) {
			t.Errorf("%s: no model", text)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	design := func(text string) []byte { return []byte(`{"product": "name-tag", "text": "` + text + `"}`) }
	large := bytes.Repeat([]byte(" "), 2<<20)
	tests := []struct {
		name   string
		body   []byte
		media  string
		status int
		code   string
	}{
		{"a form", []byte("text=a"), "application/x-www-form-urlencoded", 415, "unsupported_content_type"},
		{"text", design("a"), "text/plain", 415, "unsupported_content_type"},
		{"no type", design("a"), "", 415, "unsupported_content_type"},
		{"a broken type", design("a"), "application/json; ;;", 415, "unsupported_content_type"},
		{"a charset is fine", design("a"), "application/json; charset=utf-8", 201, ""},
		{"two megabytes", large, "application/json", 413, "body_too_large"},
		{"half of JSON", []byte(`{"product": "name-tag", "te`), "application/json", 400, "invalid_json"},
		{"two documents", append(design("a"), design("b")...), "application/json", 400, "invalid_json"},
		{"a list", []byte(`[]`), "application/json", 422, "invalid_fields"},
		{"null", []byte(`null`), "application/json", 422, "invalid_fields"},
		{"a number for a text", []byte(`{"product": "name-tag", "text": 1}`), "application/json", 422, "invalid_fields"},
		{"a field we do not know", []byte(`{"product": "name-tag", "text": "a", "price_yen": 1}`), "application/json", 422, "invalid_fields"},
		{"a field is missing", []byte(`{"product": "name-tag"}`), "application/json", 422, "invalid_fields"},
		{"NUL in a text", design(`a\u0000b`), "application/json", 422, "invalid_fields"},
		{"half a surrogate pair", design(`a\ud800`), "application/json", 422, "invalid_fields"},
		{"bytes that are no text", design("a\xff"), "application/json", 400, "invalid_json"},
		{"NUL itself", design("a\x00"), "application/json", 400, "invalid_json"},
		{"deep nesting", bytes.Repeat([]byte("["), 100_000), "application/json", 400, "invalid_json"},
		{"deep nesting that closes", append(bytes.Repeat([]byte("["), 9000), bytes.Repeat([]byte("]"), 9000)...), "application/json", 422, "invalid_fields"},
		{"deep nesting in a field", []byte(`{"product":"name-tag","text":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000) + "}"), "application/json", 422, "invalid_fields"},
		{"the same field twice", []byte(`{"product": "name-tag", "text": "a", "text": "はると"}`), "application/json", 201, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := v.send(http.MethodPost, "/designs", test.body, header{"Content-Type", test.media})
			if got.status != test.status || test.code != "" && got.problem(t).Code != test.code {
				t.Errorf("%d %.300s, want %d %s", got.status, got.body, test.status, test.code)
			}
		})
	}
}

// TestEveryFieldAtOnce: whoever asks wrongly learns all that is wrong, where, and in their words.
func TestEveryFieldAtOnce(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	tests := []struct{ method, path, body, want string }{
		{
			http.MethodPost, "/designs", `{"product": 1, "zzz": 3, "hole": "x", "size": null, "aaa": 1}`,
			"/aaa unknown_field There is no such field.|/hole type This has the wrong type.|/product type This has the wrong type.|" +
				"/size nullable This may not be null.|/text required This is required.|/zzz unknown_field There is no such field.",
		},
		{http.MethodPost, "/designs", `{"product": "\u0000", "text": "\u0000"}`, "/product not_text This is not text.|/text not_text This is not text."},
		{http.MethodPost, "/carts/x/lines", `{"variant_id": "x", "quantity": -5}`, "/quantity minimum This is too small."},
		{http.MethodPost, "/carts/x/checkouts/x/confirm", ``, "/Idempotency-Key required This is required."},
		{http.MethodGet, "/products?limit=abc", ``, "/limit invalid Please check this."},
		{http.MethodGet, "/products?q=" + strings.Repeat("a", 101) + "&limit=101", ``, "/limit maximum This is too large.|/q maxLength This is too long."},
	}
	for _, test := range tests {
		got := v.send(test.method, test.path, []byte(test.body), header{"Accept-Language", "en"}).problem(t)
		var fields []string
		for _, field := range *got.Errors {
			fields = append(fields, field.Pointer+" "+field.Code+" "+field.Message)
		}
		slices.Sort(fields)
		if got.Code != "invalid_fields" || strings.Join(fields, "|") != test.want {
			t.Errorf("%s: %s %q", test.path, got.Code, fields)
		}
	}
}

func TestQuantities(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	cart := v.cart("はると")
	path := "/carts/" + cart.Token + "/lines/" + cart.Lines[0].ID
	for _, quantity := range []string{"-1", "0", "100", "1e99", "1.5", `"1"`, "null", "99999999999999999999"} {
		got := v.send(http.MethodPatch, path, []byte(`{"quantity": `+quantity+`}`))
		if got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", quantity, got.status, got.body)
		}
	}
	v.want(http.MethodPatch, path, rest.QuantityRequest{Quantity: 99}, &cart)
	if cart.Lines[0].TotalYen != 99*cart.Lines[0].UnitPriceYen || cart.GoodsYen != cart.Lines[0].TotalYen {
		t.Errorf("%+v", cart)
	}
	v.want(http.MethodDelete, path, nil, &cart)
	if len(cart.Lines) != 0 {
		t.Errorf("%+v", cart)
	}
	v.refused(404, "line_not_found", http.MethodDelete, path, nil)
	v.refused(409, "cart_empty", http.MethodPost, "/carts/"+cart.Token+"/checkouts", customer)
	v.refused(422, "design_missing", http.MethodPost, "/carts/"+cart.Token+"/lines",
		rest.CartLineRequest{VariantID: v.tagVariant(), Quantity: 1})
	v.refused(404, "variant_not_found", http.MethodPost, "/carts/"+cart.Token+"/lines", rest.CartLineRequest{VariantID: "var_x", Quantity: 1})
}

func TestCheckoutForm(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	cart := v.cart("はると")
	var options rest.ShippingOptionList
	v.want(http.MethodGet, "/carts/"+cart.Token+"/shipping-options", nil, &options)
	if len(options.Items) < 3 {
		t.Errorf("%+v", options)
	}
	wrong := customer
	wrong.Name, wrong.Email, wrong.PaymentMethod, wrong.ShippingMethod = "", "nobody", "gold", "pigeon"
	got := v.refused(422, "invalid_fields", http.MethodPost, "/carts/"+cart.Token+"/checkouts", wrong, header{"Accept-Language", "en"})
	fields := map[string]string{}
	for _, field := range *got.Errors {
		fields[field.Pointer] = field.Message
	}
	for _, pointer := range []string{"/name", "/email", "/payment_method", "/shipping_method"} {
		if fields[pointer] == "" {
			t.Errorf("nothing about %s: %v", pointer, fields)
		}
	}
	checkout := v.screen(cart, customer)
	if len(checkout.Legal) != 6 || checkout.TotalYen != checkout.GoodsYen+checkout.ShippingYen || len(checkout.Taxes) != 1 {
		t.Errorf("%+v", checkout)
	}
	v.want(http.MethodPatch, "/carts/"+cart.Token+"/lines/"+cart.Lines[0].ID, rest.QuantityRequest{Quantity: 2}, nil)
	v.refused(409, "cart_changed", http.MethodPost, checkout.confirm, nil, idempotent("k"))
}

func TestPostalCodes(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	tests := map[string][]rest.Place{
		"0600001":           {{Prefecture: "北海道", City: "札幌市中央区", Town: "北一条西"}},
		"%E3%80%92060-0001": {{Prefecture: "北海道", City: "札幌市中央区", Town: "北一条西"}},
		"０６０−０００１":          {{Prefecture: "北海道", City: "札幌市中央区", Town: "北一条西"}},
		"060ー0001":          {{Prefecture: "北海道", City: "札幌市中央区", Town: "北一条西"}},
		"498-0000":          {{Prefecture: "愛知県", City: "弥富市"}, {Prefecture: "三重県", City: "桑名郡木曽岬町"}},
	}
	for code, want := range tests {
		var got rest.PlaceList
		v.want(http.MethodGet, "/postal-codes/"+code, nil, &got)
		if len(got.Items) != len(want) || got.Items[0] != want[0] || got.Items[len(want)-1] != want[len(want)-1] {
			t.Errorf("%s: %+v", code, got.Items)
		}
	}
	for _, code := range []string{"100-8901", "0", "9999999", "06000011", "abcdefg", "c01101", "10060", "%0A0600001"} {
		got := v.refused(404, "postal_code_not_found", http.MethodGet, "/postal-codes/"+code, nil)
		if !strings.Contains(got.Title, "住所をそのまま入力してください") {
			t.Errorf("%s: %s", code, got.Title)
		}
	}
}
