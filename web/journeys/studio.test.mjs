// The studio under the fingers of somebody who does not wait for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, onPhone } from "./browser.mjs";

const quotes = "**/api/v1/designs";

/** The studio of a name tag on a phone whose browser keeps nothing in place by itself, as Safari does not. */
async function studio(language = "ja") {
  const page = await onPhone();
  await page.goto(`/products/name-tag/studio?lang=${language}`);
  await page.addStyleTag({ content: "* { overflow-anchor: none }" });
  await page.locator("[data-undo]").waitFor(); // the script is there to listen
  return page;
}

/** Writes a text and waits for what is said about it. */
async function quoted(page, text) {
  await page.locator("#text").fill(text);
  await page.locator("[data-busy]:not([data-waiting])").waitFor();
}

/** Keeps answers to quotes back until they are let go. */
async function holdQuotes(page) {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  await page.route(quotes, async (route) => {
    await opened;
    await route.continue();
  });
  return async () => {
    const answered = page.waitForResponse(quotes);
    open();
    await (await answered).finished();
    await drawn(page);
  };
}

/** Types, presses the button, lets the answer come under the finger, and lets go. */
async function pressBeforeTheAnswer(page, text) {
  const letGo = await holdQuotes(page);
  const asked = page.waitForRequest(quotes);
  await page.locator("#text").fill(text);
  await asked;
  await page.locator("button[value=cart]").hover();
  await page.mouse.down();
  await letGo();
  await page.mouse.up();
}

test("a press in the studio counts, whatever answer arrives under the finger", async () => {
  const page = await studio();
  await quoted(page, "神\uFA19"); // refused: what is said about it goes when the next answer comes
  await pressBeforeTheAnswer(page, "さくら");
  await page.waitForURL(/\/cart(\?|$)/);
  await page.getByRole("main").getByText("さくら", { exact: true }).waitFor();
});

test("a press on what cannot be made leads to the reason, with everything still written", async () => {
  const page = await studio();
  await quoted(page, "さくら");
  await pressBeforeTheAnswer(page, "神\uFA19");
  await page.getByText("入力内容をご確認ください").waitFor();
  assert.equal(await page.locator("#text").inputValue(), "神\uFA19");
});

test("nothing moves in the studio while one types", async () => {
  for (const language of ["ja", "easy", "en"]) {
    const page = await studio(language);
    const places = {};
    for (const text of ["さ", "さくら", "さくら😀", "神\uFA19", "Anna-Maria-Luise", "", "はるか"]) {
      await quoted(page, text);
      places[text] = await page.evaluate(async () => {
        await document.fonts.ready;
        return document.querySelector("button[value=cart]").getBoundingClientRect().top + scrollY;
      });
    }
    const [first] = Object.values(places);
    for (const [text, place] of Object.entries(places)) {
      assert.ok(Math.abs(place - first) < 1, `${language}: the button moves by ${place - first} px at “${text}”`);
    }
  }
});

test("nothing moves in the studio when the pictures of the answers come late", async () => {
  const page = await onPhone();
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  await page.route("**/cards/**", async (route) => {
    await opened;
    await route.continue();
  });
  await page.goto("/products/name-tag/studio", { waitUntil: "domcontentloaded" });
  const pictures = page.locator(".radio-card img");
  const heights = () => pictures.evaluateAll((all) => all.map((picture) => `${picture.getAttribute("src")} ${picture.clientHeight}`));
  await page.locator("[data-undo]").waitFor();
  const before = await heights();
  open();
  await pictures.evaluateAll((all) => Promise.all(all.map((picture) => {
    picture.loading = "eager";
    return picture.decode();
  })));
  assert.ok(before.length > 6);
  assert.deepEqual(await heights(), before);
});

test("the model is drawn beside the page, once the page is there", async () => {
  const page = await onPhone();
  await page.goto("/products/name-tag/studio");
  await page.locator("tag-viewer[ready]").waitFor();
  assert.equal(page.workers().length, 1);
  const { early, late } = await page.evaluate(() => {
    const [{ loadEventStart }] = performance.getEntriesByType("navigation");
    const scripts = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js"));
    return Object.groupBy(scripts.map((script) => script.toJSON()), ({ startTime }) => (startTime < loadEventStart ? "early" : "late"));
  });
  assert.ok(late.some(({ name }) => name.includes("/stage-worker-")));
  const bytes = early.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  assert.ok(bytes > 1_000 && bytes < 10_000, `${bytes} bytes of script before the page is there; three.js has 159,000`);
});

test("somebody who begins at once need not wait for the page to see a model", async () => {
  const page = await onPhone();
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  await page.route("**/picture.jpg*", async (route) => { // the page is not there as long as its first picture is missing
    await opened;
    await route.continue();
  });
  await page.goto("/products/name-tag/studio", { waitUntil: "domcontentloaded" });
  await page.locator("[data-undo]").waitFor(); // the script is there to listen
  await page.locator("#text").fill("はると");
  await page.locator("tag-viewer[ready]").waitFor();
  assert.notEqual(await page.evaluate(() => document.readyState), "complete");
  open();
});

test("a browser that cannot draw beside the page draws in it", async () => {
  const page = await onPhone();
  await page.addInitScript(() => delete HTMLCanvasElement.prototype.transferControlToOffscreen);
  await page.goto("/products/name-tag/studio");
  await page.locator("tag-viewer[ready]").waitFor();
  assert.equal(page.workers().length, 0);
});

test("without WebGL the studio shows the piece as a picture, and its size in words", async () => {
  const page = await onPhone();
  await page.addInitScript(() => {
    delete HTMLCanvasElement.prototype.transferControlToOffscreen;
    const of = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind.startsWith("webgl") ? null : of.call(this, kind, ...rest);
    };
  });
  await page.goto("/products/name-tag/studio");
  const piece = page.getByRole("figure");
  await piece.getByText("100円玉は直径 22.6 mm です").waitFor();
  const sample = await piece.locator("img").getAttribute("src");
  await page.locator("#text").fill("つむぎ");
  await piece.getByRole("img", { name: /つむぎ.*縦\d+×横\d+ mm/ }).waitFor();
  await page.waitForFunction((before) => document.querySelector("figure img").getAttribute("src") !== before, sample);
  await page.waitForFunction(() => document.querySelector("figure img").naturalWidth > 0);
  await piece.getByText("矢印キーで回せます").waitFor({ state: "hidden" });
});
