/** The door: sign in by password, or follow a link that opens once. */

import { beginAtProvider, finishAtProvider, followLink, forgotten, readLink, signIn, ways } from "./accountapi.js";
import { keyOf, Problem } from "./api.js";
import { byId, showIf } from "./elements.js";
import { setText, startLanguage } from "./language.js";

const HOME = "/interviewer";

/** Take `#link=…` out of the address, so that nobody copies it along. */
function takeLink() {
  const found = new URLSearchParams(location.hash.slice(1)).get("link");
  if (found !== null) history.replaceState(history.state, "", location.pathname);
  return found;
}

/** What the provider says, likewise: `?state=…&code=…`, or `&error=…`. */
function takeAnswer() {
  const found = new URLSearchParams(location.search);
  if (!found.has("state")) return null;
  history.replaceState(history.state, "", location.pathname);
  return { state: found.get("state"), code: found.get("code") ?? "" };
}

/** Where somebody wanted to go before they were sent to the provider. */
const TO = "viva.to";

/** Only to a page of ours. */
function wanted(kept = null) {
  const asked = kept ?? new URLSearchParams(location.search).get("to") ?? "";
  return /^\/(?![/\\])/.test(asked) ? asked : HOME;
}

const problem = byId("door-problem");
let busy = false;

function tell(error) {
  if (error === null) return showIf(problem, false);
  setText(problem, keyOf(error));
  showIf(problem, true);
}

/** One thing at a time. */
async function doing(form, work) {
  if (busy) return;
  busy = true;
  tell(null);
  form.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    tell(error);
  } finally {
    busy = false;
    form.removeAttribute("aria-busy");
  }
}

function showSignIn(lead = "signin.lead") {
  setText(byId("door-title"), "signin.title");
  setText(byId("door-lead"), lead);
  showIf(byId("follow"), false);
  showIf(byId("sign-in"), true);
  byId("email").focus();
}

function askForCode() {
  showIf(byId("code-field"), true);
  byId("code").required = true;
  byId("code").focus();
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  doing(form, async () => {
    const given = new FormData(form);
    try {
      await signIn({
        email: String(given.get("email")).trim(),
        password: String(given.get("password")),
        code: String(given.get("code")) || null,
      });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "code_needed") throw error;
      return askForCode();
    }
    location.replace(wanted());
  });
});

byId("forgot").addEventListener("click", () => {
  const email = byId("email");
  if (!email.reportValidity()) return email.focus();
  doing(byId("sign-in"), async () => {
    await forgotten(email.value.trim());
    setText(byId("door-lead"), "signin.forgot.sent");
    byId("door-title").focus();
  });
});

/** What there is besides a password. */
async function showWays() {
  const here = await ways();
  showIf(byId("forgot-ask"), !here.forgotten);
  showIf(byId("forgot-mail"), here.forgotten);
  if (here.provider === null) return;
  setText(byId("provider"), "signin.provider", { provider: here.provider });
  showIf(byId("provider-part"), true);
}

byId("provider").addEventListener("click", () => {
  doing(byId("sign-in"), async () => {
    sessionStorage.setItem(TO, wanted());
    location.assign(await beginAtProvider());
  });
});

/** @param {{state: string | null, code: string}} answer */
function comeBack(answer) {
  showSignIn();
  doing(byId("sign-in"), async () => {
    if (!answer.code) throw new Problem("not_vouched", "", 401);
    await finishAtProvider(answer);
    const to = wanted(sessionStorage.getItem(TO));
    sessionStorage.removeItem(TO);
    location.replace(to);
  });
}

/** @param {string} token */
async function showLink(token) {
  const link = await readLink(token);
  const chooses = link.kind !== "sign_in";
  setText(byId("door-title"), `link.${link.kind}.title`);
  setText(byId("door-lead"), `link.${link.kind}`, { name: link.name ?? "", organisation: link.organisation });
  setText(byId("follow-go"), chooses ? "signin.follow" : "signin.go");
  byId("follow-email").value = link.email ?? "";
  showIf(byId("new-field"), chooses);
  byId("new-password").required = chooses;
  showIf(byId("follow"), true);
  (chooses ? byId("new-password") : byId("follow-go")).focus();
  byId("follow").addEventListener("submit", (event) => {
    event.preventDefault();
    doing(byId("follow"), async () => {
      if (await followLink(token, chooses ? byId("new-password").value : null)) location.replace(wanted());
      else showSignIn("signin.changed");
    });
  });
}

const link = takeLink();
const answer = takeAnswer();
await startLanguage();
void showWays().catch(() => {});
if (answer !== null) comeBack(answer);
else if (link === null) showSignIn();
else {
  await showLink(link).catch((error) => {
    showSignIn();
    tell(error);
  });
}
