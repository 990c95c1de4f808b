// Command gallery serves every component of web/ui in believable pages, for looking at them and for review.mjs, which
// takes screenshots and runs axe. It is for the desk: it listens on loopback and knows no shop.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"

	"github.com/a-h/templ"

	"tsukuriba/web/assets"
	"tsukuriba/web/ui"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8099", "loopback address to serve on")
	flag.Parse()
	if err := assets.Check(); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
	fmt.Printf("http://%s/\n", *address)
	if err := http.ListenAndServe(*address, routes()); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	mux.HandleFunc("GET /pictures/{colors}/{text}", picture)
	mux.HandleFunc("GET /models/{text}", model)
	for path, page := range map[string]func(ui.PageHead) templ.Component{
		"/{$}": home, "/product": product, "/checkout": checkout, "/order": order, "/missing": missing,
		"/staff": board, "/staff/orders": orderList,
		"/tablet": today, "/tablet/step": step, "/tablet/feeling": feeling,
	} {
		mux.HandleFunc("GET "+path, show(page))
	}
	return mux
}

// show takes the theme from ?theme=, so that a screenshot needs no cookie.
func show(page func(ui.PageHead) templ.Component) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		head := ui.HeadFor(r, "")
		head.Theme, _ = ui.ParseTheme(r.URL.Query().Get("theme"))
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' blob:")
		templ.Handler(page(head)).ServeHTTP(w, r)
	}
}

// picture draws a tag, where the shop has one rendered from its model: /pictures/f0e6d2-2f4a6b/HARUTO.
func picture(w http.ResponseWriter, r *http.Request) {
	var base, text string
	if _, err := fmt.Sscanf(r.PathValue("colors"), "%6s-%6s", &base, &text); err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	templ.Handler(tagPicture("#"+base, "#"+text, r.PathValue("text")), templ.WithContentType("image/svg+xml")).ServeHTTP(w, r)
}
