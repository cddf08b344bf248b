// Keeps a stream open, so that what is sent later arrives by itself.

import { openStream, readAfter } from "./api.js";
import { store } from "./store.js";

const SILENCE_MS = 45000; // the server says something at least every 15 seconds
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;

let running = false;
let wait = FIRST_WAIT_MS;
let wake = () => {};
let abort = null;

/** Follows this session; `heard(message)` for every message, `up(true|false)` as the line comes and goes. */
export async function follow({ heard, up }) {
  if (running) return;
  running = true;
  while (running && store.session()) {
    try {
      await once(heard, up);
    } catch (error) {
      if (error.status === 401) break;
      if (!error.status || error.status >= 500) up(false);
    }
    if (!running) break;
    await pause(wait * (0.7 + Math.random() * 0.6));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
  running = false;
}

/** Looks again at once, for instance when the network is back. */
export function hurry() {
  wait = FIRST_WAIT_MS;
  wake();
}

/** Ends following. */
export function unfollow() {
  running = false;
  if (abort) abort.abort();
  wake();
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

async function once(heard, up) {
  abort = new AbortController();
  let silence = setTimeout(() => abort.abort(), SILENCE_MS);
  try {
    const response = await openStream(store.cursor(), abort.signal);
    const crowded = response.status === 429; // no room for one more stream: it is asked now and then instead
    if (!response.ok && !crowded) throw Object.assign(new Error(), { status: response.status });
    up(true);
    if (crowded || !response.body || !response.body.getReader) return await poll(heard);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE_MS);
      wait = FIRST_WAIT_MS;
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) take(block, heard);
    }
  } finally {
    clearTimeout(silence);
  }
}

function take(block, heard) {
  const data = block
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");
  if (data) pass(JSON.parse(data), heard);
}

async function poll(heard) {
  abort.abort();
  for (const message of (await readAfter(store.cursor())).messages) pass(message, heard);
  wait = LONGEST_WAIT_MS / 4;
}

// The cursor moves only here: an answer to a message of our own may have overtaken an earlier push.
function pass(message, heard) {
  heard(message);
  store.setCursor(message.id);
}
