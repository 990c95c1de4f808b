package storefront

import (
	"fmt"
	"strconv"
	"time"

	"golang.org/x/text/width"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/locale"
)

// joiner keeps the month and the day on one line.
const joiner = "\u2060"

// day writes a date as people say it.
func (p page) day(t time.Time) string {
	if p.Head.Language == locale.English {
		return t.In(jst.Zone).Format("January 2")
	}
	return t.In(jst.Zone).Format("1月" + joiner + "2日")
}

// moment writes a day with its time.
func (p page) moment(t time.Time) string {
	return p.day(t) + t.In(jst.Zone).Format(" 15:04")
}

// window fills a sentence that names the first and the last day.
func (p page) window(sentence string, w orders.Window) string {
	return fmt.Sprintf(sentence, p.day(w.From), p.day(w.Until))
}

// wholeMM writes micrometers as whole millimeters, as studio.ts does.
func wholeMM(m tag.Micron) string { return strconv.Itoa(int((m + 500) / 1000)) }

// thick writes micrometers with as many decimals as it takes.
func thick(m tag.Micron) string { return strconv.FormatFloat(m.MM(), 'f', -1, 64) }

// narrow folds full-width digits; only what is counted or looked up goes through it, never a name.
func narrow(typed string) string { return width.Narrow.String(typed) }
