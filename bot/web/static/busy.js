// What happens when very many come at once: a proof of work where the server asks for one, and a quiet word.

import { byId } from "./dom.js";
import { say } from "./words.js";

const LONGEST_MS = 240000;
const TRIES = 2;

// The page's policy lets nothing be run that has no name here.
const scripts =
  window.trustedTypes && trustedTypes.createPolicy("lianxin", { createScriptURL: () => "/static/work.js" });
const workScript = scripts ? scripts.createScriptURL("") : "/static/work.js";

/** Says why it takes longer: a name of words, or "" for nothing more to say. */
export function hold(name) {
  const strip = byId("busy");
  strip.firstElementChild.textContent = name ? say(name) : "";
  strip.hidden = !name;
}

/**
 * What `send(headers)` resolves to. Where it fails with `error.work`, that is done first, and a second time
 * where it came too late.
 */
export async function withWork(send) {
  let headers = {};
  for (let tries = 0; ; tries += 1) {
    try {
      return await send(headers);
    } catch (error) {
      if (!error.work || tries >= TRIES) throw error;
      headers = { "Lianxin-Work": await prove(error.work, error) };
    }
  }
}

async function prove({ challenge, bits }, refused) {
  hold("checking");
  const worker = new Worker(workScript);
  try {
    const number = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = () => reject(refused);
      setTimeout(() => reject(refused), LONGEST_MS);
      worker.postMessage({ challenge, bits });
    });
    return `${challenge}.${number}`;
  } finally {
    worker.terminate();
    hold("");
  }
}
