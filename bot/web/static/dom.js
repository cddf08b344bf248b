// The smallest help for making elements: text is only ever set as text, never as markup.

/** An element with attributes and children (nodes, texts, or one of them). */
export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...[children].flat());
  return made;
}

export const byId = (id) => document.getElementById(id);
