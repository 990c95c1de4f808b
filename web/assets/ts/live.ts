// Pages that change by themselves: <div hx-sse:connect="/…">. Loaded beside app.js, with which it shares htmx.
import "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-sse.js";
