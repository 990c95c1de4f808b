package orders

import (
	"maps"
	"strings"
	"testing"
)

func goodContact() Contact {
	return Contact{
		Name: "山田 太郎", Email: "taro@example.jp", Phone: "09012345678", PostalCode: "0640941",
		Prefecture: "北海道", City: "札幌市中央区", Street: "旭ヶ丘1-2-3",
	}
}

func TestContact(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Contact)
		want   map[string]string
	}{
		"as it should be":           {func(*Contact) {}, nil},
		"nothing":                   {func(c *Contact) { *c = Contact{} }, map[string]string{"name": "required", "email": "required", "phone": "required", "postal_code": "required", "prefecture": "required", "city": "required", "street": "required"}},
		"only spaces for a name":    {func(c *Contact) { c.Name = " 　" }, map[string]string{"name": "required"}},
		"a name in two lines":       {func(c *Contact) { c.Name = "山田\r\nBcc: x@example.jp" }, map[string]string{"name": "invalid"}},
		"broken UTF-8":              {func(c *Contact) { c.City = "\xff" }, map[string]string{"city": "invalid"}},
		"a very long street":        {func(c *Contact) { c.Street = strings.Repeat("あ", 121) }, map[string]string{"street": "too_long"}},
		"a prefecture of old":       {func(c *Contact) { c.Prefecture = "蝦夷" }, map[string]string{"prefecture": "unknown"}},
		"a short postal code":       {func(c *Contact) { c.PostalCode = "064-094" }, map[string]string{"postal_code": "invalid"}},
		"letters in a postal code":  {func(c *Contact) { c.PostalCode = "SW1A1AA" }, map[string]string{"postal_code": "invalid"}},
		"a phone of 9 digits":       {func(c *Contact) { c.Phone = "090123456" }, map[string]string{"phone": "invalid"}},
		"a phone without its zero":  {func(c *Contact) { c.Phone = "9012345678" }, map[string]string{"phone": "invalid"}},
		"a phone from abroad":       {func(c *Contact) { c.Phone = "+81 90 1234 5678" }, map[string]string{"phone": "invalid"}},
		"an e-mail without a dot":   {func(c *Contact) { c.Email = "taro@localhost" }, map[string]string{"email": "invalid"}},
		"an e-mail with a name":     {func(c *Contact) { c.Email = "Taro <taro@example.jp>" }, map[string]string{"email": "invalid"}},
		"two e-mails":               {func(c *Contact) { c.Email = "a@example.jp, b@example.jp" }, map[string]string{"email": "invalid"}},
		"an e-mail with line break": {func(c *Contact) { c.Email = "a@example.jp\nBcc: b@example.jp" }, map[string]string{"email": "invalid"}},
		"no building":               {func(c *Contact) { c.Building = "" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contact, fields := goodContact(), map[string]string{}
			c.change(&contact)
			contact.check(contactNeeds{true, true}, fields)
			if !maps.Equal(fields, c.want) {
				t.Errorf("fields %v, want %v", fields, c.want)
			}
		})
	}
}

func TestContactPickup(t *testing.T) {
	t.Parallel()
	contact, fields := Contact{Name: "山田", Email: "a@example.jp", Phone: "0312345678"}, map[string]string{}
	if contact.check(contactNeeds{phone: true}, fields); len(fields) > 0 {
		t.Errorf("an address is asked of somebody who comes by: %v", fields)
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"064-0941": "0640941", "〒０６４－０９４１": "0640941", "064ー0941": "0640941", "064 0941": "0640941", "０６４　０９４１": "0640941",
		"064‐0941": "0640941", "064–0941": "0640941", "064−0941": "0640941", "064ｰ0941": "0640941", "(011) 123-4567": "0111234567",
		"０６０－１２３４－５６７８": "06012345678",
	} {
		if got := digits(typed); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}

func TestNamesKeepTheirBytes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"\uFA19田", "\uFA1B田", "\uFA1A子", "\uF9DC", "\uFA12", "髙﨑", "𠮷野", "か\u3099", "葛\U000E0100城"} {
		contact, fields := goodContact(), map[string]string{}
		contact.Name, contact.Street = name, name
		contact.check(contactNeeds{true, true}, fields)
		if contact.Name != name || contact.Street != name || len(fields) > 0 {
			t.Errorf("%+q became %+q, %v", name, contact.Name, fields)
		}
	}
}

func TestPrefectures(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, prefecture := range Prefectures {
		seen[prefecture] = true
	}
	if len(seen) != 47 {
		t.Errorf("%d prefectures", len(seen))
	}
}

func FuzzContact(f *testing.F) {
	f.Add("山田", "a@example.jp", "０９０ー１２３４-5678", "〒064-0941")
	f.Fuzz(func(t *testing.T, name, email, phone, postal string) {
		contact, fields := goodContact(), map[string]string{}
		contact.Name, contact.Email, contact.Phone, contact.PostalCode = name, email, phone, postal
		contact.check(contactNeeds{true, true}, fields)
		if fields["phone"] == "" && !sanePhone(contact.Phone) || fields["postal_code"] == "" && len(contact.PostalCode) != 7 {
			t.Errorf("taken: %+v", contact)
		}
		if fields["email"] == "" && strings.ContainsAny(contact.Email, "\r\n ,<>") {
			t.Errorf("taken e-mail: %q", contact.Email)
		}
		once, again := contact, map[string]string{}
		if contact.check(contactNeeds{true, true}, again); once != contact || len(again) != len(fields) {
			t.Errorf("a second look differs: %+v %v", contact, again)
		}
	})
}
