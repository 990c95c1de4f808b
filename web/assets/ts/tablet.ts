// The tablet's voice. よむ speaks the stored reading, never a guess, with a Japanese voice that lives on the device:
// nothing a member reads is sent anywhere. Where there is no such voice the buttons stay hidden.

let voice: SpeechSynthesisVoice | undefined;

function chooseVoice(): void {
  voice = speechSynthesis.getVoices().find((v) => v.localService && v.lang.replace("_", "-").startsWith("ja"));
  for (const button of document.querySelectorAll<HTMLElement>("button.speak")) button.hidden = voice === undefined;
}

function speak(reading: string): void {
  speechSynthesis.cancel();
  if (!voice || reading === "") return;
  const utterance = new SpeechSynthesisUtterance(reading);
  utterance.voice = voice;
  utterance.lang = "ja-JP";
  utterance.rate = 0.85;
  speechSynthesis.speak(utterance);
}

if ("speechSynthesis" in window) {
  chooseVoice();
  speechSynthesis.addEventListener("voiceschanged", chooseVoice);
  document.addEventListener("htmx:after:swap", chooseVoice);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("button.speak");
    if (!button) return;
    if (speechSynthesis.speaking) speechSynthesis.cancel();
    else speak(button.dataset["speak"] ?? "");
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
