package storefront_test

import (
	"bytes"
	"image/jpeg"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/photo"
	"tsukuriba/internal/photo/phototest"
	"tsukuriba/orders"
)

// send submits a form with files, as a browser without script does.
func (v *visitor) send(p page, action string, typed url.Values, files ...[]byte) page {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	fields := p.form(action)
	maps.Copy(fields, typed)
	fields.Del("photos")
	for name, values := range fields {
		for _, value := range values {
			if err := form.WriteField(name, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	for _, file := range files {
		part := must(form.CreateFormFile("photos", "IMG_0001.JPG"))(v.t)
		must(part.Write(file))(v.t)
	}
	if err := form.Close(); err != nil {
		v.t.Fatal(err)
	}
	return v.read(v.client.Post(v.shop.at(action), form.FormDataContentType(), &body))
}

// delivered is the page and the order of somebody to whom pieces from the shelf were sent.
func (v *visitor) delivered() (secret string, order orders.Order) {
	v.t.Helper()
	secret, order = v.atTheTill("2")
	if err := v.shop.stripe.PayAtStore(order.Payments[0].SessionID, "lawson"); err != nil {
		v.t.Fatal(err)
	}
	if err := v.shop.orders.Apply(v.t.Context(), order.Payments[0].ID); err != nil {
		v.t.Fatal(err)
	}
	by := audit.Actor{Role: audit.Staff, ID: "stf_06h0bqbyf9vbffmasgjszgppc8"}
	must(v.shop.orders.Ship(v.t.Context(), by, order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"}))(v.t)
	return secret, order
}

// pictures are the addresses of the photos on a page.
func (p page) pictures() []string {
	var found []string
	for node := range p.root.Descendants() {
		if node.Data == "img" && strings.Contains(attribute(node, "src"), "/photos/") {
			found = append(found, attribute(node, "src"))
		}
	}
	return found
}

func TestClaimPhotos(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	secret, _ := v.delivered()
	action := secret + "/claim"
	form := v.open(action).says("3枚まで", "撮った場所などの情報は、受け取るときに消します")
	typed := url.Values{"quantity": {"2"}, "reason": {"broken"}, "note": {"われて いました"}}

	for said, files := range map[string][][]byte{
		"この形式の写真は読めません":   {phototest.Snapshot(t, 1), []byte("<script>alert(1)</script>")},
		"HEIC の写真は読めません":  {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1")},
		"写真は3枚までです":       {phototest.Snapshot(t, 1), phototest.Snapshot(t, 2), phototest.Snapshot(t, 3), phototest.Snapshot(t, 4)},
		"写真が大きすぎます":       {append(phototest.Snapshot(t, 1), make([]byte, photo.MaxBytes)...), phototest.Snapshot(t, 2)},
		"写真が途中で切れているか":    {phototest.Snapshot(t, 1)[:120]},
		"大きすぎます。1枚 10 MB": {make([]byte, 3*photo.MaxBytes), make([]byte, 3*photo.MaxBytes), make([]byte, 3*photo.MaxBytes)},
	} {
		refused := v.send(form, action, typed, files...).is(http.StatusUnprocessableEntity).says(said, "われて いました")
		kept := refused.form(action)
		if kept.Get("quantity") != "2" || kept.Get("reason") != "broken" {
			t.Errorf("%s: what was typed is lost: %v", said, kept)
		}
	}
	v.send(form, action, url.Values{"quantity": {"1"}, "reason": {""}, "note": {"われて"}}, phototest.Snapshot(t, 1)).
		is(http.StatusUnprocessableEntity).says("ひとつ選んでください", "写真は、もう一度選んでください")
	v.open(action+"?lang=en").says("Up to three. JPEG, PNG or WebP", "Where it was taken is removed")
	v.open(action + "?lang=easy").says("どこで とったかの 情報は けします")
	v.open(action + "?lang=ja")

	sent := v.follow(v.send(form, action, typed, phototest.Snapshot(t, 1), phototest.Snapshot(t, 2)))
	photos := sent.says("ご連絡を受け取りました", "写真を追加する").pictures()
	if len(photos) != 2 {
		t.Fatalf("the page shows %q", photos)
	}
	shown := v.open(photos[1])
	if _, err := jpeg.Decode(strings.NewReader(shown.body)); err != nil || strings.Contains(shown.body, phototest.Place) {
		t.Errorf("shown is %q: %v", shown.body[:40], err)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		if got := shown.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	more := strings.TrimSuffix(photos[0], "/1")
	v.send(sent, more, nil).is(http.StatusUnprocessableEntity).says("写真を選んでください")
	v.send(sent, more, nil, []byte("GIF89a")).is(http.StatusUnprocessableEntity).says("この形式の写真は読めません")
	full := v.follow(v.send(sent, more, nil, phototest.Snapshot(t, 3))).says("写真を受け取りました")
	if len(full.pictures()) != 3 || strings.Contains(full.text(), "写真を追加する") {
		t.Errorf("with three photos the page shows %q:\n%s", full.pictures(), full.text())
	}
	v.send(sent, more, nil, phototest.Snapshot(t, 4)).is(http.StatusUnprocessableEntity).says("写真は3枚までです")

	stranger := s.visitor()
	other, _ := stranger.delivered()
	for _, address := range []string{other + strings.TrimPrefix(photos[0], secret), more + "/4", more + "/0", more + "/x", more + "/1x", secret + "/claims/x/photos/1"} {
		if got := stranger.get(address); got.status != http.StatusNotFound {
			t.Errorf("%s answered %d", address, got.status)
		}
	}
}
