import { openScene, type Scene } from "./scene";

/**
 * `<tag-viewer src="….glb" base="#rrggbb" text="#rrggbb" label="…"><img …></tag-viewer>` shows a printed piece that can
 * be turned by pointer and arrow keys. Changing `base` or `text` recolours it at once, changing `src` loads another
 * model, keeps the angle and sends the event `shown`; with `coin` a 100-yen coin lies beside it. The picture inside stays
 * until the first frame is drawn, and for good where WebGL, the model or script is missing: then `picture` is its address
 * and `label` what it shows. three.js (`stage`, drawing in a thread of its own) is fetched when the element comes near the
 * window and the page has nothing else to do, or as soon as somebody begins to do something.
 */
export class TagViewer extends HTMLElement {
  static readonly observedAttributes = ["src", "base", "text", "label", "picture"];

  #scene: Promise<Scene> | undefined;
  #near: IntersectionObserver | undefined;
  #load = 0;

  connectedCallback(): void {
    const begun = leisure();
    this.#near = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#near?.disconnect();
      void begun.then(() => this.#start());
    });
    this.#near.observe(this);
  }

  disconnectedCallback(): void {
    this.#near?.disconnect();
    void this.#scene?.then((scene) => scene.close(), () => undefined);
    this.#scene = undefined;
    this.removeAttribute("ready");
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (this.hasAttribute("still")) this.#fallBack();
    else if (!this.#scene || name === "picture") return;
    else if (name === "src") void this.#show();
    else if (name === "label") this.#name();
    else void this.#scene.then((scene) => scene.paint(this.#colors()), () => undefined);
  }

  async #start(): Promise<void> {
    if (!this.isConnected || !this.getAttribute("src")) return;
    this.#scene ??= this.#open();
    await this.#show();
  }

  async #open(): Promise<Scene> {
    const coin = this.hasAttribute("coin");
    const scene = await openScene(this, { coin, worker: this.getAttribute("stage") ?? "" });
    this.#name();
    return scene;
  }

  #name(): void {
    this.querySelector("canvas")?.setAttribute("aria-label", this.getAttribute("label") ?? "");
  }

  /** Loads the model of `src`; of several loads under way only the last is shown. */
  async #show(): Promise<void> {
    const load = ++this.#load;
    const source = this.getAttribute("src");
    if (!source) return;
    try {
      const [scene, model] = await Promise.all([this.#scene, fetchModel(source)]);
      if (!scene || load !== this.#load) return;
      await scene.show(model, this.#colors());
      if (load !== this.#load) return;
      this.setAttribute("ready", "");
      this.dispatchEvent(new CustomEvent("shown", { detail: source }));
    } catch {
      this.#fallBack();
    }
  }

  /** Without WebGL or model the picture says it all; the element stays quiet about why. */
  #fallBack(): void {
    this.removeAttribute("ready");
    this.querySelector("canvas")?.remove();
    this.setAttribute("still", "");
    const picture = this.querySelector("img");
    const source = this.getAttribute("picture");
    if (!picture || !source) return;
    picture.removeAttribute("srcset");
    if (picture.getAttribute("src") !== source) picture.src = source;
    picture.alt = this.getAttribute("label") ?? "";
  }

  #colors(): { base: string; text: string } {
    return { base: this.getAttribute("base") || "#f0e6d2", text: this.getAttribute("text") || "#3a3632" };
  }
}

async function fetchModel(source: string): Promise<ArrayBuffer> {
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${response.status} ${source}`);
  return response.arrayBuffer();
}

const deeds = ["pointerdown", "keydown", "input"];
let calm: Promise<void> | undefined;

/** Resolves when the page has come and has nothing to do, or when somebody does something. */
function leisure(): Promise<void> {
  return (calm ??= new Promise((begin) => {
    for (const deed of deeds) addEventListener(deed, () => begin(), { capture: true, once: true, passive: true });
    const rest = (): void => {
      if ("requestIdleCallback" in globalThis) requestIdleCallback(() => begin(), { timeout: 2000 });
      else setTimeout(begin, 200);
    };
    if (document.readyState === "complete") rest();
    else addEventListener("load", rest, { once: true });
  }));
}
