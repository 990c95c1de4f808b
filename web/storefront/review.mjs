// Looks at every page of a running shop as people do: three widths, three themes, axe, and the studio with script.
// Usage: node web/storefront/review.mjs http://127.0.0.1:8080 folder [quick]   It exits non-zero with what it found.
import { mkdir } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const [base, folder, look = "full"] = process.argv.slice(2);
const quick = look === "quick";
const pages = ["/", "/products", "/products?q=ない", "/products/name-tag", "/products/halloween-2026", "/collections", "/about", "/legal", "/nothing"];

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
let problems = 0;
for (const [width, theme] of quick ? [[360, "auto"]] : [[320, "calm"], [360, "light"], [768, "dark"], [1280, "light"]]) {
  await walk(width, theme);
}
if (!quick) for (const lang of ["easy", "en"]) await walk(360, "light", lang);
await browser.close();
console.log(`${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;

/** One person buys a tag, and looks around on the way. */
async function walk(width, theme, lang = "ja") {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "ja-JP" });
  const page = await context.newPage();
  page.on("pageerror", (error) => report(page.url(), String(error)));
  page.on("console", (m) => m.type() === "error" && !page.url().includes("/nothing") && !m.text().includes("422") && report(page.url(), m.text()));
  const look = (name) => shoot(page, `${width}-${theme}-${lang}-${name}`);
  await page.goto(`${base}/theme?to=${theme}&back=/%3Flang%3D${lang}`);
  for (const path of pages) {
    await page.goto(base + path, { waitUntil: "networkidle" });
    await look(path.replaceAll(/[^a-z0-9]+/g, "_"));
  }
  await studio(page, look);
  await page.click("button[value=cart]");
  await page.waitForURL("**/cart");
  await look("cart");
  await page.goto(`${base}/checkout`);
  await page.click("form[action='/checkout'] button.button--primary");
  await look("checkout-refused");
  await address(page);
  await look("checkout");
  await page.click("form[action='/checkout'] button.button--primary");
  await page.waitForURL("**/checkout/confirm");
  await look("confirm");
  await page.click("form[action='/checkout/confirm'] button");
  await page.waitForURL((url) => !url.href.startsWith(base));
  await page.locator("button.wide").first().click();
  await page.waitForURL(`${base}/orders/**`);
  await look("order");
  await page.goto(page.url().split("?")[0] + "/cancel");
  await look("cancel");
  await page.click("form[action$='/cancelation'] button");
  await look("canceled");
  await context.close();
}

async function studio(page, look) {
  await page.goto(`${base}/products/name-tag/studio`, { waitUntil: "networkidle" });
  await look("studio");
  await page.fill("#text", "さくら😀");
  await expect(page, "a missing glyph is told at the field", () => document.querySelector("[data-problem-for=text]").textContent.includes("😀"));
  await look("studio-refused");
  await page.fill("#text", "さくら");
  await expect(page, "the price follows", () => document.querySelector("[data-problem-for=text]").hidden);
  await page.check("input[name=size][value=large]", { force: true });
  await expect(page, "the price follows the size", () => document.querySelector("[data-show=price_yen]").textContent === "¥1,320");
  await expect(page, "the model is drawn", () => document.querySelector("tag-viewer[ready] canvas"));
  await page.waitForTimeout(400);
  await look("studio-written");
}

async function address(page) {
  for (const [name, value] of [["name", "髙﨑 美桜"], ["email", "mio@example.jp"], ["phone", "09012345678"]]) await page.fill(`#${name}`, value);
  await page.fill("#postal_code", "498-0000");
  await page.locator("[data-choose] button", { hasText: "三重県" }).click();
  await expect(page, "a place can be chosen", () => document.querySelector("#prefecture").value === "三重県");
  await page.fill("#postal_code", "６０４－８００１");
  await expect(page, "the address is filled in", () => document.querySelector("#prefecture").value === "京都府");
  await page.fill("#street", (await page.inputValue("#street")) + "1-2");
}

async function expect(page, what, read) {
  const told = await page.waitForFunction(read, undefined, { timeout: 8000 }).catch(() => null);
  if (!told) report(page.url(), `not so: ${what}`);
}

async function shoot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const v of violations) report(name, `${v.id}: ${v.nodes.map((n) => n.target).join(" | ")} ${v.nodes[0].failureSummary}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) report(name, `scrolls sideways by ${wide} px`);
  for (const text of await page.evaluate(smallTargets)) report(name, `small target: ${text}`);
}

// Links inside sentences and cells are exempt, as in WCAG 2.5.8.
function smallTargets() {
  return [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.checkVisibility() && !e.closest(".skip-link, .check, .radio-card, .default-submit, p, td, th, dd, dt"))
    .filter((e) => e.getBoundingClientRect().height < 43.5)
    .map((e) => `${e.outerHTML.slice(0, 90)} ${e.getBoundingClientRect().height}`);
}

function report(place, text) {
  problems++;
  console.log(place, text);
}
