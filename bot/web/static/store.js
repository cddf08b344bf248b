// What this tab remembers: the session and the conversation. Nothing of it outlives the tab, except the
// session of a member of staff who was asked to stay signed in.

const SESSION = "session";
const RENEWED = "renewed";
const TALK = "talk";
const CURSOR = "cursor";
const KEEP_ENTRIES = 300;
const DAY = 86400000;

function reading(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null; // storage can be forbidden; the page works without it until it is reloaded
  }
}

function writing(storage, key, value) {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // full or forbidden: the conversation goes on, only a reload would not show it
  }
}

const tab = () => sessionStorage;
const device = () => localStorage;

let session = reading(tab, SESSION) || reading(device, SESSION);

export const store = {
  session: () => session,
  kept: () => reading(device, SESSION) !== null,
  setSession(token) {
    if (token === null) writing(tab, CURSOR, null);
    session = token;
    writing(tab, SESSION, token);
    if (token === null) writing(device, SESSION, null);
    else if (this.kept()) this.keep();
  },
  keep() {
    writing(device, SESSION, session);
    writing(device, RENEWED, String(Date.now()));
  },
  renewalDue: () => store.kept() && Date.now() - Number(reading(device, RENEWED)) > DAY,
  entries() {
    try {
      return JSON.parse(reading(tab, TALK)) || [];
    } catch {
      return [];
    }
  },
  setEntries: (entries) => writing(tab, TALK, JSON.stringify(entries.slice(-KEEP_ENTRIES))),
  cursor: () => reading(tab, CURSOR) || "0",
  setCursor: (id) => writing(tab, CURSOR, id),
  /** Forgets the conversation; with `device` also the session that was to be kept. */
  forget({ alsoDevice }) {
    for (const key of [SESSION, TALK, CURSOR]) writing(tab, key, null);
    if (alsoDevice) for (const key of [SESSION, RENEWED]) writing(device, key, null);
    session = null;
  },
};
