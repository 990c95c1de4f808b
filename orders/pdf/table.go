package pdf

import (
	"strconv"

	"tsukuriba/orders"
)

// The columns of a table with prices: where the numbers end.
const (
	quantityEnds = 126
	priceEnds    = 158
	cellPadding  = 2
)

// table lists the items and repeats its head on each page.
func (l *layout) table() {
	l.tableHead()
	for _, item := range l.Items {
		title, text := l.cells(item)
		height := float64(len(title))*bodyStyle.leading() + float64(len(text))*labelStyle.leading() + 2.6
		if l.room(height) {
			l.tableHead()
		}
		l.row(item, title, text)
		l.y += height
		l.rule(left, l.y, right, l.y, 0.12, line)
	}
}

func (l *layout) tableHead() {
	const height = 7.4
	l.fill(left, l.y, right-left, height, kinari)
	y := l.y + 4.9
	l.write(left+cellPadding, y, labelStyle, termItem.in(l.Language))
	if l.form.priced {
		l.writeRight(quantityEnds, y, labelStyle, termQuantity.in(l.Language))
		l.writeRight(priceEnds, y, labelStyle, termUnitPrice.in(l.Language))
		l.writeRight(right-cellPadding, y, labelStyle, termAmount.in(l.Language))
	} else {
		l.writeRight(right-cellPadding, y, labelStyle, termQuantity.in(l.Language))
	}
	l.y += height
	l.rule(left, l.y, right, l.y, 0.3, indigo)
}

// cells are the lines of an item's first column.
func (l *layout) cells(item orders.SheetItem) (title, text []string) {
	width := float64(quantityEnds - left - cellPadding - 16)
	if !l.form.priced {
		width = right - left - 2*cellPadding - 20
	}
	name := item.Title
	if item.Kind != orders.ItemGoods {
		name = items[item.Kind].in(l.Language)
	}
	title = l.wrap(bodyStyle, name+mark(item), width)
	if item.Text != "" {
		text = l.wrap(labelStyle, "「"+item.Text+"」", width)
	}
	return title, text
}

func (l *layout) row(item orders.SheetItem, title, text []string) {
	y := l.y + 5.2
	below := l.paragraph(left+cellPadding, y, bodyStyle, title)
	l.paragraph(left+cellPadding, below-0.6, labelStyle, text)
	quantity := strconv.Itoa(item.Quantity)
	if !l.form.priced {
		l.writeRight(right-cellPadding, y, bodyStyle, quantity)
		return
	}
	if item.Quantity > 0 {
		l.writeRight(quantityEnds, y, bodyStyle, quantity)
	}
	if item.UnitPrice > 0 { // what was paid for a piece that is refunded may be less than its price
		l.writeRight(priceEnds, y, bodyStyle, item.UnitPrice.String())
	}
	l.writeRight(right-cellPadding, y, bodyStyle, item.Amount.String())
}
