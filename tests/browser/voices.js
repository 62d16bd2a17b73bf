/** A browser's engine of speech, put in where there is none: it takes 40 ms for a letter and tells every word. What was asked
 * of it is in `said`; `afar`: it only has a voice of a server; `voiceFails`: so it does. */

window.said = [];

const voice = (name, lang, localService) => ({ name, lang, localService, voiceURI: name, default: false });
const VOICES = [voice("Near", "en-US", true), voice("Afar", "en-GB", false), voice("Yuna", "ko-KR", true)];
const LETTER_MS = 40;
const BEGINS_MS = 50;

class Engine extends EventTarget {
  saying = null;
  pending = false;
  timers = [];

  getVoices() {
    return VOICES.filter(({ localService }) => !window.afar || !localService);
  }

  get speaking() {
    return this.saying !== null;
  }

  speak(utterance) {
    if (!utterance.text) return;
    window.said.push(utterance);
    if (window.voiceFails) {
      setTimeout(() => utterance.onerror?.({ error: "synthesis-failed" }));
      return;
    }
    this.saying = utterance;
    const after = (letters, act) => {
      const ms = BEGINS_MS + (letters * LETTER_MS) / utterance.rate;
      this.timers.push(setTimeout(act, ms));
    };
    after(0, () => utterance.onstart?.({}));
    for (const { index } of utterance.text.matchAll(/\S+/g)) {
      after(index, () => utterance.onboundary?.({ charIndex: index }));
    }
    after(utterance.text.length, () => {
      this.end();
      utterance.onend?.({});
    });
  }

  cancel() {
    const cut = this.saying;
    this.end();
    if (!cut) return;
    cut.cut = true;
    cut.onerror?.({ error: "interrupted" });
  }

  end() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
    this.saying = null;
  }
}

Object.defineProperty(window, "speechSynthesis", { value: new Engine() });
window.SpeechSynthesisUtterance = class {
  constructor(text) {
    this.text = text;
  }
};
