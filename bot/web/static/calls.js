// A line that is nothing but a number to call in need can be pressed to call it.

import { element } from "./dom.js";
import { words } from "./words.js";

/** The pieces of a text: strings, and in between the numbers as links. */
export function withCalls(text) {
  const pieces = [""];
  text.split("\n").forEach((line, place) => {
    if (place) pieces[pieces.length - 1] += "\n";
    if (words.calls.includes(line)) pieces.push(element("a", { class: "call", href: `tel:${line}` }, line), "");
    else pieces[pieces.length - 1] += line;
  });
  return pieces.filter(Boolean);
}
