// The smallest help for making elements: text is only ever set as text, never as markup.

/** An element with attributes and children (nodes, texts, or one of them). */
export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...[children].flat());
  return made;
}

export const byId = (id) => document.getElementById(id);

const ICONS = {
  image: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01",
  audio: "M5 10v4M9 7v10M13 9v6M17 5v14M21 10v4",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
};

/** A small drawing that says nothing to a screen reader: image, audio or file. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "drawing");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}
