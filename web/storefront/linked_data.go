package storefront

import (
	"tsukuriba/catalog"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// linked is what a page says to machines, in the words of schema.org.
func (s *shop) linked(things ...map[string]any) any {
	return map[string]any{"@context": "https://schema.org", "@graph": things}
}

// breadcrumbs are the way to a page (schema.org/BreadcrumbList).
func (s *shop) breadcrumbs(crumbs []ui.Link) map[string]any {
	items := make([]map[string]any, len(crumbs))
	for i, crumb := range crumbs {
		items[i] = map[string]any{"@type": "ListItem", "position": i + 1, "name": crumb.Label, "item": s.PublicURL + crumb.URL}
	}
	return map[string]any{"@type": "BreadcrumbList", "itemListElement": items}
}

// organization is who sells (schema.org/Organization), under the name that customers know.
func (s *shop) organization(p page, seller orders.Seller) map[string]any {
	told := seller.In(orders.Language(p.Head.Language))
	about := map[string]any{"@type": "Organization", "name": p.All.ShopName, "url": s.PublicURL + "/", "image": s.sharePicture()}
	for property, value := range map[string]string{
		"legalName": told.Name, "email": told.Email, "telephone": told.Phone, "address": told.Address,
	} {
		if value != "" {
			about[property] = value
		}
	}
	return about
}

// productData is what a product's page says (schema.org/Product with one Offer for each way to buy it).
func (p *productPage) productData(s *shop, product catalog.Product, seller orders.Seller) map[string]any {
	data := map[string]any{
		"@type": "Product", "name": p.Name, "description": product.Summary, "sku": product.Slug, "url": p.Head.Canonical,
		"image": []string{p.Head.Image, s.PublicURL + picture(product.Slug, catalog.Front)},
		"brand": map[string]any{"@type": "Brand", "name": p.All.ShopName},
	}
	if product.Material != "" {
		data["material"] = product.Material
	}
	var offers []map[string]any
	for _, variant := range product.Variants {
		offers = append(offers, p.offer(s, product, variant))
	}
	if len(offers) == 0 {
		offers = append(offers, p.offer(s, product, catalog.Variant{SKU: product.Slug, Price: product.Price}))
	}
	if seller.Name != "" {
		for _, offer := range offers {
			offer["seller"] = map[string]any{"@type": "Organization", "name": seller.Name}
		}
	}
	data["offers"] = offers
	return data
}

func (p *productPage) offer(s *shop, product catalog.Product, variant catalog.Variant) map[string]any {
	availability := "https://schema.org/InStock"
	switch {
	case product.State != catalog.Published, variant.Tracked && variant.Left <= 0:
		availability = "https://schema.org/OutOfStock"
	case product.Kind == catalog.Personalized:
		availability = "https://schema.org/MadeToOrder"
	}
	price := variant.Price
	if product.Schema != nil {
		price = product.Price
	}
	return map[string]any{
		"@type": "Offer", "url": p.Head.Canonical, "sku": variant.SKU, "price": int64(price), "priceCurrency": "JPY",
		"availability": availability, "itemCondition": "https://schema.org/NewCondition",
	}
}
