// Draws the conversation: bubbles, buttons, states.

import { byId, element, icon } from "./dom.js";
import { fileList } from "./files.js";
import { withReceipts } from "./receipt.js";
import { say, sizeText } from "./words.js";

const log = byId("log");
const scroll = byId("scroll");
const typing = byId("typing");
const newer = byId("newer");
const NEAR = 120;
const TOGETHER_MS = 1500;
const batch = { at: 0, first: log };

typing.querySelector(".unseen").textContent = say("waiting");
newer.addEventListener("click", () => toEnd());
scroll.addEventListener("scroll", () => near() && (newer.hidden = true), { passive: true });

const near = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;

function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  newer.hidden = true;
}

/**
 * Brings new messages into view: their end, or, where they are longer than the screen, the beginning of
 * the first of those that came together.
 */
function reveal(node) {
  const now = Date.now();
  if (now - batch.at > TOGETHER_MS || !batch.first.isConnected) batch.first = node;
  batch.at = now;
  const top = batch.first.offsetTop;
  if (scroll.scrollHeight - top > scroll.clientHeight) scroll.scrollTop = top - 12;
  else toEnd();
  newer.hidden = near();
}

/** Draws or redraws a message of the bot; `press(choice)` is called by its buttons. */
export function drawReply(entry, { press, codes, quiet = false }) {
  const stick = near() || Date.now() - batch.at < TOGETHER_MS;
  const node = entry.node || element("article", { class: "row bot" });
  const { text, files, choices } = entry.message;
  const said = codes ? withReceipts(text) : [text];
  const bubble = element("div", { class: "bubble" }, [
    element("span", { class: "unseen" }, say("bot")),
    ...said.map((part) => (typeof part === "string" ? element("p", {}, part) : part)),
  ]);
  if (files.length) bubble.append(fileList(files));
  if (entry.edited) bubble.append(element("p", { class: "hint" }, say("edited")));
  node.replaceChildren(bubble);
  if (choices.length) node.append(buttons(entry, press));
  if (!entry.node) log.append(node);
  entry.node = node;
  node.dataset.id = entry.message.id;
  if (entry.edited) return;
  if (quiet) toEnd();
  else if (stick) reveal(node);
  else newer.hidden = false;
}

function buttons(entry, press) {
  const rows = new Map();
  for (const choice of entry.message.choices) {
    if (!rows.has(choice.row)) rows.set(choice.row, element("div", { class: "choices-row" }));
    const button = element("button", { type: "button", class: "choice" }, choice.label);
    button.dataset.value = choice.value;
    button.addEventListener("click", (event) => press(choice, event.detail === 0));
    rows.get(choice.row).append(button);
  }
  return element("div", { class: "choices", role: "group" }, [...rows.values()]);
}

/** Sets which buttons of a message can be pressed, and which one was. */
export function settle(entry, active) {
  const group = entry.node.querySelector(".choices");
  if (!group) return;
  group.classList.toggle("old", !active);
  for (const button of group.querySelectorAll("button")) {
    button.disabled = !active;
    button.classList.toggle("pressed", button.dataset.value === entry.pressed);
  }
}

/** Draws or redraws what the person said; `again()` is called where a failed one is pressed. */
export function drawMine(entry, { again }) {
  const { item } = entry;
  if (!entry.node) {
    entry.node = element("article", { class: "row mine" });
    log.append(entry.node);
    drawMineOnce(entry);
    batch.at = 0;
    toEnd();
  }
  entry.node.className = `row mine ${item.state}`;
  entry.bar.hidden = !(item.state === "sending" && item.progress !== undefined && item.names.length);
  entry.bar.value = item.progress || 0;
  drawState(entry, again);
}

function drawMineOnce(entry) {
  const { item } = entry;
  const bubble = element("div", { class: "bubble" }, element("span", { class: "unseen" }, say("me")));
  const words = item.label || item.text;
  if (words) bubble.append(element("p", {}, words));
  for (const file of item.names) {
    bubble.append(element("p", { class: "sent-file" }, [icon("file"), `${file.name} · ${sizeText(file.size)}`]));
  }
  entry.bar = element("progress", { max: "1", value: "0", "aria-label": say("progress") });
  entry.status = element("p", { class: "state" });
  bubble.append(entry.bar);
  entry.node.append(bubble, entry.status);
}

function drawState({ item, status, shown }, again) {
  if (shown === item.state) return;
  if (item.state === "failed") {
    const button = element("button", { type: "button", class: "again" }, say("failed"));
    button.addEventListener("click", again);
    status.replaceChildren(button);
  } else if (item.state === "refused") {
    status.textContent = item.problem || say("refused");
  } else {
    status.textContent = say(item.state);
  }
}

/** Shows the three dots while an answer is awaited. */
export function showTyping(on) {
  const stick = near();
  typing.hidden = !on;
  if (on && stick) toEnd();
}

/** Empties the screen. */
export function clearScreen() {
  log.replaceChildren();
  showTyping(false);
}
