package main

import (
	"context"
	"slices"

	"tsukuriba/fulfilment"
)

var demoPrinters = []fulfilment.NewPrinter{
	{Name: "MK3S 一号機", Adapter: "manual"},
	{Name: "MK3S 二号機", Adapter: "manual"},
	{Name: "みほん機（画面の中）", Adapter: "virtual"},
}

// demoSpools has every color of the shop, some nearly used up.
var demoSpools = []fulfilment.NewSpool{
	{Lot: "KNR-2608-A", Color: "kinari", Grams: 1000},
	{Lot: "SHR-2608-A", Color: "shiro", Grams: 1000},
	{Lot: "SUM-2607-C", Color: "sumi", Grams: 640},
	{Lot: "KAK-2608-B", Color: "kaki", Grams: 820},
	{Lot: "MTB-2607-A", Color: "matsuba", Grams: 750},
	{Lot: "SOR-2608-A", Color: "sora", Grams: 910},
	{Lot: "AII-2606-B", Color: "ai", Grams: 430},
	{Lot: "SKR-2608-A", Color: "sakura", Grams: 1000},
	{Lot: "NNH-2605-A", Color: "nanohana", Grams: 260},
	{Lot: "FUJ-2604-A", Color: "fuji", Grams: 130},
	{Lot: "KNR-2609-B", Color: "kinari", Grams: 1000},
}

// furnish sets up printers and opens the spools.
func (p *past) furnish(ctx context.Context) error {
	printers, err := p.fulfilment.Printers(ctx)
	if err != nil {
		return err
	}
	for _, printer := range demoPrinters {
		if slices.ContainsFunc(printers, func(earlier fulfilment.PrinterStatus) bool { return earlier.Name == printer.Name }) {
			continue
		}
		if _, err := p.fulfilment.AddPrinter(ctx, p.by(fulfilment.Manager), printer); err != nil {
			return err
		}
	}
	return p.openSpools(ctx)
}

func (p *past) openSpools(ctx context.Context) error {
	spools, err := p.fulfilment.Spools(ctx)
	if err != nil {
		return err
	}
	for _, spool := range demoSpools {
		if slices.ContainsFunc(spools, func(earlier fulfilment.Spool) bool { return earlier.Lot == spool.Lot }) {
			continue
		}
		spool.Material = "PLA"
		if _, err := p.fulfilment.AddSpool(ctx, p.by(fulfilment.Instructor), spool); err != nil {
			return err
		}
	}
	return nil
}
