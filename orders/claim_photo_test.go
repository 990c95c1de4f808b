package orders_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io/fs"
	"os"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/photo"
	"tsukuriba/internal/photo/phototest"
	"tsukuriba/orders"
)

func TestClaimWithPhotos(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tag(), s.magnet(2))
	request := claimOn(s.order(placed), 0)
	request.Photos = [][]byte{phototest.Snapshot(t, 10), phototest.Snapshot(t, 10), phototest.Snapshot(t, 90)} // the first one was chosen twice
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, request)
	must(t, err)
	if len(claim.Photos) != 2 || claim.Photos[0].Origin != audit.Customer {
		t.Fatalf("kept %+v", claim.Photos)
	}
	shown, err := s.OwnClaimPhoto(t.Context(), placed.LinkToken, claim.ID, 2)
	must(t, err)
	forStaff, err := s.ClaimPhoto(t.Context(), claim.ID, 2)
	must(t, err)
	if picture, err := jpeg.Decode(bytes.NewReader(shown)); err != nil || picture.Bounds().Dx() != 40 || !bytes.Equal(shown, forStaff) {
		t.Errorf("shown is %v", err)
	}
	if bytes.Contains(shown, []byte(phototest.Place)) {
		t.Error("the photo says where it was taken")
	}
	s.sealedFiles(shown)

	other := s.shipped(s.tag())
	for name, read := range map[string]func() ([]byte, error){
		"by another customer's link": func() ([]byte, error) { return s.OwnClaimPhoto(t.Context(), other.LinkToken, claim.ID, 1) },
		"by no link":                 func() ([]byte, error) { return s.OwnClaimPhoto(t.Context(), "guessed", claim.ID, 1) },
		"one that is not there":      func() ([]byte, error) { return s.OwnClaimPhoto(t.Context(), placed.LinkToken, claim.ID, 3) },
		"before the first":           func() ([]byte, error) { return s.ClaimPhoto(t.Context(), claim.ID, 0) },
	} {
		if content, err := read(); content != nil || !errors.Is(err, orders.ErrClaimNotFound) && !errors.Is(err, orders.ErrPhotoNotFound) && !errors.Is(err, orders.ErrOrderNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.sound()
}

// sealedFiles fails if a file of the shop holds what was kept as it is.
func (s *shop) sealedFiles(content []byte) {
	s.t.Helper()
	err := fs.WalkDir(os.DirFS(s.blobs), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		stored, err := fs.ReadFile(os.DirFS(s.blobs), path)
		if bytes.Contains(stored, content[:64]) {
			s.t.Errorf("%s can be looked at", path)
		}
		return err
	})
	must(s.t, err)
}

func TestAddClaimPhoto(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tag())
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(s.order(placed), 0))
	must(t, err)
	for shade := range uint8(3) {
		for range 2 { // the answer may be lost, and the same photo sent again
			claim, err = s.AddOwnClaimPhoto(t.Context(), placed.LinkToken, claim.ID, phototest.Snapshot(t, shade*40))
			must(t, err)
		}
	}
	if len(claim.Photos) != orders.MaxClaimPhotos || claim.TakesPhoto(audit.Customer) {
		t.Errorf("kept %+v", claim.Photos)
	}
	if _, err := s.AddOwnClaimPhoto(t.Context(), placed.LinkToken, claim.ID, phototest.Snapshot(t, 200)); !errors.Is(err, orders.ErrTooManyPhotos) {
		t.Errorf("a fourth photo: %v", err)
	}
	claim, err = s.AddClaimPhoto(t.Context(), staff, claim.ID, phototest.Snapshot(t, 210)) // staff have room of their own
	must(t, err)
	if last := claim.Photos[len(claim.Photos)-1]; last.Position != 4 || last.Origin != audit.Staff {
		t.Errorf("staff's photo is %+v", last)
	}
	if _, err := s.OwnClaimPhoto(t.Context(), placed.LinkToken, claim.ID, 4); !errors.Is(err, orders.ErrPhotoNotFound) {
		t.Errorf("the customer sees staff's photo: %v", err)
	}
	other := s.shipped(s.tag())
	if _, err := s.AddOwnClaimPhoto(t.Context(), other.LinkToken, claim.ID, phototest.Snapshot(t, 220)); !errors.Is(err, orders.ErrClaimNotFound) {
		t.Errorf("by another customer's link: %v", err)
	}
	_, err = s.DeclineClaim(t.Context(), staff, claim.ID, "as_agreed")
	must(t, err)
	for name, add := range map[string]func() (orders.Claim, error){
		"the customer": func() (orders.Claim, error) {
			return s.AddOwnClaimPhoto(t.Context(), placed.LinkToken, claim.ID, phototest.Snapshot(t, 230))
		},
		"staff": func() (orders.Claim, error) {
			return s.AddClaimPhoto(t.Context(), staff, claim.ID, phototest.Snapshot(t, 230))
		},
	} {
		if _, err := add(); !errors.Is(err, orders.ErrClaimDecided) {
			t.Errorf("%s, after it was decided: %v", name, err)
		}
	}
}

// Many presses at once never keep more photos than there is room for.
func TestClaimPhotosAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tag())
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(s.order(placed), 0))
	must(t, err)
	var acts []func() error
	for shade := range uint8(5) {
		sent := phototest.Snapshot(t, shade*40)
		acts = append(acts, func() error {
			_, err := s.AddOwnClaimPhoto(t.Context(), placed.LinkToken, claim.ID, sent)
			return err
		})
	}
	refused := 0
	for _, err := range s.interleave(placed, acts...) {
		if errors.Is(err, orders.ErrTooManyPhotos) {
			refused++
		} else {
			must(t, err)
		}
	}
	if kept := s.count(`SELECT count(*) FROM claim_photos`); kept != orders.MaxClaimPhotos || refused != 2 {
		t.Errorf("%d kept, %d refused", kept, refused)
	}
}

func TestClaimPhotosRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tag())
	good := phototest.Snapshot(t, 1)
	for name, c := range map[string]struct {
		photos [][]byte
		want   error
	}{
		"four":         {[][]byte{good, good, good, good}, orders.ErrTooManyPhotos},
		"a page":       {[][]byte{good, []byte("<html>")}, photo.ErrType},
		"a cut photo":  {[][]byte{good[:len(good)/2]}, photo.ErrDamaged},
		"too large":    {[][]byte{append(good, make([]byte, photo.MaxBytes)...)}, photo.ErrTooLarge},
		"from a phone": {[][]byte{[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")}, photo.ErrHEIC},
	} {
		request := claimOn(s.order(placed), 0)
		request.Photos = c.photos
		if _, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, request); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := s.count(`SELECT count(*) FROM claims`); n != 0 {
		t.Errorf("%d claims were opened", n)
	}
	request := claimOn(s.order(placed), 0)
	request.Note, request.Photos = "", [][]byte{good}
	if _, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, request); reasonOf(err, "note") != "required" {
		t.Errorf("without words: %v", err)
	}
}
