package storefront

import (
	"encoding/xml"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/web/ui"
)

// rss is a feed of RSS 2.0.
type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Channel channel  `xml:"channel"`
}

type channel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Self        selfLink  `xml:"http://www.w3.org/2005/Atom link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Items       []rssItem `xml:"item"`
}

type selfLink struct {
	Address string `xml:"href,attr"`
	Rel     string `xml:"rel,attr"`
	Type    string `xml:"type,attr"`
}

type rssItem struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Description string `xml:"description"`
	Published   string `xml:"pubDate,omitempty"`
}

const newsLength = 20

// feed announces the seasons that are open and the newest products.
func (s *shop) feed(c echo.Context) error {
	ctx, p := c.Request().Context(), blankPage(c, "")
	collections, err := s.Catalog.Collections(ctx)
	if err != nil {
		return err
	}
	newest, err := s.Catalog.Newest(ctx, newsLength)
	if err != nil {
		return err
	}
	news := rss{Version: "2.0", Channel: channel{
		Title: p.All.ShopName, Link: ui.InLanguage(s.PublicURL+"/", p.Head.Language), Description: p.Words.Home.Description,
		Self:     selfLink{ui.InLanguage(s.PublicURL+"/feed.xml", p.Head.Language), "self", "application/rss+xml"},
		Language: p.Head.Language.Tag(),
	}}
	add := func(title, path, text string, at time.Time) {
		item := rssItem{Title: title, Link: ui.InLanguage(s.PublicURL+path, p.Head.Language), GUID: s.PublicURL + path, Description: text}
		if !at.IsZero() {
			item.Published = at.UTC().Format(time.RFC1123Z)
		}
		news.Channel.Items = append(news.Channel.Items, item)
	}
	for _, season := range collections {
		add(p.name(season.Name, season.NameEn), "/collections/"+season.Slug, season.Summary, season.OpensOn)
	}
	for _, product := range newest {
		add(p.name(product.Name, product.NameEn), "/products/"+product.Slug, product.Summary, product.ArrivedAt)
	}
	return writeXML(c, "application/rss+xml", news)
}
