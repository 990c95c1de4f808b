// Buying in every way there is: each row of the table is one journey, and each value meets each other value in at least
// one of them. What was bought is compared with the books of the workshop at the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { reloadUntil, tabTo, until, visitor } from "./browser.mjs";
import { numberOf } from "./customer.mjs";
import { manager } from "./house.mjs";

const journeys = [
  { language: "ja", pays: "card", hand: "keyboard", width: 360, script: true, way: "yu-pack-60", then: "receipt" },
  { language: "ja", pays: "konbini", hand: "pointer", width: 1280, script: false, way: "no-hurry", then: "making" },
  { language: "easy", pays: "card", hand: "pointer", width: 360, script: false, way: "yu-pack-60", then: "cancel" },
  { language: "easy", pays: "konbini", hand: "keyboard", width: 1280, script: true, way: "pickup", then: "making" },
  { language: "en", pays: "konbini", hand: "keyboard", width: 360, script: false, way: "yu-pack-60", then: "receipt" },
  { language: "en", pays: "card", hand: "pointer", width: 1280, script: true, way: "yu-pack-60", then: "making" },
];

test("every pair of values is in a journey", () => {
  const keys = ["language", "pays", "hand", "width", "script"];
  const values = (key) => [...new Set(journeys.map((journey) => journey[key]))];
  for (const [i, one] of keys.entries()) {
    for (const other of keys.slice(i + 1)) {
      for (const a of values(one)) {
        for (const b of values(other)) {
          assert.ok(journeys.some((journey) => journey[one] === a && journey[other] === b), `${one} ${a} with ${other} ${b}`);
        }
      }
    }
  }
});

/** Two ways to do the same things. Each takes the page and where it is done. */
const hands = {
  pointer: {
    arrive: async () => undefined,
    press: (_page, place) => place.click(),
    write: (_page, place, text) => place.fill(text),
    choose: (page, name, value) => page.locator(`[name=${name}][value="${value}"]`).check(),
  },
  keyboard: {
    async arrive(page) {
      await page.keyboard.press("Tab");
      await page.locator(".skip-link:focus").waitFor(); // every page begins with a way past its head
      await page.keyboard.press("Enter");
      await page.locator("#content:focus").waitFor();
    },
    async press(page, place) {
      await place.waitFor(); // a page that is still to come has nothing to go to
      await tabTo(page, place);
      await page.keyboard.press("Enter");
    },
    async write(page, place, text) {
      await place.waitFor();
      await tabTo(page, place);
      await page.keyboard.type(text);
    },
    async choose(page, name, value) {
      await page.waitForLoadState("domcontentloaded"); // all of the choices are there
      const chosen = page.locator(`[name=${name}]:checked`);
      await tabTo(page, (await chosen.count()) ? chosen : page.locator(`[name=${name}]`).first());
      await page.keyboard.press("Space");
      await arrowsTo(page, page.locator(`[name=${name}][value="${value}"]:checked`));
    },
  },
};

async function arrowsTo(page, wanted) {
  for (let presses = 0; !(await wanted.count()); presses++) {
    assert.ok(presses < 12, `the arrows never came to ${wanted}`);
    await page.keyboard.press("ArrowDown");
  }
}

let signedIn;
const books = async () => (await (signedIn ??= manager())).request;

/** An order as the workshop has it in its books. */
async function booked(number) {
  const asked = await books();
  const found = await asked.get(`/api/v1/staff/orders?number=${number}`);
  const [{ id }] = (await found.json()).items;
  return (await asked.get(`/api/v1/staff/orders/${id}`)).json();
}

async function approve(number) {
  const { id } = await booked(number);
  const answer = await (await books()).post(`/api/v1/staff/orders/${id}/approve`);
  assert.equal(answer.status(), 200, await answer.text());
}

const main = (page) => page.getByRole("main");
const heading = (page) => page.getByRole("heading", { level: 1 });

/** A tag, from the studio into the cart and on to the form. */
async function fillCart(page, hand, journey) {
  await page.goto(`/products/name-tag/studio?lang=${journey.language}`, { waitUntil: "domcontentloaded" });
  await hand.arrive(page);
  await hand.write(page, page.locator("#text"), "ゆずき");
  await hand.choose(page, "size", "large");
  if (journey.script) {
    await main(page).getByText("¥1,320", { exact: true }).waitFor();
  } else {
    await hand.press(page, page.locator("button[value=preview]"));
    await page.getByRole("img", { name: /ゆずき/ }).waitFor();
  }
  await hand.press(page, page.locator("button[value=cart]"));
  await page.waitForURL(/\/cart(\?|$)/);
  await main(page).getByText("ゆずき", { exact: true }).waitFor();
  await hand.arrive(page);
  await hand.press(page, page.locator("main a[href='/checkout']"));
  await page.waitForURL("**/checkout");
}

/** Presses a button that sends the form and gets it back: what is read next is read from the page that comes. */
async function resend(page, hand, button) {
  await page.waitForLoadState("domcontentloaded");
  await Promise.all([page.waitForEvent("domcontentloaded"), hand.press(page, button)]);
}

const confirm = (page) => page.locator(".checkout .actions .button--primary");

/** A form that was sent too early comes back at its summary, in the language of the page. */
async function sendTooEarly(page, hand, journey) {
  await hand.arrive(page);
  await hand.press(page, confirm(page));
  await page.locator("[data-focus]:focus").waitFor();
  await page.waitForLoadState("domcontentloaded");
  assert.equal(await main(page).locator("ruby").count() > 0, journey.language === "easy");
  if (journey.language === "en") assert.doesNotMatch(await page.locator("[data-focus]").innerText(), /[ぁ-ん]/);
}

const priceOfTag = 1320; // large, in yen with tax, as everything here
const shippingYen = { "yu-pack-60": 1410, "no-hurry": 0, pickup: 0 }; // to Hokkaido

/** Without script the address and the total come when they are asked for; what is picked up goes to no address. */
async function fillForm(page, hand, journey) {
  const fill = (name, text) => hand.write(page, page.locator(`.checkout [name=${name}]`), text);
  await fill("name", "濵田 柚希");
  await fill("email", "yuzuki@example.jp");
  await fill("phone", "０９０ー１２３４ー５６７８");
  await hand.choose(page, "shipping_method", journey.way);
  if (journey.way !== "pickup") {
    await fill("postal_code", "060-0001");
    if (!journey.script) await resend(page, hand, page.locator("button[value=postal]"));
    await page.waitForFunction(() => document.querySelector("[name=city]").value === "札幌市中央区");
  }
  if (!journey.script) await hand.choose(page, "payment_method", journey.pays);
  if (!journey.script) await resend(page, hand, page.locator("button[value=price]"));
  const total = priceOfTag + shippingYen[journey.way];
  const shown = `¥${total.toLocaleString("en-US")}`;
  await page.locator("#total .price__amount").getByText(shown, { exact: true }).waitFor();
  if (journey.script) await hand.choose(page, "payment_method", journey.pays);
  await hand.press(page, confirm(page));
  await page.waitForURL("**/checkout/confirm");
  await page.locator(".place").getByText(shown, { exact: true }).first().waitFor();
  return total;
}

/** Pays on the pages of the stand-in; the number for the konbini comes when the text has been read. */
async function pay(page, hand, journey, number) {
  if (journey.pays === "card") return;
  await approve(number);
  const getNumber = page.locator("form[action$='/payment'] button");
  await reloadUntil(page, getNumber);
  await hand.press(page, getNumber);
  await hand.press(page, page.locator("button[value=konbini]"));
  await page.waitForURL(/orders\/[^/]+$/);
  const showNumber = getNumber.filter({ hasText: /見る|Show/ });
  await reloadUntil(page, showNumber);
  await hand.press(page, showNumber);
  await hand.press(page, page.locator("button[value=pay]"));
  await page.getByRole("status").getByText("お支払いが済みました").waitFor();
  await hand.press(page, page.locator("a.button.quiet"));
}

const afterwards = {
  async making() {},
  async cancel(page, hand) {
    await hand.press(page, page.locator("a[href$='/cancel']"));
    await hand.press(page, page.locator("form[action$='/cancelation'] button"));
    await page.waitForURL(/orders\/[^/]+$/);
  },
  async receipt(page, hand) {
    const issue = page.locator("form[action$='/receipt'] button");
    await reloadUntil(page, issue);
    await hand.arrive(page);
    await hand.write(page, page.locator("[name=addressee]"), "濵田 柚希");
    await hand.press(page, issue);
    await page.locator("a[href*='/documents/']").first().waitFor();
  },
};

const state = { cancel: /^canceled$/, receipt: /^(approved|in_production)$/, making: /^(approved|in_production)$/ };

for (const journey of journeys) {
  const name = `${journey.pays} by ${journey.hand} at ${journey.width} px in ${journey.language}, script ${journey.script ? "on" : "off"}, then ${journey.then}`;
  test(name, async () => {
    const page = await visitor({ viewport: { width: journey.width, height: 780 }, javaScriptEnabled: journey.script });
    const hand = hands[journey.hand];
    await fillCart(page, hand, journey);
    await sendTooEarly(page, hand, journey);
    const total = await fillForm(page, hand, journey);
    await hand.arrive(page);
    await hand.press(page, page.locator("form[action='/checkout/confirm'] button"));
    if (journey.pays === "card") await hand.press(page, page.locator("button.wide"));
    await page.waitForURL(/orders\/[^/]+$/);
    await heading(page).filter({ hasText: /\d{4}-\d{6}/ }).waitFor();
    const number = await numberOf(page);
    if (journey.pays === "card" && journey.then !== "cancel") await approve(number);
    await pay(page, hand, journey, number);
    await afterwards[journey.then](page, hand);
    const paid = journey.then === "cancel" ? 0 : total;
    const order = await settled(number, (found) => state[journey.then].test(found.state) && found.paid_yen === paid);
    assert.equal(order.total_yen, total);
    assert.equal(order.payment_method, journey.pays);
    await page.context().close();
  });
}

/** Asks the books until the worker has done its part. */
async function settled(number, done) {
  let order;
  await until(`the worker has done its part of ${number}`, async () => done((order = await booked(number)))).catch((error) => {
    assert.fail(`${error.message}: it stays ${order?.state} with ¥${order?.paid_yen} paid`);
  });
  return order;
}
