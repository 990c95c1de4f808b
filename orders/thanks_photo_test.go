package orders_test

import (
	"bytes"
	"errors"
	"testing"

	"tsukuriba/catalog"
	"tsukuriba/internal/photo"
	"tsukuriba/internal/photo/phototest"
	"tsukuriba/orders"
)

func TestThankWithPhoto(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.sent()
	request := kind("ランドセルに つけました")
	request.Photo = []byte("<html>")
	if _, err := s.ThankByCustomer(t.Context(), placed.LinkToken, request); !errors.Is(err, photo.ErrType) {
		t.Errorf("a page for a photo: %v", err)
	}
	request.Photo = phototest.Snapshot(t, 10)
	thanks, err := s.ThankByCustomer(t.Context(), placed.LinkToken, request)
	must(t, err)
	first, err := s.ThanksPhoto(t.Context(), thanks.ID)
	must(t, err)
	s.sealedFiles(first)
	_, err = s.AddThanksPhoto(t.Context(), placed.LinkToken, phototest.Snapshot(t, 90))
	must(t, err)
	if second, err := s.ThanksPhoto(t.Context(), thanks.ID); err != nil || bytes.Equal(first, second) || bytes.Contains(second, []byte(phototest.Place)) {
		t.Errorf("the other photo: %v", err)
	}
	must(t, s.ShowThanks(t.Context(), staff, thanks.ID, orders.Showing{}))
	if n := s.count(`SELECT count(*) FROM thanks WHERE photo_shown`); n != 0 {
		t.Error("the photo is shown, and staff let the words through alone")
	}
	must(t, s.ShowThanks(t.Context(), staff, thanks.ID, orders.Showing{WithPhoto: true}))
	if read, err := s.ThanksOf(t.Context(), placed.Order.ID); err != nil || !read.HasPhoto || !read.PhotoShown {
		t.Errorf("kept %+v, %v", read, err)
	}
	if _, err := s.AddThanksPhoto(t.Context(), placed.LinkToken, phototest.Snapshot(t, 10)); !errors.Is(err, orders.ErrThanksRead) {
		t.Errorf("another photo behind the back of staff: %v", err)
	}
	must(t, s.DeclineThanks(t.Context(), staff, thanks.ID))
	if n := s.count(`SELECT count(*) FROM thanks WHERE photo_shown`); n != 0 {
		t.Error("declined, and the photo is shown")
	}
}

func TestThanksWithoutPhoto(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.sent()
	if _, err := s.AddThanksPhoto(t.Context(), placed.LinkToken, phototest.Snapshot(t, 10)); !errors.Is(err, orders.ErrThanksNotFound) {
		t.Errorf("a photo without words: %v", err)
	}
	thanks, err := s.ThankByCustomer(t.Context(), placed.LinkToken, kind("ありがとう"))
	must(t, err)
	if _, err := s.ThanksPhoto(t.Context(), thanks.ID); !errors.Is(err, orders.ErrPhotoNotFound) {
		t.Errorf("no photo: %v", err)
	}
	must(t, s.ShowThanks(t.Context(), staff, thanks.ID, orders.Showing{WithPhoto: true}))
	if read, err := s.ThanksOf(t.Context(), placed.Order.ID); err != nil || read.HasPhoto || read.PhotoShown {
		t.Errorf("kept %+v, %v", read, err)
	}
}

// The lists of words that are kept for texts on tags mark thank-you messages, too, as they are on the day staff read them.
func TestThanksRemarks(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.sent()
	_, err := s.ThankByCustomer(t.Context(), placed.LinkToken, kind("とても\nぽ★ン コツ だね"))
	must(t, err)
	remarked := func() bool {
		all, err := s.AllThanks(t.Context())
		must(t, err)
		return all[0].Telling()
	}
	if remarked() {
		t.Error("nothing is on a list, and it is marked")
	}
	_, err = s.catalog.AddWord(t.Context(), staff, catalog.Word{Word: "ぽんこつ", List: catalog.Deny, Reason: catalog.HurtsPeople})
	must(t, err)
	if !remarked() {
		t.Error("a word of the deny list hides")
	}
}
