package auth_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"

	"tsukuriba/api/auth"
	"tsukuriba/internal/postgres/testdb"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	sessions := auth.NewSessions(db, false)
	mux := http.NewServeMux()
	mux.HandleFunc("/in", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.SignIn(r.Context(), auth.Subject(r.FormValue("as")), r.FormValue("id")); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/out", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.SignOut(r.Context(), auth.Subject(r.FormValue("as"))); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/who", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(sessions.ID(r.Context(), auth.Staff) + "/" + sessions.ID(r.Context(), auth.Member)))
	})
	server := httptest.NewServer(sessions.Middleware(mux))
	t.Cleanup(server.Close)
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	get := func(path string) string {
		t.Helper()
		response, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body := make([]byte, 100)
		n, _ := response.Body.Read(body)
		return string(body[:n])
	}
	address, _ := url.Parse(server.URL)

	get("/in?as=staff&id=stf_1")
	planted := jar.Cookies(address)[0].Value
	get("/in?as=member&id=mem_1")

	if got := get("/who"); got != "stf_1/mem_1" {
		t.Errorf("both signed in: %q", got)
	}
	if now := jar.Cookies(address)[0].Value; now == planted {
		t.Error("signing in kept the old token")
	}
	get("/out?as=member")
	if got := get("/who"); got != "stf_1/" {
		t.Errorf("after the member left: %q", got)
	}
	var stored int
	if err := db.Get(&stored, `SELECT count(*) FROM sessions WHERE token_hash = $1`, []byte(planted)); err != nil || stored != 0 {
		t.Errorf("the token itself is stored: %d, %v", stored, err)
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		role       string
		permission auth.Permission
		want       bool
	}{
		{"manager", auth.ReadContacts, true},
		{"shipping", auth.ReadContacts, true},
		{"instructor", auth.ReadContacts, false},
		{"therapist", auth.ReadOrders, false},
		{"accounting", auth.OfferWork, false},
		{"shipping", auth.AgreeStages, false},
		{"nobody", auth.ReadWork, false},
	}
	for _, test := range tests {
		if got := auth.May(test.role, test.permission); got != test.want {
			t.Errorf("May(%s, %s) = %t", test.role, test.permission, got)
		}
	}
}
