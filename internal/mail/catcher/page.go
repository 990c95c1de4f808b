package catcher

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"time"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"jst":   func(t time.Time) string { return t.In(japan).Format("1月2日 15:04:05") },
	"join":  func(names []string) string { return strings.Join(names, ", ") },
	"links": linked,
}).Parse(pageSource))

var japan = time.FixedZone("JST", 9*60*60)

// Handler shows the mails at /, one at /mails/{id}, its HTML at /mails/{id}/html and all as JSON
// at /mails.json, newest first. Its links are relative, so it can stand under any prefix.
func (c *Catcher) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		show(w, "list", c.Mails())
	})
	mux.HandleFunc("GET /mails.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(map[string][]Mail{"items": c.Mails()}) // only the reader's leaving can fail it
	})
	mux.HandleFunc("GET /mails/{id}", c.one(func(w http.ResponseWriter, m Mail) { show(w, "mail", m) }))
	mux.HandleFunc("GET /mails/{id}/html", c.one(showHTML))
	return mux
}

func (c *Catcher) one(answer func(http.ResponseWriter, Mail)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, found := c.find(r.PathValue("id"))
		if !found {
			http.Error(w, "そのメールはありません。", http.StatusNotFound)
			return
		}
		answer(w, m)
	}
}

func show(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.Header().Set("Cache-Control", "no-store")
	_ = page.ExecuteTemplate(w, name, data) // only the reader's leaving can fail it
}

// showHTML shows a letter's own HTML without letting it run or fetch anything.
func showHTML(w http.ResponseWriter, m Mail) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	_, _ = w.Write([]byte(m.HTML))
}

var address = regexp.MustCompile(`https?://[!#-;=?-~]+`)

// linked makes the addresses in a text clickable and everything else harmless.
func linked(text string) template.HTML {
	var out strings.Builder
	done := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		out.WriteString(template.HTMLEscapeString(text[done:at[0]]))
		link := template.HTMLEscapeString(text[at[0]:at[1]])
		out.WriteString(`<a href="` + link + `">` + link + `</a>`)
		done = at[1]
	}
	out.WriteString(template.HTMLEscapeString(text[done:]))
	return template.HTML(out.String()) //nolint:gosec // every piece is escaped above
}
