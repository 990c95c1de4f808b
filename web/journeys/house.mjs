// What staff and members do, by the words on the console and on the tablet.
import { reloadUntil, visitor } from "./browser.mjs";

const tabletSize = { width: 1280, height: 800 };

export async function signIn(page, password = "tsukuriba-demo") {
  await page.goto("/staff/sign-in");
  await page.getByLabel("メールアドレス").fill("kanri@example.jp");
  await page.getByLabel("パスワード").fill(password);
  await page.getByRole("button", { name: "ログイン" }).click();
}

export async function staffMember() {
  const page = await visitor();
  await signIn(page);
  await page.getByRole("heading", { level: 1, name: "今朝の確認" }).waitFor();
  return page;
}

/** The page of an order, found by the number its customer knows. */
export async function openOrder(staff, number) {
  await staff.goto("/staff/orders");
  await staff.getByLabel("注文番号").fill(number);
  await staff.getByRole("button", { name: "探す" }).click();
  await staff.getByRole("link", { name: number }).click();
  await staff.getByRole("heading", { level: 1, name: number }).waitFor();
}

/** A tablet that was enrolled with a code from the console. */
export async function enrolledTablet(staff, name) {
  await staff.goto("/staff/tablets");
  await staff.getByLabel("タブレットの名前").fill(name);
  await staff.getByRole("button", { name: "登録コードを作る" }).click();
  const code = await staff.locator("p", { hasText: /^[A-Z0-9-]{8,9}$/ }).innerText();
  const tablet = await visitor({ viewport: tabletSize, hasTouch: true });
  await tablet.goto("/tablet");
  await tablet.getByLabel("コード").fill(code);
  await tablet.getByRole("button", { name: "この タブレットを つかう" }).click();
  await tablet.getByRole("heading", { name: "じぶんの えを えらんで ください" }).waitFor();
  return tablet;
}

/** A member taps their own picture and need not say how they are. */
export async function welcome(tablet, member) {
  await tablet.getByRole("button", { name: member }).click();
  await tablet.getByRole("button", { name: "こたえない" }).click();
  await tablet.getByRole("heading", { name: "きょうの しごと" }).waitFor();
}

export async function leave(tablet) {
  await tablet.getByRole("button", { name: "おわり", exact: true }).click();
  await tablet.getByRole("heading", { name: "じぶんの えを えらんで ください" }).waitFor();
}
