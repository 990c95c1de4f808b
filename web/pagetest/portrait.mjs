// Takes pictures of a page that come out alike on any machine: in our own letters, with nothing that moves, asks for news or is drawn by a graphics card.
import { join } from "node:path";

/** Takes the pictures {name, width, theme, mishap} of a page, and says what keeps them from being alike elsewhere. */
export async function portray(context, url, portraits, folder) {
  const page = await context.newPage();
  try {
    await page.addInitScript(quiet);
    await page.goto(url, { waitUntil: "load" });
    await page.evaluate(prepare);
    for (const { name, width, theme, mishap } of portraits) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(pose, { theme, mishap });
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: "disabled", caret: "hide" });
    }
    return await foreignLetters(page);
  } finally {
    await page.close();
  }
}

/** Runs before the page: no news, no model in place of its picture, no voice. */
function quiet() {
  globalThis.fetch = () => new Promise(() => {});
  IntersectionObserver.prototype.observe = () => {};
  speechSynthesis.getVoices = () => [];
}

/** Makes every day the same one, leaves out readings, whose height is another in each release of Chromium, and fetches the kanji that a device with
 * Japanese letters of its own would not ask for. */
async function prepare() {
  for (const reading of document.querySelectorAll("rt, rp")) reading.remove();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    text.data = text.data.replace(/\d+(\u2060?月\u2060?)\d+(\u2060?日)(\u2060?\([日月火水木金土]\))?/g, (_, month, day, weekday) => 12 + month + 10 + day + (weekday ? "(木)" : ""));
    text.data = text.data.replace(/\d+:\d\d/g, "10:00");
  }
  const kanji = Object.assign(document.createElement("link"), { rel: "stylesheet", href: document.body.dataset.kanji });
  await new Promise((loaded, failed) => {
    kanji.addEventListener("load", loaded);
    kanji.addEventListener("error", () => failed(new Error("no kanji")));
    document.body.append(kanji);
  });
}

/** Puts on a theme, lets a style befall the page, and waits until everything is drawn. What sticks to the window stands where it would stand in a taller one. */
async function pose({ theme, mishap = "" }) {
  document.documentElement.dataset.theme = theme;
  document.activeElement?.blur();
  const style = document.getElementById("portrait") ?? document.head.appendChild(Object.assign(document.createElement("style"), { id: "portrait" }));
  style.textContent = mishap;
  for (const element of document.querySelectorAll("body *")) if (getComputedStyle(element).position === "sticky") element.style.position = "relative";
  for (const picture of document.images) picture.loading = "eager";
  await Promise.all([...document.images].map((picture) => picture.decode()));
  document.body.getBoundingClientRect(); // asks for the letters
  await document.fonts.ready;
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}

/** What is written in letters of the machine instead of ours. */
async function foreignLetters(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("DOM.enable");
  await browser.send("CSS.enable");
  const { root } = await browser.send("DOM.getDocument", { depth: -1 });
  const found = [];
  for (const { nodeId, nodeName, nodeValue } of written(root)) {
    const { fonts } = await browser.send("CSS.getPlatformFontsForNode", { nodeId });
    const foreign = fonts.filter((font) => !font.isCustomFont).map((font) => font.familyName);
    if (foreign.length > 0) found.push(`in ${foreign.join(" and ")}, not in letters of ours: ${nodeName} ${nodeValue.trim()}`);
  }
  return found;
}

/** The nodes of a document that hold letters themselves. */
function* written(node) {
  if (["#text", "INPUT", "TEXTAREA", "OPTION"].includes(node.nodeName)) yield node;
  for (const child of node.children ?? []) yield* written(child);
}
