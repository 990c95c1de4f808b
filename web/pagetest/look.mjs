// Looks at pages in Chromium: takes pictures, runs axe, measures targets. Reads one JSON object a line
// ({name, url, cookie}) and answers each with a line of JSON: the list of problems found.
// Usage: started by `go test ./web/pagetest -run TestLook -look FOLDER`.
import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const folder = process.argv[2];
const views = [
  { width: 360, theme: "light" },
  { width: 768, theme: "light" },
  { width: 1280, theme: "light" },
  { width: 1280, theme: "dark" },
  { width: 768, theme: "calm" },
];

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
for await (const line of createInterface({ input: process.stdin })) {
  const { name, url, cookie } = JSON.parse(line);
  const problems = [];
  for (const view of views) problems.push(...(await look(name, url, cookie, view)));
  console.log(JSON.stringify(problems));
}
await browser.close();

async function look(name, url, cookie, { width, theme }) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "ja-JP", reducedMotion: "reduce" });
  await context.addCookies([
    { name: "theme", value: theme, url },
    ...(cookie ? [{ name: "tsukuriba", value: cookie, url }] : []),
  ]);
  const page = await context.newPage();
  const problems = [];
  const report = (text) => problems.push(`${name} ${width} ${theme}: ${text}`);
  page.on("console", (message) => message.type() === "error" && message.location().url !== url && report(message.text()));
  page.on("pageerror", (error) => report(String(error)));
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(async () => {
    for (const picture of document.images) picture.loading = "eager";
    await Promise.all([...document.images].map((picture) => picture.decode().catch(() => {})));
    await document.fonts.ready;
  });
  for (const src of await page.evaluate(() => [...document.images].filter((i) => i.naturalWidth === 0).map((i) => i.src))) report(`no picture ${src}`);
  if (await page.locator("iframe").count()) await page.waitForTimeout(500); // a sandboxed frame paints later than it loads
  await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).exclude("iframe[sandbox]").analyze(); // nothing runs within one, axe neither
  for (const v of violations) report(`${v.id}: ${v.nodes.map((n) => n.target).join(" | ")} ${v.nodes[0].failureSummary}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) report(`scrolls sideways by ${wide} px`);
  for (const text of await page.evaluate(smallTargets, url.includes("/tablet") && !url.includes("/staff") ? 64 : 44)) report(`small target: ${text}`);
  await context.close();
  return problems;
}

// Links inside sentences and cells are exempt, as in WCAG 2.5.8.
function smallTargets(least) {
  const targets = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")];
  return targets
    .filter((e) => e.checkVisibility() && !e.closest(".skip-link, .check, .radio-card, p, td, th, dd, dt"))
    .filter((e) => e.getBoundingClientRect().height < least - 0.5)
    .map((e) => `${e.outerHTML.slice(0, 80)} ${e.getBoundingClientRect().height}`);
}
