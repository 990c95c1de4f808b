package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/catalog"
)

// loadTime is how long wrk asks for one page. The load generator shares the cores with the shop
// and the database.
const loadTime = 5 * time.Second

// BenchmarkProductList is the list of 24 of 10,000 products through the whole server, read from
// the database each time and remembered, beside an Echo that says hello and nothing else.
func BenchmarkProductList(b *testing.B) {
	if _, err := exec.LookPath("wrk"); err != nil {
		b.Skip("wrk is not installed")
	}
	w := fullShop(b)
	hello := echo.New()
	hello.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "hello") })
	bare, list := listen(b, hello), shopAt(b, w)+api.BasePath+"/products"

	var speed float64
	b.Run("bare_echo", func(b *testing.B) { speed = load(b, bare) })
	b.Run("uncached", func(b *testing.B) { b.ReportMetric(load(b, list)/speed, "of-bare") })
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	listening := make(chan error, 1)
	go func() { listening <- w.listen(ctx) }() // what is remembered is trusted only while somebody listens
	time.Sleep(time.Second)
	b.Run("cached", func(b *testing.B) { b.ReportMetric(load(b, list)/speed, "of-bare") })
	stop()
	if err := <-listening; err != nil {
		b.Error(err)
	}
}

// BenchmarkPages is the first page, the list and a product as customers get them, beside an Echo
// that says hello and nothing else: rendered anew from the database, as every request asks for an
// address nobody asked for before, and kept.
func BenchmarkPages(b *testing.B) {
	if _, err := exec.LookPath("wrk"); err != nil {
		b.Skip("wrk is not installed")
	}
	w := fullShop(b)
	hello := echo.New()
	hello.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "hello") })
	bare, shop := listen(b, hello), shopAt(b, w)
	pages := []struct{ name, path string }{{"home", "/"}, {"list", "/products"}, {"product", "/products/name-tag"}}

	remember(b, w)
	var speed float64
	b.Run("bare_echo", func(b *testing.B) { speed = load(b, bare) })
	for _, page := range pages {
		b.Run("uncached/"+page.name, func(b *testing.B) {
			b.ReportMetric(load(b, shop+page.path, "-s", newAddresses(b))/speed, "of-bare")
		})
	}
	for _, page := range pages {
		b.Run("cached/"+page.name, func(b *testing.B) { b.ReportMetric(load(b, shop+page.path)/speed, "of-bare") })
	}
}

// remember lets the parts of a workshop keep in memory what they may, as in a process that serves it.
func remember(b *testing.B, w *workshop) {
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	ended := make(chan error, 1)
	go func() { ended <- w.listen(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	time.Sleep(time.Second)
}

// newAddresses is a script that has wrk ask for another address each time.
func newAddresses(b *testing.B) string {
	b.Helper()
	script := filepath.Join(b.TempDir(), "addresses.lua")
	err := os.WriteFile(script, []byte(`
		local asked = 0
		request = function()
			asked = asked + 1
			return wrk.format(nil, wrk.path .. "?n=" .. asked)
		end`), 0o600)
	if err != nil {
		b.Fatal(err)
	}
	return script
}

// fullShop has the demo goods and as many more as make 10,000.
func fullShop(b *testing.B) *workshop {
	b.Helper()
	w := emptyWorkshop(b)
	if err := errors.Join(w.catalog.SeedDemo(b.Context()), w.orders.SeedDemo(b.Context())); err != nil {
		b.Fatal(err)
	}
	group, ctx := errgroup.WithContext(b.Context())
	group.SetLimit(4)
	for i := range 9_994 {
		group.Go(func() error {
			_, err := w.catalog.SaveProduct(ctx, demoSystem, catalog.Product{
				Slug: fmt.Sprintf("p-%d", i), Name: fmt.Sprintf("木の名札 %d", i), Kind: catalog.Stock, State: catalog.Published,
				WidthMM: 100, DepthMM: 80, HeightMM: 20, Price: 1100, TaxRate: 10,
				Summary: "ひとつずつ 手で 仕上げた品です。", Position: 100 + i, WeightG: 20,
				Variants: []catalog.Variant{{SKU: fmt.Sprintf("sku-%d", i), Price: 1100, Tracked: true, OnHand: i % 10}},
			})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	if _, err := w.db.ExecContext(b.Context(), `ANALYZE`); err != nil {
		b.Fatal(err)
	}
	return w
}

// shopAt serves the whole shop as `serve` does, without limits for one address.
func shopAt(b *testing.B, w *workshop) string {
	b.Helper()
	handler, err := w.handler(api.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	return listen(b, handler)
}

func listen(b *testing.B, handler http.Handler) string {
	b.Helper()
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	return server.URL
}

var (
	perSecond = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	median    = regexp.MustCompile(`50%\s+([\d.]+)(us|ms|s)`)
	failures  = regexp.MustCompile(`(?m)^\s*(Non-2xx.*|Socket errors.*)$`)
)

// load has wrk ask for a page over 16 connections and returns how many answers came in a second.
func load(b *testing.B, url string, options ...string) (speed float64) {
	b.Helper()
	options = append(options, "-t1", "-c16", "-d"+loadTime.String(), "--latency", url)
	for b.Loop() {
		out, err := exec.CommandContext(b.Context(), "wrk", options...).CombinedOutput()
		if err != nil || failures.Match(out) {
			b.Fatalf("wrk: %v\n%s", err, out)
		}
		speed = number(b, perSecond.FindSubmatch(out))
		b.ReportMetric(milliseconds(b, median.FindSubmatch(out)), "p50-ms")
	}
	b.ReportMetric(speed, "req/s")
	b.ReportMetric(0, "ns/op")
	return speed
}

func number(b *testing.B, match [][]byte) float64 {
	b.Helper()
	if match == nil {
		b.Fatal("wrk says something else than it used to")
	}
	n, err := strconv.ParseFloat(string(match[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func milliseconds(b *testing.B, match [][]byte) float64 {
	b.Helper()
	return number(b, match) * map[string]float64{"us": 1e-3, "ms": 1, "s": 1e3}[string(match[2])]
}

// BenchmarkQuote is one keystroke in the studio: a text never seen becomes a design with price,
// size and date, and its model is fetched.
func BenchmarkQuote(b *testing.B) {
	w := emptyWorkshop(b)
	if err := errors.Join(w.catalog.SeedDemo(b.Context()), w.orders.SeedDemo(b.Context())); err != nil {
		b.Fatal(err)
	}
	shop := shopAt(b, w)
	remember(b, w)
	kana := []rune("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん")
	var quotes, models []float64
	for n := 0; b.Loop(); n++ {
		text := string([]rune{kana[n%45], kana[n/45%45], kana[n/7%45], kana[n/2025%45]})
		began := time.Now()
		design := quote(b, shop, text)
		quotes = append(quotes, time.Since(began).Seconds()*1000)
		fetch(b, shop+design.ModelURL)
		models = append(models, time.Since(began).Seconds()*1000)
	}
	b.ReportMetric(quantile(quotes, 0.5), "p50-ms")
	b.ReportMetric(quantile(quotes, 0.99), "p99-ms")
	b.ReportMetric(quantile(models, 0.5), "with-model-p50-ms")
	b.ReportMetric(0, "ns/op")
}

func quote(b *testing.B, shop, text string) rest.Design {
	b.Helper()
	body, err := json.Marshal(rest.DesignRequest{Product: "name-tag", Text: text})
	if err != nil {
		b.Fatal(err)
	}
	response, err := http.Post(shop+api.BasePath+"/designs", "application/json", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var design rest.Design
	if err := json.NewDecoder(response.Body).Decode(&design); err != nil || response.StatusCode != http.StatusCreated {
		b.Fatalf("a quote for %q answered %s: %v", text, response.Status, err)
	}
	return design
}

func fetch(b *testing.B, url string) {
	b.Helper()
	response, err := http.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil || response.StatusCode != http.StatusOK || body.Len() < 1000 {
		b.Fatalf("%s answered %s with %d bytes: %v", url, response.Status, body.Len(), err)
	}
}
