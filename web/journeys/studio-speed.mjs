// Measures how long a keystroke in the studio takes until the new model is drawn: node studio-speed.mjs URL [product …]
// It is no test: the numbers belong to the machine. What a browser without a graphics card then needs to show the frame is not in them. Needs a shop that runs, such as `tsukuriba dev`.
import { chromium } from "playwright-core";

const [home, ...wanted] = process.argv.slice(2);
const products = wanted.length > 0 ? wanted : ["name-tag", "pet-tag", "bag-tag", "key-charm", "door-plate", "spinning-pumpkin"];
const texts = ["はると", "さくら", "髙﨑", "Anna", "ゆい", "あおい"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
});

/** Types the texts key by key, and waits after each until the model of what stands there was drawn. */
async function keystrokes(product) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${home}/products/${product}/studio`);
  await page.waitForSelector("tag-viewer[ready]");
  const times = await page.evaluate(async (words) => {
    const field = document.getElementById("text");
    const viewer = document.querySelector("tag-viewer");
    const took = [];
    for (const word of words) {
      for (let n = 1; n <= word.length; n++) {
        const shown = new Promise((resolve) => viewer.addEventListener("shown", () => resolve(performance.now()), { once: true }));
        const began = performance.now();
        field.value = word.slice(0, n);
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        took.push((await shown) - began);
        await new Promise((resolve) => setTimeout(resolve, 250)); // as somebody types
      }
    }
    return took;
  }, texts);
  await page.close();
  return times;
}

const quantile = (times, q) => times.toSorted((a, b) => a - b)[Math.floor(q * (times.length - 1))].toFixed(0);
for (const product of products) {
  const times = await keystrokes(product);
  console.log(`${product.padEnd(18)} ${times.length} keystrokes: p50 ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms, fastest ${quantile(times, 0)} ms, longest ${quantile(times, 1)} ms`);
}
await browser.close();
