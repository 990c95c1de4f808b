import { type Json, at, bodyOf } from "./form-body";
import { formatted } from "./format";

const patience = 180; // ms without a keystroke before a quote is asked for

/**
 * Live quote for a personalisation form. The page is plain HTML with these attributes; without script the form posts.
 *
 * On the form:
 *  - `data-studio`, `data-endpoint="/api/v1/designs"`: where the fields are posted as JSON (see form-body.ts for names).
 *
 * Anywhere in the page:
 *  - `data-show="price_yen"`: gets the value at that path of the answer as its text; `data-as="yen"`, `"date"` or `"mm"`
 *    (from µm) says how it is written
 *  - `data-show-attr="src:model_url"`: gets it as an attribute; several are separated by spaces
 *  - `data-problem`: gets the words of a refusal (problem+json `title` and `detail`) and is shown only then
 *  - `data-problem-for="text"`: the same for one field (`errors[].pointer`)
 *  - `data-busy`: carries the attribute `data-waiting` while an answer is awaited
 *
 * On inputs: `data-recolor="base"` with `data-color="#rrggbb"` recolours every viewer at once, before any answer.
 * On buttons: `data-undo`, `data-reset`.
 */
export class Studio {
  #past: string[] = [];
  #timer = 0;
  #request: AbortController | undefined;
  readonly #initial: string;

  constructor(private readonly form: HTMLFormElement) {
    this.#initial = snapshot(form);
    this.#past.push(this.#initial);
    form.addEventListener("input", () => this.#changed());
    form.addEventListener("compositionend", () => this.#changed());
    form.addEventListener("click", (event) => this.#clicked(event));
    this.#recolor();
    this.#offerUndo();
    if (touched(form)) this.#changed();
  }

  #changed(): void {
    const now = snapshot(this.form);
    if (now !== this.#past.at(-1)) this.#past.push(now);
    this.#offerUndo();
    this.#recolor();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#quote(), patience);
  }

  #clicked(event: Event): void {
    const button = (event.target as Element).closest("button");
    if (button?.hasAttribute("data-undo")) this.#goBack();
    else if (button?.hasAttribute("data-reset")) this.#restore(this.#initial);
    else return;
    event.preventDefault();
  }

  #goBack(): void {
    if (this.#past.length < 2) return;
    this.#past.pop();
    const before = this.#past.pop();
    if (before !== undefined) this.#restore(before);
  }

  #restore(state: string): void {
    apply(this.form, state);
    this.#changed();
  }

  #offerUndo(): void {
    for (const button of this.form.querySelectorAll<HTMLButtonElement>("[data-undo]")) {
      button.disabled = this.#past.length < 2;
    }
  }

  #recolor(): void {
    for (const input of this.form.querySelectorAll<HTMLInputElement>("input[data-recolor]:checked")) {
      const part = input.dataset["recolor"];
      const color = input.dataset["color"];
      if (!part || !color) continue;
      for (const viewer of document.querySelectorAll("tag-viewer")) viewer.setAttribute(part, color);
    }
  }

  async #quote(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    waiting(true);
    try {
      const response = await fetch(this.form.dataset["endpoint"] ?? this.form.action, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json, application/problem+json", "Accept-Language": document.documentElement.lang },
        body: JSON.stringify(bodyOf(this.form)),
        signal: request.signal,
      });
      const answer = (await response.json()) as Json;
      if (response.ok) show(answer);
      else refuse(answer);
    } catch (reason) {
      if (request.signal.aborted) return;
      refuse({ title: this.form.dataset["offline"] ?? String(reason) });
    }
    if (this.#request === request) waiting(false);
  }
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
  (place.querySelector("[data-words]") ?? place).textContent = String(words);
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
