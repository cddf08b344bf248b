// Files that came with a message: fetched with the session, shown or saved, never opened by address.

import { readFile } from "./api.js";
import { element, icon } from "./dom.js";
import { say, sizeText } from "./words.js";

/** A list of buttons, one per file. */
export function fileList(files) {
  return element("ul", { class: "files" }, files.map(fileItem));
}

function fileItem(file) {
  const name = element("span", { class: "name" }, file.name);
  const note = element("span", { class: "size" }, sizeText(file.size));
  const button = element("button", { type: "button", class: "file" }, [
    icon(kindOf(file)),
    element("span", { class: "grow" }, [name, note]),
    element("span", { class: "do" }, say(showable(file) ? "open_file" : "save_file")),
  ]);
  const item = element("li", {}, button);
  if (file.warning) item.append(element("p", { class: "hint" }, say("file_warning")));
  button.addEventListener("click", () => open(file, item, button, note));
  if (file.inline) whenSeen(item, () => open(file, item, button, note, false));
  return item;
}

const showable = (file) => /^(image|audio)\//.test(file.media_type);

function kindOf(file) {
  const family = file.media_type.split("/")[0];
  return ["image", "audio"].includes(family) ? family : "file";
}

/** Once the item comes into view: a long conversation must not fetch every picture of old. */
function whenSeen(item, act) {
  if (!("IntersectionObserver" in window)) return;
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    act();
  });
  watch.observe(item);
}

/** Fetches and shows or saves a file; `asked`: somebody pressed the button, whose place the focus keeps. */
async function open(file, item, button, note, asked = true) {
  if (button.disabled) return;
  button.disabled = true;
  note.textContent = say("opening_file");
  try {
    const blob = await readFile(file.uid);
    const address = URL.createObjectURL(blob);
    note.textContent = sizeText(file.size);
    if (showable(file) && /^(image|audio)\//.test(blob.type)) show(file, item, button, address, blob.type, asked);
    else save(file, address);
  } catch (error) {
    note.textContent = error.message || say("file_failed");
  }
  button.disabled = false;
}

function show(file, item, button, address, type, asked) {
  const shown = type.startsWith("image/")
    ? element("img", { src: address, alt: file.name, class: "shown" })
    : element("audio", { src: address, controls: "", class: "shown", "aria-label": file.name });
  if (!asked) shown.addEventListener("load", () => item.scrollIntoView({ block: "nearest" }), { once: true });
  item.prepend(shown);
  const saver = element("button", { type: "button", class: "plain" }, `${say("save_file")} ${file.name}`);
  saver.addEventListener("click", () => save(file, address));
  button.replaceWith(saver);
  if (asked) saver.focus();
}

function save(file, address) {
  const link = element("a", { href: address, download: file.name });
  document.body.append(link);
  link.click();
  link.remove();
}
