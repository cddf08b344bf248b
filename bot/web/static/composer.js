// The line at the bottom: text, files, voice.

import { byId, element } from "./dom.js";
import { canRecord, record } from "./recorder.js";
import { say, sizeText, words } from "./words.js";

const MOST_FILES = 20;
const FORM_ROOM = 20000; // what a form needs around its files

const form = byId("composer");
const text = byId("text");
const picker = byId("files");
const list = byId("chosen");
const problem = byId("problem");
const desktop = matchMedia("(hover: hover) and (pointer: fine)");

let files = [];

/** Shows the line; `submit(text, files)` is called with what is to be sent. */
export function composer({ submit }) {
  form.hidden = false;
  const send = () => {
    const said = text.value.trim();
    if (!said && !files.length) return text.focus();
    const chosen = files;
    text.value = "";
    files = [];
    drawFiles();
    fit();
    if (desktop.matches) text.focus();
    submit(said, chosen);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  text.addEventListener("keydown", (event) => {
    // An input method confirms its candidates with Enter: that is not sending.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !composing && desktop.matches) {
      event.preventDefault();
      send();
    }
  });
  text.addEventListener("input", fit);
  byId("attach").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    add([...picker.files]);
    picker.value = "";
  });
  text.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    add([...event.clipboardData.files]);
  });
  voice();
  fit();
}

function voice() {
  const button = byId("record");
  button.hidden = !canRecord();
  button.addEventListener("click", () => record({ done: (file) => add([file]), failed: complain }));
}

function add(more) {
  complain("");
  const room = words.max_upload_bytes - FORM_ROOM;
  for (const file of more) {
    const total = files.reduce((sum, known) => sum + known.size, file.size);
    if (file.size > room) complain(say("file_too_large", { size: sizeText(room) }));
    else if (total > room) complain(say("files_too_large", { size: sizeText(room) }));
    else if (files.length >= MOST_FILES) complain(say("too_many_files", { count: MOST_FILES }));
    else files.push(file);
  }
  drawFiles();
  byId("send").focus({ preventScroll: true });
}

function complain(what) {
  problem.textContent = what;
  problem.hidden = !what;
}

function drawFiles() {
  list.replaceChildren(...files.map(chip));
  list.hidden = !files.length;
  form.classList.toggle("ready", Boolean(files.length || text.value.trim()));
}

function chip(file) {
  const remove = element("button", { type: "button", "aria-label": `${say("remove_file")} ${file.name}` }, "×");
  remove.addEventListener("click", () => {
    files = files.filter((known) => known !== file);
    complain("");
    drawFiles();
    byId("attach").focus();
  });
  return element("li", {}, [
    element("span", { class: "name" }, file.name),
    element("span", { class: "size" }, sizeText(file.size)),
    remove,
  ]);
}

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight + 2, innerHeight * 0.35)}px`;
  form.classList.toggle("ready", Boolean(files.length || text.value.trim()));
}
