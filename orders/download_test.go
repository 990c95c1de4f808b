package orders_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// pattern puts a thing to download on sale and returns a line of it.
func (s *shop) pattern() orders.LineRequest {
	s.t.Helper()
	wanted := catalog.Product{
		Slug: "pattern", Name: "型紙", NameEn: "Pattern", Kind: catalog.Digital, State: catalog.Draft, Price: 500, TaxRate: 10,
		Variants: []catalog.Variant{{SKU: "pattern", Price: 500}},
	}
	_, err := s.catalog.SaveProduct(s.t.Context(), staff, wanted)
	must(s.t, err)
	must(s.t, s.catalog.AttachFile(s.t.Context(), staff, "pattern", catalog.File{Name: "型紙.stl", Content: []byte("solid a\nfacet normal 0 0 1\nendsolid a")}))
	wanted.State = catalog.Published
	saved, err := s.catalog.SaveProduct(s.t.Context(), staff, wanted)
	must(s.t, err)
	return orders.LineRequest{Variant: saved.Variants[0].ID, Quantity: 1}
}

// bought is a paid order of downloads alone, by somebody who told no more than a name.
func (s *shop) bought() orders.Placed {
	s.t.Helper()
	token := s.cart(s.pattern())
	options, err := s.ShippingOptions(s.t.Context(), token, "")
	must(s.t, err)
	if len(options) > 0 {
		s.t.Errorf("a download can be sent: %v", options)
	}
	checkout, err := s.PrepareCheckout(s.t.Context(), token, orders.CheckoutForm{
		Contact: orders.Contact{Name: "はると", Email: "haru@example.jp"}, Method: orders.Card,
	})
	must(s.t, err)
	if delivery := checkout.Legal[3].Text; !strings.Contains(delivery, "ダウンロード") || strings.Contains(delivery, "発送") || checkout.Shipping != 0 {
		s.t.Errorf("shipping %s: %s", checkout.Shipping, delivery)
	}
	placed, err := s.Confirm(s.t.Context(), checkout.Key())
	must(s.t, err)
	must(s.t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	return placed
}

func TestDownloadsAlone(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.bought()
	s.expect(placed, orders.Completed)
	downloads, err := s.Downloads(t.Context(), placed.LinkToken)
	must(t, err)
	if len(downloads) != 1 || downloads[0].Left != 5 {
		t.Fatalf("downloads %+v", downloads)
	}
	if plain := s.count(`SELECT count(*) FROM downloads WHERE downloads::text LIKE '%' || $1 || '%'`, downloads[0].Token); plain != 0 {
		t.Error("the token is stored in plain letters")
	}
	file, err := s.TakeDownload(t.Context(), downloads[0].Token)
	must(t, err)
	if file.Name != "型紙.stl" || !bytes.Equal(file.Content, []byte("solid a\nfacet normal 0 0 1\nendsolid a")) {
		t.Errorf("got %+v", file)
	}
	if _, err := s.TakeDownload(t.Context(), placed.LinkToken); !errors.Is(err, orders.ErrDownloadNotFound) {
		t.Errorf("another token opens it: %v", err)
	}
	s.sound()
}

func TestDownloadsAreLimited(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.bought()
	downloads, err := s.Downloads(t.Context(), placed.LinkToken)
	must(t, err)
	_, err = s.Hold(t.Context(), staff, placed.Order.ID, orders.HoldFraud, "")
	if !errors.Is(err, orders.ErrWrongState) { // a completed order takes no hold by hand
		t.Error(err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 12 {
		all.Go(func() {
			_, err := s.TakeDownload(t.Context(), downloads[0].Token)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken++
			} else if !errors.Is(err, orders.ErrDownloadOver) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if taken != 5 {
		t.Errorf("it was taken %d times", taken)
	}
}

func TestDownloadsAreOverAfterAMonth(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.bought()
	downloads, err := s.Downloads(t.Context(), placed.LinkToken)
	must(t, err)
	s.clock.Advance(31 * 24 * time.Hour)
	if _, err := s.TakeDownload(t.Context(), downloads[0].Token); !errors.Is(err, orders.ErrDownloadOver) {
		t.Errorf("err = %v", err)
	}
	if downloads, err = s.Downloads(t.Context(), placed.LinkToken); err != nil || downloads[0].Left != 0 {
		t.Errorf("%+v, %v", downloads, err)
	}
}

// Beside things that are sent, a download weighs nothing and is had as soon as the order is paid.
func TestDownloadBesideGoods(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.Card, s.magnet(1), s.pattern())
	if checkout.ShippingKey != "click-post" || checkout.Total != 550+500+185 {
		t.Errorf("frozen %+v", checkout)
	}
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	if downloads, err := s.Downloads(t.Context(), placed.LinkToken); err != nil || len(downloads) != 0 {
		t.Errorf("before it is paid: %v, %v", downloads, err)
	}
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.Ready)
	downloads, err := s.Downloads(t.Context(), placed.LinkToken)
	must(t, err)
	if len(downloads) != 1 || downloads[0].Left != 5 {
		t.Errorf("downloads %+v", downloads)
	}
	s.sound()
}
