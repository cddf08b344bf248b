// Starts the page and ties its parts together.

import { readAfter, renewSession } from "./api.js";
import { composer } from "./composer.js";
import { byId } from "./dom.js";
import { follow, hurry, unfollow } from "./live.js";
import { retryNow } from "./outbox.js";
import { store } from "./store.js";
import { hear, listen, resendFailed, restore, speak, start } from "./talk.js";
import { isSurvey, takeTicket } from "./ticket.js";
import { clearScreen } from "./view.js";
import { say, words } from "./words.js";

function showKept() {
  byId("kept").hidden = !store.kept();
}

function online(up) {
  byId("offline").hidden = up;
  if (up) {
    retryNow();
    resendFailed();
  }
}

function live() {
  if (store.session()) follow({ heard: (message) => hear(message), up: online });
}

const TWICE_MS = 1000;
let escapedAt = -TWICE_MS;

/** Nothing stays: not on the screen, not in this tab, not behind the button that goes back. */
function leave() {
  unfollow();
  clearScreen();
  document.body.replaceChildren();
  document.title = "";
  store.forget({ alsoDevice: false });
  location.replace(navigator.onLine ? words.leave_to : "about:blank");
}

/** Escape twice leaves as well; an input method uses it once to drop its candidates. */
function leaveByKey(event) {
  if (event.key !== "Escape" || event.isComposing || event.repeat) return;
  if (event.timeStamp - escapedAt < TWICE_MS) leave();
  escapedAt = event.timeStamp;
}

function signOut() {
  if (!confirm(say("sign_out_sure"))) return;
  unfollow();
  store.forget({ alsoDevice: true });
  location.reload();
}

async function fromServer() {
  try {
    if (store.renewalDue()) await renewSession();
    const { messages } = await readAfter("0");
    for (const message of messages) hear(message, { quiet: true });
    if (messages.length) store.setCursor(messages[messages.length - 1].id);
    return messages.length > 0;
  } catch (error) {
    if (error.status === 401) store.setSession(null);
    return false;
  }
}

function greet() {
  if (isSurvey) hear({ id: "0", text: say("ask_code"), choices: [], files: [] }, { quiet: true });
  else start();
}

async function begin() {
  byId("leave").addEventListener("click", leave);
  addEventListener("keydown", leaveByKey);
  byId("sign-out").addEventListener("click", signOut);
  addEventListener("offline", () => online(false));
  addEventListener("online", () => {
    online(true);
    hurry();
  });
  addEventListener("hashchange", () => {
    const ticket = takeTicket(); // another sheet was scanned while the page is open
    if (ticket) start(ticket);
  });
  document.addEventListener("visibilitychange", () => document.hidden || hurry());
  listen({
    onAnswer() {
      showKept();
      if (document.querySelector(".receipt")) store.letGo();
      live();
    },
  });
  composer({ submit: speak });
  showKept();
  const ticket = takeTicket();
  const shown = restore() || (store.kept() && (await fromServer()));
  if (ticket) start(ticket);
  else if (!shown) greet();
  showKept();
  live();
}

begin();
