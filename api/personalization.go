package api

import (
	"context"
	"encoding/json"
	"fmt"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
)

// GetPersonalization returns what can be chosen about a product.
func (a *API) GetPersonalization(ctx context.Context, request rest.GetPersonalizationRequestObject) (rest.GetPersonalizationResponseObject, error) {
	record, err := a.personalization(ctx, request.Slug)
	return rest.GetPersonalization200JSONResponse(record), err
}

// RevisePersonalization makes a new version of it.
func (a *API) RevisePersonalization(ctx context.Context, request rest.RevisePersonalizationRequestObject) (rest.RevisePersonalizationResponseObject, error) {
	written, err := json.Marshal(request.Body.Schema)
	if err != nil {
		return nil, fmt.Errorf("write schema: %w", err)
	}
	schema, err := catalog.ReadSchema(written)
	if err != nil {
		return nil, err
	}
	revision := catalog.Revision{Product: request.Slug, Version: request.Body.Version, Schema: schema}
	if err := a.Catalog.ReviseSchema(ctx, by(ctx), revision); err != nil {
		return nil, err
	}
	record, err := a.personalization(ctx, request.Slug)
	return rest.RevisePersonalization200JSONResponse(record), err
}

func (a *API) personalization(ctx context.Context, slug string) (rest.PersonalizationRecord, error) {
	product, versions, err := a.Catalog.Personalization(ctx, slug)
	if err != nil {
		return rest.PersonalizationRecord{}, err
	}
	record := rest.PersonalizationRecord{Product: product.Slug, Version: product.Schema.Version}
	written, err := json.Marshal(product.Schema)
	if err == nil {
		err = json.Unmarshal(written, &record.Schema)
	}
	if err != nil {
		return rest.PersonalizationRecord{}, fmt.Errorf("write schema of %s: %w", slug, err)
	}
	record.Versions = each(versions, func(v catalog.SchemaVersion) rest.PersonalizationVersion {
		return rest.PersonalizationVersion{Version: v.Version, CreatedAt: v.CreatedAt}
	})
	return record, nil
}
