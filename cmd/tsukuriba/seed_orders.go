package main

import (
	"context"
	"fmt"

	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// demoOrder is one line of one product and who wants it.
type demoOrder struct {
	customer orders.Contact
	wish     catalog.DesignChoice // without a text: the stock product of that slug
	quantity int
}

var (
	mori   = orders.Contact{Name: "森 千尋", Email: "mori@example.jp", Phone: "090-2345-0001", PostalCode: "064-0941", Prefecture: "北海道", City: "札幌市中央区", Street: "旭ヶ丘2-1-5"}
	hamada = orders.Contact{Name: "濵田 優子", Email: "hamada@example.jp", Phone: "080-2345-0002", PostalCode: "231-0023", Prefecture: "神奈川県", City: "横浜市中区", Street: "山下町12", Building: "201号室"}
	okabe  = orders.Contact{Name: "岡部 拓也", Email: "okabe@example.jp", Phone: "070-2345-0003", PostalCode: "604-8031", Prefecture: "京都府", City: "京都市中京区", Street: "大黒町45"}
	uehara = orders.Contact{Name: "上原 亮介", Email: "uehara@example.jp", Phone: "090-2345-0004", PostalCode: "900-0013", Prefecture: "沖縄県", City: "那覇市", Street: "牧志3-2-10"}
	jinbo  = orders.Contact{Name: "神保 福子", Email: "jinbo@example.jp", Phone: "0263-23-0005", PostalCode: "390-0874", Prefecture: "長野県", City: "松本市", Street: "大手3-8-1"}
	sakura = orders.Contact{Name: "さくら保育園 櫻井", Email: "sakura-en@example.jp", Phone: "022-234-0006", PostalCode: "980-0811", Prefecture: "宮城県", City: "仙台市青葉区", Street: "一番町4-1-25"}
)

func (p *past) placeAll(ctx context.Context, wanted ...demoOrder) ([]orders.OrderID, error) {
	var placed []orders.OrderID
	for _, one := range wanted {
		order, err := p.place(ctx, one)
		if err != nil {
			return nil, fmt.Errorf("order of %q: %w", one.wish.Text, err)
		}
		placed = append(placed, order)
	}
	return placed, nil
}

// place takes an order from the cart to a card that was accepted.
func (p *past) place(ctx context.Context, wanted demoOrder) (orders.OrderID, error) {
	line, err := p.choose(ctx, wanted)
	if err != nil {
		return orders.OrderID{}, err
	}
	cart, err := p.orders.NewCart(ctx)
	if err != nil {
		return orders.OrderID{}, err
	}
	if _, err := p.orders.AddLine(ctx, cart, line); err != nil {
		return orders.OrderID{}, err
	}
	checkout, err := p.orders.PrepareCheckout(ctx, cart, orders.CheckoutForm{
		Contact: wanted.customer, Shipping: "click-post", Method: orders.Card,
	})
	if err != nil {
		return orders.OrderID{}, err
	}
	placed, err := p.orders.Confirm(ctx, checkout.Key())
	if err != nil {
		return orders.OrderID{}, err
	}
	return placed.Order.ID, p.pay(ctx, placed)
}

func (p *past) choose(ctx context.Context, wanted demoOrder) (orders.LineRequest, error) {
	product, err := p.catalog.Product(ctx, wanted.wish.Product)
	if err != nil {
		return orders.LineRequest{}, err
	}
	line := orders.LineRequest{Variant: product.Variants[0].ID, Quantity: wanted.quantity}
	if wanted.wish.Text == "" {
		return line, nil
	}
	design, err := p.catalog.CreateDesign(ctx, wanted.wish)
	if err != nil {
		return orders.LineRequest{}, err
	}
	line.Design = design.ID
	return line, nil
}

// pay has the customer pay by card and come back to the shop. The money is taken at once where no
// text has to be read.
func (p *past) pay(ctx context.Context, placed orders.Placed) error {
	order, err := p.orders.Order(ctx, placed.Order.ID)
	if err != nil {
		return err
	}
	if err := p.standIn.PayCard(order.LivePayment().SessionID); err != nil {
		return err
	}
	if _, err = p.orders.Refresh(ctx, placed.LinkToken); err != nil {
		return err
	}
	return p.orders.CaptureApproved(ctx, orders.TextApproved{OrderID: order.ID})
}

// approve accepts the texts, takes the money and owes the pieces.
func (p *past) approve(ctx context.Context, all []orders.OrderID) error {
	for _, id := range all {
		order, err := p.orders.Order(ctx, id)
		if err != nil {
			return err
		}
		if order.State == orders.InReview {
			if _, err := p.orders.Approve(ctx, p.by(fulfilment.Manager), id); err != nil {
				return err
			}
			if err := p.orders.CaptureApproved(ctx, orders.TextApproved{OrderID: id}); err != nil {
				return err
			}
		}
		if err := p.fulfilment.Intake(ctx, orders.OrderApproved{OrderID: id}); err != nil {
			return err
		}
	}
	return nil
}

func (p *past) ship(ctx context.Context, all []orders.OrderID) error {
	for i, id := range all {
		handover := orders.Handover{Carrier: "日本郵便", Tracking: fmt.Sprintf("6300-%s-%04d", p.now().Format("0102"), 1407+37*i)}
		if _, err := p.orders.Ship(ctx, p.by(fulfilment.ShippingStaff), id, handover); err != nil {
			return err
		}
		if err := p.fulfilment.UnitsShipped(ctx, orders.OrderShipped{OrderID: id}); err != nil {
			return err
		}
	}
	return nil
}
