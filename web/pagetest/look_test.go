package pagetest_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"tsukuriba/api/problem"
	"tsukuriba/web/storefront"
)

var (
	lookInto = flag.String("look", "", "folder for pictures of all pages, for whoever wants to see them")
	lookAt   = flag.String("pages", "", "regular expression of the pages to look at, all by default")
)

// notPages are the addresses that answer a browser with something else than a page of ours.
var notPages = map[string]string{
	"/api":                               "the description of the API",
	"/assets/*":                          "styles, scripts and fonts",
	"/cards/:field/:answer":              "a picture",
	"/cards/icon/:icon":                  "a picture",
	"/favicon.ico":                       "an icon",
	"/feed.xml":                          "RSS",
	"/makers":                            "leads to /about",
	"/orders/:token/documents/:document": "a PDF",
	"/orders/:token/claims/:claim/photos/:position": "a photo",
	"/staff/thanks/:thanks/photo":                   "a photo",
	"/tablet/thanks/:thanks/photo":                  "a photo",
	"/staff/claims/:claim/photos/:position":         "a photo",
	"/quotations/:token/file.pdf":                   "a PDF",
	"/robots.txt":                                   "for crawlers",
	"/sitemap.xml":                                  "for crawlers",
	"/sitemaps/:part":                               "for crawlers",
	"/staff/*":                                      "nothing",
	"/staff/documents/:document":                    "a PDF",
	"/staff/exports":                                "CSV",
	"/staff/jobs":                                   "River's own pages",
	"/staff/jobs/*":                                 "River's own pages",
	"/staff/money/disputes/:dispute/evidence":       "a ZIP",
	"/tablet":                                       "leads to what comes next",
	"/tablet/*":                                     "nothing",
	"/tablet/pictures/:name":                        "a picture",
	"/theme":                                        "leads back",
}

// eye is a browser that looks at pages and complains.
type eye struct {
	mu      sync.Mutex
	send    *json.Encoder
	gallery string                 // folder of today's portraits
	told    map[string]chan looked // by the name of the page
	shown   map[string]bool        // names of pages
	routes  map[string]bool        // that somebody saw a page of
	all     map[string]bool        // GET routes of the house that are not of the API
}

// looked is what the browser says of a page.
type looked struct {
	Name     string
	Problems []string
}

// openEye starts the browser.
func openEye(t *testing.T) *eye {
	t.Helper()
	gallery := t.TempDir()
	command := []string{"look.mjs", gallery}
	if *lookInto != "" {
		command = append(command, *lookInto)
	}
	node := exec.CommandContext(t.Context(), "node", command...)
	node.Stderr = os.Stderr
	in, err := node.StdinPipe()
	must(t, err)
	out, err := node.StdoutPipe()
	must(t, err)
	must(t, node.Start())
	e := &eye{send: json.NewEncoder(in), gallery: gallery, told: map[string]chan looked{}, shown: map[string]bool{}, routes: map[string]bool{}, all: map[string]bool{}}
	var listening sync.WaitGroup
	listening.Go(func() { e.listen(out) })
	t.Cleanup(func() {
		_ = in.Close()
		listening.Wait()
		_ = node.Wait()
	})
	return e
}

// listen passes on what the browser says until it is gone.
func (e *eye) listen(said io.Reader) {
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var told looked
		err := json.Unmarshal(lines.Bytes(), &told)
		e.mu.Lock()
		if answer, asked := e.told[told.Name]; asked && err == nil {
			answer <- told
		}
		e.mu.Unlock()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, answer := range e.told {
		close(answer)
	}
}

// at looks at an address as a visitor sees it.
func (e *eye) at(name string, v *visitor, address string) {
	v.t.Helper()
	e.sees(name, v.get(address))
}

// sees looks at a page as it was answered, however the house goes on. The house stays open until it was looked at.
func (e *eye) sees(name string, p page) {
	h := p.visitor.house
	h.t.Helper()
	if !strings.HasPrefix(p.kind, "text/html") {
		h.t.Fatalf("%s is no page: %s is %s", name, p.address, p.kind)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.note(p)
	e.shown[name] = true
	portraits := portraitsOf(name)
	if !regexp.MustCompile(*lookAt).MatchString(name) || *renew && portraits == nil {
		return
	}
	if e.told[name] != nil {
		h.t.Fatalf("two pages are called %s", name)
	}
	answer := make(chan looked, 1)
	e.told[name] = answer
	h.snapshots.Store("/seen/"+name, p.body)
	must(h.t, e.send.Encode(map[string]any{
		"name": name, "url": h.url + "/seen/" + name, "cookies": p.visitor.cookies(p.address), "face": faceOf(p.body), "themes": themesFor(p.body), "portraits": portraits,
	}))
	h.t.Cleanup(func() {
		told, seen := <-answer
		if !seen {
			h.t.Errorf("the browser was gone before it saw %s", name)
		}
		for _, problem := range told.Problems {
			h.t.Error(problem)
		}
		for _, p := range portraits {
			p.compare(h.t, e.gallery)
		}
	})
}

// note remembers of which route a page was seen, and which routes there are.
func (e *eye) note(p page) {
	routes := p.visitor.router
	for _, route := range routes.Routes() {
		if route.Method == http.MethodGet && !strings.HasPrefix(route.Path, "/api/") {
			e.all[route.Path] = true
		}
	}
	if p.status == http.StatusOK {
		c := routes.NewContext(nil, nil)
		routes.Router().Find(http.MethodGet, p.address, c)
		e.routes[c.Path()] = true
	}
}

var face = regexp.MustCompile(`data-face="(\w+)"`)

func faceOf(body string) string {
	if found := face.FindStringSubmatch(body); found != nil {
		return found[1]
	}
	return "letter"
}

// themesFor are the themes to look at a page in: all, and one where only the language is another.
func themesFor(body string) []string {
	if faceOf(body) == "letter" || strings.Contains(body, `<html lang="en"`) || strings.Contains(body, " data-easy") {
		return []string{"light"}
	}
	return []string{"light", "dark", "calm"}
}

func (v *visitor) cookies(address string) map[string]string {
	v.t.Helper()
	at, err := url.Parse(v.url + address)
	must(v.t, err)
	found := map[string]string{}
	for _, cookie := range v.client.Jar.Cookies(at) {
		found[cookie.Name] = cookie.Value
	}
	return found
}

// TestEveryPage looks at every page of the three faces in Chromium: no violation of axe in any theme, nothing to scroll sideways from
// 320 to 1280 px or with letters of twice the size, nothing too small for a finger, the focus always seen. A page that nobody looks at fails it.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	e := openEye(t)
	t.Run("faces", func(t *testing.T) {
		for name, look := range map[string]func(*testing.T, *eye){
			"shop": lookAtShop, "line": lookAtLine, "thanks": lookAtThanks, "intake": lookAtIntake, "matters": lookAtMatters, "money": lookAtMoney,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				look(t, e)
			})
		}
	})
	e.checkGoldens(t)
	for route := range e.all {
		if !e.routes[route] && notPages[route] == "" {
			t.Errorf("nobody looks at %s: show it to the eye, or say in notPages what it is", route)
		}
	}
	for route := range notPages {
		if !e.all[route] {
			t.Errorf("there is no %s any more", route)
		}
		if e.routes[route] {
			t.Errorf("%s is a page", route)
		}
	}
}

// failed is the page that answers an error.
func (v *visitor) failed(err error) page {
	v.t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/failed", nil)
	for name, value := range v.cookies("/") {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer := httptest.NewRecorder()
	storefront.HandleError(err, v.router.NewContext(request, answer))
	return page{v, answer.Code, "/failed", answer.Header().Get("Content-Type"), answer.Body.String()}
}

// failures are errors that answer a page each of their own kind.
var failures = map[string]error{"broken": errors.New("a wire came loose"), "busy": problem.ErrTooManyRequests, "foreign": problem.ErrCrossOrigin}
