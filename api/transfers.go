package api

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// invoice is what a customer is to transfer, or nil while there is nothing.
func (a *API) invoice(ctx context.Context, order orders.Order) (*rest.Invoice, error) {
	if order.State != orders.AwaitingPayment || order.Method != orders.ByInvoice {
		return nil, nil //nolint:nilnil // left out of the answer
	}
	bill, err := a.Orders.Bill(ctx, order)
	if err != nil {
		return nil, err
	}
	return &rest.Invoice{
		DocumentID: bill.Document.String(), Number: bill.Number, DueOn: dateOf(bill.Due), RestYen: yenOf(bill.Rest),
		Bank: bankOf(bill.Bank),
	}, nil
}

// ListTransfers returns what was transferred for an order.
func (a *API) ListTransfers(ctx context.Context, request rest.ListTransfersRequestObject) (rest.ListTransfersResponseObject, error) {
	var wanted orders.OrderID
	if err := readID(&wanted, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	order, err := a.Orders.Order(ctx, wanted)
	if err != nil {
		return nil, err
	}
	list, err := a.transfers(ctx, order)
	return rest.ListTransfers200JSONResponse(list), err
}

// EnterTransfer books what stands on the bank statement.
func (a *API) EnterTransfer(ctx context.Context, request rest.EnterTransferRequestObject) (rest.EnterTransferResponseObject, error) {
	body := *request.Body
	entry := orders.TransferEntry{
		Amount: yen.Amount(body.AmountYen), Payer: body.Payer, Reference: given(body.Reference), Note: given(body.Note),
		ValueDate: time.Date(body.ValueDate.Year(), body.ValueDate.Month(), body.ValueDate.Day(), 0, 0, 0, 0, jst.Zone),
	}
	if err := readID(&entry.Order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	order, err := a.Orders.EnterTransfer(ctx, by(ctx), entry)
	if err != nil {
		return nil, err
	}
	list, err := a.transfers(ctx, order)
	return rest.EnterTransfer201JSONResponse(list), err
}

// WriteOffFee lets go of what a transfer is short by because of its fee.
func (a *API) WriteOffFee(ctx context.Context, request rest.WriteOffFeeRequestObject) (rest.WriteOffFeeResponseObject, error) {
	wanted := orders.WriteOff{Amount: yen.Amount(request.Body.AmountYen), Reason: request.Body.Reason}
	if err := readID(&wanted.Order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	order, err := a.Orders.WriteOffFee(ctx, by(ctx), wanted)
	if err != nil {
		return nil, err
	}
	list, err := a.transfers(ctx, order)
	return rest.WriteOffFee200JSONResponse(list), err
}

// UndoTransfer takes back a transfer that was entered wrongly.
func (a *API) UndoTransfer(ctx context.Context, request rest.UndoTransferRequestObject) (rest.UndoTransferResponseObject, error) {
	var wanted orders.TransferID
	if err := readID(&wanted, request.TransferID, orders.ErrTransferNotFound); err != nil {
		return nil, err
	}
	order, err := a.Orders.UndoTransfer(ctx, by(ctx), wanted)
	if err != nil {
		return nil, err
	}
	list, err := a.transfers(ctx, order)
	return rest.UndoTransfer200JSONResponse(list), err
}

func (a *API) transfers(ctx context.Context, order orders.Order) (rest.TransferList, error) {
	transfers, err := a.Orders.Transfers(ctx, order.ID)
	return rest.TransferList{
		TotalYen: yenOf(order.Total), WrittenOffYen: yenOf(order.WrittenOff), RestYen: yenOf(order.Missing()), Items: each(transfers, transferOf),
	}, err
}

func transferOf(transfer orders.Transfer) rest.Transfer {
	return rest.Transfer{
		ID: transfer.ID.String(), AmountYen: yenOf(transfer.Amount), ValueDate: types.Date{Time: transfer.ValueDate}, Payer: transfer.Payer,
		Reference: optional(transfer.Reference), Note: optional(transfer.Note), EnteredAt: transfer.EnteredAt, UndoneAt: transfer.UndoneAt,
	}
}
