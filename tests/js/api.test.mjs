/** Lists of several pages, and keys for requests that must not be done twice. */

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.navigator ??= { language: "ko" };
const { askAll, newKey } = await import("../../static/js/api.js");

test("every page of a list is asked for, with the cursor as it came", async () => {
  const asked = [];
  const pages = [
    { items: [1, 2], next_cursor: "W2ZhbHNlXQ==" },
    { items: [], next_cursor: "b" },
    { items: [3], next_cursor: null },
  ];
  globalThis.fetch = async (path, options) => {
    asked.push([path, options.headers]);
    return Response.json(pages[asked.length - 1]);
  };
  const headers = { Authorization: "Bearer k" };
  assert.deepEqual(await askAll("/v1/templates", { headers }), [1, 2, 3]);
  assert.deepEqual(asked, [
    ["/v1/templates?limit=100", headers],
    ["/v1/templates?limit=100&cursor=W2ZhbHNlXQ%3D%3D", headers],
    ["/v1/templates?limit=100&cursor=b", headers],
  ]);
});

test("a problem on a later page is the problem of the list", async () => {
  let count = 0;
  globalThis.fetch = async () => {
    count += 1;
    if (count === 1) return Response.json({ items: [1], next_cursor: "a" });
    return Response.json({ code: "invalid_cursor", detail: "?" }, { status: 400 });
  };
  await assert.rejects(askAll("/v1/resumes"), { code: "invalid_cursor" });
});

test("every wish has a key of its own", () => {
  const keys = new Set(Array.from({ length: 100 }, newKey));
  assert.equal(keys.size, 100);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});
