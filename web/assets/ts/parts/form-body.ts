/** Anything JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * A form as a JSON object. A name with dots makes nested objects ("colors.base"); an input with `data-type="number"`
 * gives a number, a checkbox with `data-type="boolean"` true or false, and so does a
 * radio button of the value "yes" or "no"; `data-skip` leaves a field out. Text is sent exactly as
 * typed: what is engraved is never normalised.
 */
export function bodyOf(form: HTMLFormElement): { [key: string]: Json } {
  const body: { [key: string]: Json } = {};
  for (const field of form.elements) {
    if (!isField(field) || field.name === "" || field.disabled || field.hasAttribute("data-skip")) continue;
    if (field instanceof HTMLInputElement && field.type === "radio" && !field.checked) continue;
    put(body, field.name.split("."), valueOf(field));
  }
  return body;
}

/** The value at a dotted path, or undefined. */
export function at(value: Json, path: string): Json | undefined {
  let here: Json | undefined = value;
  for (const key of path.split(".")) {
    if (here === null || typeof here !== "object") return undefined;
    here = (here as { [key: string]: Json })[key];
  }
  return here;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function isField(element: Element): element is Field {
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  );
}

function valueOf(field: Field): Json {
  const checkbox = field instanceof HTMLInputElement && field.type === "checkbox";
  if (checkbox && field.dataset["type"] === "boolean") return field.checked;
  if (field.type === "radio" && field.dataset["type"] === "boolean") return field.value === "yes";
  if (checkbox) return field.checked ? field.value : "";
  if (field.dataset["type"] === "number") return Number(field.value);
  return field.value;
}

function put(body: { [key: string]: Json }, keys: string[], value: Json): void {
  const [key = "", ...rest] = keys;
  if (rest.length === 0) {
    body[key] = value;
    return;
  }
  const inner = body[key];
  const next = inner !== null && typeof inner === "object" && !Array.isArray(inner) ? inner : {};
  body[key] = next;
  put(next, rest, value);
}
