/** Browsers inside other apps, where the microphone is often blocked: said, with the way out. */

import { byId, showIf } from "./elements.js";
import { setPlain, setText } from "./language.js";

/** @type {[string, RegExp][]} as these apps call themselves */
const APPS = [
  ["KakaoTalk", /KAKAOTALK/i],
  ["NAVER", /NAVER\(inapp/i],
  ["Instagram", /\bInstagram\b/],
  ["Facebook", /\bFBA[NV]\b|\bFB_IAB\b/],
  ["LINE", /\bLine\/\d/],
  ["TikTok", /\b(?:musical_ly|BytedanceWebview)\b/],
  ["WeChat", /\bMicroMessenger\b/],
];
const ANDROID = /\bAndroid\b/;
/** What Android itself writes for any app that shows pages. */
const WEB_VIEW = /\bAndroid\b.*; wv\)/;

/** The app inside which a browser of this name runs; "" where it is one of its own. @param {string} agent */
export function appOf(agent) {
  const found = APPS.find(([, form]) => form.test(agent));
  return found?.[0] ?? (WEB_VIEW.test(agent) ? "Android" : "");
}

/** An address that opens the page in the phone's own browser; "" where there is none.
 * @param {string} agent @param {string} page a whole address */
export function outside(agent, page) {
  const app = appOf(agent);
  if (app === "KakaoTalk") return `kakaotalk://web/openExternal?url=${encodeURIComponent(page)}`;
  if (app === "LINE") {
    const url = new URL(page);
    url.searchParams.set("openExternalBrowser", "1");
    return url.href;
  }
  if (!app || !ANDROID.test(agent)) return "";
  const url = new URL(page);
  const rest = page.slice(`${url.protocol}//`.length);
  return `intent://${rest}#Intent;scheme=${url.protocol.slice(0, -1)};action=android.intent.action.VIEW;end`;
}

/** Tell whoever came by such an app. @param {() => string} page what is to be opened, a whole address */
export function tellInApp(page) {
  const app = appOf(navigator.userAgent);
  if (!app) return;
  setText(byId("inapp-text"), app === "Android" ? "inapp.some" : "inapp.text", { app });
  const way = outside(navigator.userAgent, page());
  showIf(byId("inapp-open"), way);
  byId("inapp-open").addEventListener("click", () => location.assign(outside(navigator.userAgent, page())));
  byId("inapp-copy").addEventListener("click", () => copy(page()));
  showIf(byId("inapp"), true);
}

async function copy(page) {
  const shown = byId("inapp-link");
  try {
    await navigator.clipboard.writeText(page);
    setText(shown, "inapp.copied");
  } catch {
    setPlain(shown, page);
  }
  showIf(shown, true);
}
