// Loaded by app.ts where a page asks for it.
import "htmx.org/dist/htmx.esm.js";
