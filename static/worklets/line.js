/** The line to the server on a thread of its own: a page that is busy neither delays the voice nor
 * tears it. Sound comes from the microphone's worklet and goes to the loudspeaker's by ports of
 * their own, so the page only sees what is told in words. */

import { Realtime } from "../js/realtime.js";

/** What is told to the loudspeaker in the order of its sound. */
const TOLD = {
  "viva.voice_done": "done",
  "viva.hold": "hold",
  "viva.release": "release",
  "viva.hush": "hush",
  "viva.ended": "reset",
};
/** The page need not know of every packet. */
const SENT_MS = 200;

/** @type {Realtime | null} */
let realtime = null;
/** @type {MessagePort | null} */
let microphone = null;
/** The one that is heard, until the first frame of another. @type {MessagePort | null} */
let heard = null;
/** @type {MessagePort | null} */
let loudspeaker = null;
let paused = false;
let sentAt = -Infinity;

function tell(name, detail) {
  self.postMessage({ name, detail });
}

function heed(event) {
  if (TOLD[event.type]) loudspeaker?.postMessage({ type: TOLD[event.type], turn: event.turn });
  if (event.type !== "viva.control") return;
  if (event.control === "pause" || event.control === "resume") paused = event.control === "pause";
}

/** On a new connection nothing of the old one is heard any more. */
function begin() {
  paused = false;
  loudspeaker?.postMessage({ type: "reset" });
}

function connect({ url, token, interview }) {
  realtime?.close();
  const line = new Realtime(url, token, interview);
  realtime = line;
  const on = (name, take) =>
    line.addEventListener(name, ({ detail }) => {
      if (realtime === line) take(detail);
    });
  for (const name of ["state", "event", "slow", "answered"]) {
    on(name, (detail) => {
      if (name === "event") heed(detail);
      if (name === "state" && detail.state === "open") begin();
      tell(name, detail);
    });
  }
  on("voice", ({ turn, offset, pcm }) =>
    loudspeaker?.postMessage({ type: "voice", turn, offset, pcm }, [pcm]),
  );
  on("sent", () => {
    const now = performance.now();
    if (now - sentAt < SENT_MS) return;
    sentAt = now;
    tell("sent", null);
  });
  line.connect();
}

/** @param {MessagePort} port @param {(data: any) => void} take */
function join(port, take) {
  port.onmessage = ({ data }) => take(data);
  return port;
}

function capture({ pcm, rms }) {
  if (!paused) realtime?.sendAudio(pcm, rms);
}

function played({ turn, playedMs, complete }) {
  realtime?.send({ type: "viva.played", turn, played_ms: playedMs, complete });
}

const DO = {
  connect,
  microphone({ port }) {
    if (microphone !== heard) microphone?.close();
    microphone = join(port, (frame) => {
      if (heard !== port) heard?.close();
      heard = port;
      capture(frame);
    });
  },
  loudspeaker({ port }) {
    loudspeaker?.close();
    loudspeaker = join(port, played);
  },
  send: ({ event }) => realtime?.send(event),
  doubt: () => realtime?.doubt(),
  retry: () => realtime?.retryNow(),
  reconnect: () => realtime?.reconnect(),
};

self.onmessage = ({ data }) => DO[data.name](data);
tell("begun", null);
