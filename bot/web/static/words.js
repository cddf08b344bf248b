// The words of the page, as the server wrote them into it.

export const words = JSON.parse(document.getElementById("words").textContent);

/** The word with its {places} filled in. */
export function say(name, places = {}) {
  return words[name].replace(/\{(\w+)\}/g, (whole, key) => (key in places ? places[key] : whole));
}

/** Bytes as a person reads them. */
export function sizeText(bytes) {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
}
