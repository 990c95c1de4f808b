package orders

import (
	"context"

	"tsukuriba/internal/audit"
)

// demoSeller sells on a development machine. Nobody can take it for somebody who exists.
var demoSeller = Seller{
	Name: "就労継続支援B型事業所 つくり場（見本）", NameEn: "Tsukuriba (sample), a supported-employment workshop",
	Manager: "山本 恵", ManagerEn: "Megumi Yamamoto",
	Address: "〒000-0000 みほん県みほん市見本町 1-2-3 見本ビル 2階", AddressEn: "Sample Building 2F, 1-2-3 Mihon-cho, Mihon-shi, Mihon 000-0000, Japan",
	Phone: "000-000-0000", Hours: "平日 10:00〜16:00（土・日・祝日、年末年始を除く）", HoursEn: "weekdays 10:00–16:00 (not on holidays)", Email: "shop@example.jp",
	Bank: BankAccount{Bank: "みほん銀行", Branch: "本店営業部", Kind: "普通", Number: "0123456", Holder: "ツクリバ（ミホン）"},
}

// SeedDemo names the seller of the demo shop, unless somebody is named already.
func (s *Service) SeedDemo(ctx context.Context) error {
	versions, err := s.SellerVersions(ctx)
	if err != nil || len(versions) > 0 {
		return err
	}
	return s.ReviseSeller(ctx, audit.Actor{Role: audit.System}, Revision{}, demoSeller)
}
