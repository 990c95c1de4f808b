// The page where a customer writes a name: the model that turns, and the live quote. Pages with only a model use it too.
import { TagViewer } from "./parts/tag-viewer";
import { Studio } from "./parts/studio-form";

customElements.define("tag-viewer", TagViewer);

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-studio]")) new Studio(form);
