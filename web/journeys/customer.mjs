// What a customer does, by the words on the pages.
import assert from "node:assert/strict";

/** From the first page to the studio, where a name is written. */
export async function openStudio(page) {
  await page.goto("/");
  await page.getByRole("main").getByRole("link", { name: "なまえタグ" }).first().click();
  await page.getByRole("link", { name: "文字を入れてつくる", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "なまえタグ" }).waitFor();
}

/** From the studio into the cart and on to the form with the address. */
export async function toCheckout(page) {
  await page.getByRole("button", { name: "カートに入れる" }).click();
  await page.getByRole("link", { name: "購入手続きへ" }).click();
  await page.getByRole("heading", { level: 1, name: "お届け先とお支払い" }).waitFor();
}

export async function fillContact(page, customer) {
  await page.getByLabel("お名前").fill(customer.name);
  await page.getByLabel("メールアドレス").fill(customer.email);
  await page.getByLabel("電話番号").fill("090-1234-5678");
}

/** Does what changes the prices of the form, and waits until they are in it and nothing moves any more. */
export async function priced(page, act) {
  await Promise.all([page.waitForRequest("**/checkout/price"), act()]);
  await page.locator("form.checkout:not(.htmx-request)").waitFor();
}

/** With script, a postal code fills in the rest but for the house number. */
export async function fillAddress(page, postalCode, city) {
  await priced(page, () => page.getByLabel("郵便番号").fill(postalCode));
  await page.waitForFunction((filled) => document.querySelector("[name=city]").value === filled, city);
  await page.getByLabel("番地").press("End");
  await page.keyboard.type("1-2");
}

export const toConfirmation = (page) => page.getByRole("button", { name: "確認へ進む" }).click();

/** The six things the law wants on the last screen before an order, and the button that says what it does. */
export async function readConfirmation(page, text) {
  await page.getByRole("heading", { level: 1, name: "ご注文内容の確認" }).waitFor();
  for (const item of ["数量", "お支払い総額", "お支払いの時期と方法", "お届けの時期", "お申し込みの期間", "キャンセル・返品"]) {
    await page.getByRole("heading", { level: 2, name: item }).waitFor();
  }
  await page.getByRole("main").filter({ hasText: text }).waitFor();
}

export const place = (page) => page.getByRole("button", { name: "注文を確定する" }).click();

/** The short way through all of it, paid with a card. */
export async function buy(page, { name, email, text, base, letters }) {
  await page.goto("/products/name-tag/studio");
  await page.getByLabel("名まえ").fill(text);
  await page.getByRole("group", { name: "台の色" }).getByRole("radio", { name: base }).check();
  await page.getByRole("group", { name: "文字の色" }).getByRole("radio", { name: letters }).check();
  await toCheckout(page);
  await fillContact(page, { name, email });
  await fillAddress(page, "064-0941", "札幌市中央区");
  await toConfirmation(page);
  await readConfirmation(page, text);
  await place(page);
  await page.getByRole("button", { name: "を支払う" }).click();
  await stateOf(page, "確認中").waitFor();
}

/** The state in which a customer's own page says the order is. */
export const stateOf = (page, state) =>
  page.getByRole("listitem").filter({ hasText: state }).and(page.locator("[aria-current]"));

/** The last state is one that has been reached. */
export const shipped = (page) => page.getByRole("listitem").filter({ hasText: "発送済み" }).filter({ hasText: "完了" });

/** The number of an order, as in 2026-000012. */
export async function numberOf(page) {
  const [number] = (await page.getByRole("heading", { level: 1 }).innerText()).match(/\d{4}-\d{6}/) ?? [];
  assert.ok(number, "the order has a number");
  return number;
}
