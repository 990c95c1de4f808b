package api_test

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
)

func TestCatalog(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()

	t.Run("a list goes on where it stopped", func(t *testing.T) {
		var all, page rest.ProductPage
		v.want(http.MethodGet, "/products", nil, &all)
		slugs := map[string]bool{}
		for path := "/products?limit=2"; ; path = "/products?limit=2&cursor=" + *page.NextCursor {
			page = rest.ProductPage{}
			v.want(http.MethodGet, path, nil, &page)
			for _, product := range page.Items {
				slugs[product.Slug] = true
			}
			if page.NextCursor == nil {
				break
			}
		}
		if len(slugs) != len(all.Items) || len(slugs) < 6 {
			t.Errorf("%d products page by page, %d at once", len(slugs), len(all.Items))
		}
	})
	t.Run("a search knows kana and width", func(t *testing.T) {
		for _, q := range []string{"なまえ", "ナマエ", "ﾅﾏｴ"} {
			var page rest.ProductPage
			v.want(http.MethodGet, "/products?q="+q, nil, &page)
			if len(page.Items) == 0 || page.Items[0].Slug != "name-tag" {
				t.Errorf("%s finds %v", q, page.Items)
			}
		}
	})
	t.Run("a list is narrowed as on the pages", func(t *testing.T) {
		for query, want := range map[string]int{
			"kind=stock": 1, "kind=personalized&price_from_yen=1000&price_until_yen=1999": 4, "color=kaki": 7, "kind=digital": 0,
			"ships_by=2020-01-01": 0, "ships_by=2099-01-01": 7, "collection=living-with-names&price_until_yen=1400": 2, "q=ﾅﾏｴ&kind=stock": 0,
		} {
			var page rest.ProductPage
			v.want(http.MethodGet, "/products?"+query, nil, &page)
			var facets rest.ProductFacets
			v.want(http.MethodGet, "/product-facets?"+query, nil, &facets)
			if len(page.Items) != want || facets.Total != want || !facets.Counted {
				t.Errorf("%s lists %d and counts %d, want %d", query, len(page.Items), facets.Total, want)
			}
		}
		v.refused(422, "invalid_fields", http.MethodGet, "/products?kind=wooden", nil)
		v.refused(422, "invalid_fields", http.MethodGet, "/product-facets?ships_by=soon", nil)
		v.refused(404, "collection_not_found", http.MethodGet, "/product-facets?collection=never", nil)
	})
	t.Run("a list is sorted as on the pages", func(t *testing.T) {
		var whole, first, last rest.ProductPage
		v.want(http.MethodGet, "/products?sort=price_desc&kind=personalized", nil, &whole)
		v.want(http.MethodGet, "/products?sort=price_desc&kind=personalized&limit=2", nil, &first)
		v.want(http.MethodGet, "/products?sort=price_desc&kind=personalized&cursor="+*first.NextCursor, nil, &last)
		same := func(a, b rest.ProductSummary) bool { return a.Slug == b.Slug }
		if got := append(first.Items, last.Items...); len(got) < 4 || !slices.EqualFunc(got, whole.Items, same) {
			t.Errorf("pages %v of %v", got, whole.Items)
		}
		if !slices.IsSortedFunc(whole.Items, func(a, b rest.ProductSummary) int { return cmp.Compare(b.PriceYen, a.PriceYen) }) {
			t.Errorf("not dear first: %v", whole.Items)
		}
		for _, sort := range []string{"", "&sort=price_asc", "&sort=newest"} {
			v.refused(422, "other_order", http.MethodGet, "/products?cursor="+*first.NextCursor+sort, nil)
		}
		v.refused(422, "bad_cursor", http.MethodGet, "/products?sort=price_desc&cursor="+(*first.NextCursor)[1:], nil)
		v.refused(422, "invalid_fields", http.MethodGet, "/products?sort=price", nil)
	})
	t.Run("what cannot be found is a plain refusal", func(t *testing.T) {
		v.refused(404, "product_not_found", http.MethodGet, "/products/no-such-thing", nil)
		v.refused(404, "collection_not_found", http.MethodGet, "/products?collection=never", nil)
		v.refused(422, "bad_cursor", http.MethodGet, "/products?cursor=abc", nil)
		v.refused(422, "invalid_fields", http.MethodGet, "/products?limit=1000", nil)
		v.refused(422, "invalid_fields", http.MethodGet, "/products?limit=-1", nil)
	})
	t.Run("a product shows what can be chosen", func(t *testing.T) {
		var product rest.Product
		v.want(http.MethodGet, "/products/name-tag", nil, &product)
		if product.Personalization == nil || len(product.Personalization.Fonts) < 2 || len(product.Personalization.Colors) < 5 || !product.Available {
			t.Errorf("%+v", product)
		}
	})
	t.Run("pictures and collections", func(t *testing.T) {
		if got := v.want(http.MethodGet, "/products/name-tag/picture.png?view=front", nil, nil); !bytes.HasPrefix(got.body, []byte("\x89PNG")) {
			t.Error("no PNG")
		}
		for _, query := range []string{"?width=288", "?view=close&width=864", ""} {
			if got := v.want(http.MethodGet, "/products/name-tag/picture.jpg"+query, nil, nil); !bytes.HasPrefix(got.body, []byte("\xff\xd8\xff")) {
				t.Errorf("no JPEG for %q", query)
			}
		}
		v.refused(422, "invalid_fields", http.MethodGet, "/products/name-tag/picture.jpg?width=289", nil)
		var collections rest.CollectionList
		v.want(http.MethodGet, "/collections", nil, &collections)
		if len(collections.Items) == 0 {
			t.Error("no collection is open")
		}
	})
}

func TestCopiesAreNotSentTwice(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	design := v.design("はると")
	for path, want := range map[string]string{
		"/products": "public, no-cache", "/products?limit=1": "public, no-cache", "/products/name-tag": "public, no-cache", "/collections": "public, no-cache",
		"/products/name-tag/picture.png": "public, max-age=60", "/products/name-tag/picture.jpg?width=144": "public, max-age=60", "/designs/" + design.ID: "public, no-cache",
		"/designs/" + design.ID + "/proof.png": "public, max-age=31536000, immutable",
		"/designs/" + design.ID + "/model.glb": "public, max-age=31536000, immutable",
	} {
		first := v.want(http.MethodGet, path, nil, nil)
		etag := first.header.Get("ETag")
		if etag == "" || first.header.Get("Cache-Control") != want {
			t.Errorf("%s: ETag %q, Cache-Control %q", path, etag, first.header.Get("Cache-Control"))
		}
		for known, status := range map[string]int{etag: 304, `"x", W/` + etag: 304, `"x"`: 200, "*": 304} {
			again := v.ask(http.MethodGet, path, nil, header{"If-None-Match", known})
			if again.status != status || (status == 304) != (len(again.body) == 0) || again.header.Get("ETag") != etag {
				t.Errorf("%s with %s: %d, %d bytes", path, known, again.status, len(again.body))
			}
		}
	}
	var cart rest.Cart
	if got := v.want(http.MethodPost, "/carts", nil, &cart); got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a cart: %q", got.header.Get("Cache-Control"))
	}
	if got := v.want(http.MethodGet, "/carts/"+cart.Token, nil, nil); got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a cart: %q", got.header.Get("Cache-Control"))
	}
}

// TestRememberedListFollowsChanges: what is remembered is never older than the catalog.
func TestRememberedListFollowsChanges(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	ctx, stop := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() { _ = h.catalog.Listen(ctx, h.dsn()) })
	t.Cleanup(func() { stop(); listening.Wait() })
	v := h.visitor()
	etag := v.want(http.MethodGet, "/products", nil, nil).header.Get("ETag")
	for i := range 20 {
		_, err := h.db.ExecContext(t.Context(), `UPDATE products SET price_yen = $1 WHERE slug = 'name-tag'`, 2000+i)
		must(t, err)
		eventually(t, "the list has the new price", func() bool {
			got := v.want(http.MethodGet, "/products", nil, nil)
			return got.header.Get("ETag") != etag
		})
		etag = v.want(http.MethodGet, "/products", nil, nil).header.Get("ETag")
	}
}

func TestOrderLinksAnswerTheSame(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	for _, email := range []string{"haru@example.jp", "nobody@example.jp"} {
		if got := v.want(http.MethodPost, "/order-links", map[string]string{"email": email, "language": "en"}, nil); got.status != http.StatusAccepted || len(got.body) != 0 {
			t.Errorf("%s is answered %d %s", email, got.status, got.body)
		}
	}
	v.refused(422, "invalid_fields", http.MethodPost, "/order-links", map[string]string{"email": "nowhere"})
}
