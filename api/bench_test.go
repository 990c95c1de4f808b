package api_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/catalog"
)

// BenchmarkList compares the list page of 24 out of 10,000 products, remembered and not, with the
// least that Echo can answer. Run it with -cpu 1 and look at the ratios of one run.
func BenchmarkList(b *testing.B) {
	h := open(b, api.Limits{})
	for i := range 10_000 {
		_, err := h.db.ExecContext(b.Context(), `
			INSERT INTO products (id, slug, name, kind, state, price_yen, position, width_mm, depth_mm, height_mm)
			VALUES (gen_random_uuid(), $1, $2, $3, 'published', 500, $4, 100, 80, 20)`,
			fmt.Sprint("p-", i), fmt.Sprint("なまえの品 ", i), catalog.Stock, i+100)
		must(b, err)
	}
	bare := echo.New()
	bare.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "hello") })
	hello := httptest.NewServer(bare)
	b.Cleanup(hello.Close)

	b.Run("hello", func(b *testing.B) { hammer(b, hello.URL+"/") })
	b.Run("uncached", func(b *testing.B) { hammer(b, h.url+"/api/v1/products") })
	ctx, stop := context.WithCancel(b.Context())
	var listening sync.WaitGroup
	listening.Go(func() { _ = h.catalog.Listen(ctx, h.dsn()) })
	b.Cleanup(func() { stop(); listening.Wait() })
	time.Sleep(200 * time.Millisecond) // until it listens
	b.Run("cached", func(b *testing.B) { hammer(b, h.url+"/api/v1/products") })
}

// BenchmarkQuote is what a keystroke in the studio costs: another text each time, and its price.
func BenchmarkQuote(b *testing.B) {
	h := open(b, api.Limits{})
	v := h.visitor()
	var took []time.Duration
	b.ResetTimer()
	for i := range b.N {
		began := time.Now()
		v.want(http.MethodPost, "/designs", rest.DesignRequest{Product: "name-tag", Text: fmt.Sprintf("はると%d", i)}, nil)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
}

// hammer asks over one connection that is kept, with as little of a client as can be.
func hammer(b *testing.B, url string) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{}).DialContext}}
	defer client.CloseIdleConnections()
	b.ResetTimer()
	for range b.N {
		response, err := client.Get(url)
		must(b, err)
		if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(response.StatusCode, err)
		}
		_ = response.Body.Close()
	}
}
