// The HTTP contract, as the page uses it. Nothing of what is said ever stands in an address.

import { withWork } from "./busy.js";
import { store } from "./store.js";

const ANSWER_MS = 45000;
const UPLOAD_MS = 600000;

/**
 * What went wrong: `status` 0 stands for the network; `again` says whether trying again may help; `work` is
 * what the server asks for first, because very many come at once.
 */
export class ApiError extends Error {
  constructor(status, { message = "", retryAfter = 0, work = null } = {}) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
    this.work = work;
    this.again = status === 0 || status === 408 || status === 429 || status >= 500;
  }
}

function failure(status, text, retryAfter) {
  let message = "";
  let work = null;
  try {
    const said = JSON.parse(text);
    message = said.error.message;
    work = said.work || null;
  } catch {
    // an answer that is not ours, from a proxy for instance
  }
  return new ApiError(status, { message, work, retryAfter: Number(retryAfter) || 0 });
}

async function call(path, { timeout = ANSWER_MS, ...options } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  try {
    const response = await fetch(path, { ...options, signal: abort.signal, cache: "no-store" });
    if (!response.ok) {
      throw failure(response.status, await response.text(), response.headers.get("Retry-After"));
    }
    return options.blob ? await response.blob() : await response.json();
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0);
  } finally {
    clearTimeout(timer);
  }
}

const bearer = () => ({ Authorization: `Bearer ${store.session()}` });

let opening = null;

/** Makes sure that there is a session; several callers share one request. */
export function ensureSession() {
  if (store.session()) return Promise.resolve();
  opening ||= withWork((headers) => call("/api/chat/sessions", { method: "POST", headers }))
    .then(({ session }) => store.setSession(session))
    .finally(() => {
      opening = null;
    });
  return opening;
}

/** Another 30 days for the session of a member of staff. */
export async function renewSession() {
  const { session } = await call("/api/chat/sessions", { method: "POST", headers: bearer() });
  store.setSession(session);
}

/** Sends one message; `progress` hears of files with a share of 0 to 1. Same id twice is done once. */
export async function post({ id, text, choice, pressed, files }, progress) {
  await ensureSession();
  if (files && files.length) return withWork((proof) => upload({ id, text, files }, progress, proof));
  const body = JSON.stringify({ id, text, choice, pressed });
  const headers = { ...bearer(), "Content-Type": "application/json" };
  return withWork((proof) =>
    call("/api/chat/messages", { method: "POST", headers: { ...headers, ...proof }, body }),
  );
}

function upload({ id, text, files }, progress, proof) {
  const form = new FormData();
  form.append("id", id);
  if (text) form.append("text", text);
  for (const file of files) form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how far an upload is
    request.open("POST", "/api/chat/messages");
    const headers = { ...bearer(), ...proof };
    for (const name of Object.keys(headers)) request.setRequestHeader(name, headers[name]);
    request.timeout = UPLOAD_MS;
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = request.ontimeout = request.onabort = () => reject(new ApiError(0));
    request.onload = () => {
      const said = request.responseText;
      if (request.status !== 200) {
        reject(failure(request.status, said, request.getResponseHeader("Retry-After")));
        return;
      }
      try {
        resolve(JSON.parse(said));
      } catch {
        reject(new ApiError(0)); // something between us and the server answered in its place
      }
    };
    request.send(form);
  });
}

/** What was sent after this id. */
export const readAfter = (after) =>
  call(`/api/chat/messages?after=${encodeURIComponent(after)}`, { headers: bearer() });

/** Opens the stream of what is sent after this id. */
export function openStream(after, signal) {
  const headers = { ...bearer(), Accept: "text/event-stream" };
  return fetch(`/api/chat/messages?after=${encodeURIComponent(after)}`, { headers, signal, cache: "no-store" });
}

/** One file as a Blob. */
export const readFile = (uid) =>
  call(`/api/chat/files/${encodeURIComponent(uid)}`, { headers: bearer(), timeout: UPLOAD_MS, blob: true });
