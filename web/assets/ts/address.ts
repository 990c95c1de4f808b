// The address form: a postal code fills in the rest. Without this file a button does the same.
import { at, type Json } from "./parts/form-body";
import { write } from "./parts/words";

const rest = ["prefecture", "city", "street"];

for (const group of document.querySelectorAll<HTMLElement>("[data-address]")) {
  const code = field(group, "postal_code");
  code?.addEventListener("input", () => void lookUp(group));
  if (written(group, rest) === "") void lookUp(group); // the code may have been written before this file came
}

function field(group: HTMLElement, name: string): HTMLInputElement | HTMLSelectElement | null {
  return group.querySelector(`[name="${name}"]`);
}

/** What stands in some fields. */
function written(group: HTMLElement, names: string[]): string {
  return names.map((name) => field(group, name)?.value ?? "").join("\n").trim();
}

/** Digits of any width, without what people write between them. */
function digits(typed: string): string {
  return typed.normalize("NFKC").replace(/[〒\s\-‐-―−ー]/g, "");
}

/** Fills in the place of the code, unless somebody wrote on in the address before the answer came. */
async function lookUp(group: HTMLElement): Promise<void> {
  const asked = written(group, ["postal_code", ...rest]);
  const code = digits(written(group, ["postal_code"]));
  group.querySelector("[data-choose], [data-unknown-code]")?.remove();
  if (!/^\d{7}$/.test(code)) return;
  try {
    const response = await fetch((group.dataset["places"] ?? "") + code, { headers: { Accept: "application/json" } });
    const places = response.ok ? at((await response.json()) as Json, "items") : undefined;
    if (written(group, ["postal_code", ...rest]) !== asked) return;
    if (response.status === 404) tellUnknown(group);
    if (!Array.isArray(places)) return;
    const [only] = places;
    if (only !== undefined && places.length === 1) fill(group, only);
    else if (places.length > 1) choose(group, places);
  } catch {
    return; // without a connection the address is written by hand
  }
}

function fill(group: HTMLElement, place: Json): void {
  for (const [name, key] of [["prefecture", "prefecture"], ["city", "city"], ["street", "town"]] as const) {
    const input = field(group, name);
    if (input) input.value = String(at(place, key) ?? "");
  }
  field(group, "prefecture")?.dispatchEvent(new Event("change", { bubbles: true })); // prices depend on it
  if (group.contains(document.activeElement)) field(group, "street")?.focus();
}

/** A code that nobody knows: the address is written by hand. */
function tellUnknown(group: HTMLElement): void {
  const told = document.createElement("p");
  told.dataset["unknownCode"] = "";
  told.setAttribute("role", "status");
  write(told, group.dataset["unknown"] ?? "");
  field(group, "postal_code")?.closest(".field")?.after(told);
}

/** A code that several places share becomes one button for each of them. */
function choose(group: HTMLElement, places: Json[]): void {
  const list = document.createElement("div");
  list.dataset["choose"] = "";
  list.className = "actions";
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", group.dataset["several"] ?? "");
  for (const place of places) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = ["prefecture", "city", "town"].map((key) => String(at(place, key) ?? "")).join("");
    button.addEventListener("click", () => {
      fill(group, place);
      list.remove();
    });
    list.append(button);
  }
  field(group, "postal_code")?.closest(".field")?.after(list);
}
