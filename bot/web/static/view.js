// Draws the conversation: bubbles, buttons, states.

import { withCalls } from "./calls.js";
import { cardParts } from "./card.js";
import { byId, element, icon } from "./dom.js";
import { fileList } from "./files.js";
import { withReceipts } from "./receipt.js";
import { say, sizeText } from "./words.js";

const log = byId("log");
const scroll = byId("scroll");
const typing = byId("typing");
const newer = byId("newer");
const NEAR = 120;
const MANY = 4;
const TOGETHER_MS = 1500;
const DOTS_AFTER_MS = 250;
const NUMBER = /(\b\d{4}-\d{5}\b)/;
const ASIDE = /^(?:back|desk|skip|withdraw|case\.refresh|duty|form:(?:cancel|skip|change)|ticket\.\w+|survey:\d+:(?:-wrong|-stop|\w+:skip))(?::|$)/;
const STEP = /^do:/;
let dots = 0;
const batch = { at: 0, first: log, moved: false };

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
  batch.moved = true;
  toBatch();
}

/** Once more, after buttons above became smaller: the beginning of an answer must not slip out of view. */
export function keepInView() {
  if (batch.moved && batch.first.isConnected) toBatch();
  batch.moved = false;
}

function toBatch() {
  const top = batch.first.offsetTop;
  if (scroll.scrollHeight - top > scroll.clientHeight) scroll.scrollTop = top - 12;
  else toEnd();
  newer.hidden = near();
}

/** Brings a message that changed in its place into view: its beginning where it does not fit. */
export function look(node) {
  const top = node.offsetTop - 12;
  const bottom = node.offsetTop + node.offsetHeight + 12;
  const tall = bottom - top > scroll.clientHeight;
  if (tall || top < scroll.scrollTop) scroll.scrollTop = top;
  else if (bottom > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = bottom - scroll.clientHeight;
  newer.hidden = near();
}

/**
 * Draws or redraws a message of the bot; `press(choice)` is called by its buttons. `own`: it is the
 * answer to what was just pressed.
 */
export function drawReply(entry, { press, codes, quiet = false, own = false }) {
  const stick = near() || Date.now() - batch.at < TOGETHER_MS;
  const node = entry.node || element("article", { class: "row bot" });
  const { text, files, choices, card } = entry.message;
  const said = card ? cardParts(text) : codes ? withReceipts(text) : [text];
  const bubble = element("div", { class: "bubble" }, [
    element("span", { class: "unseen" }, say("bot")),
    ...said.map((part) => (typeof part === "string" ? element("p", {}, withCalls(part)) : part)),
  ]);
  if (card) bubble.classList.add("card");
  if (card && entry.edited && !own) keepNews(entry.node, bubble);
  keepTogether(bubble);
  if (files.length) bubble.append(fileList(files));
  bubble.classList.toggle("pictured", files.some((file) => file.inline));
  if (entry.edited && !own) bubble.append(element("p", { class: "hint" }, say("edited")));
  node.replaceChildren(bubble);
  node.classList.toggle("many", new Set(choices.map(({ row }) => row)).size >= MANY);
  if (choices.length) node.append(buttons(entry, press));
  if (!entry.node) log.append(node);
  entry.node = node;
  node.dataset.id = entry.message.id;
  if (own && entry.edited) look(node);
  if (entry.edited) return;
  if (quiet) toEnd();
  else if (stick) reveal(node);
  else newer.hidden = false;
}

/** What the officer was just told stays when the card is redrawn because of somebody else. */
function keepNews(before, bubble) {
  const told = before ? before.querySelectorAll(".news") : [];
  if (!bubble.querySelector(".news")) bubble.querySelector(".unseen").after(...told);
}

/** A case number is not broken at its hyphen. */
function keepTogether(node) {
  for (const child of [...node.childNodes]) {
    if (child.nodeType !== Node.TEXT_NODE) keepTogether(child);
    else if (NUMBER.test(child.data)) {
      const parts = child.data.split(NUMBER).filter(Boolean);
      child.replaceWith(...parts.map((part) => (NUMBER.test(part) ? element("span", { class: "number" }, part) : part)));
    }
  }
}

function buttons(entry, press) {
  const rows = new Map();
  const steps = entry.message.choices.some(({ value }) => STEP.test(value));
  for (const choice of entry.message.choices) {
    if (!rows.has(choice.row)) rows.set(choice.row, element("div", { class: "choices-row" }));
    const button = element("button", { type: "button", class: "choice" }, labelParts(choice.label));
    const aside = ASIDE.test(choice.value) || (steps && !STEP.test(choice.value));
    button.classList.toggle("aside", aside && entry.message.choices.length > 1);
    button.dataset.value = choice.value;
    button.addEventListener("click", (event) => press(choice, event.detail === 0));
    rows.get(choice.row).append(button);
  }
  return element("div", { class: "choices", role: "group", "aria-label": say("choices") }, [...rows.values()]);
}

/** A case in a list: its number on one line, the rest below. */
function labelParts(label) {
  const [number, ...rest] = label.split(" · ");
  if (!rest.length || !NUMBER.test(number)) return label;
  return [element("span", { class: "of-case" }, number), " ", element("span", {}, rest.join(" · "))];
}

/** Sets whether the buttons of a message are active, busy (one is on its way) or old, and which was pressed. */
export function settle(entry, state) {
  const group = entry.node.querySelector(".choices");
  if (!group) return;
  group.classList.toggle("old", state === "old");
  group.classList.toggle("busy", state === "busy");
  for (const button of group.querySelectorAll("button")) {
    button.disabled = state !== "active";
    button.classList.toggle("pressed", button.dataset.value === entry.pressed);
  }
}

/**
 * Draws or redraws what the person said; `again()` is called where a failed one is pressed. A pressed
 * button says itself that it is on its way; it gets no bubble where it changed a message in its place.
 */
export function drawMine(entry, { again }) {
  const { item } = entry;
  if (!entry.node) {
    entry.node = element("article", { class: "row mine" });
    entry.node.hidden = true;
    log.append(entry.node);
    drawMineOnce(entry);
  }
  const veiled = item.inPlace || (item.choice && item.state === "sending");
  if (entry.node.hidden && !veiled) {
    entry.node.hidden = false;
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
  clearTimeout(dots);
  if (!on) typing.hidden = true;
  else dots = setTimeout(startTyping, DOTS_AFTER_MS);
}

function startTyping() {
  const stick = near();
  typing.hidden = false;
  if (stick) toEnd();
}

/** Empties the screen. */
export function clearScreen() {
  log.replaceChildren();
  showTyping(false);
}
