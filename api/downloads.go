package api

import (
	"bytes"
	"context"
	"mime"

	"tsukuriba/api/rest"
)

// ListDownloads lists what an order may download.
func (a *API) ListDownloads(ctx context.Context, request rest.ListDownloadsRequestObject) (rest.ListDownloadsResponseObject, error) {
	order, err := a.Orders.ByLink(ctx, request.OrderToken)
	if err != nil {
		return nil, err
	}
	downloads, err := a.Orders.Downloads(ctx, request.OrderToken)
	answer := rest.ListDownloads200JSONResponse{Items: []rest.Download{}}
	for _, download := range downloads {
		shown := rest.Download{Token: download.Token, Left: download.Left, ExpiresAt: download.ExpiresAt}
		for _, line := range order.Lines {
			if line.ID == download.Line {
				shown.Title = line.TitleIn(order.Language)
			}
		}
		answer.Items = append(answer.Items, shown)
	}
	return answer, err
}

// TakeDownload returns what was bought.
func (a *API) TakeDownload(ctx context.Context, request rest.TakeDownloadRequestObject) (rest.TakeDownloadResponseObject, error) {
	file, err := a.Orders.TakeDownload(ctx, request.DownloadToken)
	if err != nil {
		return nil, err
	}
	saved := mime.FormatMediaType("attachment", map[string]string{"filename": file.Name})
	return rest.TakeDownload200ApplicationOctetStreamResponse{
		Body: bytes.NewReader(file.Content), ContentLength: int64(len(file.Content)),
		Headers: rest.TakeDownload200ResponseHeaders{ContentDisposition: &saved},
	}, nil
}
