package api

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
)

// ListProducts answers with bytes that the catalog remembers until it changes. Their first line
// is their ETag, so that it is not computed anew for each request.
func (a *API) ListProducts(ctx context.Context, request rest.ListProductsRequestObject) (rest.ListProductsResponseObject, error) {
	p := request.Params
	filter, err := a.filterOf(ctx, rest.ListProductFacetsParams{Kind: p.Kind, Color: p.Color, PriceFromYen: p.PriceFromYen, PriceUntilYen: p.PriceUntilYen, ShipsBy: p.ShipsBy})
	if err != nil {
		return nil, err
	}
	query := catalog.ProductQuery{
		Text: given(p.Q), Collection: given(p.Collection), Filter: filter, Sort: catalog.Sort(given(p.Sort)), Cursor: given(p.Cursor), Limit: given(p.Limit),
	}
	rendered, err := a.Catalog.Rendered(ctx, "api", query, renderProducts)
	if err != nil {
		return nil, err
	}
	etag, body, _ := bytes.Cut(rendered, []byte("\n"))
	return content{
		body: body, mediaType: "application/json", etag: string(etag), cacheControl: askAgain, known: request.Params.IfNoneMatch,
	}, nil
}

// filterOf reads what a list of products is narrowed to.
func (a *API) filterOf(ctx context.Context, p rest.ListProductFacetsParams) (catalog.Filter, error) {
	filter := catalog.Filter{
		Kind: catalog.Kind(given(p.Kind)), Color: given(p.Color),
		PriceFrom: yen.Amount(given(p.PriceFromYen)), PriceUntil: yen.Amount(given(p.PriceUntilYen)),
	}
	if p.ShipsBy == nil {
		return filter, nil
	}
	var err error
	filter.Ready, err = a.Orders.ReadyBy(ctx, p.ShipsBy.Time)
	return filter, err
}

// ListProductFacets counts what each value of a filter would leave.
func (a *API) ListProductFacets(ctx context.Context, request rest.ListProductFacetsRequestObject) (rest.ListProductFacetsResponseObject, error) {
	filter, err := a.filterOf(ctx, request.Params)
	if err != nil {
		return nil, err
	}
	facets, err := a.Catalog.Facets(ctx, catalog.ProductQuery{Text: given(request.Params.Q), Collection: given(request.Params.Collection), Filter: filter})
	if err != nil {
		return nil, err
	}
	told := rest.ProductFacets{
		Counted: facets.Counted, Total: facets.Total, Kinds: each(facets.Kinds, facetOf), Colors: each(facets.Colors, facetOf),
		Collections: each(facets.Collections, facetOf), Prices: each(facets.Prices, priceSpanOf),
	}
	return rest.ListProductFacets200JSONResponse(told), nil
}

func priceSpanOf(span catalog.PriceSpan) rest.PriceSpan {
	return rest.PriceSpan{FromYen: yenOf(span.From), UntilYen: optional(yenOf(span.Until)), Count: span.Count}
}

func facetOf(value catalog.FacetValue) rest.FacetValue {
	return rest.FacetValue{Key: value.Key, Count: value.Count}
}

func renderProducts(page catalog.Page[catalog.ProductSummary]) ([]byte, error) {
	body, err := json.Marshal(rest.ProductPage{Items: each(page.Items, summaryOf), NextCursor: optional(page.NextCursor)})
	if err != nil {
		return nil, err
	}
	return append([]byte(etagOf(body)+"\n"), body...), nil
}

func summaryOf(p catalog.ProductSummary) rest.ProductSummary {
	return rest.ProductSummary{
		Slug: p.Slug, Name: p.Name, NameEn: optional(p.NameEn), Summary: p.Summary, Kind: rest.ProductKind(p.Kind),
		PriceYen: yenOf(p.Price), PictureURL: productPictureURL(p.Slug), Available: p.State == catalog.Published && !p.SoldOut,
	}
}

// GetProduct returns one product.
func (a *API) GetProduct(ctx context.Context, request rest.GetProductRequestObject) (rest.GetProductResponseObject, error) {
	product, err := a.Catalog.Product(ctx, request.Slug)
	if err != nil {
		return nil, err
	}
	return jsonContent(productOf(product), askAgain, request.Params.IfNoneMatch)
}

func productOf(p catalog.Product) rest.Product {
	onSale := p.State == catalog.Published
	variants := each(p.Variants, func(v catalog.Variant) rest.Variant { return variantOf(v, onSale) })
	product := rest.Product{
		Slug: p.Slug, Name: p.Name, NameEn: optional(p.NameEn), Summary: p.Summary, Description: p.Description,
		Material: optional(p.Material), Care: optional(p.Care), Kind: rest.ProductKind(p.Kind), PriceYen: yenOf(p.Price),
		PictureURL: productPictureURL(p.Slug), Variants: variants,
	}
	for _, variant := range variants {
		product.Available = product.Available || variant.Available
	}
	if p.Schema != nil {
		product.Personalization = personalizationOf(*p.Schema, p.Colors)
	}
	return product
}

func variantOf(v catalog.Variant, onSale bool) rest.Variant {
	variant := rest.Variant{
		ID: v.ID.String(), Sku: v.SKU, Name: v.Name, PriceYen: yenOf(v.Price), Available: onSale && (!v.Tracked || v.Left > 0),
	}
	if v.Tracked {
		variant.Left = &v.Left
	}
	return variant
}

func personalizationOf(schema catalog.Schema, colors []catalog.Color) *rest.Personalization {
	personalization := rest.Personalization{
		Version: schema.Version, Fields: each(schema.Fields, fieldOfSchema), Fonts: []rest.Choice{}, Colors: each(colors, colorOf),
	}
	if font, asked := schema.Field(catalog.FontField); asked {
		personalization.Fonts = each(font.Options, choiceOf)
	}
	return &personalization
}

func fieldOfSchema(f catalog.Field) rest.PersonalizationField {
	field := rest.PersonalizationField{
		Key: f.Key, Type: rest.PersonalizationFieldType(f.Type), Label: f.Label, LabelEn: optional(f.LabelEn), Required: f.Required,
		MinGraphemes: optional(f.MinGraphemes), MaxGraphemes: optional(f.MaxGraphemes), Default: optional(f.Default),
	}
	if len(f.Options) > 0 {
		field.Choices = new(each(f.Options, choiceOf))
	}
	return field
}

func choiceOf(o catalog.Option) rest.Choice {
	return rest.Choice{Key: o.Key, Name: o.Label, NameEn: optional(o.LabelEn), PriceYen: optional(yenOf(o.Yen))}
}

func colorOf(c catalog.Color) rest.Color {
	return rest.Color{Key: c.Key, Name: c.Name, NameEn: optional(c.NameEn), Hex: c.Hex}
}

// GetProductPicture returns a picture of a product.
func (a *API) GetProductPicture(ctx context.Context, request rest.GetProductPictureRequestObject) (rest.GetProductPictureResponseObject, error) {
	view := catalog.Angle
	if request.Params.View != nil {
		view = string(*request.Params.View)
	}
	picture, err := a.Catalog.Picture(ctx, request.Slug, view)
	if err != nil {
		return nil, err
	}
	return fileContent(picture, "image/png", aMinute, request.Params.IfNoneMatch), nil
}

// GetSmallProductPicture returns a picture of a product for screens.
func (a *API) GetSmallProductPicture(ctx context.Context, request rest.GetSmallProductPictureRequestObject) (rest.GetSmallProductPictureResponseObject, error) {
	view, width := catalog.Angle, 576
	if request.Params.View != nil {
		view = string(*request.Params.View)
	}
	if request.Params.Width != nil {
		width = int(*request.Params.Width)
	}
	picture, err := a.Catalog.SmallPicture(ctx, request.Slug, view, width)
	if err != nil {
		return nil, err
	}
	return fileContent(picture, "image/jpeg", aMinute, request.Params.IfNoneMatch), nil
}

// ListCollections returns the collections open today.
func (a *API) ListCollections(ctx context.Context, request rest.ListCollectionsRequestObject) (rest.ListCollectionsResponseObject, error) {
	collections, err := a.Catalog.Collections(ctx)
	if err != nil {
		return nil, err
	}
	return jsonContent(rest.CollectionList{Items: each(collections, collectionOf)}, askAgain, request.Params.IfNoneMatch)
}

func collectionOf(c catalog.Collection) rest.Collection {
	collection := rest.Collection{Slug: c.Slug, Name: c.Name, NameEn: optional(c.NameEn), Summary: c.Summary}
	for day, told := range map[*time.Time]**types.Date{&c.OpensOn: &collection.OpensOn, &c.ClosesOn: &collection.ClosesOn, &c.OrderBy: &collection.OrderBy} {
		if !day.IsZero() {
			*told = new(dateOf(*day))
		}
	}
	return collection
}

func productPictureURL(slug string) string { return BasePath + "/products/" + slug + "/picture.png" }
