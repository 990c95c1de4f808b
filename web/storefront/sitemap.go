package storefront

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/locale"
	"tsukuriba/web/ui"
)

// mostAddresses is how many addresses a sitemap may have (sitemaps.org); more are split.
const mostAddresses = 50_000

type sitemap struct {
	XMLName   xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Addresses []address `xml:"url"`
}

type sitemapIndex struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Parts   []address `xml:"sitemap"`
}

type address struct {
	Location string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

// perSitemap is how many pages, each in all languages, a part of the sitemap has.
func (s *shop) perSitemap() int { return s.sitemapSize / len(locale.Languages) }

// sitemap lists every page that search engines may show: in one file, or in as many parts as it takes.
func (s *shop) sitemap(c echo.Context) error {
	ctx := c.Request().Context()
	pages, err := s.steadyPages(ctx)
	if err != nil {
		return err
	}
	products, changed, err := s.Catalog.CountShown(ctx)
	if err != nil {
		return err
	}
	if len(pages)+products > s.perSitemap() {
		return writeXML(c, "application/xml", s.sitemapParts(len(pages)+products, changed))
	}
	return s.writeSitemap(c, pages, 0, products)
}

func (s *shop) sitemapParts(pages int, changed time.Time) sitemapIndex {
	index := sitemapIndex{}
	for part := 1; (part-1)*s.perSitemap() < pages; part++ {
		index.Parts = append(index.Parts, address{s.PublicURL + "/sitemaps/" + strconv.Itoa(part) + ".xml", day(changed)})
	}
	return index
}

// sitemapPart is one part of a split sitemap; the steady pages stand in the first.
func (s *shop) sitemapPart(c echo.Context) error {
	number, xml := strings.CutSuffix(c.Param("part"), ".xml")
	part, err := strconv.Atoi(number)
	if err != nil || !xml || part < 1 || part > 1_000_000 {
		return echo.ErrNotFound
	}
	pages, err := s.steadyPages(c.Request().Context())
	if err != nil {
		return err
	}
	if part == 1 {
		return s.writeSitemap(c, pages, 0, s.perSitemap()-len(pages))
	}
	return s.writeSitemap(c, nil, (part-1)*s.perSitemap()-len(pages), s.perSitemap())
}

func (s *shop) writeSitemap(c echo.Context, pages []address, skip, limit int) error {
	products, err := s.Catalog.Shown(c.Request().Context(), skip, limit)
	if err != nil {
		return err
	}
	if len(pages)+len(products) == 0 {
		return echo.ErrNotFound
	}
	for _, product := range products {
		pages = append(pages, address{s.PublicURL + "/products/" + product.Slug, day(product.UpdatedAt)})
	}
	all := sitemap{Addresses: make([]address, 0, len(pages)*len(locale.Languages))}
	for _, page := range pages {
		for _, language := range locale.Languages {
			all.Addresses = append(all.Addresses, address{ui.InLanguage(page.Location, language), page.Modified})
		}
	}
	return writeXML(c, "application/xml", all)
}

// steadyPages are the pages that are not products.
func (s *shop) steadyPages(ctx context.Context) ([]address, error) {
	_, changed, err := s.Catalog.CountShown(ctx)
	if err != nil {
		return nil, err
	}
	pages := []address{{s.PublicURL + "/", day(changed)}, {s.PublicURL + "/products", day(changed)}, {s.PublicURL + "/collections", ""}}
	seasons, err := s.Catalog.Collections(ctx)
	if err != nil {
		return nil, err
	}
	for _, season := range seasons {
		pages = append(pages, address{s.PublicURL + "/collections/" + season.Slug, day(season.UpdatedAt)})
	}
	for _, key := range orders.PageKeys {
		pages = append(pages, address{Location: s.PublicURL + "/" + string(key)})
	}
	return append(pages, address{Location: s.PublicURL + "/contact"}), nil
}

// day is a moment's date as sitemaps write it (W3C Datetime).
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return jst.Date(at)
}

// robots says what search engines need not read: what belongs to one person, and the other faces.
func (s *shop) robots(c echo.Context) error {
	return c.String(http.StatusOK, strings.Join([]string{
		"User-agent: *",
		"Allow: /api/v1/products/", // pictures
		"Disallow: /api/",
		"Disallow: /cart",
		"Disallow: /checkout",
		"Disallow: /orders/",
		"Disallow: /staff",
		"Disallow: /tablet",
		"Disallow: /theme",
		"",
		"Sitemap: " + s.PublicURL + "/sitemap.xml",
		"",
	}, "\n"))
}

func writeXML(c echo.Context, mediaType string, document any) error {
	body, err := xml.Marshal(document)
	if err != nil {
		return fmt.Errorf("write %T: %w", document, err)
	}
	return c.Blob(http.StatusOK, mediaType+"; charset=utf-8", append([]byte(xml.Header), body...))
}
