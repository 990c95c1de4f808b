import { type Json, at, bodyOf } from "./form-body";
import { formatted } from "./format";
import { write } from "./words";

const silence = 900; // ms without a change before the piece is described aloud
const tapDelay = 300; // ms in which the click of a tap comes after the finger was lifted, if it comes

/**
 * Live quote for a personalisation form. The page is plain HTML with these attributes; without script the form posts.
 *
 * On the form:
 *  - `data-studio`, `data-endpoint="/api/v1/designs"`: where the fields are posted as JSON (see form-body.ts for names).
 *
 * Anywhere in the page:
 *  - `data-show="price_yen"`: gets the value at that path of the answer as its text; `data-as="yen"`, `"date"`, `"mm"` or
 *    `"mm1"` (from µm) says how it is written
 *  - `data-show-attr="src:model_url"`: gets it as an attribute; several are separated by spaces
 *  - `data-problem`: gets the words of a refusal (problem+json `title` and `detail`) and is shown only then
 *  - `data-problem-for="text"`: the same for one field (`errors[].pointer`)
 *  - `data-busy`: carries the attribute `data-waiting` while an answer is awaited
 *  - `data-count="text"` with `data-limit="24"`: how many characters the field has, as a reader counts them
 *  - `data-told` with `data-size` and `data-comma`: the piece in one sentence; `data-told-status` says it aloud
 *
 * On inputs: `data-recolor="base"` with `data-color="#rrggbb"` recolours every viewer at once, before any answer.
 * On buttons: `data-undo`, `data-redo`, `data-reset`; their group `data-steps` is shown once they work.
 */
export class Studio {
  #past: string[] = [];
  #future: string[] = [];
  #size = "";
  #busy = false;
  #again = false;
  #speech = 0;
  readonly #initial: string;

  constructor(private readonly form: HTMLFormElement) {
    this.#initial = snapshot(form);
    this.#past.push(this.#initial);
    form.addEventListener("input", () => this.#changed());
    form.addEventListener("compositionend", () => this.#changed());
    form.addEventListener("click", (event) => this.#clicked(event));
    followPresses();
    document.addEventListener("keydown", (event) => this.#pressed(event));
    for (const steps of form.querySelectorAll<HTMLElement>("[data-steps]")) steps.hidden = false;
    this.#recolor();
    this.#count();
    this.#offerSteps();
    if (touched(form)) this.#changed();
  }

  #changed(): void {
    const now = snapshot(this.form);
    if (now === this.#past.at(-1)) return;
    this.#past.push(now);
    this.#future = [];
    this.#follow();
  }

  /** Brings everything in line with the form. */
  #follow(): void {
    this.#offerSteps();
    this.#recolor();
    this.#count();
    this.#tell();
    void this.#quote();
  }

  #clicked(event: Event): void {
    const button = (event.target as Element).closest("button");
    if (button?.hasAttribute("data-undo")) this.#undo();
    else if (button?.hasAttribute("data-redo")) this.#redo();
    else if (button?.hasAttribute("data-reset")) this.#reset();
    else return;
    event.preventDefault();
  }

  /** Ctrl+Z and Ctrl+Y, but where somebody types the browser's own undo is at work. */
  #pressed(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (typing || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === "y" || (key === "z" && event.shiftKey)) this.#redo();
    else if (key === "z") this.#undo();
    else return;
    event.preventDefault();
  }

  #undo(): void {
    const now = this.#past.length > 1 ? this.#past.pop() : undefined;
    if (now === undefined) return;
    this.#future.push(now);
    apply(this.form, this.#past.at(-1) ?? this.#initial);
    this.#follow();
  }

  #redo(): void {
    const next = this.#future.pop();
    if (next === undefined) return;
    this.#past.push(next);
    apply(this.form, next);
    this.#follow();
  }

  /** Starting over is a step like any other and can be undone. */
  #reset(): void {
    apply(this.form, this.#initial);
    this.#changed();
  }

  #offerSteps(): void {
    this.#offer("[data-undo]", this.#past.length > 1);
    this.#offer("[data-redo]", this.#future.length > 0);
    this.#offer("[data-reset]", this.#past.at(-1) !== this.#initial);
  }

  #offer(selector: string, possible: boolean): void {
    for (const button of this.form.querySelectorAll<HTMLButtonElement>(selector)) {
      if (!possible && button === document.activeElement) this.#firstStep(button);
      button.disabled = !possible;
    }
  }

  /** The keyboard stays in the group when the button it is on goes out of use. */
  #firstStep(gone: HTMLButtonElement): void {
    const others = this.form.querySelectorAll<HTMLButtonElement>("[data-steps] button");
    [...others].find((button) => button !== gone && !button.disabled)?.focus();
  }

  #recolor(): void {
    for (const input of this.form.querySelectorAll<HTMLInputElement>("input[data-recolor]:checked")) {
      const part = input.dataset["recolor"];
      const color = input.dataset["color"];
      if (!part || !color) continue;
      for (const viewer of document.querySelectorAll("tag-viewer")) viewer.setAttribute(part, color);
    }
  }

  #count(): void {
    for (const place of this.form.querySelectorAll<HTMLElement>("[data-count]")) {
      const field = this.form.elements.namedItem(place.dataset["count"] ?? "");
      if (!(field instanceof HTMLInputElement)) continue;
      const length = graphemes(field.value);
      const limit = Number(place.dataset["limit"]);
      place.textContent = `${length} / ${limit}`;
      place.toggleAttribute("data-over", length > limit);
    }
  }

  /** Writes the piece in one sentence at once, and says it when nothing has changed for a while. */
  #tell(): void {
    for (const place of document.querySelectorAll<HTMLElement>("[data-told]")) {
      const sentence = [...answers(this.form), this.#size].filter((part) => part !== "").join(place.dataset["comma"]);
      place.textContent = sentence;
      for (const viewer of document.querySelectorAll("tag-viewer[coin]")) viewer.setAttribute("label", sentence);
      clearTimeout(this.#speech);
      this.#speech = window.setTimeout(() => {
        for (const status of document.querySelectorAll("[data-told-status]")) status.textContent = sentence;
      }, silence);
    }
  }

  /** Asks for a quote, one at a time: what was typed while one is under way is asked for when it has come. */
  async #quote(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    waiting(true);
    do {
      this.#again = false;
      await this.#ask();
    } while (this.#again);
    this.#busy = false;
    waiting(false);
  }

  async #ask(): Promise<void> {
    try {
      const response = await fetch(this.form.dataset["endpoint"] ?? this.form.action, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json, application/problem+json", "Accept-Language": language() },
        body: JSON.stringify(bodyOf(this.form)),
      });
      const answer = (await response.json()) as Json;
      await letGo();
      if (!response.ok) {
        refuse(answer);
        return;
      }
      show(answer);
      this.#size = sizeTold(answer);
      this.#tell();
    } catch (reason) {
      refuse({ title: this.form.dataset["offline"] ?? String(reason) });
    }
  }
}

/** The language of the page, in which refusals are told. */
function language(): string {
  const { lang, dataset } = document.documentElement;
  return "easy" in dataset ? "ja-x-easy" : lang;
}

let pressed: Promise<void> | undefined;

/** Resolves once nothing is being pressed: what stands under a finger must not change between touching and letting go. */
async function letGo(): Promise<void> {
  while (pressed) await pressed;
}

/** A press lasts until its click has been heard, or cannot come any more. */
function followPresses(): void {
  document.addEventListener("pointerdown", () => {
    pressed ??= new Promise((resolve) => {
      const over = (): void => {
        pressed = undefined;
        resolve();
      };
      document.addEventListener("click", over, { once: true });
      document.addEventListener("pointercancel", over, { once: true });
      document.addEventListener("pointerup", () => setTimeout(over, tapDelay), { once: true });
    });
  }, { capture: true });
}

let segmenter: Intl.Segmenter | undefined; // made when something is written: it takes a slow phone 50 ms

/** How many characters a reader counts. */
function graphemes(text: string): number {
  if (text === "") return 0;
  segmenter ??= new Intl.Segmenter("ja", { granularity: "grapheme" });
  return [...segmenter.segment(text)].length;
}

/** The texts and the labels of the chosen answers, each with its question. */
function answers(form: HTMLFormElement): string[] {
  const told: string[] = [];
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement)) continue;
    if (field.type === "text") told.push(field.value);
    if (field.type !== "radio" || !field.checked) continue;
    const question = field.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
    const answer = field.closest("label")?.querySelector(".radio-card__label")?.textContent ?? "";
    told.push(`${question.trim()} ${answer.trim()}`);
  }
  return told;
}

function sizeTold(answer: Json): string {
  const words = document.querySelector<HTMLElement>("[data-told]")?.dataset["size"] ?? "";
  const mm = (path: string): string => formatted(at(answer, path) ?? 0, "mm");
  return words.replace("{depth}", mm("size.depth_um")).replace("{width}", mm("size.width_um"));
}

function waiting(yes: boolean): void {
  for (const place of document.querySelectorAll("[data-busy]")) place.toggleAttribute("data-waiting", yes);
}

function show(answer: Json): void {
  clearProblems();
  for (const place of document.querySelectorAll<HTMLElement>("[data-show]")) {
    const value = at(answer, place.dataset["show"] ?? "");
    if (value !== undefined) place.textContent = formatted(value, place.dataset["as"]);
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-show-attr]")) {
    for (const pair of (place.dataset["showAttr"] ?? "").split(" ")) {
      const [attribute = "", path = ""] = pair.split(":");
      const value = at(answer, path);
      if (attribute && value !== undefined) place.setAttribute(attribute, String(value));
    }
  }
}

function clearProblems(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-problem], [data-problem-for]")) {
    place.hidden = true;
  }
  for (const input of document.querySelectorAll("[data-studio] [aria-invalid]")) input.removeAttribute("aria-invalid");
}

/** A refusal that concerns one field is told there in the words of the whole, which say what to do about it. */
function refuse(problem: Json): void {
  clearProblems();
  const details = at(problem, "errors");
  const list = Array.isArray(details) ? details : [];
  const fields = new Map(list.map((detail) => [fieldOf(detail), at(detail, "message")]));
  const whole = [at(problem, "title"), at(problem, "detail")].filter((words) => words !== undefined).join(" ");
  let told = false;
  for (const [field, words] of fields) {
    const sentence = fields.size === 1 && at(problem, "detail") !== undefined ? whole : words;
    if (!tell(`[data-problem-for="${CSS.escape(field)}"]`, sentence)) continue;
    document.getElementById(field)?.setAttribute("aria-invalid", "true");
    told = true;
  }
  if (!told) tell("[data-problem]", whole);
}

function fieldOf(detail: Json): string {
  return String(at(detail, "pointer") ?? "").replace(/^[#/]+/, "");
}

function tell(selector: string, words: Json | undefined): boolean {
  const place = document.querySelector<HTMLElement>(selector);
  if (!place || words === undefined) return false;
  write(place.querySelector("[data-words]") ?? place, String(words));
  place.hidden = false;
  return true;
}

/** Says whether somebody typed or chose before the script had come, or the browser filled the form in again. */
function touched(form: HTMLFormElement): boolean {
  return [...form.elements].some(
    (field) =>
      (field instanceof HTMLInputElement && (field.value !== field.defaultValue || field.checked !== field.defaultChecked)) ||
      (field instanceof HTMLTextAreaElement && field.value !== field.defaultValue),
  );
}

/** The state of a form as one string, to come back to. */
function snapshot(form: HTMLFormElement): string {
  const entries = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return JSON.stringify(entries);
}

function apply(form: HTMLFormElement, state: string): void {
  const values = new Map(JSON.parse(state) as [string, string][]);
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) {
      field.checked = values.get(field.name) === field.value;
    } else if (
      field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement
    ) {
      if (field.name) field.value = values.get(field.name) ?? "";
    }
  }
}
