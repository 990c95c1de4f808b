package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/slicer"
	"tsukuriba/orders"
)

// Tags of the same colors share a plate: three are sliced in all.
func tagFor(text, second string) catalog.DesignChoice {
	return catalog.DesignChoice{Product: "name-tag", Text: text, SecondLine: second, BaseColor: "kinari", TextColor: "matsuba"}
}

func bagTagFor(text string) catalog.DesignChoice {
	return catalog.DesignChoice{Product: "bag-tag", Text: text, BaseColor: "ai", TextColor: "shiro"}
}

// live goes through the last three weeks and stops a moment ago.
func (p *past) live(ctx context.Context, now time.Time, out io.Writer) error {
	_, err := p.slicer.Version(ctx)
	switch {
	case errors.Is(err, slicer.ErrNotInstalled):
		fmt.Fprintf(out, "  nothing is made yet: %v\n", err)
	case err != nil:
		return err
	default:
		if err := p.madeAndShipped(ctx, now, out); err != nil {
			return err
		}
		if err := p.printing(ctx, now); err != nil {
			return err
		}
		fmt.Fprintln(out, "  one plate is being printed")
	}
	if err := p.toReview(ctx, now); err != nil {
		return err
	}
	fmt.Fprintln(out, "  one order waits to be made, two wait for their text to be read")
	return nil
}

// batch is what was ordered on the evening before a working day, made on that day and sent on
// the next.
type batch struct {
	back   int // working days ago
	orders []demoOrder
	away   []string
}

func (p *past) madeAndShipped(ctx context.Context, now time.Time, out io.Writer) error {
	for _, b := range []batch{
		{back: 14, away: []string{"みーこ", "リョウ"}, orders: []demoOrder{
			{mori, tagFor("はると", "さくら組"), 1}, {hamada, tagFor("髙野 みお", ""), 1}, {okabe, tagFor("ゆうき", ""), 2},
		}},
		{back: 7, away: []string{"タカ"}, orders: []demoOrder{
			{uehara, bagTagFor("上原 亮介"), 1}, {jinbo, bagTagFor("神保"), 1}, {mori, catalog.DesignChoice{Product: "halloween-2026"}, 2},
		}},
	} {
		if err := p.workOff(ctx, now, b); err != nil {
			return err
		}
		fmt.Fprintf(out, "  %d orders made and sent %d working days ago\n", len(b.orders), b.back-1)
	}
	return nil
}

func (p *past) workOff(ctx context.Context, now time.Time, b batch) error {
	if err := p.moveTo(ctx, clock(workday(now, b.back+1), 21, 40)); err != nil {
		return err
	}
	placed, err := p.placeAll(ctx, b.orders...)
	if err != nil {
		return err
	}
	if err := p.morning(ctx, workday(now, b.back), placed, b.away...); err != nil {
		return err
	}
	if err := p.make(ctx, nil); err != nil {
		return err
	}
	if err := p.closeHouse(ctx); err != nil {
		return err
	}
	sent := clock(workday(now, b.back-1), 14, 20)
	if err := p.moveTo(ctx, sent); err != nil {
		return err
	}
	if err := p.ship(ctx, placed); err != nil {
		return err
	}
	completed := sent.AddDate(0, 0, 14)
	if completed.After(workday(now, 1)) {
		return nil
	}
	return p.complete(ctx, completed)
}

// complete visits the day two weeks after a parcel was sent, and returns.
func (p *past) complete(ctx context.Context, at time.Time) error {
	back := p.now()
	if err := p.moveTo(ctx, at); err != nil {
		return err
	}
	if err := p.orders.CompleteShipped(ctx); err != nil {
		return err
	}
	return p.moveTo(ctx, back)
}

// morning approves the texts of the evening and lets everybody in.
func (p *past) morning(ctx context.Context, day time.Time, placed []orders.OrderID, away ...string) error {
	if err := p.moveTo(ctx, clock(day, 8, 40)); err != nil {
		return err
	}
	if err := p.approve(ctx, placed); err != nil {
		return err
	}
	if err := p.moveTo(ctx, clock(day, 9, 30)); err != nil {
		return err
	}
	return p.openHouse(ctx, away...)
}

// printing is an order prepared on the last working day, whose plate was started just now.
func (p *past) printing(ctx context.Context, now time.Time) error {
	if err := p.moveTo(ctx, clock(workday(now, 2), 20, 15)); err != nil {
		return err
	}
	placed, err := p.placeAll(ctx, demoOrder{sakura, catalog.DesignChoice{
		Product: "name-tag", Text: "そうた", SecondLine: "もも組", BaseColor: "sora", TextColor: "shiro",
	}, 1})
	if err != nil {
		return err
	}
	if err := p.morning(ctx, workday(now, 1), placed); err != nil {
		return err
	}
	if err := p.make(ctx, beforePrinting); err != nil {
		return err
	}
	if err := p.closeHouse(ctx); err != nil {
		return err
	}
	if err := p.moveTo(ctx, now.Add(-25*time.Minute)); err != nil {
		return err
	}
	if err := p.openHouse(ctx, awayToday...); err != nil {
		return err
	}
	return p.make(ctx, []fulfilment.OperationKey{fulfilment.OpStart})
}

var awayToday = []string{"みーこ", "トモ", "リョウ"}

// toReview is what came in since yesterday: one order already approved, two to be read.
func (p *past) toReview(ctx context.Context, now time.Time) error {
	if err := p.moveTo(ctx, now.Add(-20*time.Minute)); err != nil {
		return err
	}
	approved, err := p.placeAll(ctx, demoOrder{jinbo, tagFor("ひなた", "ねんちゅう"), 1})
	if err != nil {
		return err
	}
	if err := p.moveTo(ctx, now.Add(-12*time.Minute)); err != nil {
		return err
	}
	if err := p.approve(ctx, approved); err != nil {
		return err
	}
	if err := p.moveTo(ctx, now.Add(-7*time.Minute)); err != nil {
		return err
	}
	_, err = p.placeAll(ctx,
		demoOrder{okabe, catalog.DesignChoice{Product: "pet-tag", Text: "こむぎ", SecondLine: "090-0000-0000", BaseColor: "sora", TextColor: "shiro"}, 1},
		demoOrder{hamada, catalog.DesignChoice{Product: "door-plate", Text: "図工室", SecondLine: "ART ROOM", BaseColor: "shiro", TextColor: "sumi"}, 1},
	)
	return err
}

// today is who is in the house now, and who means to come this week.
func (p *past) today(ctx context.Context) error {
	if err := p.openHouse(ctx, awayToday...); err != nil {
		return err
	}
	return p.planWeek(ctx)
}
