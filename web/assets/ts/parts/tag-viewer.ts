import type { Scene } from "./scene";

/**
 * `<tag-viewer src="….glb" base="#rrggbb" text="#rrggbb" label="…"><img …></tag-viewer>` shows a printed piece that can
 * be turned by pointer and arrow keys. Changing `base` or `text` recolours it at once, changing `src` loads another
 * model, keeps the angle and sends the event `shown`; with `coin` a 100-yen coin lies beside it. The picture inside stays
 * until the first frame is drawn, and for good where WebGL, the model or script is missing: then `picture` is its address
 * and `label` what it shows. three.js is fetched only when the element comes near the window.
 */
export class TagViewer extends HTMLElement {
  static readonly observedAttributes = ["src", "base", "text", "label", "picture"];

  #scene: Promise<Scene> | undefined;
  #near: IntersectionObserver | undefined;
  #load = 0;

  connectedCallback(): void {
    this.#near = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#near?.disconnect();
      void this.#start();
    });
    this.#near.observe(this);
  }

  disconnectedCallback(): void {
    this.#near?.disconnect();
    void this.#scene?.then((scene) => scene.dispose(), () => undefined);
    this.#scene = undefined;
    this.removeAttribute("ready");
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (this.hasAttribute("still")) this.#fallBack();
    else if (!this.#scene || name === "picture") return;
    else if (name === "src") void this.#show();
    else if (name === "label") this.querySelector("canvas")?.setAttribute("aria-label", this.getAttribute("label") ?? "");
    else void this.#scene.then((scene) => scene.paint(this.#colors()), () => undefined);
  }

  async #start(): Promise<void> {
    if (!this.getAttribute("src")) return;
    this.#scene ??= this.#open();
    await this.#show();
  }

  async #open(): Promise<Scene> {
    const { openScene } = await import("./scene");
    const coin = this.hasAttribute("coin");
    const scene = openScene(this, { label: this.getAttribute("label") ?? "", coin });
    if (coin) for (const words of document.querySelectorAll<HTMLElement>("[data-coin]")) words.hidden = false;
    return scene;
  }

  /** Loads the model of `src`; of several loads under way only the last is shown. */
  async #show(): Promise<void> {
    const load = ++this.#load;
    const source = this.getAttribute("src");
    if (!source) return;
    try {
      const scene = await this.#scene;
      if (!scene) return;
      const model = await scene.fetch(source);
      if (load !== this.#load) return;
      await scene.show(model, this.#colors());
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
    if (picture.getAttribute("src") !== source) picture.src = source;
    picture.alt = this.getAttribute("label") ?? "";
  }

  #colors(): { base: string; text: string } {
    return { base: this.getAttribute("base") || "#f0e6d2", text: this.getAttribute("text") || "#3a3632" };
  }
}
