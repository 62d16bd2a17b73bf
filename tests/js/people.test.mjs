import assert from "node:assert/strict";
import { test } from "node:test";
import { asCsv, cells, peopleIn } from "../../static/js/people.js";

test("one a line, cells in any order, apart by whatever a spreadsheet uses", () => {
  const text = "Kim Minji, minji@example.org\r\nlee@example.org\tLee\n\n이서준;seojun@example.org\nNobody's address";
  assert.deepEqual(peopleIn(text), {
    people: [
      { name: "Kim Minji", email: "minji@example.org" },
      { name: "Lee", email: "lee@example.org" },
      { name: "이서준", email: "seojun@example.org" },
      { name: "Nobody's address", email: null },
    ],
    faults: [],
  });
});

test("quoted cells hold what stands between cells elsewhere", () => {
  assert.deepEqual(cells('"Kim, Minji","say ""hi""",x'), [["Kim, Minji", 'say "hi"', "x"]]);
  assert.deepEqual(cells('Dwayne "Rock" Johnson,d@example.org'), [['Dwayne "Rock" Johnson', "d@example.org"]]);
});

test("headings are passed over, a name alone is none", () => {
  assert.deepEqual(peopleIn("\uFEFFname,email\nKim,k@example.org").people, [{ name: "Kim", email: "k@example.org" }]);
  assert.equal(peopleIn("Kim\nLee").people.length, 2);
  assert.equal(peopleIn("Kim, nurse\nLee, pilot").people.length, 2);
});

test("what is wrong is told with its line, and the rest is read", () => {
  const text = `a@b.c\nA@B.C\nhalf @ address\n${"x".repeat(201)}\nKim`;
  assert.deepEqual(peopleIn(text), {
    people: [{ name: "", email: "a@b.c" }, { name: "Kim", email: null }],
    faults: [{ line: 2, why: "twice" }, { line: 3, why: "address" }, { line: 4, why: "long" }],
  });
  assert.deepEqual(peopleIn(" \n\n"), { people: [], faults: [] });
});

test("ten thousand lines are read in a moment", () => {
  const text = Array.from({ length: 10_000 }, (_, at) => `No. ${at},${at}@example.org`).join("\n");
  assert.equal(peopleIn(text).people.length, 10_000);
});

test("a file of links opens in a spreadsheet and runs nothing there", () => {
  const csv = asCsv([["=cmd()", 'say "hi"']]);
  assert.equal(csv, `\uFEFF"'=cmd()","say ""hi"""\r\n`);
});
