package pagetest_test

import (
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is somebody with a browser without script.
type visitor struct {
	*house
	client *http.Client
	seen   map[string]string // pages by the address they were shown at
}

// page is what a visitor sees.
type page struct {
	visitor *visitor
	status  int
	address string
	kind    string // its media type
	body    string
}

func (h *house) visitor() *visitor {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	must(h.t, err)
	transport := &http.Transport{}
	h.t.Cleanup(transport.CloseIdleConnections)
	return &visitor{h, &http.Client{Jar: jar, Transport: transport}, map[string]string{}}
}

func (v *visitor) get(address string) page {
	v.t.Helper()
	response, err := v.client.Get(v.url + address)
	return v.read(response, err)
}

func (v *visitor) post(address string, fields ...string) page {
	v.t.Helper()
	return v.send(address, url.Values{}, fields)
}

// send posts a form in which some fields are answered otherwise.
func (v *visitor) send(address string, form url.Values, answers []string) page {
	v.t.Helper()
	for i := 0; i < len(answers); i += 2 {
		form.Set(answers[i], answers[i+1])
	}
	response, err := v.client.PostForm(v.url+address, form)
	return v.read(response, err)
}

func (v *visitor) read(response *http.Response, err error) page {
	v.t.Helper()
	must(v.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	must(v.t, err)
	shown := page{v, response.StatusCode, response.Request.URL.Path, response.Header.Get("Content-Type"), string(body)}
	if response.StatusCode >= http.StatusInternalServerError {
		v.t.Fatalf("%s answered %d\n%s", shown.address, shown.status, shown.text())
	}
	v.seen[shown.address] += shown.body
	return shown
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
	rubies = regexp.MustCompile(`<rp>.*?</rp>|<rt>.*?</rt>`)
)

// text is what stands on the page, without readings.
func (p page) text() string {
	body := p.body[strings.Index(p.body, "<body"):]
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(rubies.ReplaceAllString(body, ""), " ")), " ")
}

func (p page) is(status int, words ...string) page {
	p.visitor.t.Helper()
	if p.status != status {
		p.visitor.t.Fatalf("%s answered %d, want %d: %s", p.address, p.status, status, p.text())
	}
	return p.shows(words...)
}

func (p page) shows(words ...string) page {
	p.visitor.t.Helper()
	for _, word := range words {
		if !strings.Contains(p.text(), word) {
			p.visitor.t.Errorf("%s does not show %q: %s", p.address, word, p.text())
		}
	}
	return p
}

func (p page) hides(words ...string) page {
	p.visitor.t.Helper()
	for _, word := range words {
		if strings.Contains(p.body, word) {
			p.visitor.t.Errorf("%s shows %q", p.address, word)
		}
	}
	return p
}

// press sends the form whose button says so, with its hidden fields, what is chosen and answers.
// A link that says so is followed.
func (p page) press(button string, answers ...string) page {
	p.visitor.t.Helper()
	root, err := html.Parse(strings.NewReader(p.body))
	must(p.visitor.t, err)
	pressed := find(root, func(n *html.Node) bool {
		return (n.Data == "button" || n.Data == "a") && strings.TrimSpace(content(n)) == button
	})
	if pressed == nil {
		p.visitor.t.Fatalf("%s has no %q: %s", p.address, button, p.text())
	}
	if pressed.Data == "a" {
		return p.visitor.get(attribute(pressed, "href"))
	}
	form := pressed
	for form != nil && form.Data != "form" {
		form = form.Parent
	}
	if id := attribute(pressed, "form"); id != "" {
		form = find(root, func(n *html.Node) bool { return attribute(n, "id") == id })
	}
	fields := filled(form)
	fields.Set(attribute(pressed, "name"), attribute(pressed, "value"))
	return p.visitor.send(attribute(form, "action"), fields, answers)
}

// filled are the fields of a form as a browser would send them untouched.
func filled(form *html.Node) url.Values {
	fields := url.Values{}
	find(form, func(n *html.Node) bool {
		_, checked := lookUp(n, "checked")
		kind := attribute(n, "type")
		if n.Data == "input" && (kind != "radio" && kind != "checkbox" || checked) {
			fields.Add(attribute(n, "name"), attribute(n, "value"))
		}
		if n.Data == "textarea" {
			fields.Add(attribute(n, "name"), content(n))
		}
		if _, selected := lookUp(n, "selected"); n.Data == "option" && selected {
			fields.Add(attribute(n.Parent, "name"), attribute(n, "value"))
		}
		return false
	})
	return fields
}

// radios are the names of the questions of a page, with the values that can be chosen.
func (p page) radios() map[string][]string {
	root, err := html.Parse(strings.NewReader(p.body))
	must(p.visitor.t, err)
	questions := map[string][]string{}
	find(root, func(n *html.Node) bool {
		if n.Data == "input" && attribute(n, "type") == "radio" {
			name := attribute(n, "name")
			questions[name] = append(questions[name], attribute(n, "value"))
		}
		return false
	})
	return questions
}

// first are answers that choose the first possibility of every question.
func (p page) first() []string {
	var answers []string
	for name, values := range p.radios() {
		answers = append(answers, name, values[0])
	}
	return answers
}

func find(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && wanted(n) {
		return n
	}
	for child := range n.ChildNodes() {
		if found := find(child, wanted); found != nil {
			return found
		}
	}
	return nil
}

func content(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var text strings.Builder
	for child := range n.ChildNodes() {
		text.WriteString(content(child))
	}
	return text.String()
}

func attribute(n *html.Node, key string) string {
	value, _ := lookUp(n, key)
	return value
}

func lookUp(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func listenOn(t testing.TB, address string) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	must(t, err)
	return listener
}

// staff signs somebody of a role in to the console.
func (h *house) staff(role string) *visitor {
	h.t.Helper()
	v := h.visitor()
	v.get("/staff").press("ログイン", "email", role+"@example.jp", "password", password).is(http.StatusOK, "今朝の確認")
	return v
}

// tablet enrolls a tablet with a code from the console.
func (h *house) tablet() *visitor {
	h.t.Helper()
	boss := h.staff("manager")
	shown := boss.get("/staff/tablets").press("登録コードを作る", "name", "仕上げ机")
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(shown.text())
	v := h.visitor()
	v.get("/tablet").press("この タブレットを つかう", "code", strings.ToLower(code)).is(http.StatusOK, "じぶんの えを えらんで")
	return v
}

// comes signs a member in on a tablet and says nothing about how they are.
func (v *visitor) comes(nickname string) page {
	v.t.Helper()
	return v.get("/tablet/who").press(nickname+"さん").press("こたえない").is(http.StatusOK, "きょうの しごと", nickname+"さん")
}
