/** Sound that the server does not have for good yet, in the browser's own database: it outlives a
 * reload, and goes when it has arrived, when the interview ends, and after a day. */

const NAME = "viva-sound";
const FRAMES = "frames";
const WRITE_MS = 200;
const DAY_MS = 24 * 3_600_000;

/** @typedef {import("./keeping.js").Frame} Frame */

/** A browser may refuse it (private windows): then sound is kept by the page alone. */
export class SoundStore {
  #interview;
  /** @type {Promise<IDBDatabase | null>} */
  #database;
  /** @type {Frame[]} */
  #unwritten = [];
  #timer = 0;

  /** @param {string} interview its id */
  constructor(interview) {
    this.#interview = interview;
    this.#database = open().catch(() => null);
    this.#forgetOld();
  }

  /** @returns {Promise<Frame[]>} what is there, in order */
  async all() {
    const found = await this.#within("readonly", (frames) =>
      frames.index("interview").getAll(this.#interview),
    );
    return (found ?? []).sort((a, b) => a.at - b.at);
  }

  /** @param {Frame} frame */
  add(frame) {
    this.#unwritten.push(frame);
    if (!this.#timer) this.#timer = setTimeout(() => this.#write(), WRITE_MS);
  }

  #write() {
    this.#timer = 0;
    const some = this.#unwritten;
    this.#unwritten = [];
    this.#within("readwrite", (frames) => this.#put(frames, some));
  }

  #put(frames, some) {
    for (const { pcm, at, ms, spoken, answer } of some) {
      frames.put({ interview: this.#interview, kept: Date.now(), pcm, at, ms, spoken, answer });
    }
  }

  /** @param {number} beforeMs frames that end before are not needed any more */
  drop(beforeMs) {
    this.#unwritten = this.#unwritten.filter(({ at, ms }) => at + ms > beforeMs);
    this.#delete("interview", IDBKeyRange.only(this.#interview), ({ at, ms }) => at + ms <= beforeMs);
  }

  /** @param {Frame[]} frames take the place of what is there */
  replace(frames) {
    this.#unwritten = [...frames];
    this.#delete("interview", IDBKeyRange.only(this.#interview), () => true);
    this.#write();
  }

  #forgetOld() {
    this.#delete("kept", IDBKeyRange.upperBound(Date.now() - DAY_MS), () => true);
  }

  #delete(index, range, wanted) {
    return this.#within("readwrite", (frames) => {
      const request = frames.index(index).openCursor(range);
      request.onsuccess = () => {
        const cursor = request.result;
        if (!cursor) return;
        if (wanted(cursor.value)) cursor.delete();
        cursor.continue();
      };
    });
  }

  /** One transaction; they follow one another in the order of the calls. */
  async #within(mode, work) {
    const database = await this.#database;
    if (!database) return null;
    try {
      const transaction = database.transaction(FRAMES, mode);
      const request = work(transaction.objectStore(FRAMES));
      await new Promise((done, failed) => {
        transaction.oncomplete = () => done(null);
        transaction.onabort = transaction.onerror = () => failed(transaction.error);
      });
      return request?.result ?? null;
    } catch {
      return null; // a full disk, or a window that is being closed
    }
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((opened, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const frames = request.result.createObjectStore(FRAMES, { autoIncrement: true });
      frames.createIndex("interview", "interview");
      frames.createIndex("kept", "kept");
    };
    request.onsuccess = () => opened(request.result);
    request.onerror = () => failed(request.error);
  });
}
