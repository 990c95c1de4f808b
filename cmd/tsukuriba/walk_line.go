package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"tsukuriba/api/rest"
)

// walk is one pass over the line: four orders, one staff member, three members.
type walk struct {
	base     string
	patience time.Duration
	out      io.Writer
	began    time.Time
	staff    *visitor
	team     []*worker
	orders   []*walkedOrder
	standIn  *standInPanel // nil without --faults
}

// walkedOrder is what the customer of one order knows, and what the summary tells.
type walkedOrder struct {
	text     string
	tale     tale
	customer *visitor
	design   rest.Design
	placed   rest.PlacedOrder
	id       string
	plate    rest.Plate
}

type credentials struct{ email, password string }

func newWalk(base string, patience time.Duration, out io.Writer) *walk {
	return &walk{base: base, patience: patience, out: out, began: time.Now(), staff: newVisitor("職員", base)}
}

// step runs one action and prints who did what in how many milliseconds.
func (w *walk) step(who, what string, do func() (string, error)) error {
	began := time.Now()
	detail, err := do()
	if err != nil {
		return fmt.Errorf("%s, %s: %w", who, what, err)
	}
	fmt.Fprintf(w.out, "%7.1f s  %-12s %6d ms  %s%s\n",
		time.Since(w.began).Seconds(), who, time.Since(began).Milliseconds(), what, detail)
	return nil
}

// line goes from typed names to parcels.
func (w *walk) line(ctx context.Context, tales []tale, staff credentials) error {
	for _, tale := range tales {
		if err := w.buy(ctx, tale); err != nil {
			return err
		}
	}
	if err := w.signIn(ctx, staff); err != nil {
		return err
	}
	for _, order := range w.orders {
		if err := w.approve(ctx, order); err != nil {
			return err
		}
	}
	if err := w.gatherTeam(ctx); err != nil {
		return err
	}
	if err := w.make(ctx); err != nil {
		return err
	}
	for _, order := range w.orders {
		if err := w.ship(ctx, order); err != nil {
			return err
		}
	}
	return nil
}

// buy is the customer's part: choose, see the proof, confirm, pay.
func (w *walk) buy(ctx context.Context, tale tale) error {
	text := tale.text
	order := &walkedOrder{text: text, tale: tale, customer: newVisitor("客", w.base)}
	w.orders = append(w.orders, order)
	customer := order.customer
	if err := w.trouble(ctx, tale.before); err != nil {
		return err
	}
	var product rest.Product
	err := w.step("客", "名札をえらぶ", func() (string, error) {
		slug, err := findPersonalized(ctx, customer)
		if err != nil {
			return "", err
		}
		return "", customer.ask(ctx, http.MethodGet, "/products/"+slug, nil, &product)
	})
	if err != nil {
		return err
	}
	if err := w.step("客", "「"+text+"」をデザインする", func() (string, error) {
		if err := customer.ask(ctx, http.MethodPost, "/designs", rest.DesignRequest{Product: product.Slug, Text: text}, &order.design); err != nil {
			return "", err
		}
		d := order.design
		return fmt.Sprintf("  ¥%d, %d 三角形, 約 %.0f 分, 約 %.1f g, %s 〜 %s に発送", d.PriceYen, d.Triangles,
			float64(d.Estimate.PrintSeconds)/60, d.Estimate.FilamentG, d.Ships.From, d.Ships.Until), nil
	}); err != nil {
		return err
	}
	if err := w.step("客", "見本を見る", func() (string, error) { return seeProof(ctx, customer, order.design) }); err != nil {
		return err
	}
	if err := w.step("客", "注文を確定する", func() (string, error) { return w.confirm(ctx, order, product) }); err != nil {
		return err
	}
	return w.step("客", tale.payment(), func() (string, error) { return "", tale.settle(ctx, w, order) })
}

func findPersonalized(ctx context.Context, customer *visitor) (string, error) {
	var page rest.ProductPage
	if err := customer.ask(ctx, http.MethodGet, "/products?q="+url.QueryEscape("ﾅﾏｴﾀｸﾞ"), nil, &page); err != nil {
		return "", err
	}
	for _, product := range page.Items {
		if product.Kind == rest.Personalized && product.Available {
			return product.Slug, nil
		}
	}
	return "", errors.New("the shop has no personalized なまえタグ")
}

func seeProof(ctx context.Context, customer *visitor, design rest.Design) (string, error) {
	proof, err := customer.raw(ctx, http.MethodGet, "/designs/"+design.ID+"/proof.png", nil)
	if err != nil {
		return "", err
	}
	model, err := customer.raw(ctx, http.MethodGet, "/designs/"+design.ID+"/model.glb", nil)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(string(proof), "\x89PNG") || !strings.HasPrefix(string(model), "glTF") {
		return "", errors.New("the proof is no picture or the model no glTF")
	}
	return fmt.Sprintf("  PNG %d kB, GLB %d kB", len(proof)/1000, len(model)/1000), nil
}

func (w *walk) confirm(ctx context.Context, order *walkedOrder, product rest.Product) (string, error) {
	customer := order.customer
	var cart rest.Cart
	if err := customer.ask(ctx, http.MethodPost, "/carts", nil, &cart); err != nil {
		return "", err
	}
	line := rest.CartLineRequest{VariantID: product.Variants[0].ID, Quantity: 1}
	if order.design.ID != "" {
		line.DesignID = &order.design.ID
	}
	if err := customer.ask(ctx, http.MethodPost, "/carts/"+cart.Token+"/lines", line, &cart); err != nil {
		return "", err
	}
	some := func(text string) *string { return &text }
	var checkout rest.Checkout
	if err := customer.ask(ctx, http.MethodPost, "/carts/"+cart.Token+"/checkouts", rest.CheckoutRequest{
		Name: "髙﨑 福子", Email: "walk@example.jp", Phone: some("０９０−１２３４−５６７８"), PostalCode: some("〒060-0001"),
		Prefecture: some("北海道"), City: some("札幌市中央区"), Street: some("北一条西2丁目1"),
		ShippingMethod: "click-post", PaymentMethod: order.tale.method(),
	}, &checkout); err != nil {
		return "", err
	}
	if len(checkout.Legal) != 6 {
		return "", fmt.Errorf("the last screen shows %d of the six legal items", len(checkout.Legal))
	}
	if err := customer.ask(ctx, http.MethodPost, "/carts/"+cart.Token+"/checkouts/"+checkout.ID+"/confirm", nil, &order.placed); err != nil {
		return "", err
	}
	return fmt.Sprintf("  %s, 合計 ¥%d", order.placed.Number, checkout.TotalYen), nil
}

// payByCard pays on the hosted page and waits until the shop has heard of it.
func payByCard(ctx context.Context, w *walk, order *walkedOrder) error {
	if err := order.customer.submit(ctx, order.placed.PayURL, url.Values{"pay": {"card"}}); err != nil {
		return err
	}
	return w.untilStatus(ctx, order, rest.CustomerStatusChecking)
}

func (w *walk) untilStatus(ctx context.Context, order *walkedOrder, wanted rest.CustomerStatus) error {
	var seen rest.CustomerOrder
	err := until(ctx, w.patience, "waiting for "+string(wanted), func() (bool, error) {
		err := order.customer.ask(ctx, http.MethodGet, "/orders/"+order.placed.Token, nil, &seen)
		return seen.Status == wanted, err
	})
	if err != nil {
		return fmt.Errorf("%s is %q: %w", order.placed.Number, seen.Status, err)
	}
	return nil
}

func (w *walk) signIn(ctx context.Context, who credentials) error {
	return w.step("職員", "ログインする", func() (string, error) {
		var staff rest.Staff
		err := w.staff.ask(ctx, http.MethodPost, "/staff/session", rest.SignInRequest{Email: who.email, Password: who.password}, &staff)
		return "  " + staff.Name, err
	})
}

// approve finds the order in review and accepts its text; the card is captured by a job.
func (w *walk) approve(ctx context.Context, order *walkedOrder) error {
	if err := w.trouble(ctx, order.tale.beforeApproval); err != nil {
		return err
	}
	return w.step("職員", "「"+order.text+"」を承認する", func() (string, error) {
		var page rest.OrderPage
		if err := w.staff.ask(ctx, http.MethodGet, "/staff/orders?number="+order.placed.Number, nil, &page); err != nil {
			return "", err
		}
		if len(page.Items) != 1 {
			return "", fmt.Errorf("%d orders have the number %s", len(page.Items), order.placed.Number)
		}
		order.id = page.Items[0].ID
		if err := w.staff.ask(ctx, http.MethodPost, "/staff/orders/"+order.id+"/approve", nil, nil); err != nil {
			return "", err
		}
		if err := order.tale.afterApproval(ctx, w, order); err != nil {
			return "", err
		}
		var seen rest.StaffOrder
		err := until(ctx, w.patience, "waiting for the capture", func() (bool, error) {
			err := w.staff.ask(ctx, http.MethodGet, "/staff/orders/"+order.id, nil, &seen)
			return seen.State == rest.OrderStateApproved && len(seen.Units) > 0, err
		})
		return fmt.Sprintf("  ¥%d 受け取り", seen.PaidYen), err
	})
}

func (w *walk) ship(ctx context.Context, order *walkedOrder) error {
	err := w.step("職員", "「"+order.text+"」を発送する", func() (string, error) {
		var contact rest.Contact
		if err := w.staff.ask(ctx, http.MethodGet, "/staff/orders/"+order.id+"/contact", nil, &contact); err != nil {
			return "", err
		}
		if contact.Name != "髙﨑 福子" {
			return "", fmt.Errorf("the label says %q", contact.Name)
		}
		handover := rest.HandoverRequest{Carrier: "日本郵便", Tracking: "6300-" + order.placed.Number}
		return "", w.staff.ask(ctx, http.MethodPost, "/staff/orders/"+order.id+"/ship", handover, nil)
	})
	if err != nil {
		return err
	}
	return w.step("客", "発送済みと知る", func() (string, error) {
		return "", w.untilStatus(ctx, order, rest.CustomerStatusShipped)
	})
}

// summary prints what each text became.
func (w *walk) summary() {
	table := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\ntext\torder\ttriangles\testimate min\tplate\tplate min\tplate g\tpieces\tswaps\t")
	for _, order := range w.orders {
		fmt.Fprintf(table, "%s\t%s\t%d\t%.1f\t%s\t", order.text, order.placed.Number, order.design.Triangles,
			float64(order.design.Estimate.PrintSeconds)/60, order.plate.Code)
		if sliced := order.plate.Artifact; sliced != nil {
			fmt.Fprintf(table, "%.1f\t%.2f\t%d\t%d\t", float64(sliced.PrintSeconds)/60, sliced.FilamentG, len(order.plate.Units), sliced.ColorSwaps)
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush() // a terminal that is gone needs no summary
	fmt.Fprintf(w.out, "\n%d orders from a typed name to a parcel in %.1f s\n", len(w.orders), time.Since(w.began).Seconds())
}
