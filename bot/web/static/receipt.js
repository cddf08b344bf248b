// A receipt code in a reply is shown large, with a button that copies it.

import { element } from "./dom.js";
import { say } from "./words.js";

const CODE = /(^|[^\d-])(\d{4})([ \u00a0\u2009-])(\d{4})\3(\d{4})\3(\d{4})(?![\d-])/;
const HEAD = /^([^]*?)(?:(?:^|\n)([^\n：:]{2,12})[：:])?\s*$/; // the line before the code says what it is

/** The parts of a text: strings, and in between the elements that show a code. */
export function withReceipts(text) {
  const found = CODE.exec(text);
  if (!found) return [text];
  const start = found.index + found[1].length;
  const groups = [found[2], found[4], found[5], found[6]];
  const [, before, head] = HEAD.exec(text.slice(0, start));
  const after = text.slice(found.index + found[0].length).replace(/^[ \t\n]+/, "");
  return [before.trim(), receipt(groups, head), after].filter(Boolean);
}

function receipt(groups, head) {
  const digits = element("p", { class: "digits" });
  groups.forEach((group, index) => digits.append(...(index ? [" "] : []), element("span", {}, group)));
  const button = element("button", { type: "button", class: "solid" }, say("copy"));
  button.addEventListener("click", () => copy(groups.join(" "), digits, button));
  return element("div", { class: "receipt" }, [
    element("p", { class: "head" }, head || say("code_head")),
    digits,
    button,
  ]);
}

async function copy(code, digits, button) {
  let done = false;
  try {
    await navigator.clipboard.writeText(code);
    done = true;
  } catch {
    done = copyBySelecting(digits); // no clipboard interface on pages without TLS
  }
  button.textContent = say(done ? "copied" : "copy_failed");
  setTimeout(() => {
    button.textContent = say("copy");
  }, 4000);
}

function copyBySelecting(digits) {
  const range = document.createRange();
  range.selectNodeContents(digits);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return document.execCommand("copy");
}
