package orders

import (
	"fmt"
	"time"

	"tsukuriba/internal/jst"
	"tsukuriba/internal/mail"
)

// SampleLetter is a mail as staff can read it beforehand, about an order that nobody placed.
type SampleLetter struct {
	Kind    LetterKind
	Case    string // tells the samples of a kind apart; empty if there is only one
	Message mail.Message
}

// sample is one case of a kind of mail.
type sample struct {
	kind LetterKind
	name string
	fill func(*mailData)
}

var samples = []sample{
	{letterReceived, "reviewed", func(d *mailData) { d.Reviewed = true }},
	{letterReceived, "invoice", func(d *mailData) { d.Invoice = true }},
	{letterReceived, "konbini", func(d *mailData) { d.Konbini = true }},
	{letterReceived, "download", func(d *mailData) { d.Digital, d.HasDownload = true, true }},
	{letterTextQuery, "", func(d *mailData) {
		d.Question = "「はると」の「と」は、ひらがなでよろしいでしょうか。"
	}},
	{letterPayLink, "", nil},
	{letterKonbiniCode, "", func(d *mailData) { d.Page = samplePage }},
	{letterKonbiniReminder, "code", func(d *mailData) { d.Page = samplePage }},
	{letterKonbiniReminder, "wait", nil},
	{letterInvoice, "", sampleBill},
	{letterInvoiceReminder, "whole", sampleBill},
	{letterInvoiceReminder, "part", func(d *mailData) { sampleBill(d); d.Rest = 440 }},
	{letterApproved, "", nil},
	{letterApproved, "gift", func(d *mailData) {
		d.DiscountCode, d.Discount, d.Wrapped, d.Wrapping, d.Total = "HARU", 330, true, 220, 3410
	}},
	{letterApproved, "download", func(d *mailData) { d.Digital, d.HasDownload, d.Free = true, true, true }},
	{letterApproved, "mixed", func(d *mailData) { d.HasDownload, d.Pickup = true, true }},
	{letterApproved, "revived", func(d *mailData) { d.Revived = true }},
	{letterReceipt, "", func(d *mailData) { d.Document = "R2026-000012" }},
	{letterShipped, "parcel", func(d *mailData) { d.Carrier, d.Tracking = "日本郵便", "1234-5678-9012" }},
	{letterShipped, "pickup", func(d *mailData) { d.Pickup = true }},
	{letterRefused, "cannot_be_made", func(d *mailData) { d.Reason = "cannot_be_made" }},
	{letterRefused, "unreadable", func(d *mailData) { d.Reason = "unreadable" }},
	{letterRefused, "not_suitable", func(d *mailData) { d.Reason = "not_suitable" }},
	{letterRefused, "rights_of_others", func(d *mailData) { d.Reason = "rights_of_others" }},
	{letterRefused, "not_by_invoice", func(d *mailData) { d.Reason, d.Invoice = "not_by_invoice", true }},
	{letterCanceled, "customer", func(d *mailData) { d.Reason = "customer" }},
	{letterCanceled, "on_request", func(d *mailData) { d.Reason = "on_request" }},
	{letterCanceled, "not_available", func(d *mailData) { d.Reason = "not_available" }},
	{letterCanceled, "cannot_be_made", func(d *mailData) { d.Reason = "cannot_be_made" }},
	{letterCanceled, "no_answer", func(d *mailData) { d.Reason = "no_answer" }},
	{letterCanceled, "cannot_accept", func(d *mailData) { d.Reason = "cannot_accept" }},
	{letterCanceled, "unpaid", func(d *mailData) { d.Reason, d.Invoice = "unpaid", true }},
	{letterExpired, "card", nil},
	{letterExpired, "invoice", func(d *mailData) { d.Invoice = true }},
	{letterExpired, "konbini", func(d *mailData) { d.Konbini = true }},
	{letterLateMoney, "", nil},
	{letterRevived, "", nil},
	{letterRefunded, "card_whole", func(d *mailData) { d.Whole = true }},
	{letterRefunded, "card_part", func(d *mailData) { d.Refund = 550 }},
	{letterRefunded, "konbini_whole", func(d *mailData) { d.Konbini, d.Whole = true, true }},
	{letterRefunded, "konbini_part", func(d *mailData) { d.Konbini, d.Refund = true, 550 }},
	{letterRefunded, "transfer", func(d *mailData) { d.Invoice, d.Whole = true, true }},
	{letterRefunded, "surplus", func(d *mailData) { d.Invoice, d.Surplus, d.Refund = true, true, 440 }},
	{letterRefunded, "late", func(d *mailData) { d.Konbini, d.Late, d.Whole = true, true, true }},
	{letterRefunded, "twice", func(d *mailData) { d.Twice, d.Whole = true, true }},
	{letterBankDetails, "canceled", func(d *mailData) { d.Konbini, d.Whole = true, true }},
	{letterBankDetails, "late", func(d *mailData) { d.Konbini, d.Late, d.Whole = true, true, true }},
	{letterBankDetails, "twice", func(d *mailData) { d.Konbini, d.Twice, d.Whole = true, true, true }},
	{letterBankReminder, "", func(d *mailData) { d.Konbini = true }},
	{letterClaimReceived, "", nil},
	{letterClaimAccepted, "remake", func(d *mailData) { d.Remake = true }},
	{letterClaimAccepted, "refund", nil},
	{letterClaimDeclined, "as_agreed", func(d *mailData) { d.Reason = "as_agreed" }},
	{letterClaimDeclined, "signs_of_use", func(d *mailData) { d.Reason = "signs_of_use" }},
	{letterClaimDeclined, "too_late", func(d *mailData) { d.Reason = "too_late" }},
	{letterClaimDeclined, "cannot_verify", func(d *mailData) { d.Reason = "cannot_verify" }},
	{letterRemakeShipped, "parcel", func(d *mailData) { d.Carrier, d.Tracking = "日本郵便", "1234-5678-9012" }},
	{letterRemakeShipped, "pickup", func(d *mailData) { d.Pickup = true }},
	{letterOrderLinks, "", func(d *mailData) {
		d.Orders = []orderLink{{"2026-000123", d.From, d.Link}, {"2026-000045", d.Until, d.Link + "-2"}}
	}},
	{letterQuotation, "", func(d *mailData) { sampleBill(d); d.Quoted, d.Number = true, "Q2026-000012" }},
}

const (
	samplePage = "https://payments.example/konbini/0001"
	sampleName = "\uFA19\uF9DC \uFA1B子（𠮷田）" // letters that normalization, or two bytes, would spoil
)

// sampleBill is an invoice with nothing paid.
func sampleBill(d *mailData) {
	d.Invoice, d.Document, d.Rest, d.PayUntil = true, "S2026-000012", d.Total, d.Day
	d.Bank = BankAccount{Bank: "みほん銀行", Branch: "本店営業部", Kind: "普通", Number: "0000000", Holder: "ツクリバ"}
}

// SampleLetters writes every case of every kind of mail in a language, in the order of LetterKinds.
func (s *Service) SampleLetters(language Language) ([]SampleLetter, error) {
	letters := make([]SampleLetter, len(samples))
	for i, sample := range samples {
		data := s.sampleData(language)
		if sample.fill != nil {
			sample.fill(&data)
		}
		message, err := letter(language, sample.kind, data)
		if err != nil {
			return nil, fmt.Errorf("write sample of %s: %w", sample.kind, err)
		}
		letters[i] = SampleLetter{Kind: sample.kind, Case: sample.name, Message: message}
	}
	return letters, nil
}

// sampleData is about somebody whose name needs characters that are easily lost.
func (s *Service) sampleData(language Language) mailData {
	words, day := legal[language], time.Date(2026, 11, 25, 23, 59, 0, 0, jst.Zone)
	piece := map[Language]string{Japanese: "名前のタグ", Easy: "名前の タグ", English: "Name tag"}[language]
	return mailData{
		Name: sampleName, Workshop: s.workshop, Number: "2026-000123", Link: s.publicURL + "/orders/sample",
		Lines: []Line{{Title: piece, DesignText: "はると", Quantity: 1, Total: 1100}, {Title: piece, DesignText: "𠮷田", Quantity: 2, Total: 2200}},
		Total: 3520, Refund: 3520, From: words.day(day.AddDate(0, 0, 6)), Until: words.day(day.AddDate(0, 0, 12)),
		PayUntil: deadline(language, day), Day: dayOfWeek(language, day), Piece: piece, Quantity: 1,
	}
}
