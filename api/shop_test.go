package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

func TestShopPages(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, other, anybody := h.staff(fulfilment.Manager), h.staff(fulfilment.ServiceManager), h.visitor()
	var before rest.ShopPage
	anybody.want(http.MethodGet, "/shop/pages/about?language=en", nil, &before)
	if before.Title != "About us" || !strings.Contains(before.Text, "Megumi") && !strings.Contains(before.Text, "Tsukuriba (sample)") {
		t.Errorf("the page is %+v", before)
	}
	anybody.refused(404, "page_not_found", http.MethodGet, "/shop/pages/imprint", nil)
	anybody.refused(422, "invalid_fields", http.MethodGet, "/shop/pages/about?language=fr", nil)
	anybody.refused(404, "page_not_found", http.MethodGet, "/shop/pages/about?at="+url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339)), nil)

	other.refused(403, "forbidden", http.MethodGet, "/staff/shop/pages/about", nil)
	var versions rest.PageVersionList
	manager.want(http.MethodGet, "/staff/shop/pages/about", nil, &versions)
	revision := rest.PageRevision{Version: versions.Items[0].Version, Texts: versions.Items[0].Texts}
	revision.Texts.En.Body = "Call {{phone}}"
	manager.want(http.MethodPost, "/staff/shop/pages/about", revision, &versions)
	if len(versions.Items) != 2 || versions.Items[0].ChangedBy == nil || versions.Items[0].Season != "in_force" || versions.Items[1].Season != "past" {
		t.Errorf("the versions are %+v", versions)
	}
	manager.refused(409, "changed_meanwhile", http.MethodPost, "/staff/shop/pages/about", revision)
	var now, then rest.ShopPage
	anybody.want(http.MethodGet, "/shop/pages/about?language=en", nil, &now)
	anybody.want(http.MethodGet, "/shop/pages/about?language=en&at="+url.QueryEscape(before.ValidFrom.Format(time.RFC3339Nano)), nil, &then)
	if now.Text != "Call 000-000-0000" || then.Text != before.Text || then.ValidUntil == nil || len(now.Changed) != len(before.Changed)+1 {
		t.Errorf("now %+v, then %+v", now, then)
	}
	revision.Version, revision.ValidFrom = 2, &types.Date{Time: time.Now().AddDate(0, 0, 9)}
	manager.want(http.MethodPost, "/staff/shop/pages/about", revision, &versions)
	manager.want(http.MethodDelete, "/staff/shop/pages/about/versions/3", nil, &versions)
	if versions.Items[0].Season != "withdrawn" {
		t.Errorf("the versions are %+v", versions)
	}
	manager.refused(404, "version_not_found", http.MethodDelete, "/staff/shop/pages/about/versions/3", nil)
	manager.refused(409, "version_in_force", http.MethodDelete, "/staff/shop/pages/about/versions/2", nil)
	manager.refused(404, "page_not_found", http.MethodDelete, "/staff/shop/pages/imprint/versions/1", nil)
}

// TestLegalPageLacksNothing: the answer names what is missing, and where.
func TestLegalPageLacksNothing(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	var versions rest.PageVersionList
	manager.want(http.MethodGet, "/staff/shop/pages/legal", nil, &versions)
	revision := rest.PageRevision{Version: 1, Texts: versions.Items[0].Texts}
	revision.Texts.Ja.Body = strings.ReplaceAll(revision.Texts.Ja.Body, "| 販売価格 |", "| 値段 |")
	got := manager.refused(422, "page_refused", http.MethodPost, "/staff/shop/pages/legal", revision)
	if got.Errors == nil || len(*got.Errors) != 1 {
		t.Fatalf("it answered %+v", got)
	}
	if fault := (*got.Errors)[0]; fault.Pointer != "/texts/ja/body" || fault.Code != "missing" || !strings.Contains(fault.Message, "「販売価格」がありません") {
		t.Errorf("it tells %+v", fault)
	}
}

func TestShop(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, anybody := h.staff(fulfilment.Manager), h.visitor()
	var versions rest.SellerVersionList
	manager.want(http.MethodGet, "/staff/shop", nil, &versions)
	revision := rest.SellerRevision{Version: 1, Seller: versions.Items[0].Seller}
	revision.Seller.Phone, revision.Seller.Bank = "045-111-2222", nil
	manager.want(http.MethodPost, "/staff/shop", revision, &versions)
	manager.refused(409, "changed_meanwhile", http.MethodPost, "/staff/shop", revision)
	got := anybody.want(http.MethodGet, "/shop", nil, nil)
	if !strings.Contains(string(got.body), "045-111-2222") || strings.Contains(string(got.body), "bank") {
		t.Errorf("the shop is %s", got.body)
	}
	revision.Version, revision.Seller.Registration = 2, new("T123")
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/shop", revision)
	revision.Seller.Registration, revision.ValidFrom = nil, &types.Date{Time: time.Now().AddDate(0, 0, 9)}
	manager.want(http.MethodPost, "/staff/shop", revision, &versions)
	manager.want(http.MethodDelete, "/staff/shop/versions/3", nil, &versions)
	manager.refused(409, "version_in_force", http.MethodDelete, "/staff/shop/versions/2", nil)
	if versions.Items[0].Season != "withdrawn" || versions.Items[1].Season != "in_force" {
		t.Errorf("the versions are %+v", versions)
	}
	h.db.MustExec(`TRUNCATE shop_versions`)
	anybody.refused(409, "shop_not_open", http.MethodGet, "/shop", nil)
}
