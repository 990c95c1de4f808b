// One Chromium for a file of journeys, and what all of them watch for: scripts that fail, answers that are broken, and
// pages that somebody could not use.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, afterEach, before } from "node:test";
import { setTimeout } from "node:timers/promises";
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
const slow = Number(process.env.SLOW ?? 1); // how many times slower the processor of every page is
const latency = Number(process.env.LATENCY ?? (slow > 1 ? 150 : 0)); // ms that every answer takes longer
export const patience = 60_000 * slow; // the machine may be busy with everything else

let browser;
const troubles = [];

before(async () => {
  assert.ok(base, "BASE_URL names the workshop to walk through");
  if (pictures) await mkdir(pictures, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
});
after(() => browser?.close());
afterEach(() => assert.deepEqual(troubles.splice(0), []));

/** Forgets the troubles of a kind that a journey made on purpose, of which there must be one. */
export async function forgive(kind) {
  await until(`a trouble like ${kind}`, () => troubles.some((trouble) => kind.test(trouble)));
  troubles.push(...troubles.splice(0).filter((trouble) => !kind.test(trouble)));
}

/** A page of somebody of their own: no cookie of another journey is in it. */
export async function visitor(options = {}) {
  const context = await browser.newContext({
    baseURL: base, locale: "ja-JP", timezoneId: "Asia/Tokyo", viewport: desk, reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  await slowDown(page);
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

/** Has the page run as on a poor phone on a poor line, if SLOW or LATENCY say so. */
async function slowDown(page) {
  if (slow === 1 && latency === 0) return;
  const wire = await page.context().newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: slow });
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 });
}

export const onPhone = () => visitor({ viewport: phone, hasTouch: true });

/** Asks again and again until something holds. */
export async function until(what, holds) {
  for (const deadline = Date.now() + patience; !(await holds()); ) {
    assert.ok(Date.now() < deadline, `never: ${what}`);
    await setTimeout(50);
  }
}

/** Reads a page again and again, for what the worker has yet to do. */
export async function reloadUntil(page, locator) {
  await until(`${page.url()} shows ${locator}`, async () => {
    if (await locator.first().waitFor({ timeout: 700 }).then(() => true, () => false)) return true;
    await page.reload();
    return false;
  });
  return locator.first();
}

/**
 * Looks at what only script makes of a page on a phone: axe, in every theme; nothing to scroll sideways, with letters of
 * twice the size either; targets for a thumb. TestEveryPage looks at the pages as they come, in every size.
 */
export async function look(page, name) {
  const size = page.viewportSize();
  const worn = await wear(page, "light");
  const found = await violations(page);
  await picture(page, name, { fullPage: true });
  for (const theme of ["dark", "calm"]) {
    await wear(page, theme);
    found.push(...(await faintWords(page)).map((what) => `${theme}: ${what}`));
  }
  await wear(page, worn);
  found.push(...(await page.evaluate(smallTargets)).map((target) => `small target ${target}`));
  for (const [width, letters] of [[320, ""], [size.width, ""], [size.width, "200%"]]) {
    await page.setViewportSize({ ...size, width });
    await drawn(page);
    found.push(...(await page.evaluate(sideways, letters)).map((what) => `at ${width} px, letters ${letters}: scrolls sideways in ${what}`));
  }
  assert.equal(found.length, 0, found.map((what) => `${name}: ${what}`).join("\n"));
}

/** Lets everything that follows the size of the page or an answer come into the picture. */
export const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

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

/** The parts of a page that are wider than their place, with letters of some size. */
function sideways(letters) {
  const root = document.documentElement;
  const scrolls = (e) => e === root || ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  root.style.fontSize = letters;
  const wide = [...document.querySelectorAll("*")]
    .filter((e) => scrolls(e) && e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${e.tagName} ${e.className} by ${e.scrollWidth - e.clientWidth} px`);
  root.style.fontSize = "";
  return wide;
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
