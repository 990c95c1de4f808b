package pagetest_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"tsukuriba/catalog"
)

// upload posts a file as the form of a page does.
func (v *visitor) upload(address, name string, content []byte) page {
	v.t.Helper()
	return v.uploadAs("file", address, name, content)
}

func (v *visitor) uploadAs(field, address, name string, contents ...[]byte) page {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, content := range contents {
		part, err := form.CreateFormFile(field, name)
		must(v.t, err)
		_, err = part.Write(content)
		must(v.t, err)
	}
	must(v.t, form.Close())
	response, err := v.client.Post(v.url+address, form.FormDataContentType(), &body)
	return v.read(response, err)
}

// pattern is a product to download that has no file yet.
func (h *house) pattern() catalog.Product {
	h.t.Helper()
	product := catalog.Product{
		Slug: "pattern", Name: "型紙", NameEn: "Pattern", Kind: catalog.Digital, State: catalog.Draft, Price: 500, TaxRate: 10,
		Variants: []catalog.Variant{{SKU: "pattern", Price: 500}},
	}
	saved, err := h.catalog.SaveProduct(h.t.Context(), system, product)
	must(h.t, err)
	return saved
}

// TestDownloadFile gives a digital product its file, which is taken for what it is and not for what it is called.
func TestDownloadFile(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	product := h.pattern()
	h.staff("instructor").upload("/staff/downloads/pattern", "a.stl", nil).is(http.StatusForbidden)
	office := h.staff("manager")
	office.get("/staff/downloads").is(http.StatusOK, "型紙", "下書き", "ファイルを入れる", "50 MBまで")

	const stl = "solid a\nfacet normal 0 0 1\nendsolid a"
	office.post("/staff/downloads/pattern").is(http.StatusUnprocessableEntity, "ファイルが要ります")
	office.upload("/staff/downloads/pattern", "a.stl", []byte("<html>")).is(http.StatusUnprocessableEntity, "STL・3MF・PDF・PNG・ZIP のファイルではないか")
	huge := []byte(stl + strings.Repeat(" ", catalog.MaxFile))
	office.upload("/staff/downloads/pattern", "a.stl", huge).is(http.StatusRequestEntityTooLarge, "50 MBまでです")
	office.upload("/staff/downloads/pet-tag", "a.stl", []byte(stl)).is(http.StatusConflict, "ダウンロード商品だけ")
	office.upload("/staff/downloads/none", "a.stl", []byte(stl)).is(http.StatusNotFound)
	if _, err := h.catalog.File(t.Context(), product.ID); err == nil {
		t.Fatal("a refused file was taken")
	}

	office.upload("/staff/downloads/pattern", "型紙.exe", []byte(stl)).is(http.StatusOK, "ファイルを入れました", "型紙.stl", "STL（3Dデータ）", "入れ替える")
	mended := stl + "\n\n"
	office.upload("/staff/downloads/pattern", "なおした型紙.stl", []byte(mended)).is(http.StatusOK, "なおした型紙.stl")
	file, err := h.catalog.File(t.Context(), product.ID)
	must(t, err)
	if file.Name != "なおした型紙.stl" || string(file.Content) != mended {
		t.Errorf("the product is %q: %q", file.Name, file.Content)
	}
	var noted int
	must(t, h.db.Get(&noted, `
		SELECT count(*)
		FROM audit_entries
		WHERE action = 'product.file_attached' AND actor_role = 'staff' AND detail->>'before' IS NOT NULL`))
	if noted != 2 {
		t.Errorf("%d files were noted in the audit log, want 2", noted)
	}
}
