// The card of a case, laid out so that an eye finds its way: facts, the reporter's words, what was found.

import { element } from "./dom.js";

const MARKED = /^—— (.+) ——$/;
const CUT = /^……（/;
const LABEL = /^([^：\s]{2,8}：)(?=\S)/;
const HEADING = /^\S+ \d{4}-\d{5}/;
const TITLE = /^[^：\s]{2,8}：$/;

/** The elements that show a card's text; a text without any of the known marks is shown as it is. */
export function cardParts(text) {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => MARKED.test(line));
  if (start < 0) return withNews(blocks(text));
  const end = lastEnd(lines, start);
  const quoted = lines.slice(start + 1, end < 0 ? undefined : end).join("\n");
  const cut = end >= 0 && CUT.test(lines[end]) ? [element("p", { class: "hint" }, lines[end])] : [];
  return [
    ...withNews(blocks(lines.slice(0, start).join("\n"))),
    element("p", { class: "title" }, MARKED.exec(lines[start])[1]),
    element("blockquote", {}, element("p", {}, quoted)),
    ...cut,
    ...(end < 0 ? [] : blocks(lines.slice(end + 1).join("\n"))),
  ];
}

/** The last line that may end the quotation: one that the reporter wrote does not end it early. */
function lastEnd(lines, start) {
  for (let index = lines.length - 1; index > start; index -= 1) {
    if (MARKED.test(lines[index]) || CUT.test(lines[index])) return index;
  }
  return -1;
}

function blocks(text) {
  const parts = text.split("\n\n").map((part) => part.trim());
  return parts.filter(Boolean).flatMap(block);
}

/** What was just done stands before the case's number, as news. */
function withNews(parts) {
  const heading = parts.findIndex((part) => part.classList.contains("heading"));
  for (const part of parts.slice(0, Math.max(heading, 0))) part.classList.add("news");
  return parts;
}

function block(text) {
  const [first, ...rest] = text.split("\n");
  if (HEADING.test(first)) {
    const facts = rest.length ? [element("p", {}, lines(rest.join("\n")))] : [];
    return [element("p", { class: "heading" }, first), ...facts];
  }
  if (!TITLE.test(first) || !rest.length) return [element("p", {}, lines(text))];
  return [element("p", { class: "title" }, first.slice(0, -1)), element("p", {}, lines(rest.join("\n")))];
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => {
    const label = LABEL.exec(line);
    const shown = label ? [element("span", { class: "label" }, label[1]), line.slice(label[1].length)] : [line];
    return index ? ["\n", ...shown] : shown;
  });
}
