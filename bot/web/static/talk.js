// The conversation: which messages there are, what became of them, which buttons still count.

import { enqueue, freshId, waiting } from "./outbox.js";
import { store } from "./store.js";
import { byId } from "./dom.js";
import { drawMine, drawReply, settle, showTyping } from "./view.js";
import { say } from "./words.js";

const entries = [];
const known = new Map(); // id of a message of the bot → its entry
let byKeyboard = false;
let settled = () => {};

/** `onAnswer` is called after every answer. */
export function listen({ onAnswer }) {
  settled = onAnswer;
}

/** Shows again what this tab had, and sends what had not arrived. True where there was something. */
export function restore() {
  for (const saved of store.entries()) {
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

/** Asks for the welcome; it is no bubble of the person. */
export function start() {
  const item = { id: freshId(), choice: "start", names: [], quiet: true };
  enqueue(item, { changed: () => showTyping(waiting()), answered });
}

/** Takes a message of the bot, from an answer or pushed; one that is known is only counted once. */
export function hear(message) {
  if (known.has(message.id)) return;
  const old = message.replaces && known.get(message.replaces);
  if (old) Object.assign(old, { message, edited: true, pressed: null, ids: [...old.ids, message.id] });
  place(old || { message, ids: [message.id] }, {});
  settleAll();
  remember();
}

/** Sends again what failed for want of a network. */
export function resendFailed() {
  for (const entry of entries) if (entry.item && entry.item.state === "failed") dispatch(entry);
}

function place(entry, { quiet }) {
  if (!entries.includes(entry)) entries.push(entry);
  for (const id of entry.ids) known.set(id, entry);
  const press = (choice, keyboard) => pressed(entry, choice, keyboard);
  drawReply(entry, { press, codes: !store.kept(), quiet });
}

function pressed(entry, choice, keyboard) {
  byKeyboard = keyboard;
  entry.pressed = choice.value;
  const ids = entry.ids;
  const item = { id: freshId(), choice: choice.value, label: choice.label, names: [] };
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
  const before = entries.length;
  for (const message of answer.replies) hear(message);
  settled();
  if (byKeyboard) focusNewButton(before);
}

function focusNewButton(before) {
  const fresh = entries.slice(before).find((entry) => entry.message && entry.message.choices.length);
  if (fresh) fresh.node.querySelector(".choice").focus();
  byKeyboard = false;
}

/** The newest buttons count, those of a case's card always, those just pressed no more. */
function settleAll() {
  const withButtons = entries.filter((entry) => entry.message && entry.message.choices.length);
  const newest = withButtons.filter((entry) => !entry.message.card).pop();
  const sending = new Set(
    entries.filter(({ item }) => item && item.state === "sending").map(({ item }) => item.pressed),
  );
  for (const entry of withButtons) {
    const lasting = entry.message.card || entry.edited;
    const inHand = entry.ids.some((id) => sending.has(id));
    settle(entry, !inHand && (lasting || (entry === newest && !entry.pressed)));
  }
}

function remember() {
  store.setEntries(
    entries.map(({ message, ids, edited, pressed, item }) =>
      message ? { message, ids, edited, pressed } : { item: { ...item, files: undefined } },
    ),
  );
}
