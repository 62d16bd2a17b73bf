/** The line that shows who has the floor: it moves with the voice, and hardly at all otherwise. */

const WIDTH = 600;
const MIDDLE = 40;
const STEP = 10;
const LAYERS = [
  { height: 30, cycles: 2.2, speed: 1.0 },
  { height: 22, cycles: 3.1, speed: -0.7 },
  { height: 14, cycles: 4.3, speed: 1.3 },
];
/** Least and greatest swing of each mood, as shares of the height. */
const SWING = {
  still: [0.02, 0.02],
  thinking: [0.16, 0.16],
  listening: [0.05, 1],
  speaking: [0.1, 1],
};
const RADIANS_PER_MS = 0.0022;
const RISE = 0.28;
const FALL = 0.07;

function path(layer, swing, time) {
  const points = [];
  for (let x = 0; x <= WIDTH; x += STEP) {
    const share = x / WIDTH;
    const envelope = Math.sin(Math.PI * share) ** 2;
    const angle = share * layer.cycles * 2 * Math.PI + time * layer.speed;
    points.push(`${x} ${(MIDDLE + envelope * swing * layer.height * Math.sin(angle)).toFixed(1)}`);
  }
  return `M${points.join(" L")}`;
}

export class Wave {
  #paths;
  #mood = "still";
  #level = 0;
  #swing = 0.02;
  #time = 0;
  #last = 0;
  #frame = 0;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {SVGElement} svg with one path for each layer */
  constructor(svg) {
    this.#paths = [...svg.querySelectorAll("path")];
    this.#calm.addEventListener("change", () => this.#run());
    this.#draw();
  }

  /** @param {keyof typeof SWING} mood */
  set mood(mood) {
    if (mood === this.#mood) return;
    this.#mood = mood;
    this.#level = 0;
    this.#run();
  }

  /** @param {number} level 0 to 1, of whoever has the floor */
  set level(level) {
    this.#level = level;
  }

  #run() {
    cancelAnimationFrame(this.#frame);
    if (this.#calm.matches) {
      this.#swing = { still: 0.02, thinking: 0.12, listening: 0.3, speaking: 0.7 }[this.#mood];
      this.#draw();
      return;
    }
    this.#last = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#animate(now));
  }

  #animate(now) {
    const passed = Math.min(now - this.#last, 50);
    this.#last = now;
    this.#time += passed * RADIANS_PER_MS;
    const [least, greatest] = SWING[this.#mood];
    const wanted = least + (greatest - least) * this.#level;
    this.#swing += (wanted - this.#swing) * (wanted > this.#swing ? RISE : FALL);
    this.#draw();
    if (this.#mood === "still" && this.#swing < 0.03) return;
    this.#frame = requestAnimationFrame((next) => this.#animate(next));
  }

  #draw() {
    this.#paths.forEach((element, index) => {
      element.setAttribute("d", path(LAYERS[index % LAYERS.length], this.#swing, this.#time));
    });
  }
}
