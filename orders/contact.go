package orders

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"tsukuriba/internal/seal"
)

// Contact is who an order goes to. It is class B: stored sealed, read with an audit entry.
// Names keep every byte that was typed; postal code and phone are bare ASCII digits.
type Contact struct {
	Name       string `json:"name"`
	Email      string `json:"email"`
	Phone      string `json:"phone"`
	PostalCode string `json:"postal_code"`
	Prefecture string `json:"prefecture"`
	City       string `json:"city"`
	Street     string `json:"street"`
	Building   string `json:"building"`
	Company    string `json:"company,omitempty"`
	Department string `json:"department,omitempty"`
	// GiftMessage is what the card in the parcel says; see Gift.
	GiftMessage string `json:"gift_message,omitempty"`
}

// contactNeeds is what an order needs to know beyond a name and an e-mail address.
type contactNeeds struct{ address, phone bool }

// Prefectures are the 47 prefectures in the order of JIS X 0401.
var Prefectures = []string{
	"北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県",
	"東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
	"滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県",
	"香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
}

// maxField is the longest entry of an address form in characters; carriers print fewer.
const maxField = 120

// check normalizes the contact and notes in fields what cannot be taken: "required",
// "too_long", "invalid" or "unknown". The address counts only where something is sent to it.
func (c *Contact) check(needs contactNeeds, fields map[string]string) {
	c.PostalCode, c.Phone = digits(c.PostalCode), digits(c.Phone)
	c.Email = strings.TrimSpace(width.Narrow.String(c.Email))
	for name, value := range map[string]*string{
		"name": &c.Name, "city": &c.City, "street": &c.Street, "building": &c.Building, "prefecture": &c.Prefecture,
		"company": &c.Company, "department": &c.Department,
	} {
		*value = strings.TrimSpace(*value)
		if reason := checkText(*value); reason != "" {
			fields[name] = reason
		}
	}
	require(fields, "name", c.Name)
	require(fields, "email", c.Email)
	if needs.phone {
		require(fields, "phone", c.Phone)
	}
	if c.Email != "" && !saneEmail(c.Email) {
		fields["email"] = "invalid"
	}
	if c.Phone != "" && !sanePhone(c.Phone) {
		fields["phone"] = "invalid"
	}
	if needs.address {
		c.checkAddress(fields)
	}
}

func (c *Contact) checkAddress(fields map[string]string) {
	require(fields, "postal_code", c.PostalCode)
	require(fields, "prefecture", c.Prefecture)
	require(fields, "city", c.City)
	require(fields, "street", c.Street)
	if c.PostalCode != "" && (len(c.PostalCode) != 7 || !onlyDigits(c.PostalCode)) {
		fields["postal_code"] = "invalid"
	}
	if c.Prefecture != "" && !slices.Contains(Prefectures, c.Prefecture) {
		fields["prefecture"] = "unknown"
	}
}

func require(fields map[string]string, name, value string) {
	if value == "" {
		fields[name] = "required"
	}
}

// checkText refuses what no label or mail can carry. It never changes a letter.
func checkText(value string) string {
	switch {
	case strangeText(value):
		return "invalid"
	case utf8.RuneCountInString(value) > maxField:
		return "too_long"
	}
	return ""
}

// checkNote refuses what is no text of several lines, or has more characters than most.
func checkNote(note string, most int) string {
	switch {
	case !utf8.ValidString(note) || strings.ContainsFunc(note, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return "invalid"
	case utf8.RuneCountInString(note) > most:
		return "too_long"
	}
	return ""
}

// digits folds any width of digits and drops spaces and every kind of hyphen, the postal mark
// and brackets. Whatever else was typed stays, so that the check can refuse it.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune("〒ｰ−()", r) {
			return -1
		}
		return r
	}, width.Narrow.String(strings.ReplaceAll(typed, "ー", "-")))
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// sanePhone holds for Japanese numbers: 10 or 11 digits from 0.
func sanePhone(phone string) bool {
	return onlyDigits(phone) && phone[0] == '0' && (len(phone) == 10 || len(phone) == 11)
}

// saneEmail holds for a bare address with a dot in its domain; whether it exists, only a mail
// can tell.
func saneEmail(email string) bool {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 {
		return false
	}
	domain := email[strings.LastIndex(email, "@")+1:]
	return strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(domain, "[]") && !strings.ContainsAny(email, " \"")
}

// emailIndex is the blind index under which orders are found by e-mail address.
func emailIndex(box *seal.Box, email string) []byte {
	return box.Blind("orders.email", strings.ToLower(email))
}

// emailIndexes are all indexes under which an address may have been stored.
func emailIndexes(box *seal.Box, email string) [][]byte {
	return box.Blinds("orders.email", strings.ToLower(email))
}

func sealJSON(box *seal.Box, context string, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", context, err)
	}
	return box.Seal(context, plain), nil
}

func openJSON(box *seal.Box, context string, sealed []byte, value any) error {
	plain, err := box.Open(context, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, value); err != nil {
		return fmt.Errorf("read sealed %s: %w", context, err)
	}
	return nil
}
