/** Writes a sentence into its place, with readings above kanji that are marked as ｜漢字《かんじ》. */
export function write(place: Element, sentence: string): void {
  place.replaceChildren();
  let plain = 0;
  for (const marked of sentence.matchAll(/｜([^《]*)《([^》]*)》/g)) {
    const ruby = document.createElement("ruby");
    const reading = document.createElement("rt");
    reading.textContent = marked[2] ?? "";
    ruby.append(marked[1] ?? "", reading);
    place.append(sentence.slice(plain, marked.index), ruby);
    plain = marked.index + marked[0].length;
  }
  place.append(sentence.slice(plain));
}
