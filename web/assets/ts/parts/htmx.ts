// Loaded by app.ts where a page asks for it.
import "htmx.org/dist/htmx.esm.js";
import { write } from "./words";

// An answer that is a failure is shown nowhere (noSwap in ui.document), nor is one that never came. The part that asked
// tells it in its own words instead, until the next answer takes their place.
for (const failure of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(failure, (event) => {
    const place = (event.target as Element).querySelector<HTMLElement>("[data-failed]");
    if (!place) return;
    const told = document.createElement("span");
    told.className = "failed";
    write(told, place.dataset["failed"] ?? "");
    place.replaceChildren(told);
  });
}
