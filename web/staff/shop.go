package staff

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

const shopPath = "/staff/shop"

// shopPage lists what the shop says about itself.
type shopPage struct {
	Head   ui.StaffHead
	Closed bool // nobody is named who sells
	Seller []ui.Fact
	Pages  []shopEntry
}

type shopEntry struct {
	Title, Detail string
	Badge         ui.Badge
	Edit          string
}

func (s *console) showShop(c echo.Context, who fulfilment.Staff) error {
	ctx := c.Request().Context()
	seller, err := s.Orders.Seller(ctx)
	page := shopPage{Head: headFor(c, who, "お店の表記", shopPath), Closed: errors.Is(err, orders.ErrNoSeller)}
	if err != nil && !page.Closed {
		return err
	}
	page.Seller = sellerFacts(seller)
	for _, key := range orders.PageKeys {
		versions, err := s.Orders.PageVersions(ctx, key)
		if err != nil {
			return err
		}
		page.Pages = append(page.Pages, shopEntryOf(key, versions))
	}
	return render(c, http.StatusOK, shopView(page))
}

// pageNames are the pages as staff call them.
var pageNames = map[orders.PageKey]string{
	orders.LegalPage: "特定商取引法に基づく表記", orders.PrivacyPage: "個人情報の取り扱い", orders.ShippingPage: "配送について",
	orders.ReturnsPage: "返品・交換", orders.AccessibilityPage: "アクセシビリティ", orders.AboutPage: "工房のこと",
}

func shopEntryOf(key orders.PageKey, versions []orders.Version[orders.PageTexts]) shopEntry {
	entry := shopEntry{Title: pageNames[key], Edit: shopPath + "/pages/" + string(key)}
	for _, version := range versions {
		switch version.When {
		case orders.VersionInForce:
			entry.Detail = fmt.Sprintf("第%d版・%s", version.Number, fromWords(version.ValidFrom))
		case orders.VersionToCome:
			entry.Badge = ui.Badge{Text: fmt.Sprintf("第%d版を予定", version.Number), Tone: ui.ToneAccent}
		}
	}
	return entry
}

func fromWords(at time.Time) string {
	return at.In(jst.Zone).Format("2006年1月2日から")
}
