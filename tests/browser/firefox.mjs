/** The whole path in Firefox, over WebDriver BiDi: node firefox.mjs FIREFOX BASE RESUME PICTURES prints what
 * was seen as JSON. Puppeteer lies in the folder that this file is copied to. */

import puppeteer from "puppeteer-core";

const [executablePath, base, resume, pictures] = process.argv.slice(2);
const PATIENT_MS = 90_000;
const ANSWER = "I moved the nightly reports to a streaming pipeline.";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  extraPrefsFirefox: {
    "media.navigator.streams.fake": true,
    "media.navigator.permission.disabled": true,
    "media.autoplay.default": 0,
    "permissions.default.microphone": 1,
    "intl.accept_languages": "en-US",
  },
});
const seen = { version: await browser.version(), complaints: [] };
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENT_MS);
  await page.setViewport({ width: 390, height: 844 });
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  page.on("console", (line) => line.type() === "error" && seen.complaints.push(line.text()));

  const at = (id) => `[data-testid="${id}"]`;
  const there = (id) => page.waitForSelector(at(id), { visible: true });
  const click = async (id) => {
    await page.waitForSelector(`${at(id)}:not([disabled]):not([aria-disabled="true"])`, { visible: true });
    await page.$eval(at(id), (button) => button.click());
  };
  const says = async (id) => page.$eval(at(id), (element) => element.textContent.trim());
  const until = (what, ...given) => page.waitForFunction(what, {}, ...given);
  const floor = (state) => until((wanted) => document.getElementById("floor").dataset.floor === wanted, state);

  await page.goto(base);
  await page.waitForSelector(at("resume-file"));
  await (await page.$(at("resume-file"))).uploadFile(resume);
  await click("understood-continue");

  await click("rehearse");
  await click("act");
  await until(() => /scaleX\(0\.[1-9]/.test(document.getElementById("microphone-level").style.transform));
  seen.level = true;
  await click("act");
  await until(() => !document.getElementById("other").hidden);
  await click("act");
  await until(() => / ms/.test(document.getElementById("line").textContent));
  seen.line = await says("line");
  await page.screenshot({ path: `${pictures}/firefox-rehearsal.png` });
  await click("leave");

  await click("microphone-open");
  await click("start");
  await floor("listening");
  seen.question = await says("question");
  seen.heard = true;
  await page.screenshot({ path: `${pictures}/firefox-stage.png` });
  await click("type");
  await page.type(at("answer"), ANSWER);
  await click("answer-send");
  await until((first) => {
    const now = document.getElementById("question").textContent.trim();
    return now !== "" && now !== first;
  }, seen.question);
  seen.next = await says("question");
  await click("end");
  await click("confirm-end");
  await there("ended-title");
  seen.ended = await says("ended-title");
  seen.transcript = await says("ended-transcript");
  await page.screenshot({ path: `${pictures}/firefox-over.png` });
} catch (error) {
  const [page] = (await browser.pages()).slice(-1);
  seen.shown = await page.evaluate(() => document.body.innerText);
  throw error;
} finally {
  await browser.close();
  console.log(JSON.stringify(seen));
}
