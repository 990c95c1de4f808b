package ui

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/a-h/templ"

	"tsukuriba/web/locale"
)

// BenchmarkStorefrontPage draws the frame of a page, and a list of 24 products in it.
func BenchmarkStorefrontPage(b *testing.B) {
	head := PageHead{
		Title: "商品", Description: "名前を入れてつくる品", Language: locale.Japanese, Path: "/products?n=1", Current: "/products",
		Canonical: "https://shop.example/products", Image: "https://shop.example/share.png",
		LinkedData: map[string]any{"@context": "https://schema.org", "@graph": []map[string]any{{
			"@type": "BreadcrumbList", "itemListElement": []map[string]any{{"@type": "ListItem", "position": 1, "name": "商品", "item": "https://shop.example/products"}},
		}}},
	}
	cards := make([]Product, 24)
	for i := range cards {
		cards[i] = Product{
			URL: fmt.Sprintf("/products/p-%d", i), Name: fmt.Sprintf("木の名札 %d", i), Image: fmt.Sprintf("/api/v1/products/p-%d/picture.jpg?view=angle&width=432", i),
			Alt: "木の名札の写真", Price: "¥1,100", Note: "税込", Detail: "ひとつずつ 手で 仕上げた品です。",
		}
	}
	for name, content := range map[string]templ.Component{"frame": templ.NopComponent, "list": ProductGrid(cards)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ctx := templ.WithChildren(context.Background(), content)
				if err := StorefrontPage(head).Render(ctx, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
