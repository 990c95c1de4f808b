package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/internal/audit"
)

// seedDownload puts the model of a small tag on sale as a file, unless it is there.
func (w *workshop) seedDownload(ctx context.Context) error {
	const slug = "tag-model"
	if _, err := w.catalog.Product(ctx, slug); !errors.Is(err, catalog.ErrProductNotFound) {
		return err
	}
	spec := tag.Spec{
		Text: "ありがとう", Font: tag.MPlusRoundedExtraBold, Em: 12_000, Base: 2000, Relief: 1000, Margin: 3000, Radius: 6000, Hole: 4000,
	}
	model, err := w.book.Build(spec)
	if err != nil {
		return fmt.Errorf("build the model on sale: %w", err)
	}
	var stl bytes.Buffer
	if err := model.Mesh.WriteSTL(&stl); err != nil {
		return err
	}
	product := catalog.Product{
		Slug: slug, Name: "「ありがとう」タグの 3Dデータ", NameEn: "3D model of a thank-you tag", Kind: catalog.Digital, State: catalog.Draft,
		Price: 330, TaxRate: 10, Position: 70, Summary: "ご自宅の 3Dプリンターで つくれる STLファイル。",
		Description: "穴の あいた 小さな タグの データです。STLを 読める ソフトと、3Dプリンターが 要ります。",
		Sample:      &catalog.Sample{Spec: spec, BaseColor: "kaki", TextColor: "shiro"},
		Variants:    []catalog.Variant{{SKU: slug, Price: 330}},
	}
	by := audit.Actor{Role: audit.System}
	if _, err := w.catalog.SaveProduct(ctx, by, product); err != nil {
		return err
	}
	file := catalog.File{Name: "arigato-tag.stl", Content: stl.Bytes()}
	if err := w.catalog.AttachFile(ctx, by, slug, file); err != nil {
		return err
	}
	product.State = catalog.Published
	_, err = w.catalog.SaveProduct(ctx, by, product)
	return err
}
