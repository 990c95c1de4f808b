-- What the shop says about itself: who sells, and its legal and informational pages, as dated versions.

-- +goose Up
CREATE DOMAIN shop_page AS text CHECK (VALUE IN ('seller', 'legal', 'privacy', 'shipping', 'returns', 'accessibility', 'about'));

CREATE TABLE shop_versions (
	subject      shop_page NOT NULL,
	version      positive NOT NULL,
	valid_from   timestamptz NOT NULL,
	content      jsonb NOT NULL,
	changed_by   text NOT NULL DEFAULT '',
	changed_at   timestamptz NOT NULL,
	withdrawn_at timestamptz,
	CONSTRAINT shop_versions_pkey PRIMARY KEY (subject, version),
	CONSTRAINT withdrawn_before_it_began CHECK (withdrawn_at < valid_from)
);
COMMENT ON TABLE shop_versions IS 'The shop''s particulars and pages. Rows are only added, so that what held on any day stays readable; one that has not begun can be withdrawn.';
COMMENT ON COLUMN shop_versions.content IS 'seller: the particulars, inserted wherever they are told. A page: title and body by language, in the marks of package prose.';

-- +goose StatementBegin
CREATE FUNCTION refuse_change_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
	   OR (to_jsonb(NEW) - 'withdrawn_at') IS DISTINCT FROM (to_jsonb(OLD) - 'withdrawn_at') THEN
		RAISE EXCEPTION 'shop_versions is append-only';
	END IF;
	RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER shop_versions_append_only BEFORE UPDATE OR DELETE ON shop_versions
	FOR EACH ROW EXECUTE FUNCTION refuse_change_of_version();
CREATE TRIGGER shop_versions_changed AFTER INSERT OR UPDATE ON shop_versions
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();

-- The pages with which a workshop begins. Who sells is not among them: that has to be filled in before anything is sold.
-- +goose StatementBegin
INSERT INTO shop_versions (subject, version, valid_from, changed_at, content) VALUES
('legal', 1, '2024-10-01 00:00:00+09', '2024-10-01 00:00:00+09', jsonb_build_object(
'ja', jsonb_build_object('title', '特定商取引法に基づく表記', 'body', $t$特定商取引に関する法律にもとづいて、次のとおり表示します。

## 販売する人
| 販売業者 | {{name}} |
| 運営責任者 | {{manager}} |
| 所在地 | {{address}} |
| 電話番号 | {{phone}} |
| 電話の受付時間 | {{hours}} |
| メールアドレス | {{email}} |
| 適格請求書発行事業者の登録番号 | {{registration}} |

## 代金とお支払い
| 販売価格 | 各商品のページに、消費税を含む総額で表示しています。 |
| 商品代金以外の料金 | 送料。一覧は[配送について](/shipping)にあります。ご購入手続きの画面と最終確認の画面に、お届け先までの金額を表示します。 |
| | ギフト包装をお選びいただいたときは、その料金。 |
| 支払いの方法と時期 | {{payment}} |

## お届け
| 引き渡しの時期 | 最終確認の画面に表示する期間に発送します。いまの目安は、商品のページでもご覧いただけます。 |
| | {{download}} |
| お届けできる地域 | 日本国内 |
| 数量の制限 | 一度のご注文で、ひとつの種類につき99点まで。お作りする商品は、工房でお受けできる数を週ごとに決めていることがあります。 |
| 期間の限られる商品 | お申し込みいただける期間を、季節のページと商品のページに表示しています。 |

## 返品・キャンセル
| 返品・交換・キャンセル | {{returns}} |
| | 手順は[返品・交換について](/returns)をご覧ください。 |

## そのほか
| お作りできない文字 | 人を傷つけることばや、ほかの人の権利にかかわるものはお作りできません。その場合、お金はいただきません。 |
| 動作環境 | ダウンロード商品は、ZIPファイルを開けるパソコンが要ります。立体のデータ（STL）は、PrusaSlicerやCuraなどのスライスソフトでお使いください。 |
$t$),
'easy', jsonb_build_object('title', '法律の ページ（特定商取引法に 基づく 表記）', 'body', $t$お｜店《みせ》が ｜書《か》かなければ ならないと、｜法律《ほうりつ》で きまって いる ことです。

## ｜売《う》る ｜人《ひと》
| ｜売《う》る ｜人《ひと》 | {{name}} |
| ｜責任《せきにん》の ある ｜人《ひと》 | {{manager}} |
| ｜住所《じゅうしょ》 | {{address}} |
| ｜電話番号《でんわばんごう》 | {{phone}} |
| ｜電話《でんわ》できる ｜時間《じかん》 | {{hours}} |
| メールアドレス | {{email}} |
| インボイスの ｜登録番号《とうろくばんごう》 | {{registration}} |

## お｜金《かね》の こと
| ねだん | ｜商品《しょうひん》の ページに ｜書《か》いて あります。｜税金《ぜいきん》も ｜入《はい》って います。 |
| ほかに かかる お｜金《かね》 | ｜送《おく》る お｜金《かね》。[｜送《おく》りかたの ページ](/shipping)に ｜書《か》いて あります。｜買《か》う ページでも わかります。 |
| | プレゼントの つつみを えらんだ ときは、その お｜金《かね》。 |
| はらいかた | {{payment}} |

## ｜送《おく》る こと
| いつ とどくか | ｜注文《ちゅうもん》を たしかめる ページに ｜書《か》いた ｜日《ひ》に ｜送《おく》ります。｜商品《しょうひん》の ページでも わかります。 |
| | {{download}} |
| ｜送《おく》れる ところ | ｜日本《にほん》の ｜中《なか》 |
| いくつまで ｜買《か》えるか | 1｜回《かい》に、おなじ ものを 99こまで。｜作《つく》る ものは、1｜週間《しゅうかん》に ｜作《つく》れる ｜数《かず》が きまって いる ことが あります。 |
| ｜買《か》える ｜時期《じき》が きまって いる もの | ｜季節《きせつ》の ページと ｜商品《しょうひん》の ページに ｜書《か》いて あります。 |

## かえす・やめる
| かえすとき・やめるとき | {{returns}} |
| | やりかたは [｜返品《へんぴん》・｜交換《こうかん》の ページ](/returns)に あります。 |

## ほかの こと
| ｜作《つく》れない ｜文字《もじ》 | ｜人《ひと》を きずつける ことばや、ほかの ｜人《ひと》の ものは ｜作《つく》れません。そのときは、お｜金《かね》は いりません。 |
| ダウンロードの ものを ｜使《つか》う きかい | ZIPファイルを ひらける パソコン。｜立体《りったい》の データ（STL）は、PrusaSlicerや Curaなどの ソフトで ｜使《つか》います。 |
$t$),
'en', jsonb_build_object('title', 'Legal notice', 'body', $t$Particulars that the Japanese Act on Specified Commercial Transactions asks for.

## Who sells
| Seller | {{name}} |
| Person in charge | {{manager}} |
| Address | {{address}} |
| Phone | {{phone}} |
| Phone hours | {{hours}} |
| E-mail | {{email}} |
| Registration number for qualified invoices | {{registration}} |

## Prices and payment
| Prices | Shown on each product page, consumption tax included. |
| Other costs | Shipping, listed under [shipping](/shipping) and shown for your address at checkout and on the review page. |
| | Gift wrapping, if you choose it. |
| Payment | {{payment}} |

## Delivery
| Delivery | We ship within the days shown on the review page. Product pages show the current estimate. |
| | {{download}} |
| Where we ship | Within Japan |
| Quantities | Up to 99 of a kind in one order. What is made to order may be limited to what the workshop can make in a week. |
| Seasonal goods | The period in which they can be ordered is shown on their pages. |

## Returns and cancellation
| Returns and cancellation | {{returns}} |
| | How to go about it: [returns](/returns). |

## Also
| Text we cannot make | Words that hurt people, or that belong to somebody else. In that case nothing is charged. |
| System requirements | Downloads need a computer that opens ZIP files. Models (STL) are made for slicers such as PrusaSlicer or Cura. |
$t$))),
('privacy', 1, '2024-10-01 00:00:00+09', '2024-10-01 00:00:00+09', jsonb_build_object(
'ja', jsonb_build_object('title', '個人情報の取り扱い', 'body', $t${{name}}（以下「工房」）は、お客様の個人情報を、個人情報の保護に関する法律にしたがって、次のとおり取り扱います。

## お預かりするもの
- お名前、ご住所、電話番号、メールアドレス
- 名札などに入れる文字、ギフトカードのことば
- ご注文とお支払いの記録
- 不具合のお知らせやお礼に添えられた写真（撮影の場所や日時などは、受け取るときに取り除きます）

## 使う目的
- ご注文の品をお作りし、お届けするため
- ご注文・発送・返金のご連絡をするため
- お問い合わせや不具合にお答えするため
- 法律で定められた帳簿を残すため

広告や、ほかの会社の宣伝には使いません。

## 見る人
お名前とご住所を見るのは、発送とご連絡を担当する職員だけです。名札をつくる人に伝わるのは、文字とかたち、それに職員が確かめたお礼のことばと写真だけです。ご住所は暗号にして保管し、だれがいつ見たかを記録しています。

## お渡しする先
| 決済 | Stripe（アメリカの会社と、その日本法人）。カード番号はStripeが直接受け取り、工房には届きません。 |
| 配送 | 日本郵便、ヤマト運輸。宛名ラベルに必要なものだけをお渡しします。 |
| 法律にもとづく求め | 裁判所や警察などから、法律にもとづいて求められたとき。 |

このほかに、ご本人の同意なくお渡しすることはありません。

## 残す期間
| 帳簿にあたる記録 | 法律にしたがい7年間 |
| 不具合やお礼の写真 | ご注文の記録と同じ期間 |
| カートの中身 | 30日 |
| お問い合わせのメール | 解決してから1年 |

## クッキー
カート、ことば、画面の色を覚えるためだけに使います。閲覧の追跡や広告のためのものはありません。

## ご自分の情報について
ご自分の情報の開示、訂正、利用の停止、削除を求めることができます。下の窓口にお申し出ください。ご本人であることを確かめたうえで、2週間以内にお答えします。手数料はかかりません。苦情も同じ窓口でお受けします。
| 事業者 | {{name}} |
| 責任者 | {{manager}} |
| 所在地 | {{address}} |
| 窓口 | {{email}} |
| | {{phone}}（{{hours}}） |
$t$),
'easy', jsonb_build_object('title', 'あなたの 情報の あつかい', 'body', $t${{name}}は、あなたの ｜情報《じょうほう》を ｜大切《たいせつ》に します。｜法律《ほうりつ》を ｜守《まも》ります。

## ｜聞《き》く こと
- ｜名前《なまえ》、｜住所《じゅうしょ》、｜電話番号《でんわばんごう》、メールアドレス
- ｜名札《なふだ》などに ｜書《か》く ｜文字《もじ》、プレゼントの カードの ことば
- ｜注文《ちゅうもん》と お｜金《かね》の ｜記録《きろく》
- ｜送《おく》って もらった ｜写真《しゃしん》（どこで いつ とったかは ｜消《け》します）

## ｜何《なに》に ｜使《つか》うか
- ｜品物《しなもの》を ｜作《つく》って ｜送《おく》る ため
- ｜注文《ちゅうもん》の ことを ｜知《し》らせる ため
- ｜質問《しつもん》に ｜答《こた》える ため
- ｜法律《ほうりつ》で きまった ｜記録《きろく》を のこす ため

｜広告《こうこく》には ｜使《つか》いません。

## ｜見《み》る ｜人《ひと》
｜名前《なまえ》と ｜住所《じゅうしょ》を ｜見《み》るのは、｜送《おく》る ｜仕事《しごと》の ｜職員《しょくいん》だけです。｜名札《なふだ》を ｜作《つく》る ｜人《ひと》は、｜文字《もじ》と ｜形《かたち》、それに お｜礼《れい》の ことばと ｜写真《しゃしん》だけを ｜見《み》ます。だれが いつ ｜見《み》たかも ｜書《か》いて おきます。

## ほかの ｜会社《かいしゃ》に わたす もの
| お｜金《かね》を はらう ｜会社《かいしゃ》 | Stripe。カードの ｜番号《ばんごう》は Stripeが あずかります。｜工房《こうぼう》は ｜見《み》ません。 |
| ｜送《おく》る ｜会社《かいしゃ》 | ｜日本郵便《にほんゆうびん》、ヤマト｜運輸《うんゆ》。｜送《おく》るのに いる ものだけを わたします。 |
| ｜法律《ほうりつ》で きまって いる とき | ｜裁判所《さいばんしょ》や ｜警察《けいさつ》に ｜言《い》われた とき。 |

ほかの ｜人《ひと》には、あなたに ｜聞《き》かないで わたしません。

## いつまで のこすか
| お｜金《かね》の ｜記録《きろく》 | 7｜年《ねん》 |
| ｜写真《しゃしん》 | お｜金《かね》の ｜記録《きろく》と ｜同《おな》じ |
| かごの ｜中《なか》 | 30｜日《にち》 |
| ｜質問《しつもん》の メール | おわってから 1｜年《ねん》 |

## クッキー
かご、ことば、｜画面《がめん》の ｜色《いろ》を おぼえるためだけに ｜使《つか》います。

## ｜自分《じぶん》の ｜情報《じょうほう》を ｜知《し》りたい とき
｜見《み》たい、｜直《なお》したい、｜消《け》したい ときは、ここに ｜言《い》って ください。2｜週間《しゅうかん》の うちに ｜答《こた》えます。お｜金《かね》は かかりません。
| ｜会社《かいしゃ》の ｜名前《なまえ》 | {{name}} |
| ｜責任《せきにん》の ある ｜人《ひと》 | {{manager}} |
| ｜住所《じゅうしょ》 | {{address}} |
| メール | {{email}} |
| ｜電話《でんわ》 | {{phone}}（{{hours}}） |
$t$),
'en', jsonb_build_object('title', 'Privacy', 'body', $t$How {{name}} (“we”) handles your personal data, under the Japanese Act on the Protection of Personal Information.

## What we ask for
- Your name, address, phone number and e-mail address
- The text of your tag and the words on a gift card
- A record of what you ordered and paid
- Photos you send with a problem or a thank-you (where and when they were taken is removed on arrival)

## What we use it for
- To make what you ordered and to send it to you
- To write to you about your order, its shipping or a refund
- To answer questions and put defects right
- To keep the books that the law asks for

Nothing is used for advertising, ours or anybody else’s.

## Who sees it
Only the staff who ship and who answer you see your name and address. Makers see letters and shapes, and thanks with their photos once staff have read them; nothing else. Addresses are stored encrypted, and each time one is read we note who read it.

## Who else gets it
| Payment | Stripe (in the United States and in Japan). Card numbers go straight to Stripe and never reach us. |
| Delivery | Japan Post and Yamato Transport get what stands on the label. |
| Legal requests | Courts, police and others who ask under a law. |

Nobody else gets it without your consent.

## How long we keep it
| Bookkeeping records | 7 years, as the law asks |
| Photos | As long as the record of the order |
| Carts | 30 days |
| Questions by e-mail | 1 year after they are settled |

## Cookies
They remember your cart, language and colors. None are for tracking or advertising.

## Your rights
You may ask to see, correct or delete your data, or ask us to stop using it. Write to the address below; once we know that it is you, we answer within two weeks, free of charge. Complaints are welcome there, too.
| Controller | {{name}} |
| Person in charge | {{manager}} |
| Address | {{address}} |
| Contact | {{email}} |
| | {{phone}} ({{hours}}) |
$t$))),
('shipping', 1, '2024-10-01 00:00:00+09', '2024-10-01 00:00:00+09', jsonb_build_object(
'ja', jsonb_build_object('title', '配送について', 'body', $t$ひとつずつ袋に入れ、折れ曲がらないように包んでお送りします。お届けできるのは日本国内です。

## 送りかたと送料

{{postage}}

いちばん安い送りかたを、ご購入手続きの画面で大きさと重さから選んでお見せします。「急がない便」を選んでいただくと、工房のペースでつくれます。とても助かります。

## 発送の時期
商品のページと最終確認の画面に、発送の日の幅を表示しています。文字の確認、印刷、仕上げ、検品を終えたものから発送し、お問い合わせ番号をメールでお知らせします。工房のお休みの日は発送しません。

## 工房での受け取り
用意ができたらメールでお知らせします。{{hours}}に、工房（{{address}}）へお越しください。ご注文の番号をお伝えいただければ、お渡しできます。

## 届かないとき
- 発送のお知らせから1週間たっても届かないとき
- 中身が足りないとき、こわれているとき

ご注文のページの「品物について連絡する」か、{{email}}へご連絡ください。お調べして、作り直すか返金します。

## ダウンロード商品
{{download}}
$t$),
'easy', jsonb_build_object('title', '送りかた', 'body', $t$ひとつずつ ふくろに ｜入《い》れて ｜送《おく》ります。｜日本《にほん》の ｜中《なか》に ｜送《おく》れます。

## ｜送《おく》りかたと お｜金《かね》

{{postage}}

「｜急《いそ》がない｜便《びん》」を えらぶと、みんなが ゆっくり ｜作《つく》れます。とても うれしいです。

## いつ ｜送《おく》るか
｜商品《しょうひん》の ページと、｜注文《ちゅうもん》を たしかめる ページに ｜書《か》いて あります。｜送《おく》ったら、｜荷物《にもつ》の ｜番号《ばんごう》を メールで ｜知《し》らせます。｜工房《こうぼう》が ｜休《やす》みの ｜日《ひ》は ｜送《おく》りません。

## ｜工房《こうぼう》に とりに ｜来《く》る
できたら メールで ｜知《し》らせます。｜工房《こうぼう》（{{address}}）に ｜来《き》て ください。｜来《こ》られる ｜時間《じかん》は {{hours}} です。｜注文《ちゅうもん》の ｜番号《ばんごう》を ｜言《い》って ください。

## とどかない とき
- ｜送《おく》った メールから 1｜週間《しゅうかん》 たっても とどかない とき
- ｜足《た》りない とき、こわれて いる とき

｜注文《ちゅうもん》の ページか、{{email}}で ｜教《おし》えて ください。しらべて、｜作《つく》りなおすか、お｜金《かね》を かえします。

## ダウンロードの もの
{{download}}
$t$),
'en', jsonb_build_object('title', 'Shipping', 'body', $t$Every piece goes into a bag of its own and is packed so that it does not bend. We ship within Japan.

## Ways and prices

{{postage}}

At checkout we work out the cheapest way from size and weight. If you choose “no hurry”, we can work at our own rhythm. It really helps.

## When we ship
Product pages and the review page show the days between which we ship. Your order leaves once its text was read and it is printed, finished and inspected; the tracking number comes by e-mail. Nothing leaves on days when the workshop is closed.

## Picking up at the workshop
We write when it is ready. Come to {{address}}, {{hours}}, and tell us your order number.

## If it does not arrive
- If it is not there a week after we wrote that it was sent
- If something is missing or broken

Tell us on your order page or at {{email}}. We look into it and make it again or refund you.

## Downloads
{{download}}
$t$))),
('returns', 1, '2024-10-01 00:00:00+09', '2024-10-01 00:00:00+09', jsonb_build_object(
'ja', jsonb_build_object('title', '返品・交換', 'body', $t$## 決まり
{{returns}}

## キャンセルするとき
ご注文のページの「注文をキャンセルする」を押してください。製作が始まると、このボタンは出なくなります。いただいたお金は全額お返しします。

## 不具合があったとき
届いた品がこわれている、文字がちがう、仕上がりがよくない。そんなときは、発送から60日以内に、ご注文のページの「品物について連絡する」からお知らせください。写真があると早くお答えできます。作り直しも返金も、送料は工房が負担します。

## 在庫の商品を返品するとき
まず{{email}}へご連絡ください。お送りいただく先をお知らせします。
- 未開封で、到着から8日以内のもの
- 送料はお客様のご負担です
- 届いたことを確かめてから、商品の代金をお返しします

## お金のお返しかた
| クレジットカード | カード会社を通してお返しします。お手元に戻る日はカード会社によります。 |
| コンビニ払い | 決済会社Stripeから届くメールで、お振り込み先をお知らせください。 |
| 銀行振込 | お客様の口座へ、工房から振り込みます。 |
$t$),
'easy', jsonb_build_object('title', '返品・交換', 'body', $t$## きまり
{{returns}}

## ｜注文《ちゅうもん》を やめる とき
｜注文《ちゅうもん》の ページの「｜注文《ちゅうもん》を やめる」を おして ください。｜作《つく》りはじめると、やめる ことが できません。やめたら、お｜金《かね》は ぜんぶ かえします。

## こわれて いる とき
こわれて いる、｜文字《もじ》が ちがう、きれいで ない。そんな ときは、｜送《おく》ってから 60｜日《にち》の うちに、｜注文《ちゅうもん》の ページで ｜教《おし》えて ください。｜写真《しゃしん》が あると、｜早《はや》く わかります。｜送《おく》る お｜金《かね》は ｜工房《こうぼう》が はらいます。

## できて いる ものを かえす とき
はじめに {{email}}に メールを ください。｜送《おく》る ところを ｜教《おし》えます。
- あけて いない もの。とどいてから 8｜日《か》の うち
- ｜送《おく》る お｜金《かね》は お｜客《きゃく》さまが はらいます
- とどいたら、｜品物《しなもの》の お｜金《かね》を かえします

## お｜金《かね》の かえしかた
| クレジットカード | カードの ｜会社《かいしゃ》から かえります。 |
| コンビニ | Stripeから メールが とどきます。｜銀行《ぎんこう》の ｜口座《こうざ》を ｜書《か》いて ください。 |
| ｜銀行《ぎんこう》 | お｜客《きゃく》さまの ｜口座《こうざ》に ｜送《おく》ります。 |
$t$),
'en', jsonb_build_object('title', 'Returns', 'body', $t$## The rules
{{returns}}

## Canceling
Press “Cancel the order” on your order page. The button goes away once we start making. Whatever you paid is refunded in full.

## If something is wrong
Broken, a wrong letter, not well finished? Tell us on your order page within 60 days of shipping; a photo helps us answer sooner. Whether we make it again or refund you, we pay the postage.

## Returning goods from stock
Write to {{email}} first, and we tell you where to send it.
- Unopened, within 8 days of arrival
- At your cost
- Once it is here, we refund the price of the goods

## How money comes back
| Credit card | Through your card company, which decides on which day you see it. |
| Convenience store | Stripe writes to you and asks for your bank account. |
| Bank transfer | We transfer it to your account. |
$t$))),
('accessibility', 1, '2024-10-01 00:00:00+09', '2024-10-01 00:00:00+09', jsonb_build_object(
'ja', jsonb_build_object('title', 'アクセシビリティ', 'body', $t$障害のある人がつくる店です。障害のある人が、ひとりで、気持ちよく買える店でもありたいと思っています。

## めざすもの
JIS X 8341-3:2016 の適合レベルAAと、WCAG 2.2 のレベルAAを目標にしています。お店のすべてのページが対象です。お支払いの画面は決済会社Stripeのもので、対象に入りません。

## していること
- 文字の大きさを200％にしても、幅320ピクセルの画面でも、横に動かさずに読めます
- マウスを使わず、キーボードだけで、商品を選んでからご注文まで進めます
- スクリプトが動かなくても、すべての手続きができます
- 立体の見本は、大きさと色と文字をことばでも伝えます
- 明るい、暗い、刺激を減らす、の3つの画面の色を選べます。動きを減らす設定にも従います
- 日本語、ふりがなのついたやさしい日本語、英語で読めます
- 時間に追われません。カートの中身は30日残ります

## 確かめかた
すべてのページを、3つの画面の色で、検査の道具（axe）とブラウザーで調べています。直すたびに、キーボードだけで買う手順も試しています。

## まだできていないこと
- 領収書などのPDFには、読み上げのための目印がついていません。同じ内容をご注文のページで読めます
- やさしい日本語のふりがなは、お店の案内のページにつけています。商品の説明などには、まだないところがあります

## ご連絡ください
使いにくいところがありましたら、お知らせください。別のかたち（メール、お電話、大きな文字の印刷）でのご案内やご注文もお受けします。
| メール | {{email}} |
| 電話 | {{phone}}（{{hours}}） |
$t$),
'easy', jsonb_build_object('title', 'だれでも 使える お店に', 'body', $t$｜障害《しょうがい》の ある ｜人《ひと》が ｜作《つく》る お｜店《みせ》です。｜障害《しょうがい》の ある ｜人《ひと》が ひとりで ｜買《か》える お｜店《みせ》に したいです。

## めあて
JIS X 8341-3:2016と WCAG 2.2という きまりの、レベルAAを めあてに して います。お｜金《かね》を はらう ｜画面《がめん》は Stripeという ｜会社《かいしゃ》の ものです。

## して いる こと
- ｜文字《もじ》を ｜大《おお》きく しても ｜読《よ》めます
- キーボードだけで ｜買《か》えます
- ｜立体《りったい》の ｜見本《みほん》を、ことばでも ｜知《し》らせます
- ｜画面《がめん》の ｜色《いろ》を 3つから えらべます
- ｜日本語《にほんご》、やさしい｜日本語《にほんご》、｜英語《えいご》で ｜読《よ》めます
- ゆっくり えらべます。かごの ｜中《なか》は 30｜日《にち》 のこります

## まだ できて いない こと
- ｜領収書《りょうしゅうしょ》などの PDFは、｜声《こえ》で ｜読《よ》みにくいです。おなじ ことを ｜注文《ちゅうもん》の ページで ｜読《よ》めます
- ふりがなが まだ ない ところが あります

## ｜教《おし》えて ください
｜使《つか》いにくい ところを ｜教《おし》えて ください。メールや ｜電話《でんわ》でも ｜注文《ちゅうもん》できます。
| メール | {{email}} |
| ｜電話《でんわ》 | {{phone}}（{{hours}}） |
$t$),
'en', jsonb_build_object('title', 'Accessibility', 'body', $t$Disabled people make what is sold here. Disabled people should be able to buy it on their own, and with pleasure.

## What we aim for
Level AA of WCAG 2.2 and of JIS X 8341-3:2016, on all pages of the shop. The payment page belongs to Stripe and is not included.

## What we do
- Text can be doubled in size, and a screen 320 pixels wide is enough, without scrolling sideways
- Everything works by keyboard, from choosing to ordering
- Everything works without scripts
- The model in 3D is also told in words: its size, its colors and its text
- Light, dark and calm colors; less motion for those whose device asks for it
- Japanese, easy Japanese with furigana, and English
- No hurry: a cart is kept for 30 days

## How we check
Every page is checked in all three color themes with axe and in a browser. The way to an order is walked by keyboard alone whenever something changes.

## What is not there yet
- PDF documents such as receipts carry no tags for screen readers. Your order page says the same
- Furigana stand on the pages about the shop, but not yet everywhere in the shop’s easy Japanese

## Tell us
Please tell us what is hard to use. We also answer and take orders by e-mail and phone, or in large print.
| E-mail | {{email}} |
| Phone | {{phone}} ({{hours}}) |
$t$))),
('about', 1, '2024-10-01 00:00:00+09', '2024-10-01 00:00:00+09', jsonb_build_object(
'ja', jsonb_build_object('title', '工房のこと', 'body', $t$つくり場は、就労継続支援B型の工房です。精神、知的、発達、身体など、さまざまな障害のある人が通い、3Dプリンターで名札や季節の品をつくり、ここで売っています。

## はじまり
最初につくったのは、自分たちの名札でした。プリンターから出てきた自分の名前を、手のひらにのせて、長いあいだ見ていた人がいました。名前は、その人だけのものです。それをつくる仕事なら、ここで続けていけると思いました。

## つくりかた
文字を読む。版を組む。印刷する。角を整える。見る。袋に詰める。ひとつの名札を、何人もの手でつくります。だれが、どの工程を、どのくらいするかは、本人が選びます。休むことも、途中で替わることもできます。

## 三つのこと
- する：手を動かし、道具を使い、役に立つものをつくる
- いる：安心して、自分のままでいる
- つながる：仲間と、地域と、使ってくださる方とつながる

## お金のゆくえ
売上から材料や発送にかかった費用を引いた残りは、工賃として、つくった人たちに支払われます。

## つくる人
つくり手の名前は、本人が望んだときだけ載せています。いまは「つくり場のみんな」としてお届けしています。

## 工房
| 名前 | {{name}} |
| 所在地 | {{address}} |
| 電話 | {{phone}}（{{hours}}） |

見学もお受けしています。[お問い合わせ](/contact)からご連絡ください。
$t$),
'easy', jsonb_build_object('title', 'わたしたちの こと', 'body', $t$つくり｜場《ば》は、｜障害《しょうがい》の ある ｜人《ひと》が はたらく ｜工房《こうぼう》です。3Dプリンターで ｜名札《なふだ》や ｜季節《きせつ》の ものを ｜作《つく》って、ここで ｜売《う》って います。

## はじまり
はじめに ｜作《つく》ったのは、｜自分《じぶん》たちの ｜名札《なふだ》です。｜自分《じぶん》の ｜名前《なまえ》が できて、とても うれしい ｜人《ひと》が いました。だから、｜名前《なまえ》を ｜作《つく》る ｜仕事《しごと》を はじめました。

## ｜作《つく》りかた
｜文字《もじ》を ｜読《よ》む。｜印刷《いんさつ》する。きれいに する。｜見《み》る。ふくろに ｜入《い》れる。ひとつの ｜名札《なふだ》を、｜何人《なんにん》もの ｜人《ひと》が ｜作《つく》ります。｜何《なに》を するかは、｜自分《じぶん》で えらびます。｜休《やす》んでも いいです。

## お｜金《かね》の こと
｜売《う》れた お｜金《かね》から、｜材料《ざいりょう》や ｜送《おく》る お｜金《かね》を ｜引《ひ》きます。のこりは、｜作《つく》った ｜人《ひと》たちに はらいます。

## ｜作《つく》る ｜人《ひと》
｜作《つく》った ｜人《ひと》の ｜名前《なまえ》は、その ｜人《ひと》が ｜出《だ》したい ときだけ ｜出《だ》します。いまは「つくり｜場《ば》の みんな」です。

## ｜工房《こうぼう》
| ｜名前《なまえ》 | {{name}} |
| ｜住所《じゅうしょ》 | {{address}} |
| ｜電話《でんわ》 | {{phone}}（{{hours}}） |

｜見《み》に ｜来《く》る ことも できます。[｜質問《しつもん》の ページ](/contact)から ｜教《おし》えて ください。
$t$),
'en', jsonb_build_object('title', 'About us', 'body', $t$Tsukuriba is a workshop for supported employment in Japan. People with psychiatric, intellectual, developmental or physical disabilities come here, make name tags and seasonal things with 3D printers, and sell them in this shop.

## How it began
The first things we made were our own name tags. Somebody held their own name in their hand, fresh from the printer, and looked at it for a long time. A name belongs to one person. Making names, we thought, is work that we can go on with.

## How things are made
Read the text. Arrange the plate. Print. Smooth the edges. Look. Pack. Many hands make one tag, and everybody chooses what to do and how much of it. Anybody may rest, or hand over halfway.

## Three words
- Doing: working with hands and tools on something of use
- Being: being oneself, in safety
- Belonging: to peers, to the neighborhood, to those who use what we make

## Where the money goes
What is left of a sale after material and shipping is paid to the people who made it.

## The makers
Makers are named only if they want to be. For now, everything comes from “everyone at Tsukuriba”.

## The workshop
| Name | {{name}} |
| Address | {{address}} |
| Phone | {{phone}} ({{hours}}) |

Visitors are welcome. Please [get in touch](/contact) first.
$t$)));
-- +goose StatementEnd

-- +goose Down
DROP TABLE shop_versions;
DROP FUNCTION refuse_change_of_version;
DROP DOMAIN shop_page;
