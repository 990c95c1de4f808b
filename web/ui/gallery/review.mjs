// Takes screenshots of the gallery at three widths in four themes and runs axe on each page.
// Usage: go run ./web/ui/gallery & node web/ui/gallery/review.mjs [http://127.0.0.1:8099] [folder]
import { mkdir } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const [base = "http://127.0.0.1:8099", folder = "/tmp/gallery"] = process.argv.slice(2);
const pages = ["/", "/product", "/checkout", "/order", "/missing", "/staff", "/staff/orders", "/tablet", "/tablet/step", "/tablet/feeling"];
const widths = [360, 768, 1280];
const themes = ["light", "dark", "calm"];

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
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
await browser.close();
console.log(`${problems} problems; pictures in ${folder}`);
process.exitCode = problems === 0 ? 0 : 1;

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
