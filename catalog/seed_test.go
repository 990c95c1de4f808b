package catalog

import (
	"strings"
	"testing"
)

func TestSeedDemo_twice_keeps_what_was_edited(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	if _, err := db.Exec(`UPDATE products SET price_yen = 1 WHERE slug = 'name-tag'`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE collections SET name = '改' WHERE slug = 'living-with-names'`); err != nil {
		t.Fatal(err)
	}
	if err := s.SeedDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := s.Products(t.Context(), ProductQuery{})
	if err != nil || len(page.Items) != 7 || page.Items[0].Price != 1 {
		t.Errorf("after the second time: %+v, %v", page.Items, err)
	}
	if c, err := s.Collection(t.Context(), "living-with-names"); err != nil || c.Name != "改" {
		t.Errorf("collection = %+v, %v", c, err)
	}
}

func TestSeedDemo_everything_can_be_made_and_bought(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	for _, demo := range demoProducts() {
		product, err := s.Product(t.Context(), demo.Slug)
		if err != nil || len(product.Variants) == 0 || product.Sample == nil || !strings.Contains(product.Care, "55℃") {
			t.Fatalf("%s: %+v, %v", demo.Slug, product, err)
		}
		var ids []VariantID
		for _, variant := range product.Variants {
			ids = append(ids, variant.ID)
		}
		items, err := s.Items(t.Context(), append(ids, VariantID{1}))
		if item := items[ids[0]]; err != nil || len(items) != len(ids) || !strings.HasPrefix(item.Title, product.Name) || item.Price != product.Price {
			t.Errorf("%s: items = %+v, %v", demo.Slug, items, err)
		}
		if product.Schema == nil {
			continue
		}
		size, _ := product.Schema.Field(SizeField)
		for _, option := range size.Options {
			choice := DesignChoice{Product: demo.Slug, Text: product.Sample.Spec.Text, SecondLine: product.Sample.Spec.SecondLine, Size: option.Key}
			if _, err := s.CreateDesign(t.Context(), choice); err != nil {
				t.Errorf("%s as its sample in %s: %v", demo.Slug, option.Key, err)
			}
		}
	}
}
