// Sends what the person wrote, one after the other, again and again under the same id until it is there.

import { post } from "./api.js";
import { hold } from "./busy.js";
import { store } from "./store.js";

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];

const queue = [];
let busy = false;
let waking = () => {};

/** A fresh id; crypto.randomUUID does not exist on pages without TLS, as in many hospital networks. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Queues a message `{id, text|choice, pressed, files, quiet}`. `changed(item)` is called on every change
 * of `item.state` (sending, sent, failed, refused) and `item.progress`; `answered(item, answer)` once.
 */
export function enqueue(item, { changed, answered }) {
  item.state = "sending";
  queue.push({ item, changed, answered });
  changed(item);
  work();
}

/** Does not wait any longer before the next attempt. */
export function retryNow() {
  waking();
}

export const waiting = () => queue.length > 0;

async function work() {
  if (busy) return;
  busy = true;
  while (queue.length) {
    const job = queue[0];
    await deliver(job);
    queue.shift();
    job.changed(job.item);
  }
  busy = false;
}

async function deliver({ item, changed, answered }) {
  let renewed = false;
  for (let attempt = 0; ; ) {
    try {
      const answer = await post(item, (share) => {
        item.progress = share;
        changed(item);
      });
      item.state = "sent";
      answered(item, answer);
      return;
    } catch (error) {
      if (error.status === 401 && !renewed) {
        renewed = true;
        store.setSession(null);
        continue;
      }
      item.problem = error.message;
      if (!error.again) {
        item.state = "refused";
        return;
      }
      const busy = error.status === 429;
      // The greeting has no bubble to press on: it is tried until it is there, and so is all when it is busy.
      if (attempt >= WAITS_MS.length && !item.quiet && !busy) {
        item.state = "failed";
        return;
      }
      const wait = Math.max(WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)], error.retryAfter * 1000);
      if (!busy) attempt += 1;
      if (busy) hold("busy");
      await pause(wait * (1 + Math.random() * 0.2)); // not all who were told the same at the same moment
      if (busy) hold("");
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    waking = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
