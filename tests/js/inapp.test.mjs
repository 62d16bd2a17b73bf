/** Browsers inside apps are known by how they call themselves, and left by what the phone understands. */

import assert from "node:assert/strict";
import test from "node:test";

import { appOf, outside } from "../../static/js/inapp.js";

const ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-S911N Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const PAGE = "https://viva.example/invitation#link=viva_ab-c";

test("apps say who they are, browsers of their own do not", () => {
  assert.equal(appOf(`${ANDROID} KAKAOTALK/10.8.0`), "KakaoTalk");
  assert.equal(appOf(`${IPHONE} NAVER(inapp; search; 2000; 12.6.0; 15PRO)`), "NAVER");
  assert.equal(appOf(`${IPHONE} Instagram 334.0.0.26.93`), "Instagram");
  assert.equal(appOf(`${ANDROID} [FB_IAB/FB4A;FBAV/466.0]`), "Facebook");
  assert.equal(appOf(`${ANDROID} Line/14.9.0/IAB`), "LINE");
  assert.equal(appOf(ANDROID), "Android");
  for (const own of [ANDROID.replace("; wv", ""), `${IPHONE} Version/17.5 Safari/604.1`, "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0"]) {
    assert.equal(appOf(own), "");
    assert.equal(outside(own, PAGE), "");
  }
});

test("the link leaves the app whole, with what stands behind its #", () => {
  assert.equal(outside(`${IPHONE} KAKAOTALK 10.8.0`, PAGE), `kakaotalk://web/openExternal?url=${encodeURIComponent(PAGE)}`);
  assert.equal(outside(`${IPHONE} Line/14.9.0`, PAGE), "https://viva.example/invitation?openExternalBrowser=1#link=viva_ab-c");
  const intent = outside(`${ANDROID} NAVER(inapp; x)`, PAGE);
  assert.equal(intent, "intent://viva.example/invitation#link=viva_ab-c#Intent;scheme=https;action=android.intent.action.VIEW;end");
  assert.equal(outside(`${IPHONE} NAVER(inapp; x)`, PAGE), "", "iOS lets nobody out: the link is copied");
});
