// One Chromium for a file of journeys, and what all of them watch for: scripts that fail, answers that are broken, and
// pages that somebody could not use.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, afterEach, before } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const base = process.env.BASE_URL;
const pictures = process.env.PICTURES; // a folder for whoever wants to look; nothing is judged by them
const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-angle=swiftshader",
];
const phone = { width: 360, height: 780 };
const desk = { width: 1280, height: 900 };
const patience = 30_000; // the machine may be busy with everything else

let browser;
const troubles = [];

before(async () => {
  assert.ok(base, "BASE_URL names the workshop to walk through");
  if (pictures) await mkdir(pictures, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
});
after(() => browser?.close());
afterEach(() => assert.deepEqual(troubles.splice(0), []));

/** A page of somebody of their own: no cookie of another journey is in it. */
export async function visitor(options = {}) {
  const context = await browser.newContext({
    baseURL: base, locale: "ja-JP", timezoneId: "Asia/Tokyo", viewport: desk, reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error}`));
  page.on("console", (said) => {
    const known = said.text().startsWith("Failed to load resource"); // told better by the answer itself
    if (said.type() === "error" && !known) troubles.push(`${page.url()}: ${said.text()}`);
  });
  page.on("response", (answer) => {
    const asked = answer.request().resourceType();
    const broken = asked === "document" || asked === "fetch" ? 500 : 400;
    if (answer.status() >= broken) troubles.push(`${answer.status()} ${answer.url()}`);
  });
  return page;
}

export const onPhone = () => visitor({ viewport: phone, hasTouch: true });

/** Reads a page again and again, for what the worker has yet to do. */
export async function reloadUntil(page, locator) {
  const deadline = Date.now() + 2 * patience;
  for (;;) {
    const seen = await locator.first().waitFor({ timeout: 700 }).then(() => true, () => false);
    if (seen) return locator.first();
    assert.ok(Date.now() < deadline, `${page.url()} never showed ${locator}`);
    await page.reload();
  }
}

const seen = new Set();

/**
 * Looks at a page as people do who need it to be right: axe on a phone and at a desk, in every theme, nothing to scroll
 * sideways at 320 px or when a desk's screen shows all at twice the size. The shop is also held to letters of twice the
 * size on a phone, and to targets for a thumb. What was looked at is not looked at again.
 */
export async function look(page, name, sizes = [phone, desk]) {
  if (seen.has(name)) return;
  seen.add(name);
  const found = [];
  const [size, theme] = [page.viewportSize(), await wear(page, "light")];
  for (const viewport of sizes) {
    await page.setViewportSize(viewport);
    const note = (what) => found.push(`${name} at ${viewport.width} px: ${what}`);
    (await violations(page)).forEach(note);
    await picture(page, `${name}-${viewport.width}`, { fullPage: true });
    for (const worn of ["dark", "calm"]) {
      await wear(page, worn);
      (await faintWords(page)).forEach((what) => note(`${worn}: ${what}`));
    }
    await wear(page, "light");
  }
  found.push(...(await tooWide(page, name)));
  if (await page.locator("body[data-face=storefront]").count()) found.push(...(await tooMuchForAPhone(page, name)));
  await wear(page, "dark");
  await picture(page, `${name}-dark`);
  await wear(page, theme);
  await page.setViewportSize(size);
  assert.equal(found.length, 0, found.join("\n"));
}

/** Members' pages are looked at in the size of a tablet, and what there is to press is in reach at once, however it is held. */
export async function lookAtTablet(page, name) {
  await look(page, name, [desk]);
  const size = page.viewportSize();
  for (const viewport of [{ width: 768, height: 1024 }, { width: 1024, height: 768 }, { width: 360, height: 640 }]) {
    await page.setViewportSize(viewport);
    const hidden = await page.evaluate(outOfReach);
    assert.equal(hidden, "", `${name} at ${viewport.width} × ${viewport.height}`);
  }
  await page.setViewportSize(size);
}

/** Says what is wrong with the foot of a page: it can be pressed before scrolling, and hides nothing after. */
function outOfReach() {
  const foot = document.querySelector(".foot");
  if (!foot) return "";
  const pressed = foot.querySelector("button");
  const reached = () => {
    const { left, right, top, bottom } = pressed.getBoundingClientRect();
    return [top + 4, bottom - 4].every((y) => pressed.contains(document.elementFromPoint((left + right) / 2, y)));
  };
  scrollTo(0, 0);
  if (!reached()) return "what is to be pressed is out of reach at the top";
  scrollTo(0, document.documentElement.scrollHeight);
  if (!reached()) return "what is to be pressed is out of reach at the end";
  return foot.previousElementSibling.getBoundingClientRect().bottom > foot.getBoundingClientRect().top ? "the foot lies on the end of the page" : "";
}

async function picture(page, name, options = {}) {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, ...options });
}

async function violations(page) {
  const { violations: broken } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return broken.flatMap((rule) => rule.nodes.map((node) => `${rule.id} ${node.target}: ${node.any[0]?.message ?? rule.help}`));
}

/** What cannot be read in the theme being worn; a theme changes nothing but colors. Axe is still in the page. */
const faintWords = (page) =>
  page.evaluate(async () => {
    const { violations: broken } = await globalThis.axe.run({ runOnly: ["color-contrast"] });
    return broken.flatMap((rule) => rule.nodes.map((node) => `${node.target}: ${node.any[0]?.message}`));
  });

/** Puts on a theme as the server would, at once and without a transition, and returns the one before. */
function wear(page, theme) {
  return page.evaluate((next) => {
    const still = new CSSStyleSheet();
    still.replaceSync("*, ::before, ::after { transition: none !important }");
    document.adoptedStyleSheets = [still];
    const { dataset } = document.documentElement;
    const worn = dataset.theme;
    if (next) dataset.theme = next;
    else delete dataset.theme;
    return worn;
  }, theme);
}

async function tooWide(page, name) {
  const found = [];
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  for (const width of [320, desk.width / 2]) {
    await page.setViewportSize({ width, height: 640 });
    if ((await over()) > 0) found.push(`${name} scrolls sideways by ${await over()} px at ${width} px`);
  }
  await page.setViewportSize(desk);
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  if ((await over()) > 0) found.push(`${name} scrolls sideways by ${await over()} px with letters of twice the size`);
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  return found;
}

async function tooMuchForAPhone(page, name) {
  await page.setViewportSize(phone);
  const small = (await page.evaluate(smallTargets)).map((target) => `${name}: small target ${target}`);
  const wide = (await page.evaluate(sideways)).map((part) => `${name} scrolls sideways in ${part}`);
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  const wider = (await page.evaluate(sideways)).map((part) => `${name} with large letters scrolls sideways in ${part}`);
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  return [...small, ...wide, ...wider];
}

/** The parts of a page that are wider than their place. */
function sideways() {
  const scrolls = (e) => e === document.documentElement || ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  return [...document.querySelectorAll("*")]
    .filter((e) => scrolls(e) && e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${e.tagName} ${e.className} by ${e.scrollWidth - e.clientWidth} px`);
}

/** Links inside sentences and cells are exempt, as in WCAG 2.5.8. */
function smallTargets() {
  return [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.checkVisibility() && !e.closest(".skip-link, .check, .radio-card, .default-submit, p, td, th, dd, dt"))
    .filter((e) => e.getBoundingClientRect().height < 43.5)
    .map((e) => `${e.outerHTML.slice(0, 90)} ${e.getBoundingClientRect().height}`);
}

/** Presses Tab until something has the focus, which must be seen at every stop. */
export async function tabTo(page, locator) {
  for (let stops = 0; stops < 120; stops++) {
    await page.keyboard.press("Tab");
    const place = await locator.evaluate(focusPlace);
    assert.ok(place.seen, `the focus cannot be seen on ${place.element}`);
    if (place.there) return;
  }
  assert.fail(`Tab never came to ${locator}`);
}

function focusPlace(wanted) {
  const element = document.activeElement;
  const outlined = (e) => e && getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) > 0;
  return { seen: outlined(element) || outlined(element.closest("label")), element: element.outerHTML.slice(0, 120), there: wanted === element };
}
