package storefront

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
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
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Description string `xml:"description"`
}

// feed announces the seasons that are open.
func (s *shop) feed(c echo.Context) error {
	p := blankPage(c, "")
	collections, err := s.Catalog.Collections(c.Request().Context())
	if err != nil {
		return err
	}
	news := rss{Version: "2.0", Channel: channel{
		Title: p.All.ShopName, Link: s.PublicURL + "/", Description: p.Words.Home.Description, Language: p.Head.Language.Tag(),
	}}
	for _, season := range collections {
		address := s.PublicURL + "/collections/" + season.Slug
		news.Channel.Items = append(news.Channel.Items, rssItem{
			Title: p.name(season.Name, season.NameEn), Link: address, GUID: address, Description: season.Summary,
		})
	}
	body, err := xml.Marshal(news)
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	return c.Blob(http.StatusOK, "application/rss+xml; charset=utf-8", append([]byte(xml.Header), body...))
}
