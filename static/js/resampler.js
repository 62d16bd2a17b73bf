/** Sample rate conversion with a windowed-sinc low-pass; runs inside the audio worklets. */

const ZERO_CROSSINGS = 16;
/** Share of the lower Nyquist frequency that passes; the rest is the filter's slope. */
const PASS = 0.92;
const KAISER_BETA = 8;

function gcd(a, b) {
  return b === 0 ? a : gcd(b, a % b);
}

/** Modified Bessel function of the first kind, order zero, by its power series. */
function bessel(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-10 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function tap(distance, cutoff, half) {
  if (Math.abs(distance) >= half) return 0;
  const x = Math.PI * cutoff * distance;
  const sinc = x === 0 ? 1 : Math.sin(x) / x;
  const edge = distance / half;
  return cutoff * sinc * (bessel(KAISER_BETA * Math.sqrt(1 - edge * edge)) / bessel(KAISER_BETA));
}

/** A stream from one rate to another. Output lags the input by the filter's half length. */
export class Resampler {
  /** @param {number} from Hz @param {number} to Hz */
  constructor(from, to) {
    const common = gcd(from, to);
    this.up = to / common;
    this.down = from / common;
    const cutoff = Math.min(1, to / from) * PASS;
    const half = ZERO_CROSSINGS / Math.min(1, to / from);
    this.taps = 2 * Math.ceil(half);
    this.phases = Array.from({ length: this.up }, (_, phase) => this.#phase(phase, cutoff, half));
    this.phase = 0;
    this.history = new Float32Array(this.taps);
  }

  #phase(phase, cutoff, half) {
    const row = new Float32Array(this.taps);
    let sum = 0;
    for (let i = 0; i < this.taps; i += 1) {
      row[i] = tap(i - this.taps / 2 + 1 - phase / this.up, cutoff, half);
      sum += row[i];
    }
    return row.map((value) => value / sum);
  }

  /** @param {Float32Array} input @returns {Float32Array} what can be computed so far */
  process(input) {
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);
    const output = [];
    let start = 0;
    while (start + this.taps <= samples.length) {
      const row = this.phases[this.phase];
      let sum = 0;
      for (let i = 0; i < this.taps; i += 1) sum += row[i] * samples[start + i];
      output.push(sum);
      this.phase += this.down;
      start += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    this.history = samples.slice(start);
    return Float32Array.from(output);
  }
}
