// What staff and members do, by the words on the console and on the tablet.
import { reloadUntil, until, visitor } from "./browser.mjs";

const tabletSize = { width: 1280, height: 800 };

export async function signIn(page, password) {
  await page.getByLabel("メールアドレス").fill("kanri@example.jp");
  await page.getByLabel("パスワード").fill(password);
  await page.getByRole("button", { name: "ログイン" }).click();
}

/** The manager of the demo workshop, at the morning board. */
export async function manager() {
  const page = await visitor();
  await page.goto("/staff");
  await signIn(page, "tsukuriba-demo");
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
  const code = await staff.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/).innerText();
  const tablet = await visitor({ viewport: tabletSize, hasTouch: true });
  await tablet.goto("/tablet");
  await tablet.getByLabel("コード").fill(code);
  await tablet.getByRole("button", { name: "この タブレットを つかう" }).click();
  await tablet.getByRole("heading", { name: "じぶんの えを えらんで ください" }).waitFor();
  return tablet;
}

/** A member taps their own picture, and the digits if they have some, and need not say how they are. */
export async function welcome(tablet, member, digits = "") {
  await tablet.getByRole("button", { name: member, exact: true }).click();
  for (const [i, digit] of [...digits].entries()) {
    await tablet.getByRole("img", { name: `4つの うち ${i}つ おしました` }).waitFor();
    await tablet.getByRole("button", { name: digit, exact: true }).click();
  }
  await tablet.getByRole("button", { name: "こたえない" }).click();
  await tablet.getByRole("heading", { name: "きょうの しごと" }).waitFor();
}

export async function leave(tablet) {
  await tablet.goto("/tablet/today");
  await tablet.getByRole("button", { name: "おわり", exact: true }).click();
  await tablet.getByRole("heading", { name: "じぶんの えを えらんで ください" }).waitFor();
}

/** The open task of one operation that is about an order or a plate, once the worker has made it. */
export async function openTask(staff, operation, address) {
  const title = staff.getByRole("heading", { level: 2, name: operation, exact: true });
  const about = staff.locator(`a[href="${address}"]`);
  await staff.goto("/staff/work");
  return reloadUntil(staff, staff.locator("section", { has: title }).getByRole("listitem").filter({ has: about }));
}

export async function offer(staff, task, member) {
  await task.getByRole("combobox", { name: "だれに" }).selectOption({ label: member });
  await task.getByRole("button", { name: "すすめる" }).click();
}

/** The page of the plate on which the worker placed a piece: the newest that shows it. */
export async function plateOf(staff, code) {
  let found;
  await until(`a plate has ${code}`, async () => {
    await staff.goto("/staff/plates");
    const plates = await staff.getByRole("rowheader").getByRole("link").all();
    found = await firstWith(staff, code, await Promise.all(plates.map(addressOf)));
    return found;
  });
  return found;
}

async function firstWith(staff, code, addresses) {
  for (const address of addresses) {
    await staff.goto(address);
    if (await staff.getByRole("figure").getByText(code).count()) return address;
  }
}

/** A member takes what was offered, and begins. */
export async function begin(tablet) {
  await tablet.goto("/tablet/today");
  await tablet.getByRole("button", { name: "やってみる" }).click();
  await tablet.getByRole("button", { name: "はじめる" }).click();
}

export async function finish(tablet, words = "できた") {
  await tablet.getByRole("button", { name: words, exact: true }).click();
  await tablet.getByRole("heading", { name: "できました" }).waitFor();
}

/** The path of the page that a link leads to. */
export const addressOf = (link) => link.getAttribute("href");
