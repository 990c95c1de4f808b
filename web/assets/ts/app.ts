// What every page carries: the few things plain HTML cannot do. A page must be usable without this file.
import { fetchKanjiIfMissing } from "./parts/kanji";

fetchKanjiIfMissing();

// Most pages have no part that changes by itself, and are read without what does that.
if (document.querySelector("[hx-get], [hx-post]")) void fetchHtmx();

/** On a slow line people choose before it has come. What they chose is told again then, so that no price stays behind. */
async function fetchHtmx(): Promise<void> {
  const chosen = new Set<EventTarget>();
  const note = (event: Event): void => {
    if (event.target) chosen.add(event.target);
  };
  document.addEventListener("change", note);
  await import("./parts/htmx");
  setTimeout(() => { // it begins to listen in a turn of its own
    document.removeEventListener("change", note);
    for (const field of chosen) field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A form that was sent back opens at its summary, so a screen reader starts with what needs another look.
document.querySelector<HTMLElement>("[data-focus]")?.focus();

// A second tap on a slow line must not send an order twice. The server holds that anyway; this saves the doubt.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !(event.target instanceof HTMLFormElement)) return;
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-studio")) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sent", "");
});

// Coming back to a page that was kept in memory, its forms may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
});
