// What Lighthouse says of a page as a phone of the middle class sees it, and as a desk does. usage: node web/journeys/lighthouse.mjs URL…
// prints the device and the four scores of each page: the run of three whose performance is in the middle, as that of a phone
// is simulated from what this machine did, which is only as good as the machine is quiet.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-angle=swiftshader",
];
export const categories = ["performance", "accessibility", "best-practices", "seo"];

const devices = { phone: undefined, desk: desktopConfig };
const runs = 3;

/** The scores of pages as a phone sees them, one after another, of 100, and what cost points. */
export function judge(urls, onlyCategories = categories) {
  return withBrowser(async (port) => {
    const judged = [];
    for (const url of urls) judged.push(await judgeOne(url, { port, onlyCategories }));
    return judged;
  });
}

async function withBrowser(work) {
  const profile = await mkdtemp(join(tmpdir(), "lighthouse-"));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launchPersistentContext(profile, { executablePath, args: [...flags, "--remote-debugging-port=0"] });
  try {
    return await work(Number((await readFile(join(profile, "DevToolsActivePort"), "utf8")).split("\n")[0]));
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A page that did not come or could not be judged, as on a machine that is too busy, is asked for again. */
async function judgeOne(url, options, device = "phone", tries = 3) {
  const { lhr } = await lighthouse(url, { logLevel: "error", maxWaitForFcp: 120_000, maxWaitForLoad: 180_000, ...options }, devices[device]);
  const unjudged = lhr.runtimeError || Object.values(lhr.categories).some(({ score }) => score === null);
  if (unjudged && tries > 1) return judgeOne(url, options, device, tries - 1);
  const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(100 * score)]));
  const lacking = Object.values(lhr.categories).flatMap(({ id, auditRefs }) =>
    auditRefs
      .map((ref) => ({ ...lhr.audits[ref.id], weight: ref.weight }))
      .filter(({ score, weight }) => weight > 0 && score !== null && score < 0.9)
      .map((audit) => `${id}: ${audit.title} ${audit.displayValue ?? ""}`.trim()),
  );
  return { url, scores, lacking, failed: lhr.runtimeError?.message };
}

/** The run in the middle. */
async function judgeOften(url, options, device) {
  const judged = [];
  while (judged.length < runs) judged.push(await judgeOne(url, options, device));
  return judged.toSorted((a, b) => a.scores.performance - b.scores.performance)[Math.floor(runs / 2)];
}

if (process.argv[1] === import.meta.filename) {
  await withBrowser(async (port) => {
    for (const device of Object.keys(devices)) {
      for (const url of process.argv.slice(2)) {
        const { scores, lacking, failed } = await judgeOften(url, { port, onlyCategories: categories }, device);
        console.log(device, new URL(url).pathname, failed ?? categories.map((id) => scores[id]).join(" "));
        for (const audit of lacking) console.error(`  ${audit}`);
      }
    }
  });
}
