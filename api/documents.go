package api

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// download is a file that is saved under a name.
type download struct {
	body      []byte
	mediaType string
	name      string
}

func (d download) visit(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("Content-Type", d.mediaType)
	header.Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	header.Set("Content-Length", strconv.Itoa(len(d.body)))
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(d.body)
	return err
}

func (d download) VisitGetOwnDocumentFileResponse(w http.ResponseWriter) error { return d.visit(w) }
func (d download) VisitGetDocumentFileResponse(w http.ResponseWriter) error    { return d.visit(w) }
func (d download) VisitGetQuotationFileResponse(w http.ResponseWriter) error   { return d.visit(w) }
func (d download) VisitIssuePackingSlipResponse(w http.ResponseWriter) error   { return d.visit(w) }
func (d download) VisitPrintGiftCardResponse(w http.ResponseWriter) error      { return d.visit(w) }
func (d download) VisitPrintRemakeSlipResponse(w http.ResponseWriter) error    { return d.visit(w) }

func pdfOf(document orders.Document, file []byte) download {
	return download{body: file, mediaType: "application/pdf", name: document.FileName()}
}

func documentOf(document orders.Document, files string) rest.Document {
	return rest.Document{
		ID: document.ID.String(), Kind: rest.DocumentKind(document.Kind), Number: document.Number, OrderNumber: optional(document.OrderNumber),
		IssuedAt: document.IssuedAt, AmountYen: yenOf(document.Amount), Reissue: !document.ReissueOf.IsZero(),
		Recipient: optional(document.Recipient), FileURL: files + "/documents/" + document.ID.String() + "/file.pdf",
	}
}

func staffDocumentOf(document orders.Document) rest.Document {
	return documentOf(document, BasePath+"/staff")
}

func ownFiles(token string) string { return BasePath + "/orders/" + token }

func addresseeOf(request rest.ReceiptRequest) *orders.Addressee {
	return &orders.Addressee{Name: request.Addressee, Honorific: request.Honorific}
}

// IssueOwnReceipt issues the receipt of the customer's order.
func (a *API) IssueOwnReceipt(ctx context.Context, request rest.IssueOwnReceiptRequestObject) (rest.IssueOwnReceiptResponseObject, error) {
	document, err := a.Orders.IssueReceipt(ctx, request.OrderToken, addresseeOf(*request.Body))
	return rest.IssueOwnReceipt201JSONResponse(documentOf(document, ownFiles(request.OrderToken))), err
}

// ListOwnDocuments lists what the customer may have.
func (a *API) ListOwnDocuments(ctx context.Context, request rest.ListOwnDocumentsRequestObject) (rest.ListOwnDocumentsResponseObject, error) {
	documents, err := a.Orders.OwnDocuments(ctx, request.OrderToken)
	return rest.ListOwnDocuments200JSONResponse{Items: each(documents, func(document orders.Document) rest.Document {
		return documentOf(document, ownFiles(request.OrderToken))
	})}, err
}

// GetOwnDocumentFile returns a document of the customer's order.
func (a *API) GetOwnDocumentFile(ctx context.Context, request rest.GetOwnDocumentFileRequestObject) (rest.GetOwnDocumentFileResponseObject, error) {
	var wanted orders.DocumentID
	if err := readID(&wanted, request.DocumentID, orders.ErrDocumentNotFound); err != nil {
		return nil, err
	}
	document, file, err := a.Orders.OwnDocument(ctx, request.OrderToken, wanted)
	return pdfOf(document, file), err
}

// IssuePackingSlip returns the slip of a parcel.
func (a *API) IssuePackingSlip(ctx context.Context, request rest.IssuePackingSlipRequestObject) (rest.IssuePackingSlipResponseObject, error) {
	var order orders.OrderID
	if err := readID(&order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	document, file, err := a.Orders.PackingSlip(ctx, by(ctx), order)
	return pdfOf(document, file), err
}

// PrintGiftCard returns the card of a gift.
func (a *API) PrintGiftCard(ctx context.Context, request rest.PrintGiftCardRequestObject) (rest.PrintGiftCardResponseObject, error) {
	var order orders.OrderID
	if err := readID(&order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	paper, err := a.Orders.GiftCard(ctx, by(ctx), order)
	return paperOf(paper), err
}

// PrintRemakeSlip returns the slip for what was made anew.
func (a *API) PrintRemakeSlip(ctx context.Context, request rest.PrintRemakeSlipRequestObject) (rest.PrintRemakeSlipResponseObject, error) {
	var claim orders.ClaimID
	if err := readID(&claim, request.ClaimID, orders.ErrClaimNotFound); err != nil {
		return nil, err
	}
	paper, err := a.Orders.RemakeSlip(ctx, by(ctx), claim)
	return paperOf(paper), err
}

func paperOf(paper orders.Paper) download {
	return download{body: paper.File, mediaType: "application/pdf", name: paper.Name}
}

// IssueDocument issues a document of an order.
func (a *API) IssueDocument(ctx context.Context, request rest.IssueDocumentRequestObject) (rest.IssueDocumentResponseObject, error) {
	wanted := orders.IssueRequest{Kind: orders.DocumentKind(request.Body.Kind)}
	if err := readID(&wanted.Order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	if refund := given(request.Body.RefundID); refund != "" {
		if err := readID(&wanted.Refund, refund, orders.ErrRefundNotFound); err != nil {
			return nil, err
		}
	}
	if request.Body.Addressee != nil {
		wanted.Addressee = addresseeOf(*request.Body.Addressee)
	}
	document, err := a.Orders.Issue(ctx, by(ctx), wanted)
	return rest.IssueDocument201JSONResponse(staffDocumentOf(document)), err
}

// SearchDocuments finds documents for staff.
func (a *API) SearchDocuments(ctx context.Context, request rest.SearchDocumentsRequestObject) (rest.SearchDocumentsResponseObject, error) {
	params := request.Params
	page, err := a.Orders.SearchDocuments(ctx, by(ctx), orders.DocumentQuery{
		Kind: orders.DocumentKind(given(params.Kind)), Number: given(params.Number), From: dayIn(params.From), Until: dayIn(params.Until),
		AtLeast: yen.Amount(given(params.AtLeast)), AtMost: yen.Amount(given(params.AtMost)), Recipient: given(params.Recipient),
		Cursor: given(params.Cursor), Limit: given(params.Limit),
	})
	if err != nil {
		return nil, err
	}
	return rest.SearchDocuments200JSONResponse{Items: each(page.Items, staffDocumentOf), NextCursor: optional(page.NextCursor)}, nil
}

// dayIn is the day of a query in Japan, or zero.
func dayIn(day *types.Date) time.Time {
	if day == nil {
		return time.Time{}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, jst.Zone)
}

// ReissueDocument sets a document anew.
func (a *API) ReissueDocument(ctx context.Context, request rest.ReissueDocumentRequestObject) (rest.ReissueDocumentResponseObject, error) {
	var wanted orders.DocumentID
	if err := readID(&wanted, request.DocumentID, orders.ErrDocumentNotFound); err != nil {
		return nil, err
	}
	document, err := a.Orders.Reissue(ctx, by(ctx), wanted)
	return rest.ReissueDocument201JSONResponse(staffDocumentOf(document)), err
}

// GetDocumentFile returns a document for staff.
func (a *API) GetDocumentFile(ctx context.Context, request rest.GetDocumentFileRequestObject) (rest.GetDocumentFileResponseObject, error) {
	var wanted orders.DocumentID
	if err := readID(&wanted, request.DocumentID, orders.ErrDocumentNotFound); err != nil {
		return nil, err
	}
	document, file, err := a.Orders.Document(ctx, by(ctx), wanted)
	return pdfOf(document, file), err
}

// table is an export on its way: it is written while it is read.
type table struct {
	name  string
	write func(io.Writer) error
}

func (t table) VisitExportTableResponse(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8")
	header.Set("Content-Disposition", `attachment; filename="`+t.name+`"`)
	return t.write(w)
}

// ExportTable writes a table of a month.
func (a *API) ExportTable(ctx context.Context, request rest.ExportTableRequestObject) (rest.ExportTableResponseObject, error) {
	month, err := time.ParseInLocation("2006-01", request.Params.Month, jst.Zone)
	if err != nil {
		return nil, orders.ErrUnknownExport
	}
	wanted := orders.ExportRequest{Kind: orders.ExportKind(request.Export), Month: month, Names: given(request.Params.Names)}
	return table{
		name:  "tsukuriba-" + string(wanted.Kind) + "-" + request.Params.Month + ".csv",
		write: func(w io.Writer) error { return a.Orders.Export(ctx, by(ctx), wanted, w) },
	}, nil
}
