// Measures how long a keystroke in the studio takes until the pixels of the new model are seen: node studio-speed.mjs URL [product …]
// It is no test: the numbers belong to the machine. Prints a line for each product, and one for all: keystrokes, p50 and p95
// in ms, then the medians of the parts of which they consist: the quote, the model, reading it and drawing the next frame, and
// until it is seen in the page. Needs a shop that runs, such as `tsukuriba dev`.
import { chromium } from "playwright-core";

const [home, ...wanted] = process.argv.slice(2);
const products = wanted.length > 0 ? wanted : ["name-tag", "pet-tag", "bag-tag", "key-charm", "door-plate", "spinning-pumpkin"];
const texts = ["はると", "さくら", "髙﨑", "Anna", "ゆい", "あおい"];
const parts = ["whole", "quote", "model", "frame", "paint"];
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
    const canvas = viewer.querySelector("canvas");
    const copy = new OffscreenCanvas(64, 48).getContext("2d", { willReadFrequently: true });
    const seen = () => {
      copy.clearRect(0, 0, 64, 48);
      copy.drawImage(canvas, 0, 0, 64, 48);
      return copy.getImageData(0, 0, 64, 48).data.join();
    };
    const frame = () => new Promise(requestAnimationFrame);
    const drawn = () => new Promise((resolve) => viewer.addEventListener("shown", () => resolve(performance.now()), { once: true }));
    const asked = (kind) => performance.getEntriesByType("resource").findLast(({ name }) => kind.test(name))?.duration ?? 0;
    const took = [];
    for (const word of words) {
      for (let n = 1; n <= word.length; n++) {
        performance.clearResourceTimings();
        const before = seen();
        const began = performance.now();
        const model = drawn();
        field.value = word.slice(0, n);
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        const shown = await model;
        while (seen() === before && performance.now() < shown + 2000) await frame();
        const paint = performance.now() - shown;
        const [whole, quote, fetched] = [shown - began + paint, asked(/\/designs$/), asked(/\.glb$/)];
        took.push({ whole, quote, model: fetched, frame: whole - paint - quote - fetched, paint });
        await new Promise((resolve) => setTimeout(resolve, 250)); // as somebody types
      }
    }
    return took;
  }, texts);
  await page.close();
  return times;
}

const quantile = (times, q) => times.toSorted((a, b) => a - b)[Math.floor(q * (times.length - 1))].toFixed(1);

function print(name, times) {
  const of = (part) => times.map((time) => time[part]);
  console.log(name, times.length, quantile(of("whole"), 0.5), quantile(of("whole"), 0.95), ...parts.slice(1).map((part) => quantile(of(part), 0.5)));
}

const all = [];
for (const product of products) {
  const times = await keystrokes(product);
  print(product, times);
  all.push(...times);
}
print("all", all);
await browser.close();
