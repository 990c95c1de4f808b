// Customers, in what script does for them; buyer.test.mjs walks through all ways of buying.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forgive, look, onPhone, reloadUntil, until, visitor } from "./browser.mjs";
import {
  fillAddress, fillContact, numberOf, openStudio, place, priced, readConfirmation, stateOf, toCheckout, toConfirmation,
} from "./customer.mjs";
import { openOrder, manager } from "./house.mjs";

test("a tag is bought with a card on a phone", async () => {
  const page = await onPhone();
  await openStudio(page);
  await page.getByLabel("名まえ").fill("はるか");
  await page.getByRole("figure").locator("canvas").waitFor();
  await page.getByText("¥1,100", { exact: true }).waitFor();
  await page.getByRole("radio", { name: "大（文字 16 mm）" }).check();
  await page.getByText("¥1,320", { exact: true }).waitFor();
  await look(page, "studio");
  const come = await holdBack(page, /\/htmx[^/]*\.js$/);
  await toCheckout(page);
  await fillContact(page, { name: "髙﨑 美桜", email: "mio@example.jp" });
  const total = page.getByRole("status").filter({ hasText: "合計" });
  await page.getByRole("radio", { name: "ゆうパック(60サイズ)" }).check(); // chosen before the script came that prices it
  come();
  await total.getByText("¥2,140から").waitFor();
  await page.unrouteAll({ behavior: "wait" });
  await fillAddress(page, "６０４－８００１", "京都市中京区");
  await total.getByText("¥2,310", { exact: true }).waitFor();
  await page.getByLabel("都道府県").selectOption("沖縄県");
  await total.getByText("¥2,770", { exact: true }).waitFor();
  await page.getByRole("radio", { name: "ゆうパック(60サイズ)", checked: true }).waitFor();
  assert.equal(await page.getByLabel("番地").inputValue(), "上大阪町1-2");
  await page.getByLabel("都道府県").selectOption("京都府");
  await page.getByRole("radio", { name: "クリックポスト" }).check();
  await total.getByText("¥1,505", { exact: true }).waitFor();
  await look(page, "checkout");
  await toConfirmation(page);
  await readConfirmation(page, "はるか");
  await place(page);
  await page.getByRole("button", { name: "を支払う" }).click();
  await stateOf(page, "確認中").waitFor();
});

test("the studio counts, describes, undoes and does again what is chosen", async () => {
  const page = await visitor();
  await openStudio(page);
  await page.locator("tag-viewer[ready]").waitFor();
  const text = page.getByLabel("名まえ");
  const told = page.locator("[data-told]");
  await text.fill("か\u3099く");
  await page.getByText("2 / 24").waitFor();
  await page.getByRole("radio", { name: "あしあと" }).check();
  await page.getByRole("radio", { name: "沈み彫り" }).check();
  await page.getByText("¥1,210", { exact: true }).waitFor();
  await told.getByText(/絵 あしあと.*彫りかた 沈み彫り.*縦18×横/).waitFor();
  await page.getByRole("img", { name: /沈み彫り/ }).waitFor(); // the canvas says what it shows
  await page.getByRole("status").getByText(/絵 あしあと/).waitFor({ state: "attached" });
  await page.getByRole("button", { name: "もどす" }).click();
  await page.getByRole("radio", { name: "浮き彫り", checked: true }).waitFor();
  await page.getByRole("button", { name: "やりなおす" }).click();
  await page.getByRole("radio", { name: "沈み彫り", checked: true }).waitFor();
  await page.keyboard.press("Control+z");
  await page.getByRole("radio", { name: "浮き彫り", checked: true }).waitFor();
  await page.getByRole("button", { name: "はじめから" }).click();
  await page.waitForFunction(() => document.querySelector("#text").value === "");
  await page.getByText("銀色の丸は100円玉").waitFor();
});

test("what cannot be made or sent is told where it was written, and an order can be canceled", async () => {
  const page = await onPhone();
  await openStudio(page);
  const text = page.getByLabel("名まえ");
  await page.getByRole("figure").locator("canvas").waitFor(); // the script is there to listen
  await text.fill("さくら😀");
  await page.getByText("この書体にない文字: 😀").waitFor();
  await look(page, "studio-refused");
  await text.fill("神\uFA19");
  await page.getByText("次の書体なら作れます: 角ゴシック（太）").waitFor();
  await text.fill("さくら");
  await page.getByText("次の書体なら作れます").waitFor({ state: "hidden" });
  await toCheckout(page);
  await toConfirmation(page);
  await page.getByText("入力内容をご確認ください").waitFor();
  await fillContact(page, { name: "小林 さくら", email: "sakura@example.jp" });
  await page.getByLabel("郵便番号").fill("100-8901"); // belongs to one office
  await page.getByText("この郵便番号の住所が見つかりません。").waitFor();
  await page.getByLabel("郵便番号").fill("498-0000"); // lies in two prefectures
  await priced(page, () => page.getByRole("button", { name: "三重県" }).click());
  assert.equal(await page.getByLabel("都道府県").inputValue(), "三重県");
  await fillAddress(page, "６０４－８００１", "京都市中京区");
  await toConfirmation(page);
  await readConfirmation(page, "さくら");
  await page.getByRole("link", { name: "お届けの時期を変更する" }).click();
  await priced(page, () => page.getByRole("radio", { name: "急がない便" }).check());
  await toConfirmation(page);
  await readConfirmation(page, "急がない便");
  await place(page);
  await page.getByRole("link", { name: "支払わずにお店へ戻る" }).click();
  await stateOf(page, "受付").waitFor();
  await page.getByRole("link", { name: "注文をキャンセルする" }).click();
  await page.getByRole("heading", { name: "この注文をキャンセルしますか" }).waitFor();
  await page.getByRole("button", { name: "キャンセルする", exact: true }).click();
  await page.getByText("このご注文はキャンセルされました").waitFor();
});

test("a postal code that was written before its script came is looked up when it comes", async () => {
  const page = await onPhone();
  const come = await holdBack(page, /\/address[^/]*\.js$/);
  await studioToCheckout(page);
  const part = (name) => page.locator(`[name=${name}]`);
  await page.getByLabel("郵便番号").fill("６０４－８００１");
  come();
  await page.waitForFunction(() => document.querySelector("[name=city]").value === "京都市中京区");
  await page.waitForFunction(() => document.querySelector("[name=street]").value === "上大阪町");
  await part("street").and(page.locator(":focus")).waitFor(); // where writing goes on
  await page.locator("#shipping").getByText("¥990").waitFor(); // to Kyoto
});

test("what is chosen while prices are on their way stays, and so does the focus", async () => {
  const page = await visitor();
  await studioToCheckout(page);
  const [shipping, total] = [page.locator("#shipping"), page.getByRole("status").filter({ hasText: "合計" })];
  const chosen = (name, value) => page.locator(`[name=${name}][value=${value}]:checked:focus`);
  await priced(page, () => page.getByLabel("都道府県").selectOption("京都府"));
  await shipping.getByText("¥990").waitFor();

  let come = await holdBack(page, "**/checkout/price");
  await Promise.all([page.waitForRequest("**/checkout/price"), page.getByLabel("都道府県").selectOption("沖縄県")]);
  await page.getByRole("radio", { name: "コンビニ払い" }).check(); // the question on its way still says card
  come();
  await shipping.getByText("¥1,450").waitFor();
  await page.locator("form.checkout:not(.htmx-request)").waitFor();
  await chosen("payment_method", "konbini").waitFor();
  await page.unrouteAll({ behavior: "wait" });

  come = await holdBack(page, "**/checkout/price");
  await Promise.all([page.waitForRequest("**/checkout/price"), page.getByRole("radio", { name: "ゆうパック(60サイズ)" }).check()]);
  await Promise.all([page.waitForRequest("**/checkout/price"), page.getByRole("radio", { name: "ゆうパック(80サイズ)" }).check()]); // takes its place
  come();
  await total.getByText("¥2,910", { exact: true }).waitFor();
  await page.locator("form.checkout:not(.htmx-request)").waitFor();
  await chosen("shipping_method", "yu-pack-80").waitFor();
  await page.getByRole("radio", { name: "コンビニ払い", checked: true }).waitFor();
  await page.unrouteAll({ behavior: "wait" });
});

/** Lets nothing of an address come until what is returned is called. */
async function holdBack(page, address) {
  let come;
  const late = new Promise((resolve) => (come = resolve));
  await page.route(address, async (route) => {
    await late;
    await route.continue();
  });
  return come;
}

async function studioToCheckout(page) {
  await page.goto("/products/name-tag/studio");
  await page.getByLabel("名まえ").fill("はるか");
  await toCheckout(page);
}

test("prices that cannot be renewed are told, and all that was written stays", async () => {
  const page = await onPhone();
  await studioToCheckout(page);
  const ways = [
    ["ja", "料金を新しくできませんでした。", /^503 /, (route) => route.fulfill({ status: 503, contentType: "text/html", body: "<h1>503</h1>" })],
    ["easy", "いま ねだんが わかりません。", null, (route) => route.continue({ url: new URL("/nowhere", page.url()).href })],
    ["en", "The prices could not be renewed.", /htmx:error/, (route) => route.abort()],
  ];
  for (const [language, sentence, trouble, fail] of ways) {
    await page.goto(`/checkout?lang=${language}`);
    const [name, prefecture, summary] = ["[name=name]", "[name=prefecture]", "#summary"].map((part) => page.locator(part));
    const before = await summary.innerHTML(); // nobody has chosen anything yet
    await name.fill("髙﨑 美桜");
    await page.route("**/checkout/price", fail);
    await priced(page, () => prefecture.selectOption("沖縄県"));
    await page.getByRole("status").filter({ hasText: sentence }).waitFor();
    if (trouble) await forgive(trouble);
    assert.equal(await summary.innerHTML(), before);
    assert.equal(await name.inputValue(), "髙﨑 美桜");
    assert.equal(await prefecture.inputValue(), "沖縄県");
    if (language === "easy") await look(page, "checkout-failed");
    await page.unrouteAll({ behavior: "wait" });
    await priced(page, () => prefecture.selectOption("京都府"));
    await page.getByRole("status").filter({ hasText: "¥1,285" }).waitFor();
    assert.equal(await page.getByText(sentence).count(), 0);
  }
});

test("a company takes a quotation and orders from it by invoice on a phone", async () => {
  const page = await onPhone();
  await page.goto("/products/name-tag/studio");
  await page.getByLabel("名まえ").fill("ひかり");
  await toCheckout(page);
  await fillContact(page, { name: "森 ひかり", email: "hikari@example.jp" });
  await fillAddress(page, "６０４－８００１", "京都市中京区");
  const byInvoice = page.getByRole("radio", { name: "銀行振込（請求書払い）" });
  await byInvoice.check();
  await toConfirmation(page);
  await page.getByText("請求書払いは、会社・団体名を入れた方だけが選べます。").first().waitFor();
  await page.getByLabel("会社名").fill("株式会社ひかり");
  await byInvoice.check();
  await toConfirmation(page);
  await readConfirmation(page, "請求書払い");
  await page.getByRole("button", { name: "注文しないで見積書を受け取る" }).click();
  await page.getByRole("heading", { level: 1, name: "お見積もり Q" }).waitFor();
  await page.getByRole("link", { name: "見積書 Q" }).waitFor();
  await place(page);
  await stateOf(page, "確認中").waitFor();

  const staff = await manager();
  await openOrder(staff, await numberOf(page));
  await staff.getByRole("button", { name: "承認して請求書を送る" }).click();
  await staff.getByText("届いた入金を記録する").waitFor();
  await reloadUntil(page, page.getByText("お振込額"));
  await page.getByRole("link", { name: "請求書 S" }).waitFor();
  await staff.getByLabel("振込名義").fill("ｶ)ﾋｶﾘ");
  await staff.getByRole("button", { name: "記録する", exact: true }).click();
  await staff.getByText("入金を記録しました。").waitFor();
  await reloadUntil(page, stateOf(page, "制作中"));
});

test("the same pages speak three languages", async () => {
  const page = await visitor();
  const missing = /%!|%[sd]|\{\{|undefined|\bnull\b|NaN/;
  for (const [language, addToCart] of [["ja", "カートに入れる"], ["easy", "かごに 入れる"], ["en", "Add to cart"]]) {
    await page.goto(`/?lang=${language}`);
    for (const path of ["/", "/products/name-tag", "/products/name-tag/studio?text=Aki"]) {
      await page.goto(path);
      assert.doesNotMatch(await page.locator("body").innerText(), missing);
    }
    await page.getByRole("textbox").first().fill("Aki");
    await page.getByRole("button", { name: addToCart }).click();
    await page.waitForURL(/\/cart(\?|$)/);
    await page.goto("/checkout");
    assert.doesNotMatch(await page.locator("body").innerText(), missing);
    if (language === "en") assert.doesNotMatch(await page.getByRole("heading").allInnerTexts().then(String), /[ぁ-ん]/);
  }
});

test("the page of a product with all its pictures is at most 100 kB", async () => {
  for (const viewport of [{ width: 360, height: 780 }, { width: 1280, height: 900 }]) {
    const page = await visitor({ viewport });
    await page.route("**/kanji-*.css", (route) => route.abort()); // only a device without any Japanese font reads our kanji
    const wire = await page.context().newCDPSession(page);
    await wire.send("Network.enable");
    const weights = [];
    const asked = new Set();
    wire.on("Network.requestWillBeSent", ({ requestId }) => asked.add(requestId));
    wire.on("Network.loadingFailed", ({ requestId }) => asked.delete(requestId));
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      asked.delete(requestId);
      weights.push(encodedDataLength);
    });
    await page.goto("/products/door-plate"); // the heaviest
    await page.evaluate(async () => {
      for (const picture of document.images) picture.loading = "eager";
      await Promise.all([...document.images].map((picture) => picture.decode()));
      await document.fonts.ready;
    });
    await until("everything that was asked for has come", () => asked.size === 0);
    const bytes = weights.reduce((sum, weight) => sum + weight, 0);
    assert.ok(bytes > 70_000 && bytes <= 100_000, `${bytes} bytes at ${viewport.width} px`);
    await page.context().close();
  }
});

test("what a phone shows first is written by the server, small, and waits for no script", async () => {
  for (const path of ["/", "/products/name-tag", "/products/name-tag/studio"]) {
    const page = await onPhone();
    await page.route("**/kanji-*.css", (route) => route.abort());
    const written = await (await page.goto(path)).text();
    assert.equal(written.match(/fetchpriority="high"/g)?.length, 1, path);
    const { first, weights } = await page.evaluate(firstSight);
    assert.ok(first.large && !first.lazy, `${path}: something else than ${first.source} comes first`);
    assert.ok(weights.picture > 2_000 && weights.picture <= 25_000, `${path}: a first picture of ${weights.picture} bytes`);
    assert.ok(weights.style > 5_000 && weights.style <= 15_000, `${path}: ${weights.style} bytes of style`);
    assert.ok(weights.script > 500 && weights.script <= 8_000, `${path}: ${weights.script} bytes of script`);
    await page.context().close();
  }
});

/** What one looks at first, the largest picture before scrolling, and how many bytes came for it and beside it. */
async function firstSight() {
  const first = document.querySelector("img[fetchpriority=high]");
  await first.decode();
  const seen = ({ width, top, bottom }) => width * Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0));
  const area = (picture) => seen(picture.getBoundingClientRect());
  const large = [...document.images].every((picture) => area(picture) <= area(first));
  const weigh = (kind) => performance.getEntriesByType("resource").filter(({ name }) => kind(name)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  const weights = {
    picture: weigh((name) => name === first.currentSrc),
    style: weigh((name) => name.endsWith(".css")),
    script: weigh((name) => name.endsWith(".js")),
  };
  return { first: { large, lazy: first.loading === "lazy", source: first.currentSrc }, weights };
}
