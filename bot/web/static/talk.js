// The conversation: which messages there are, what became of them, which buttons still count.

import { enqueue, freshId, waiting } from "./outbox.js";
import { store } from "./store.js";
import { byId } from "./dom.js";
import { drawMine, drawReply, keepInView, settle, showTyping } from "./view.js";
import { say } from "./words.js";

const OF_CARD = /^(?:do:\w+|open|text|thread|history|files):(\d+)/;
const OF_REPORT = /^(?:push\.\w+|withdraw[.\w]*|restore):(\d+)/;
const OPENS = /^(open|mine):/;
// What a letter to staff offers: each is about a matter of its own, and the house refuses what is over.
const OF_LETTER = new RegExp(
  "^(?:due:(?:open|list|read|submit|later|see|heap|grant|refuse)|(?:quiz|fill):begin|quiz:material|" +
    "drive:(?:show|items?)|coverage|handin:(?:open|slip|one)|leave:end)(?::|$)",
);

const entries = [];
const known = new Map(); // id of a message of the bot → its entry
let byKeyboard = false;
let settled = () => {};
let latest = 0; // counts messages and their changes

/** `onAnswer` is called after every answer. */
export function listen({ onAnswer }) {
  settled = onAnswer;
}

/** Shows again what this tab had, and sends what had not arrived. True where there was something. */
export function restore() {
  for (const saved of store.entries()) {
    latest = Math.max(latest, saved.at || 0);
    if (saved.message) place(saved, { quiet: true });
    else replay(saved);
  }
  settleAll();
  return entries.length > 0;
}

function replay(saved) {
  const { item } = saved;
  if (item.state !== "sending" && item.state !== "failed") return mine(item);
  if (item.names.length) {
    Object.assign(item, { state: "refused", problem: say("file_lost") });
    return mine(item);
  }
  return dispatch(mine(item));
}

/** Sends words and files. */
export function speak(text, files) {
  byKeyboard = false;
  const names = files.map(({ name, size }) => ({ name, size }));
  send({ id: freshId(), text, files, names });
}

/** Asks for the welcome, or hands in a ticket; it is no bubble of the person, and nothing keeps it. */
export function start(choice = "start") {
  const item = { id: freshId(), choice, names: [], quiet: true };
  enqueue(item, { changed: () => showTyping(waiting()), answered });
}

/**
 * Takes a message of the bot; one that is known is only counted once. `answers` is the id of what it
 * answers, or empty for a message that was pushed; `quiet` for one of long ago.
 */
export function hear(message, { answers = "", quiet = false } = {}) {
  if (known.has(message.id)) return;
  const news = { message, turn: answers || message.id, at: (latest += 1) };
  const old = message.replaces && known.get(message.replaces);
  if (old && Number(message.id) < Number(old.message.id)) {
    known.set(message.id, old); // overtaken: it was written before what stands there now
    return;
  }
  if (old) Object.assign(old, news, { edited: true, pressed: null, ids: [...old.ids, message.id] });
  place(old || { ...news, ids: [message.id] }, { own: Boolean(answers), quiet });
  settleAll();
  keepInView();
  remember();
}

/** Sends again what failed for want of a network. */
export function resendFailed() {
  for (const entry of entries) if (entry.item && entry.item.state === "failed") dispatch(entry);
}

function place(entry, { quiet, own }) {
  if (!entries.includes(entry)) entries.push(entry);
  for (const id of entry.ids) known.set(id, entry);
  const press = (choice, keyboard) => pressed(entry, choice, keyboard);
  drawReply(entry, { press, codes: !store.kept(), quiet, own });
}

function pressed(entry, choice, keyboard) {
  byKeyboard = keyboard;
  entry.pressed = choice.value;
  const ids = entry.ids;
  const item = { id: freshId(), choice: choice.value, label: choice.label, names: [], state: "sending" };
  send({ ...item, pressed: ids[ids.length - 1] });
  if (keyboard) byId("scroll").focus();
}

function send(item) {
  dispatch(mine(item));
}

function mine(item) {
  const entry = { item };
  entries.push(entry);
  drawMine(entry, { again: () => dispatch(entry) });
  return entry;
}

function dispatch(entry) {
  const changed = () => {
    drawMine(entry, { again: () => dispatch(entry) });
    showTyping(waiting());
    settleAll();
    if (entry.shown !== entry.item.state) remember();
    entry.shown = entry.item.state;
  };
  enqueue(entry.item, { changed, answered });
}

function answered(item, answer) {
  if (answer.keep) store.keep();
  const before = latest;
  const said = entries.find((entry) => entry.item === item);
  if (said) {
    const place = known.get(item.pressed);
    item.inPlace = Boolean(place) && answer.replies.some(({ replaces }) => known.get(replaces) === place);
    drawMine(said, {});
  }
  for (const message of answer.replies) hear(message, { answers: item.id });
  settled();
  if (byKeyboard) focusNewButton(before);
}

function focusNewButton(before) {
  const fresh = entries.find(({ message, at }) => message && at > before && message.choices.length);
  if (fresh) fresh.node.querySelector(".choice").focus({ preventScroll: true });
  byKeyboard = false;
}

/** Which case the buttons of a message belong to, for officers (card) and reporters; "" for none. */
function caseOf({ message }) {
  const pattern = message.card ? OF_CARD : OF_REPORT;
  const found = message.choices.map(({ value }) => pattern.exec(value)).find(Boolean);
  return found ? found[1] : message.card ? message.id : "";
}

/**
 * The buttons of the newest answer count, and the newest ones of each case. Buttons that only open
 * something always do, and so do letters to staff, which answer nothing that was said: none of them takes
 * anything from a hand that is busy with a form.
 */
function settleAll() {
  const withButtons = entries.filter((entry) => entry.message && entry.message.choices.length);
  withButtons.sort((one, other) => one.at - other.at);
  const offers = ({ message }, which) => message.choices.every(({ value }) => which.test(value));
  const isLetter = (entry) => entry.turn === entry.message.id && offers(entry, OF_LETTER);
  const opening = (entry) => offers(entry, OPENS) || isLetter(entry);
  const newest = withButtons.filter((entry) => !entry.message.card && !opening(entry)).pop();
  const newestOfCase = new Map(withButtons.map((entry) => [`${entry.message.card} ${caseOf(entry)}`, entry]));
  const sending = new Set(
    entries.filter(({ item }) => item && item.state === "sending").map(({ item }) => known.get(item.pressed)),
  );
  for (const entry of withButtons) {
    const ofCase = caseOf(entry);
    const bound = ofCase && newestOfCase.get(`${entry.message.card} ${ofCase}`) === entry;
    const fresh = newest && entry.turn === newest.turn && !entry.message.card;
    const spent = entry.pressed && !OPENS.test(entry.pressed); // a list may open one case after the other
    const counts = opening(entry) || (bound && entry.message.card) || ((bound || fresh) && !spent);
    settle(entry, sending.has(entry) ? "busy" : counts ? "active" : "old");
  }
}

function remember() {
  store.setEntries(
    entries.map(({ message, ids, turn, at, edited, pressed, item }) =>
      message ? { message, ids, turn, at, edited, pressed } : { item: { ...item, files: undefined } },
    ),
  );
}
