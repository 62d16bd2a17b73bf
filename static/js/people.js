/** People as they are pasted: one a line, their cells in any order, as a spreadsheet or CSV has them. */

const ADDRESS = /^[^@\s]+@[^@\s]+$/;
const LONGEST_NAME = 200;
const LONGEST_ADDRESS = 254;
export const MOST = 10_000;

/**
 * @typedef {{name: string, email: string | null}} Person
 * @typedef {{line: number, why: "address" | "name" | "long" | "twice"}} Fault `line` from 1
 */

/** Cells of each line, apart by tab, semicolon or comma; a quoted cell may hold those. @returns {string[][]} */
export function cells(text) {
  const lines = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const apart = ["\t", ";", ","].find((mark) => line.includes(mark)) ?? ",";
    lines.push(parted(line, apart).map((cell) => cell.trim()));
  }
  return lines;
}

function parted(line, apart) {
  const found = [""];
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at];
    const last = found.length - 1;
    if (sign === '"' && quoted && line[at + 1] === '"') {
      found[last] += sign;
      at += 1;
    } else if (sign === '"' && (quoted || found[last].trim() === "")) quoted = !quoted;
    else if (sign === apart && !quoted) found.push("");
    else found[last] += sign;
  }
  return found;
}

/**
 * The one cell that is an address is the address, the first other one the name. A first line with
 * several cells and no address is passed over as headings, where lines with addresses follow.
 *
 * @param {string} text
 * @returns {{people: Person[], faults: Fault[]}}
 */
export function peopleIn(text) {
  const lines = cells(text.replace(/^\uFEFF/, "")).map((own, at) => ({ own: own.filter(Boolean), line: at + 1 }));
  const filled = lines.filter(({ own }) => own.length > 0);
  const headed = filled.length > 1 && filled[0].own.length > 1 && !filled[0].own.some((cell) => cell.includes("@"));
  const people = [];
  const faults = [];
  const seen = new Set();
  for (const { own, line } of headed && filled.slice(1).some(({ own: some }) => some.some((cell) => ADDRESS.test(cell))) ? filled.slice(1) : filled) {
    const email = own.find((cell) => ADDRESS.test(cell)) ?? null;
    const name = own.find((cell) => cell !== email) ?? "";
    const why = faultOf(name, email, seen);
    if (why) faults.push({ line, why });
    else people.push({ name, email });
    if (email) seen.add(email.toLowerCase());
  }
  return { people, faults };
}

function faultOf(name, email, seen) {
  if (name.length > LONGEST_NAME || (email?.length ?? 0) > LONGEST_ADDRESS) return "long";
  if (email === null && name.includes("@")) return "address";
  if (email !== null && seen.has(email.toLowerCase())) return "twice";
  return null;
}

/** As a file that a spreadsheet opens; a cell that would be a formula there is made text. */
export function asCsv(rows) {
  const cell = (words) => `"${(/^[=+\-@\t\r]/.test(words) ? `'${words}` : words).replaceAll('"', '""')}"`;
  return `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
