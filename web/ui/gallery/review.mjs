// Takes screenshots of the gallery at four widths in three themes, runs axe on each page and walks the studio.
// Usage: go run ./web/ui/gallery & node web/ui/gallery/review.mjs [http://127.0.0.1:8099] [folder]
import { mkdir } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const [base = "http://127.0.0.1:8099", folder = "/tmp/gallery"] = process.argv.slice(2);
const pages = ["/", "/product", "/checkout", "/order", "/missing", "/staff", "/staff/orders", "/tablet", "/tablet/step", "/tablet/feeling"];
const widths = [320, 360, 768, 1280];
const themes = ["light", "dark", "calm"];

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"] });
let problems = 0;
for (const width of widths) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "ja-JP" });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && report(page.url(), message.text()));
  for (const path of pages) {
    for (const theme of themes) {
      await page.goto(`${base}${path}?theme=${theme}`, { waitUntil: "networkidle" });
      await page.evaluate(() => document.fonts.ready);
      const name = path.replaceAll("/", "_").replace(/^_$/, "_home");
      await page.screenshot({ path: `${folder}/${width}-${theme}${name}.png`, fullPage: true });
      await check(page);
    }
  }
  await context.close();
}
await languages();
await measure();
await studioJourney();
await browser.close();
console.log(`${problems} problems; pictures in ${folder}`);
process.exitCode = problems === 0 ? 0 : 1;

async function languages() {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
  const page = await context.newPage();
  for (const lang of ["easy", "en"]) {
    await page.goto(`${base}/?lang=${lang}`, { waitUntil: "networkidle" });
    await page.screenshot({ path: `${folder}/360-${lang}_home.png`, fullPage: true });
    await check(page);
  }
  await context.close();
}

// Bytes over the wire for a first visit, by kind, with what a device that has a Japanese font would not fetch apart.
async function measure() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  const addresses = new Map();
  const bytes = {};
  client.on("Network.responseReceived", ({ requestId, response }) => addresses.set(requestId, response.url));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kindOf(new URL(addresses.get(requestId) ?? base).pathname);
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
  });
  await page.goto(`${base}/order`, { waitUntil: "networkidle" });
  console.log("bytes transferred for /order:", bytes);
  await page.close();
}

function kindOf(path) {
  if (/kanji-/.test(path) || (/udpgothic-\d+-/.test(path) && !/-119-/.test(path))) return "kanji, only without a Japanese font";
  return /\.(\w+)$/.exec(path)?.[1] ?? "html";
}

// Types into the studio with the API played back, and looks at what the page does with each answer.
async function studioJourney() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "ja-JP" });
  page.on("pageerror", (error) => report(page.url(), String(error)));
  const sent = [];
  await page.route("**/api/v1/designs", (route) => {
    const body = route.request().postDataJSON();
    sent.push(body);
    if (body.text.includes("😀")) {
      const errors = [{ pointer: "/text", code: "missing_glyphs", message: "「😀」はありません" }];
      return route.fulfill({ status: 422, contentType: "application/problem+json", json: { title: "文字", status: 422, errors } });
    }
    const ships = { from: "2026-12-03", until: "2026-12-07" };
    return route.fulfill({ json: { price_yen: 1430, ships, model_url: `/models/${encodeURIComponent(body.text)}` } });
  });
  await page.goto(`${base}/product?theme=light`);
  const expect = async (what, read, want) => {
    const told = await page.waitForFunction(read, want, { timeout: 10000 }).catch(() => null);
    if (!told) report(page.url(), `studio: ${what}`);
  };
  await expect("the model is drawn", () => document.querySelector("tag-viewer[ready] canvas"));
  const draw = () => page.locator("tag-viewer canvas").screenshot();
  const rest = await draw();
  await page.locator("tag-viewer canvas").focus();
  await page.keyboard.press("ArrowLeft");
  if (rest.equals(await draw())) report(page.url(), "studio: arrow keys do not turn the model");
  await page.fill("#text", "髙﨑 美桜");
  await expect("price follows the text", (want) => document.querySelector("[data-show=price_yen]").textContent === want, "¥1,430");
  await expect("ship window follows", (want) => document.querySelector("[data-show='ships.from']").textContent === want, "12月3日");
  await expect("an old error leaves", () => document.querySelector("[data-problem-for=text]").hidden);
  await expect("the field is well again", () => !document.querySelector("#text").hasAttribute("aria-invalid"));
  if (sent.at(-1).text !== "髙﨑 美桜") report(page.url(), `studio: text was changed to ${sent.at(-1).text}`);
  await page.waitForTimeout(500);
  const before = await draw();
  await page.locator("input[name=base_color][value=ai]").check();
  await page.waitForTimeout(100);
  if (before.equals(await draw())) report(page.url(), "studio: a colour does not paint the model");
  await page.screenshot({ path: `${folder}/studio.png` });
  await page.fill("#text", "😀");
  await expect("a refusal is told at its field", (want) => {
    const place = document.querySelector("[data-problem-for=text]");
    return !place.hidden && place.textContent.includes(want);
  }, "はありません");
  await page.click("[data-undo]");
  await expect("undo brings the text back", (want) => document.querySelector("#text").value === want, "髙﨑 美桜");
  await page.close();
}

async function check(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const v of violations) report(page.url(), `${v.id}: ${v.nodes.map((n) => n.target).join(" | ")} ${v.nodes[0].failureSummary}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) report(page.url(), `scrolls sideways by ${wide} px`);
  const small = await page.evaluate(smallTargets, page.url().includes("/tablet") ? 64 : 44);
  for (const text of small) report(page.url(), `small target: ${text}`);
}

// Links inside sentences and cells are exempt, as in WCAG 2.5.8.
function smallTargets(least) {
  const targets = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")];
  return targets
    .filter((e) => e.checkVisibility() && !e.closest(".skip-link, .check, .radio-card, p, td, th, dd, dt"))
    .filter((e) => e.getBoundingClientRect().height < least - 0.5)
    .map((e) => `${e.outerHTML.slice(0, 80)} ${e.getBoundingClientRect().height}`);
}

function report(url, text) {
  problems++;
  console.log(url, text);
}
