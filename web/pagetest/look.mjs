// Looks at pages in one Chromium, as people do who need them to be right. Reads a line of JSON for each page, {name, url, cookies, face, themes, portraits},
// and answers each with a line {name, problems}, in the order in which it comes to an end; /seen/axe.js beside the page is axe.
// usage: node look.mjs FOLDER-FOR-PORTRAITS [FOLDER for pictures of everything]
import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { portray } from "./portrait.mjs";

const [, , gallery, folder] = process.argv;
const pairsOfEyes = 2;
const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--font-render-hinting=none", "--disable-lcd-text",
];
const widths = [320, 360, 640, 768, 1280]; // 640 is what a desk sees that shows all at twice the size
const narrow = [320, 360]; // enough where only the words are others
const held = [{ width: 768, height: 1024 }, { width: 1024, height: 768 }, { width: 360, height: 640 }]; // ways to hold a tablet
const patience = 120_000; // the machine may be busy with everything else

if (folder) await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await Promise.all(Array.from({ length: pairsOfEyes }, lookOn));
await browser.close();

/** One pair of eyes: a page of the browser that takes the next line until there is none. */
async function lookOn() {
  const context = await browser.newContext({ locale: "ja-JP", timezoneId: "Asia/Tokyo", reducedMotion: "reduce" });
  context.setDefaultTimeout(patience);
  await context.addInitScript(hold);
  const page = await context.newPage();
  let problems = [];
  page.on("console", (said) => said.type() === "error" && problems.push(said.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { name, url, cookies, ...asked } = JSON.parse(line.value);
    problems = [];
    await context.clearCookies();
    await context.addCookies(Object.entries(cookies ?? {}).map(([key, value]) => ({ name: key, value, url: new URL("/", url).href })));
    await look(page, name, url, asked).then((found) => problems.push(...found), (error) => problems.push(String(error)));
    console.log(JSON.stringify({ name, problems: problems.map((what) => `${name}: ${what}`) }));
  }
}

/** Everything that is wrong with a page, which is loaded once and then seen in every size and theme. */
async function look(page, name, url, { face, themes, portraits }) {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto(url, { waitUntil: "load" });
  const found = await page.evaluate(settle);
  if (folder) await show(page, name);
  found.push(...(await measure(page, face, themes.length > 1 ? widths : narrow)));
  await page.addScriptTag({ url: new URL("/seen/axe.js", url).href });
  if (face === "storefront" && themes.length > 1) {
    await page.setViewportSize({ width: 360, height: 800 });
    found.push(...(await page.evaluate(violations, { theme: "light", rules: {} })).map((what) => `at 360 px: ${what}`));
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  for (const [i, theme] of themes.entries()) found.push(...(await page.evaluate(violations, { theme, rules: rulesFor(face, i, themes.length) })));
  if (portraits) found.push(...(await portray(page.context(), url, portraits, gallery)));
  return found;
}

/** Everything axe knows at first, then the colors alone. The colors of a page in another language are those of the first. A letter has no landmarks. */
function rulesFor(face, i, themes) {
  if (i > 0) return { runOnly: ["color-contrast"] };
  if (face === "letter") return { rules: { region: { enabled: false }, "landmark-one-main": { enabled: false } } };
  return themes > 1 ? {} : { rules: { "color-contrast": { enabled: false } } };
}

/** Pictures in each width, and in each theme at one. */
async function show(page, name) {
  for (const [width, theme] of [[360, "light"], [768, "light"], [1280, "light"], [1280, "dark"], [768, "calm"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate((next) => (document.documentElement.dataset.theme = next), theme);
    await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png`, fullPage: true });
  }
  await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
}

/** What is wrong with sizes and places at any width, with letters of twice the size, and with the focus. */
async function measure(page, face, sizes) {
  const found = [];
  for (const width of sizes) {
    await page.setViewportSize({ width, height: 800 });
    const doubled = width >= (face === "storefront" ? 360 : 768); // the console and the tablet are not for phones
    found.push(...(await page.evaluate(tooWide, { width, doubled })));
    if (width === 360) found.push(...(await page.evaluate(smallTargets, face === "tablet" ? 64 : 44)));
  }
  for (const size of face === "tablet" ? held : []) {
    await page.setViewportSize(size);
    found.push(...(await page.evaluate(outOfReach)).map((what) => `at ${size.width} × ${size.height}: ${what}`));
  }
  await page.setViewportSize({ width: sizes.at(-1), height: 800 });
  await page.keyboard.press("Tab"); // from here on the focus is the keyboard's
  found.push(...(await page.evaluate(unseenFocus)));
  return found;
}

/** Runs before any page: nothing moves, and the theme is the light one. */
function hold() {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];
}

/** Fetches what waits for scrolling, opens what is folded, and says which pictures are missing. */
async function settle() {
  document.documentElement.dataset.theme = "light";
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  for (const picture of document.images) picture.loading = "eager";
  await Promise.all([...document.images].map((picture) => picture.decode().catch(() => {})));
  await document.fonts.ready;
  return [...document.images].filter((picture) => picture.naturalWidth === 0).map((picture) => `no picture ${picture.src}`);
}

/** What cannot be seen without scrolling sideways, with letters as they are and of twice the size. Tables of the console may scroll in their place. */
function tooWide({ width, doubled }) {
  const root = document.documentElement;
  const scrolls = (e) => e === root || (document.body.dataset.face === "storefront" && ["auto", "scroll"].includes(getComputedStyle(e).overflowX));
  const found = [];
  for (const [size, letters] of [["", ""], ...(doubled ? [["200%", " with letters of twice the size"]] : [])]) {
    root.style.fontSize = size;
    const wide = [...document.querySelectorAll("*")].filter((e) => e.scrollWidth > e.clientWidth + 1 && scrolls(e));
    for (const e of wide) found.push(`scrolls sideways at ${width} px${letters} in ${e.tagName} ${e.className} by ${e.scrollWidth - e.clientWidth} px`);
  }
  root.style.fontSize = "";
  return found;
}

/** Says what is wrong with the foot of a page: it can be pressed before scrolling, and hides nothing after. */
function outOfReach() {
  const foot = document.querySelector(".foot");
  const pressed = foot?.querySelector("button");
  if (!pressed) return [];
  const found = [];
  for (const [place, top] of [["top", 0], ["end", document.documentElement.scrollHeight]]) {
    scrollTo(0, top);
    const { left, right, top: upper, bottom } = pressed.getBoundingClientRect();
    const seen = (y) => pressed.contains(document.elementFromPoint((left + right) / 2, y));
    if (!seen(upper + 4) || !seen(bottom - 4)) found.push(`what is to be pressed is out of reach at the ${place}`);
  }
  if (foot.previousElementSibling.getBoundingClientRect().bottom > foot.getBoundingClientRect().top) found.push("the foot lies on the end of the page");
  scrollTo(0, 0);
  return found;
}

/** Links inside sentences and cells are exempt, as in WCAG 2.5.8. */
function smallTargets(least) {
  return [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.checkVisibility() && !e.closest(".skip-link, .check, .radio-card, .default-submit, p, td, th, dd, dt"))
    .filter((e) => e.getBoundingClientRect().height < least - 0.5)
    .map((e) => `small target: ${e.outerHTML.slice(0, 90)} ${e.getBoundingClientRect().height}`);
}

/** Whatever can have the focus shows it by an outline, its own or that of its label. */
function unseenFocus() {
  const outlined = (e) => e && getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) > 0;
  const stops = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(stops)]
    .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0)
    .filter((e) => (e.focus({ preventScroll: true }), document.activeElement === e && !outlined(e) && !outlined(e.closest("label"))))
    .map((e) => `the focus cannot be seen on ${e.outerHTML.slice(0, 120)}`);
}

/** What axe finds in a theme. No script runs in a sandboxed frame, axe neither. */
async function violations({ theme, rules }) {
  document.documentElement.dataset.theme = theme;
  const { violations: broken } = await globalThis.axe.run({ ...rules, iframes: false, resultTypes: ["violations"] });
  return broken.flatMap((rule) => rule.nodes.map((node) => `${theme}: ${rule.id} ${node.target}: ${node.any[0]?.message ?? rule.help}`));
}
