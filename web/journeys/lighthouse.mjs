// What Lighthouse says of a page as a phone of the middle class sees it. usage: node web/journeys/lighthouse.mjs URL…
// prints the four scores of each page; that of performance is simulated, and still only as good as the machine is quiet.
import { createServer } from "node:net";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-angle=swiftshader",
];
export const categories = ["performance", "accessibility", "best-practices", "seo"];

/** The scores of pages, one after another, of 100, and what cost points. */
export async function judge(urls, onlyCategories = categories) {
  const port = await freePort();
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: [...flags, `--remote-debugging-port=${port}`] });
  try {
    const judged = [];
    for (const url of urls) judged.push(await judgeOne(url, port, onlyCategories));
    return judged;
  } finally {
    await browser.close();
  }
}

/** A page that did not come, as on a machine that is too busy, is asked for again. */
async function judgeOne(url, port, onlyCategories, tries = 3) {
  const { lhr } = await lighthouse(url, { port, onlyCategories, logLevel: "error", maxWaitForFcp: 120_000, maxWaitForLoad: 180_000 });
  if (lhr.runtimeError && tries > 1) return judgeOne(url, port, onlyCategories, tries - 1);
  const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(100 * score)]));
  const lacking = Object.values(lhr.categories).flatMap(({ id, auditRefs }) =>
    auditRefs
      .map((ref) => ({ ...lhr.audits[ref.id], weight: ref.weight }))
      .filter(({ score, weight }) => weight > 0 && score !== null && score < 0.9)
      .map((audit) => `${id}: ${audit.title} ${audit.displayValue ?? ""}`.trim()),
  );
  return { url, scores, lacking, failed: lhr.runtimeError?.message };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  for (const { url, scores, lacking, failed } of await judge(process.argv.slice(2))) {
    console.log(new URL(url).pathname, failed ?? categories.map((id) => scores[id]).join(" "));
    for (const audit of lacking) console.error(`  ${audit}`);
  }
}
