package orders

import (
	"regexp"
	"time"

	"tsukuriba/internal/yen"
)

// DocumentKind says what a document is for.
type DocumentKind string

// The kinds of documents. A receipt of a registered issuer is a simplified qualified invoice too
// (適格簡易請求書, 消費税法 第57条の4 第2項), a refund note a qualified return invoice (第3項).
const (
	Quote        DocumentKind = "quotation"     // 見積書, of a checkout that may become an order
	Invoice      DocumentKind = "invoice"       // 請求書, a qualified invoice (第1項) of a registered issuer
	Receipt      DocumentKind = "receipt"       // 領収書
	RefundNote   DocumentKind = "refund_note"   // 返金明細書, one a refund
	PackingSlip  DocumentKind = "packing_slip"  // 納品書 without any price, which goes into the parcel
	DeliveryNote DocumentKind = "delivery_note" // 納品書 with prices
	// RemakeSlip goes into the parcel of what was made anew. It proves no trade: it is set when it is
	// wanted, has no number and is not kept.
	RemakeSlip DocumentKind = "remake_slip"
)

// DocumentKinds are all kinds, in the order in which they are offered.
var DocumentKinds = []DocumentKind{Quote, Invoice, Receipt, RefundNote, PackingSlip, DeliveryNote}

// ForCustomer says whether customers may have documents of this kind on their order's page. The
// others travel with the parcel.
func (k DocumentKind) ForCustomer() bool { return k == Invoice || k == Receipt || k == RefundNote }

// letter begins the numbers of a kind: R2026-000123.
func (k DocumentKind) letter() string {
	return map[DocumentKind]string{Quote: "Q", Invoice: "S", Receipt: "R", RefundNote: "C", PackingSlip: "P", DeliveryNote: "D"}[k]
}

// Issuer is the seller as documents name it. Registration is T and 13 digits, and empty for one
// that is not a registered issuer of qualified invoices: its documents do not claim to be such.
type Issuer struct {
	Name         string `json:"name"`
	Address      string `json:"address"`
	Phone        string `json:"phone"`
	Email        string `json:"email"`
	Registration string `json:"registration,omitempty"`
}

var registrationForm = regexp.MustCompile(`^T[0-9]{13}$`)

// Registered says whether the issuer may issue qualified invoices.
func (i Issuer) Registered() bool { return registrationForm.MatchString(i.Registration) }

// Honorifics are what may follow the name of an addressee: a person's, a company's, or nothing.
var Honorifics = []string{"様", "御中", ""}

// Addressee is to whom a receipt is made out, as the customer wishes.
type Addressee struct {
	Name      string
	Honorific string // one of Honorifics
}

// Recipient is what a document tells of its customer. It is class B and stored sealed.
type Recipient struct {
	Name       string   `json:"name"`
	Honorific  string   `json:"honorific"`
	PostalCode string   `json:"postal_code,omitempty"`
	Address    []string `json:"address,omitempty"` // lines
	Message    string   `json:"message,omitempty"` // of a gift
}

// Sheet is everything that stands on a document, frozen as it was issued. Items add up to Total,
// and so do Taxes, but for a surplus that is given back; a packing slip has no amounts.
type Sheet struct {
	Kind      DocumentKind `json:"kind"`
	Number    string       `json:"number"`
	Language  Language     `json:"language"`
	Issuer    Issuer       `json:"issuer"`
	Order     string       `json:"order"` // its number
	Issued    time.Time    `json:"issued"`
	Reissued  *time.Time   `json:"reissued,omitempty"`
	Traded    time.Time    `json:"traded"`             // when the money moved, or the goods were sold
	Original  time.Time    `json:"original,omitzero"`  // of a refund note: when the goods were paid
	Method    Method       `json:"method,omitempty"`   // how it was paid, or is to be
	Due       time.Time    `json:"due,omitzero"`       // of an invoice: the last moment to pay
	Bank      BankAccount  `json:"bank,omitzero"`      // of an invoice: where to
	Valid     time.Time    `json:"valid,omitzero"`     // of a quotation: its last moment
	Delivery  string       `json:"delivery,omitempty"` // of a quotation, in its language
	Items     []SheetItem  `json:"items"`
	Taxes     []TaxLine    `json:"taxes,omitempty"`
	Total     yen.Amount   `json:"total"`
	Recipient Recipient    `json:"-"`
}

// ItemKind says what a line of a document is about.
type ItemKind string

// The kinds of items. A discount has a negative amount.
const (
	ItemGoods    ItemKind = "goods"
	ItemDiscount ItemKind = "discount"
	ItemWrapping ItemKind = "wrapping"
	ItemShipping ItemKind = "shipping"
	ItemBankFee  ItemKind = "bank_fee" // taken by the payer's bank, and let go by us: a negative amount
	ItemSurplus  ItemKind = "surplus"  // paid beyond the price, and given back
)

// SheetItem is one line of a document. Title is empty for anything but goods: the typesetter
// names it in the language of the document.
type SheetItem struct {
	Kind      ItemKind   `json:"kind"`
	Title     string     `json:"title,omitempty"`
	Text      string     `json:"text,omitempty"` // of a personalized piece
	Quantity  int        `json:"quantity,omitempty"`
	UnitPrice yen.Amount `json:"unit_price,omitempty"`
	Amount    yen.Amount `json:"amount,omitempty"`
	TaxRate   int        `json:"tax_rate,omitempty"`
}

// ReducedTaxRate is the rate of food and newspapers in percent (軽減税率), marked ※ on documents.
const ReducedTaxRate = 8

// priced lists what the order costs: its lines, its discount once per tax rate, wrapping, shipping.
func (o Order) priced() []SheetItem {
	var items []SheetItem
	var discounts []TaxedAmount
	for _, line := range o.Lines {
		items = append(items, SheetItem{
			Kind: ItemGoods, Title: line.Title, Quantity: line.Quantity, UnitPrice: line.UnitPrice, Amount: line.Total, TaxRate: line.TaxRate,
		})
		discounts = append(discounts, TaxedAmount{Rate: line.TaxRate, Amount: line.Discount})
	}
	for _, discount := range Taxes(discounts) {
		items = append(items, SheetItem{Kind: ItemDiscount, Amount: -discount.Total, TaxRate: discount.Rate})
	}
	if o.Wrapping > 0 {
		items = append(items, SheetItem{Kind: ItemWrapping, Amount: o.Wrapping, TaxRate: serviceTaxRate})
	}
	if o.Shipping > 0 {
		items = append(items, SheetItem{Kind: ItemShipping, Amount: o.Shipping, TaxRate: serviceTaxRate})
	}
	return items
}

// returned lists what a refund is for. A part of a price has no quantity.
func (o Order) returned(refund Refund) []SheetItem {
	kinds := map[PartKind]ItemKind{PartLine: ItemGoods, PartWrapping: ItemWrapping, PartShipping: ItemShipping, PartSurplus: ItemSurplus}
	items := make([]SheetItem, len(refund.Lines))
	for i, line := range refund.Lines {
		items[i] = SheetItem{Kind: kinds[line.Kind], Amount: line.Amount, TaxRate: line.TaxRate}
		if line.Kind == PartLine {
			items[i].Title, items[i].Quantity = o.line(line.LineID).Title, line.Quantity
		}
	}
	return items
}

// packed lists what lies in the parcel, with the texts by which pieces are told apart. What was
// refunded or is downloaded is not sent.
func (o Order) packed() []SheetItem {
	var items []SheetItem
	for _, line := range o.Lines {
		if wanted := o.Wanted(line.ID); wanted > 0 && !line.Digital {
			items = append(items, SheetItem{Kind: ItemGoods, Title: line.Title, Text: line.DesignText, Quantity: wanted})
		}
	}
	return items
}
