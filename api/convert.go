package api

import (
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// readID reads an id of a request. What is not an id of that kind names nothing, so it gives the
// error of a thing that does not exist.
func readID[K id.Kind](into *id.ID[K], text string, missing error) error {
	read, err := id.Parse[K](text)
	if err != nil || read.IsZero() {
		return missing
	}
	*into = read
	return nil
}

// optional leaves out what is empty.
func optional[T comparable](value T) *T {
	var empty T
	if value == empty {
		return nil
	}
	return &value
}

// given reads what may have been left out.
func given[T any](value *T) T {
	if value == nil {
		var empty T
		return empty
	}
	return *value
}

// each converts a list; the result is never null in JSON.
func each[A, B any](list []A, convert func(A) B) []B {
	converted := make([]B, len(list))
	for i, item := range list {
		converted[i] = convert(item)
	}
	return converted
}

func yenOf(amount yen.Amount) rest.Yen { return rest.Yen(amount) }

func dateOf(t time.Time) types.Date { return types.Date{Time: t.In(jst.Zone)} }

func windowOf(window orders.Window) rest.ShipWindow {
	return rest.ShipWindow{From: dateOf(window.From), Until: dateOf(window.Until)}
}

func taxOf(line orders.TaxLine) rest.TaxLine {
	return rest.TaxLine{Rate: line.Rate, TotalYen: yenOf(line.Total), TaxYen: yenOf(line.Tax)}
}
