package ui

import "strconv"

// StaffHead is the frame of a console page.
type StaffHead struct {
	PageHead
	Nav    []NavGroup // what this person may open; see [StaffNav]
	Person string
	Role   string
}

// NavGroup is a part of a navigation under its own heading.
type NavGroup struct {
	Label string
	Items []NavItem
}

// StaffNav returns all parts of the console, the current one marked by its path. Leave out what a role may not open.
func StaffNav(current string) []NavGroup {
	groups := []struct {
		label string
		links []Link
	}{
		{"きょう", []Link{
			{"今朝の確認", "/staff", IconBoard},
			{"注文", "/staff/orders", IconBag},
			{"しごと", "/staff/work", IconClipboardList},
			{"プレート", "/staff/plates", IconLayers},
			{"利用者", "/staff/members", IconUsers},
		}},
		{"お金と書類", []Link{
			{"お金の確認", "/staff/money", IconReceipt},
			{"書類", "/staff/documents", IconDocument},
			{"お手紙", "/staff/letters", IconMail},
		}},
		{"商品", []Link{
			{"在庫", "/staff/stock", IconBox},
			{"名入れの選択肢", "/staff/choices", IconTag},
			{"ダウンロード商品", "/staff/downloads", IconDownload},
			{"割引コード", "/staff/discounts", IconGift},
			{"送料と包装", "/staff/prices", IconTruck},
		}},
		{"お店", []Link{
			{"受注の調整", "/staff/intake", IconPause},
			{"お休みの日", "/staff/closed-days", IconCalendar},
			{"ことばの確認", "/staff/text-words", IconMessage},
			{"ありがとうの声", "/staff/thanks", IconThanks},
			{"お店の表記", "/staff/shop", IconStore},
		}},
		{"設定", []Link{
			{"タブレット", "/staff/tablets", IconSettings},
			{"裏方の処理", "/staff/jobs", IconReset},
		}},
	}
	nav := make([]NavGroup, len(groups))
	for i, group := range groups {
		nav[i].Label = group.label
		for _, link := range group.links {
			nav[i].Items = append(nav[i].Items, NavItem{Link: link, Current: link.URL == current})
		}
	}
	return nav
}

// waiting is how many open matters the closed menu of a narrow screen hides.
func (h StaffHead) waiting() (n int) {
	for _, group := range h.Nav {
		for _, item := range group.Items {
			n += item.Count
		}
	}
	return n
}

func (h StaffHead) waitingCount() string { return strconv.Itoa(h.waiting()) }
