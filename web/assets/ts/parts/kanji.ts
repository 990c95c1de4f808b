/**
 * Loads the kanji of our font (`<body data-kanji="…css">`) on a device that has no Japanese font. Such a device draws the
 * same empty box for every kanji, so two different ones come out alike.
 */
export function fetchKanjiIfMissing(): void {
  const source = document.body.dataset["kanji"];
  if (!source || drawn("鬱") !== drawn("語")) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = source;
  document.body.append(link);
}

/** Draws in the language of the page, for which the browser has looked for fonts already. */
function drawn(character: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return character;
  if ("lang" in pen) pen.lang = document.documentElement.lang;
  pen.font = "20px sans-serif";
  pen.fillText(character, 2, 20);
  return pen.getImageData(0, 0, 24, 24).data.join();
}
