package staff

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

const lettersAddress = "/staff/letters"

// lettersPage shows what customers are written, before anybody is.
type lettersPage struct {
	Head     ui.StaffHead
	Letter   ui.Field
	Language ui.Field
	Form     ui.Field
	Subject  string
	Text     string // the text part, if that is looked at
	Document string // otherwise the address of the HTML part
}

// letterNames are the kinds of mail in the words of staff.
var letterNames = map[orders.LetterKind]string{
	"quotation": "見積書", "invoice": "請求書", "invoice_reminder": "請求書の期限の前", "received": "注文の受付", "text_query": "文字の問い合わせ", "pay_link": "お支払いの案内", "konbini_code": "コンビニの番号",
	"konbini_reminder": "コンビニの期限の前日", "approved": "製作の開始", "receipt": "領収書の用意", "shipped": "発送",
	"refused": "文字のお断り", "canceled": "取り消し", "expired": "期限切れ", "late_money": "期限後の入金", "revived": "期限後の再開",
	"refunded": "返金", "bank_details": "返金先の口座", "bank_reminder": "返金先の再案内", "claim_received": "申し出の受付",
	"claim_accepted": "申し出への対応", "claim_declined": "申し出のお断り", "remake_shipped": "作り直しの発送", "order_links": "注文のページのご案内",
}

// letterCases tell the samples of a kind apart.
var letterCases = map[string]string{
	"customer": "お客さまから", "on_request": "希望を聞いて", "not_available": "用意できない", "no_answer": "返事がない", "cannot_accept": "お受けできない",
	"reviewed": "文字の確認あり", "konbini": "コンビニ", "download": "ダウンロード", "code": "番号を発行済み", "wait": "番号がまだ",
	"gift": "割引とギフト包装", "mixed": "ダウンロードと受け取り", "revived": "期限後の再開", "parcel": "荷物", "pickup": "工房で受け取り",
	"cannot_be_made": "作れない", "unreadable": "読み取れない", "not_suitable": "お受けできない言葉", "rights_of_others": "ほかの人の権利",
	"card": "カード", "card_whole": "カード・全額", "card_part": "カード・一部", "konbini_whole": "コンビニ・全額", "konbini_part": "コンビニ・一部",
	"invoice": "請求書払い", "unpaid": "お金がそろわない", "whole": "全額", "part": "残りがある", "not_by_invoice": "請求書払い", "transfer": "請求書払い・全額", "surplus": "多く振り込まれた",
	"late": "期限後の入金", "twice": "重ねての支払い", "canceled": "取り消し", "remake": "作り直し", "refund": "返金",
	"as_agreed": "確認どおり", "signs_of_use": "使ったあとの変化", "too_late": "日がたっている", "cannot_verify": "確かめられない",
}

var letterLanguages = []ui.Choice{
	{Value: string(orders.Japanese), Label: "日本語"}, {Value: string(orders.Easy), Label: "やさしい日本語"}, {Value: string(orders.English), Label: "English"},
}

func sampleKey(letter orders.SampleLetter) string {
	if letter.Case == "" {
		return string(letter.Kind)
	}
	return string(letter.Kind) + "." + letter.Case
}

func sampleName(letter orders.SampleLetter) string {
	name := cmp.Or(letterNames[letter.Kind], string(letter.Kind))
	if letter.Case == "" {
		return name
	}
	return name + "（" + cmp.Or(letterCases[letter.Case], letter.Case) + "）"
}

func (s *console) showLetters(c echo.Context, who fulfilment.Staff) error {
	language := cmp.Or(c.QueryParam("language"), string(orders.Japanese))
	samples, err := s.samples(language)
	if err != nil {
		return err
	}
	chosen, err := sampleOf(samples, cmp.Or(c.QueryParam("letter"), sampleKey(samples[0])))
	if err != nil {
		return err
	}
	page := lettersPage{
		Head:     headFor(c, who, "お手紙の見本", lettersAddress),
		Letter:   ui.Field{Name: "letter", Label: "お手紙", Value: sampleKey(chosen)},
		Language: ui.Field{Name: "language", Label: "ことば", Value: language, Options: letterLanguages},
		Form: ui.Field{Name: "form", Label: "かたち", Value: c.QueryParam("form"), Options: []ui.Choice{
			{Value: "html", Label: "HTML"}, {Value: "text", Label: "文字だけ"},
		}},
		Subject: chosen.Message.Subject,
	}
	for _, sample := range samples {
		page.Letter.Options = append(page.Letter.Options, ui.Choice{Value: sampleKey(sample), Label: sampleName(sample)})
	}
	if page.Form.Value == "text" {
		page.Text = chosen.Message.Text
	} else {
		page.Document = lettersAddress + "/" + sampleKey(chosen) + "/" + language
	}
	return render(c, http.StatusOK, letterSamples(page))
}

func (s *console) samples(language string) ([]orders.SampleLetter, error) {
	if !slices.Contains(orders.Languages, orders.Language(language)) {
		return nil, problem.ErrRouteNotFound
	}
	return s.Orders.SampleLetters(orders.Language(language))
}

func sampleOf(samples []orders.SampleLetter, key string) (orders.SampleLetter, error) {
	for _, sample := range samples {
		if sampleKey(sample) == key {
			return sample, nil
		}
	}
	return orders.SampleLetter{}, problem.ErrRouteNotFound
}

// showLetter answers with the HTML of a mail as a document of its own, which only our own page may
// frame, and which may do nothing.
func (s *console) showLetter(c echo.Context, _ fulfilment.Staff) error {
	samples, err := s.samples(c.Param("language"))
	if err != nil {
		return err
	}
	chosen, err := sampleOf(samples, c.Param("letter"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")
	return c.HTML(http.StatusOK, chosen.Message.HTML)
}

// undelivered is a mail that did not arrive.
type undelivered struct {
	Name, Note, Resend string
}

var letterNotes = map[orders.LetterState]string{
	orders.LetterFailed: "メールサーバーに断られました。宛先が違うのかもしれません。",
	orders.LetterLost:   "送っている途中で止まりました。届いたかどうか分かりません。",

	orders.LetterBounced: "送ったあとで戻ってきました。宛先を確かめてください。",
}

// letters are what was written about an order: events for the timeline, what did not arrive, and
// what a server took, as choices for saying that it came back.
func (s *console) letters(c echo.Context, id orders.OrderID) ([]ui.Event, []undelivered, []ui.Choice, error) {
	written, err := s.Orders.Letters(c.Request().Context(), id)
	if err != nil {
		return nil, nil, nil, err
	}
	var events []ui.Event
	var missing []undelivered
	var sent []ui.Choice
	for _, letter := range written {
		name := cmp.Or(letterNames[letter.Kind], string(letter.Kind))
		if letter.Version > 1 {
			name += fmt.Sprintf("（%d回目）", letter.Version)
		}
		if letter.SentAt != nil {
			events = append(events, ui.Event{
				When: moment(*letter.SentAt), Machine: letter.SentAt.Format(time.RFC3339), Text: "メールを送りました：" + name,
				By: "自動", Icon: ui.IconMail,
			})
		}
		if letter.State == orders.LetterSent {
			sent = append(sent, ui.Choice{Value: letter.ID.String(), Label: moment(*letter.SentAt) + "　" + name})
		}
		if letter.State.Undelivered() {
			missing = append(missing, undelivered{
				Name: name, Note: moment(letter.QueuedAt) + " " + letterNotes[letter.State],
				Resend: orderAddress(id) + "/letters/" + letter.ID.String() + "/resend",
			})
		}
	}
	return events, missing, sent, nil
}

func (s *console) noteBounce(c echo.Context, who fulfilment.Staff) error {
	order, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	var letter orders.MailID
	if letter.UnmarshalText([]byte(c.FormValue("letter"))) != nil {
		return orders.ErrMailNotFound
	}
	if err := s.Orders.NoteBounce(c.Request().Context(), by(who), order, letter); err != nil {
		return err
	}
	return backTo(c, orderAddress(order), "bounced")
}

// merged joins two timelines that have the newest first.
func merged(one, other []ui.Event) []ui.Event {
	all := slices.Concat(one, other)
	slices.SortStableFunc(all, func(a, b ui.Event) int { return instantOf(b).Compare(instantOf(a)) })
	return all
}

func instantOf(event ui.Event) time.Time {
	at, err := time.Parse(time.RFC3339, event.Machine)
	if err != nil {
		return time.Time{}
	}
	return at
}

func (s *console) resendLetter(c echo.Context, who fulfilment.Staff) error {
	order, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	letter, err := idParam[orders.MailID](c, "letter")
	if err != nil {
		return err
	}
	if err := s.Orders.ResendLetter(c.Request().Context(), by(who), order, letter); err != nil {
		return err
	}
	return backTo(c, orderAddress(order), "resent")
}
