package catcher

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func catch(t *testing.T, dir string, letters ...string) *Catcher {
	t.Helper()
	c, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, letter := range letters {
		s := &session{catcher: c}
		if err := errors.Join(s.Mail("shop@tsukuriba.example", nil), s.Rcpt("a@example.jp", nil), s.Data(strings.NewReader(letter))); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestCatcher(t *testing.T) {
	t.Parallel()
	t.Run("finds_its_mails_again_after_a_restart", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		catch(t, dir, "Subject: first\r\n\r\n1", "Subject: second\r\n\r\n2")
		if err := os.WriteFile(filepath.Join(dir, "0.json"), []byte(`{"subject": "cut sho`), 0o600); err != nil {
			t.Fatal(err)
		}
		mails := catch(t, dir).Mails()
		if len(mails) != 2 || mails[0].Subject != "second" || mails[1].Text != "1" {
			t.Errorf("mails = %+v", mails)
		}
	})
	t.Run("keeps_the_newest_200", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		var letters []string
		for n := range 203 {
			letters = append(letters, "Subject: "+strconv.Itoa(n)+"\r\n\r\n")
		}
		mails := catch(t, dir, letters...).Mails()
		if len(mails) != 200 || mails[0].Subject != "202" || mails[199].Subject != "3" {
			t.Errorf("%d mails from %s to %s", len(mails), mails[0].Subject, mails[len(mails)-1].Subject)
		}
		if files, err := os.ReadDir(dir); err != nil || len(files) != 200 {
			t.Errorf("%d files, %v", len(files), err)
		}
	})
}

func TestHandler(t *testing.T) {
	t.Parallel()
	c := catch(t, t.TempDir(), "Subject: <b>x</b>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<script>1</script>",
		"Subject: =?UTF-8?B?44GT44KT44Gr44Gh44Gv?=\r\n\r\n<script> http://localhost:8080/o/1?a=1&b=\"2 ok\r\n")
	get := func(path string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		c.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		return answer
	}
	newest, oldest := c.Mails()[0].ID, c.Mails()[1].ID
	cases := map[string]struct{ path, want, never string }{
		"list_shows_subjects":   {"/", "こんにちは", "<b>x"},
		"mail_has_links":        {"/mails/" + newest, `<a href="http://localhost:8080/o/1?a=1&amp;b=">`, "<script>"},
		"mail_leads_to_html":    {"/mails/" + oldest, oldest + "/html", "<script>"},
		"html_is_shown_as_sent": {"/mails/" + oldest + "/html", "<script>1</script>", "<main>"},
	}
	for name, want := range cases {
		answer := get(want.path)
		body := answer.Body.String()
		if answer.Code != http.StatusOK || !strings.Contains(body, want.want) || strings.Contains(body, want.never) {
			t.Errorf("%s: %d %s", name, answer.Code, body)
		}
		if policy := answer.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: policy = %q", name, policy)
		}
	}
	if code := get("/mails/nothing").Code; code != http.StatusNotFound {
		t.Errorf("unknown mail = %d", code)
	}
	var list struct{ Items []Mail }
	if err := json.Unmarshal(get("/mails.json").Body.Bytes(), &list); err != nil || len(list.Items) != 2 || list.Items[0].Subject != "こんにちは" {
		t.Errorf("list = %+v, %v", list, err)
	}
}

func TestEmptyMailbox(t *testing.T) {
	t.Parallel()
	answer := httptest.NewRecorder()
	catch(t, t.TempDir()).Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/mails.json", nil))
	if got := strings.TrimSpace(answer.Body.String()); got != `{"items":[]}` {
		t.Errorf("no mails are written as %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Subject: =?UTF-8?Q?=E3=81=AF?=\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n44Gv\r\n--b--\r\n")
	f.Add("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E3=81=AF=\r\n")
	f.Add("Subject: x\r\n\r\n\xff")
	f.Fuzz(func(t *testing.T, letter string) {
		m, err := parse(strings.NewReader(letter))
		if err != nil {
			return
		}
		if strings.ToValidUTF8(m.Text+m.HTML, "") != m.Text+m.HTML {
			t.Errorf("text is not UTF-8: %q", m.Text+m.HTML)
		}
	})
}
