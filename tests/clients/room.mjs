// A person with a microphone and a loudspeaker, for a client program: 24 kHz PCM16, real time.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const BYTES_PER_S = 48_000;
const PIECE_MS = 100;
const INTERRUPT_AFTER_S = 1.5;

export class Room {
  constructor(folder) {
    const names = readdirSync(folder).filter((name) => name.endsWith(".pcm")).sort();
    this.speech = names.map((name) => readFileSync(join(folder, name)));
    this.saying = Buffer.alloc(0);
    this.heardAt = 0;
    this.questions = [];
    this.answers = [];
    this.errors = [];
    this.interrupted = 0;
  }

  // Never silent: like a real one, it sends the room when nobody speaks.
  microphone(send) {
    const size = (BYTES_PER_S * PIECE_MS) / 1_000;
    const began = Date.now();
    let sent = 0;
    this.timer = setInterval(() => {
      for (; sent < (Date.now() - began) / PIECE_MS; sent += 1) {
        const piece = Buffer.alloc(size);
        this.saying.copy(piece, 0, 0, size);
        this.saying = this.saying.subarray(size);
        send(piece);
      }
    }, PIECE_MS / 2);
  }

  play(bytes) {
    this.heardAt = Math.max(this.heardAt, Date.now()) + (bytes * 1_000) / BYTES_PER_S;
  }

  stopPlaying() {
    if (this.heardAt > Date.now() + 200) this.interrupted += 1;
    this.heardAt = Date.now();
  }

  asked(text) {
    this.questions.push(text);
    let wait = this.heardAt - Date.now() + 300;
    if (this.questions.length % 3 === 0) wait = Math.min(wait, INTERRUPT_AFTER_S * 1_000);
    const answer = this.speech[(this.questions.length - 1) % this.speech.length];
    setTimeout(() => {
      this.saying = Buffer.concat([this.saying, answer]);
    }, Math.max(0, wait));
  }

  report() {
    clearInterval(this.timer);
    const { questions, answers, errors, interrupted } = this;
    console.log(JSON.stringify({ questions, answers, errors, interrupted }));
    process.exit(0);
  }
}

export const [url, token, folder] = process.argv.slice(2);
