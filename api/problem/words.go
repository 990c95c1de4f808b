package problem

import (
	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
)

// sentences say for each code what happened and what a person can do. Those that reach a member's
// tablet speak as the tablet does: no hurry, no judgment.
var sentences = map[string]struct{ ja, en string }{
	"internal":                 {"こちらの不具合です。少し待って、もう一度お試しください。", "Something broke on our side. Please try again in a moment."},
	"unavailable":              {"いま応答できません。少し待って、もう一度お試しください。", "We cannot answer right now. Please try again in a moment."},
	"invalid_fields":           {"入力を確認してください。", "Please check what you entered."},
	"route_not_found":          {"このページはありません。", "There is no such address."},
	"method_not_allowed":       {"この操作はここではできません。", "This cannot be done here."},
	"unsupported_content_type": {"application/json(写真は application/octet-stream)で送ってください。", "Please send application/json (a photo as application/octet-stream)."},
	"invalid_json":             {"送られた内容を読み取れません。JSON を確認してください。", "The body could not be read. Please check the JSON."},
	"body_too_large":           {"送られた内容が大きすぎます。", "The body is too large."},
	"too_many_requests":        {"回数が多すぎます。少し待ってからお試しください。", "Too many requests. Please wait a moment."},
	"not_signed_in":            {"ログインしてください。", "Please sign in."},
	"forbidden":                {"この操作の権限がありません。管理者にご相談ください。", "Your role does not allow this. Please ask a manager."},
	"cross_origin":             {"ほかのサイトからの操作は受け付けません。", "Requests from other sites are not accepted."},
	"idempotency_key_reused":   {"この Idempotency-Key は別の内容で使われています。新しいキーを使ってください。", "This Idempotency-Key was used for another request. Please use a new one."},
	"request_in_flight":        {"同じ操作を処理しています。少し待ってください。", "The same request is still being worked on. Please wait a moment."},
	"postal_code_not_found":    {"この郵便番号の住所が見つかりません。住所をそのまま入力してください(会社や役所だけの番号もあります)。", "No place is known for this postal code. Please type the address (some codes belong to one company or office)."},

	"product_not_found":    {"この商品はありません。", "There is no such product."},
	"variant_not_found":    {"この商品の種類はありません。", "There is no such variant."},
	"collection_not_found": {"このコレクションはいま公開していません。", "This collection is not open at the moment."},
	"design_not_found":     {"このデザインはありません。もう一度お作りください。", "There is no such design. Please make it again."},
	"no_picture":           {"この商品の写真はまだありません。", "There is no picture of this product yet."},
	"unknown_view":         {"この向きの写真はありません。", "There is no such view."},
	"bad_cursor":           {"続きを表示できません。一覧の最初からご覧ください。", "This page cannot be continued. Please start from the first one."},
	"not_personalized":     {"この商品には文字を入れられません。", "This product does not take a text."},
	"not_for_sale":         {"この商品はいま販売していません。", "This product is not for sale at the moment."},
	"size_missing":         {"在庫の商品には、幅・奥行き・高さが要ります。", "A product from the shelf needs width, depth and height."},
	"file_missing":         {"ダウンロード商品には、ファイルが要ります。", "A digital product needs its file."},
	"not_digital":          {"ファイルを付けられるのは、ダウンロード商品だけです。", "Only a digital product has a file."},
	"file_type":            {"STL・3MF・PDF・PNG・ZIP のファイルではないか、途中で切れています。中身を確かめて、もう一度選んでください。", "This is no STL, 3MF, PDF, PNG or ZIP file, or it is cut off."},
	"file_too_large":       {"ファイルは50 MBまでです。小さくして、もう一度選んでください。", "A file has at most 50 MB."},
	"design_changed":       {"このデザインは同じ形で作れなくなりました。もう一度お作りください。", "This design would no longer come out the same. Please make it again."},
	"thanked_already":      {"お礼のことばは、もう受け取りました。", "We have your thank-you already."},
	"thanks_read":          {"スタッフがもう読んだので、写真は変えられません。", "Staff have read it already, so its photo stays as it is."},
	"thanks_not_found":     {"そのメッセージは見つかりません。", "There is no such message."},
	"intake_closed":        {"いまは、これ以上のご注文をお受けできません。", "We cannot take on more orders at the moment."},
	"out_of_stock":         {"在庫が足りません。", "There are not enough left."},
	"blank_text":           {"文字を入れてください。", "Please enter a text."},
	"invalid_schema":       {"このままでは保存できません。", "This cannot be saved as it is."},
	"unknown_shape":        {"この形は選べません。", "This shape cannot be chosen."},
	"unknown_icon":         {"この絵は選べません。", "This icon cannot be chosen."},
	"letters_apart":        {"文字と文字が離れすぎていて、ひとつながりに作れません。間の空白を減らしてください。", "The letters stand too far apart to be one piece. Please use fewer spaces."},
	"unknown_font":         {"この書体は選べません。", "This font cannot be chosen."},
	"missing_glyphs":       {"この書体では作れない文字があります。", "The font cannot draw some of the characters."},
	"invisible_characters": {"目に見えない文字が入っています。取り除いてください。", "The text has invisible characters. Please remove them."},
	"characters_not_taken": {"ここでは使えない文字があります。", "Some characters cannot be used here."},
	"text_denied":          {"このことばは、人を傷つけることがあるため、おつくりしていません。ほかのことばでお願いします。", "We do not make this word, because it can hurt people. Please choose another one."},
	"text_of_others":       {"ほかの会社や作品の名前にあたるため、おつくりできません。ほかのことばでお願いします。", "We cannot make this, because the name belongs to somebody else. Please choose another one."},
	"too_large":            {"大きすぎて作れません。文字を減らすか、小さくしてください。", "It would be too large. Please use fewer or smaller letters."},
	"too_thin":             {"線が細くなりすぎます。文字を大きくするか、書体を変えてください。", "The strokes would be too thin. Please choose larger letters or another font."},
	"too_long":             {"文字が多すぎます。", "The text is too long."},
	"out_of_range":         {"作れる大きさを超えています。", "This is outside of what can be made."},

	"word_not_found": {"このことばは一覧にありません。", "There is no such word on the lists."},
	"word_known":     {"このことばは、もう一覧にあります。", "The word is on a list already."},
	"bad_word":       {"ことば（40文字まで）、一覧、理由を選んでください。", "A word of up to 40 letters, a list and a reason are needed."},

	"cart_not_found":          {"このカートはありません。もう一度商品をお入れください。", "There is no such cart. Please add the goods again."},
	"cart_empty":              {"カートに商品がありません。", "The cart is empty."},
	"cart_full":               {"カートに入るのは50種類までです。", "A cart holds up to 50 different things."},
	"cart_changed":            {"確認のあとにカートの内容が変わりました。もう一度ご確認ください。", "The cart has changed since you saw the confirmation. Please check it again."},
	"line_not_found":          {"カートにこの商品はありません。", "This line is not in the cart."},
	"bad_quantity":            {"数量は1から99までです。", "A quantity is from 1 to 99."},
	"design_missing":          {"入れる文字を先に決めてください。", "Please choose the text first."},
	"design_mismatch":         {"このデザインは別の商品のものです。", "This design belongs to another product."},
	"checkout_not_found":      {"この確認画面はありません。カートからやり直してください。", "There is no such confirmation. Please start from the cart."},
	"checkout_expired":        {"確認画面の有効時間が過ぎました。カートからやり直してください。", "The confirmation has expired. Please start from the cart."},
	"order_not_found":         {"この注文はありません。メールのリンクをご確認ください。", "There is no such order. Please check the link in your mail."},
	"payment_not_found":       {"このお支払いはありません。", "There is no such payment."},
	"refund_not_found":        {"この返金はありません。", "There is no such refund."},
	"wrong_order_state":       {"いまの注文の状態ではできません。", "The order's state does not allow this."},
	"changed_meanwhile":       {"ほかの人が先に変更しました。開き直してください。", "Somebody changed it meanwhile. Please reload."},
	"on_hold":                 {"この注文は保留中です。", "The order is on hold."},
	"not_paid":                {"お支払いが済んでいません。", "The order is not fully paid."},
	"unknown_reason":          {"理由を一覧から選んでください。", "Please choose one of the reasons."},
	"contact_closed":          {"宛先は発送準備から発送後14日までご覧になれます。", "The address can be read from ready until 14 days after shipping."},
	"too_many_attempts":       {"お支払いの回数が上限に達しました。お問い合わせください。", "There were too many attempts to pay. Please contact us."},
	"matter_not_found":        {"この用件は、もう片づいています。", "This matter is settled already."},
	"dispute_not_found":       {"この異議はありません。", "There is no such dispute."},
	"no_capacity":             {"30日以内に作って送る余裕がないため、この注文は続けられません。返金してください。", "The workshop has no room for this order within 30 days. Please refund it."},
	"dispute_open":            {"異議がまだ決着していないか、認められなかったため、保留は解けません。", "The dispute has not been decided in our favor, so the hold stays."},
	"refund_too_large":        {"返金できる残りを超えています。いまの残りを確かめて、もう一度お試しください。", "This is more than is left to give back. Please look at what is left and try again."},
	"refund_assigned":         {"この返金の内訳は、もう決まっています。", "It is known already what this refund was for."},
	"refund_unassigned":       {"先に、決済サービスの画面で行われた返金の内訳を決めてください。", "Please say first what the refund made at the payment provider was for."},
	"refund_not_failed":       {"この返金はやり直せません。届いているか、もうやり直しています。", "This refund has not failed, or was tried again already."},
	"transfer_not_found":      {"この入金の記録はありません。", "There is no such transfer."},
	"transfer_known":          {"この番号の入金は、別の注文に記録されています。", "This transfer was entered for another order."},
	"transfer_relied":         {"この入金をもとに、制作・お渡し・領収書・返金のどれかが進んでいるため、取り消せません。", "Work, a download, a receipt or a refund relies on this transfer already."},
	"refund_not_by_bank":      {"この返金は、工房から振り込むものではありません。", "This refund is not sent by the workshop's bank."},
	"no_surplus":              {"多く振り込まれたお金はありません。", "No more was transferred than the order costs."},
	"quotation_not_found":     {"このお見積もりはありません。メールのリンクをご確認ください。", "There is no such quotation. Please check the link in your mail."},
	"quotation_ended":         {"お見積もりの有効期限が過ぎました。カートからもう一度お見積もりください。", "The time of this quotation is over. Please start from the cart."},
	"mail_not_found":          {"このメールはありません。", "There is no such mail."},
	"mail_unsent":             {"このメールは、まだ送られていません。", "The mail has not left yet."},
	"mail_delivered":          {"このメールは届いているか、いま送っているところです。", "The mail has arrived or is on its way."},
	"document_not_found":      {"この書類はありません。", "There is no such document."},
	"unknown_document":        {"この種類の書類はありません。", "There is no such kind of document."},
	"document_damaged":        {"保存した書類が発行時のものと違います。管理者にご相談ください。", "The stored document is not what was issued. Please ask a manager."},
	"claim_not_found":         {"このご連絡はありません。", "There is no such claim."},
	"claim_open":              {"この品物については、もうご連絡をいただいています。工房からの返事をお待ちください。", "You have written about this already. Please wait for our answer."},
	"claim_too_late":          {"このページからのご連絡は、発送から60日までです。メールでご相談ください。", "This page takes messages until 60 days after shipping. Please write us a mail."},
	"too_many_photos":         {"写真は3枚までです。", "Up to three photos, please."},
	"photo_not_found":         {"この写真はありません。", "There is no such photo."},
	"photo_type":              {"この形式の写真は読めません。JPEG・PNG・WebP の写真を選んでください。", "This kind of file cannot be read. Please choose a JPEG, PNG or WebP."},
	"photo_heic":              {"HEIC や AVIF の写真は読めません。iPhone では「設定 → カメラ → フォーマット」を「互換性優先」にして撮るか、画面の写し(スクリーンショット)を選んでください。", "HEIC and AVIF photos cannot be read. On an iPhone choose Settings → Camera → Formats → Most Compatible, or send a screenshot."},
	"photo_too_large":         {"写真は1枚 10 MB までです。", "A photo may have up to 10 MB."},
	"photo_too_many_pixels":   {"写真が細かすぎます(3,000万画素まで)。小さくした写真か、画面の写し(スクリーンショット)を選んでください。", "The photo has more than 30 million pixels. Please choose a smaller one, or a screenshot."},
	"photo_damaged":           {"写真が途中で切れているか、こわれています。もう一度選んでください。", "The photo is cut off or damaged. Please choose it again."},
	"claim_decided":           {"このご連絡への対応は、もう決まっています。", "This claim has been decided already."},
	"claim_not_ready":         {"お送りするものが、まだそろっていません。", "Nothing is ready to be shipped for this claim yet."},
	"line_refunded":           {"この品物の代金は、もうお返ししています。", "These pieces were refunded already."},
	"not_counted":             {"この商品は在庫を数えていません。", "The stock of this product is not counted."},
	"bad_count":               {"数は0から9999まで、入荷は1から入れてください。", "Please enter a number from 0 to 9999; at least 1 comes in."},
	"stock_reserved":          {"注文のために取り置いている数より少なくはできません。", "Orders have reserved more pieces than that."},
	"no_stock_reason":         {"数を直す理由を、200文字までで書いてください。", "Please say in up to 200 letters why the number is corrected."},
	"routing_mismatch":        {"名入れの商品には作りかたが要り、在庫の商品には作りかたを付けられません。", "A personalized product needs a routing, and no other takes one."},
	"forged_event":            {"署名が正しくありません。", "The signature is not valid."},
	"payment_unavailable":     {"決済サービスが応答しません。少し待って、もう一度お試しください。", "The payment provider does not answer. Please try again in a moment."},
	"payment_refused":         {"決済サービスが受け付けませんでした。別のお支払い方法をお試しください。", "The payment provider refused. Please try another way to pay."},
	"no_gift_message":         {"この注文には、カードに書くことばがありません。", "This order has no message for a card."},
	"price_not_found":         {"この値段はありません。", "There is no such price."},
	"page_refused":            {"このままでは掲載できません。", "This page cannot be shown as it is."},
	"shop_not_open":           {"お店の準備中です。ご注文は、まだお受けできません。", "The shop is not open yet. We cannot take orders."},
	"page_not_found":          {"このページはありません。", "There is no such page."},
	"version_not_found":       {"その版はありません。", "There is no such version."},
	"version_in_force":        {"もう始まった版は取り消せません。新しい版を加えてください。", "A version that has begun cannot be taken back. Please add a new one."},
	"price_in_force":          {"もう始まった値段は取り消せません。新しい値段を加えてください。", "A price that has begun cannot be taken back. Please add a new one."},
	"discount_code_not_found": {"この割引コードはありません。", "There is no such discount code."},
	"download_not_found":      {"このダウンロードはありません。メールのリンクから注文ページを開いてください。", "There is no such download. Please open your order page from the mail."},
	"download_over":           {"ダウンロードできる回数か期間が過ぎました。お問い合わせください。", "The download has been used up or its time is over. Please contact us."},
	"unknown_export":          {"この書き出しはありません。", "There is no such export."},
	"refund_open":             {"返金がまだ済んでいません。", "The refund has not arrived yet."},

	"task_not_found":       {"この しごとは ありません。", "There is no such task."},
	"unit_not_found":       {"この 品物は ありません。", "There is no such piece."},
	"plate_not_found":      {"このプレートはありません。", "There is no such plate."},
	"run_not_found":        {"この印刷はありません。", "There is no such print run."},
	"printer_not_found":    {"この プリンターは ありません。", "There is no such printer."},
	"spool_not_found":      {"この フィラメントは ありません。", "There is no such spool."},
	"not_your_task":        {"これは ほかの人の しごとです。", "This task is somebody else's."},
	"wrong_task_state":     {"この しごとは、いまは 変えられません。", "The task's state does not allow this."},
	"busy":                 {"ほかの しごとが 手もとに あります。", "Another task is under way."},
	"cannot_undo":          {"ここからは もどせません。職員を よんでください。", "This cannot be taken back. Please call staff."},
	"own_work":             {"自分で仕上げたものは、ほかの人が見ます。", "Nobody checks what they finished themselves."},
	"wrong_code":           {"番号が ちがいます。もう一度 見てください。", "The code is another one. Please look again."},
	"pieces_incomplete":    {"ひとつずつ えらんでください。", "Each piece needs exactly one result."},
	"reworked_twice":       {"この 品物は 新しく作ります。", "This piece is made anew."},
	"not_sliced":           {"スライスが まだです。", "The plate has not been sliced yet."},
	"unknown_outcome":      {"見えたものを えらんでください。", "Please choose what was seen."},
	"wrong_unit_state":     {"この 品物は、いまは 変えられません。", "The piece's state does not allow this."},
	"wrong_plate_state":    {"いまのプレートの状態ではできません。", "The plate's state does not allow this."},
	"wrong_run_state":      {"いまの印刷の状態ではできません。", "The print run's state does not allow this."},
	"bed_not_clear":        {"プリンターの台を 先に 片づけてください。", "The bed has to be cleared first."},
	"printer_taken":        {"この プリンターは いま 使っています。", "The printer is in use."},
	"wrong_profile":        {"このプリンターの設定は別のプレート用です。", "The printer is set up for another profile."},
	"wrong_color":          {"色が ちがいます。プレートの色を 見てください。", "The spool has another color than the plate."},
	"spool_too_low":        {"この フィラメントでは 足りません。ほかのものを えらんでください。", "The spool has not enough left for the plate. Please choose another."},
	"artifact_changed":     {"確かめた印刷データと違います。スライスし直してください。", "The G-code is not the verified one. Please slice again."},
	"printer_offline":      {"プリンターに つながりません。職員を よんでください。", "The printer cannot be reached. Please call staff."},
	"printer_file_missing": {"プリンターに印刷データがありません。", "The printer does not have the file."},
	"printer_ambiguous":    {"印刷が始まったか確かめてください。", "Please check whether the printer has started."},
	"printer_manual":       {"このプリンターは手で動かします。", "This printer is worked by hand."},

	"member_not_found":      {"この利用者は登録されていません。", "There is no such member."},
	"too_many_tries":        {"まちがいが つづいたので、少しの間 お休みします。5分ほど待ってから もう一度 どうぞ。", "Too many wrong tries. Please wait about five minutes, then try again."},
	"wrong_pin":             {"番号が ちがいます。もう一度 どうぞ。", "The four digits do not match. Please try again."},
	"unknown_stage":         {"この段階はありません。", "There is no such stage."},
	"unknown_mood":          {"この 絵は ありません。", "There is no such mood."},
	"offer_not_found":       {"この カードは もう ありません。", "This offer is no longer open."},
	"member_absent":         {"今日は来ていません。", "The member is not here today."},
	"member_has_work":       {"手もとに しごとが あります。", "The member has a task in hand."},
	"enough_offers":         {"すでに3つ提案しています。", "The member has three offers already."},
	"not_today":             {"今日はこの仕事を望んでいません。", "The member does not want this kind again today."},
	"hazard":                {"この仕事には、その人が避けているものが含まれます。", "The member does not work with a hazard of this task."},
	"stage_too_low":         {"この仕事は、その人のいまの段階より先のものです。", "The task is above the member's stage in this skill."},
	"task_too_long":         {"一度に続けられる時間より長い仕事です。", "The task takes longer than the member works in one go."},
	"no_time_left":          {"今日の残り時間に入りません。", "The task takes longer than the member's day has left."},
	"wrong_sign_in":         {"メールアドレスかパスワードが違います。", "E-mail or password is wrong."},
	"staff_not_found":       {"この職員は登録されていません。", "There is no such staff member."},
	"staff_exists":          {"このメールアドレスの職員はすでに登録されています。", "There is a staff member with this e-mail already."},
	"weak_password":         {"パスワードは10文字以上にしてください。", "A password needs at least 10 characters."},
	"wrong_enrollment_code": {"コードが違うか、期限が切れています。職員が新しいコードを出してください。", "The code is wrong, used or has run out. Please ask staff for a new one."},
	"tablet_not_found":      {"このタブレットは登録されていません。", "This tablet is not enrolled."},
}

// fontNames are the fonts as the cards of the studio call them.
var fontNames = map[tag.FontID]struct{ ja, en string }{
	tag.MPlusRoundedExtraBold: {"まるゴシック（極太）", "Rounded, extra bold"},
	tag.MPlusRoundedBold:      {"まるゴシック（太）", "Rounded, bold"},
	tag.NotoSansJPBold:        {"角ゴシック（太）", "Sans serif, bold"},
}

func fontName(font tag.FontID, language Language) string {
	if language == English {
		return fontNames[font].en
	}
	return fontNames[font].ja
}

// schemaFaults say what is wrong at a place of a personalization.
var schemaFaults = map[catalog.SchemaFault]struct{ ja, en string }{
	catalog.FieldMissing:    {"この項目は必要です。", "This field is needed."},
	catalog.FieldTwice:      {"同じ項目が二つあります。", "This field is there twice."},
	catalog.WrongType:       {"知らない項目か、種類が違います。", "This field is unknown or has another type."},
	catalog.NoLabel:         {"名前を60文字までで付けてください。", "Please give it a name of up to 60 characters."},
	catalog.BadLength:       {"文字数は 0〜40 で、最少は最多を超えられません。", "Lengths go from 0 to 40, the least not above the most."},
	catalog.OptionsOfLine:   {"書き込む項目に選択肢は付けられません。", "What is typed has no options."},
	catalog.BadDefault:      {"はじめの答えが選択肢にないか、読めません。", "The default is not offered or cannot be read."},
	catalog.NotPricedByLine: {"文字数の料金は、書き込む項目だけに付けられます。", "Only what is typed is priced by length."},
	catalog.BadPrice:        {"料金は 0〜100,000円にしてください。", "Prices go from ¥0 to ¥100,000."},
	catalog.OptionTwice:     {"同じ選択肢が二つあります。", "This option is there twice."},
	catalog.UnknownOption:   {"工房にない書体・形・絵・色です。", "There is no such font, shape, icon or color."},
	catalog.NotYesAndNo:     {"「あり」と「なし」だけにしてください。", "Its answers are yes and no."},
	catalog.CannotBeMade:    {"この組み合わせは作れません。", "This cannot be made."},
	catalog.NotASchema:      {"内容を読み取れません。", "This cannot be read."},
}

// fieldSentences say what is wrong with one field. Codes of JSON Schema are among them, because
// requests are held against one.
var fieldSentences = map[string]struct{ ja, en string }{
	"required":            {"入力してください。", "This is required."},
	"blank":               {"空白だけでは使えません。", "This may not be blank."},
	"too_short":           {"短すぎます。", "This is too short."},
	"too_long":            {"長すぎます。", "This is too long."},
	"maxLength":           {"長すぎます。", "This is too long."},
	"minLength":           {"短すぎます。", "This is too short."},
	"minimum":             {"小さすぎます。", "This is too small."},
	"maximum":             {"大きすぎます。", "This is too large."},
	"enum":                {"一覧から選んでください。", "Please choose one of the list."},
	"type":                {"形式が違います。", "This has the wrong type."},
	"nullable":            {"null は使えません。", "This may not be null."},
	"unknown_field":       {"この項目はありません。", "There is no such field."},
	"unknown":             {"一覧から選んでください。", "Please choose one of the list."},
	"not_offered":         {"選べない値です。", "This is not on offer."},
	"not_asked":           {"この商品では使いません。", "This product has no such choice."},
	"denied":              {"このことばは、人を傷つけることがあるため、おつくりしていません。ほかのことばでお願いします。", "We do not make this word, because it can hurt people. Please choose another one."},
	"belongs_to_others":   {"ほかの会社や作品の名前にあたるため、おつくりできません。ほかのことばでお願いします。", "We cannot make this, because the name belongs to somebody else. Please choose another one."},
	"not_text":            {"文字として読めません。", "This is not text."},
	"too_large":           {"この方法では送れない大きさです。", "The parcel is too large for this."},
	"amount_out_of_range": {"この金額では選べないお支払い方法です。", "This cannot be used for this amount."},
	"out_of_range":        {"作れる大きさを超えています。", "This is outside of what can be made."},
	"incomplete":          {"ぜんぶ書くか、ぜんぶ空にしてください。", "Please fill in all of it, or nothing."},
	"taken":               {"同じものがすでにあります。", "There is one like this already."},
	"company_required":    {"請求書払いは、会社・団体名を入れた方だけが選べます。", "Paying by invoice needs the name of a company or organization."},
	"code_unknown":        {"この割引コードは見つかりません。綴りをお確かめください。", "There is no such discount code. Please check its spelling."},
	"code_not_yet":        {"この割引コードは、まだ使えません。", "This discount code cannot be used yet."},
	"code_ended":          {"この割引コードは期間が終わりました。", "The time of this discount code is over."},
	"code_used_up":        {"この割引コードは、使える回数に達しました。", "This discount code has been used up."},
	"code_used_before":    {"この割引コードは、おひとり1回までです。", "This discount code can be used once by each customer."},
	"code_too_little":     {"この割引コードが使える金額に足りません。", "The goods cost less than this discount code asks for."},
	"code_not_for_these":  {"この割引コードは、カートの商品には使えません。", "This discount code is not for what is in the cart."},
}

func sentence(code string, language Language) string {
	if language == English {
		return sentences[code].en
	}
	return sentences[code].ja
}

// fieldSentence has a sentence for every code: the validator knows more than stand above.
func fieldSentence(code string, language Language) string {
	words, known := fieldSentences[code]
	switch {
	case !known:
		return say(language, "入力を確認してください。", "Please check this.")
	case language == English:
		return words.en
	default:
		return words.ja
	}
}
