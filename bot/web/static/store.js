// What this tab remembers: the session and the conversation. Nothing of it outlives the tab, except the
// session of a member of staff who was asked to stay signed in, and that of a discharged patient, who may
// close the page between two questions. Their page has a session of its own: what they tell elsewhere on this
// device is nobody's who asks after their stay.

import { words } from "./words.js";

const SURVEY = words.purpose === "survey";
const OF_SURVEY = "survey.";
const PREFIX = SURVEY ? OF_SURVEY : "";
const SESSION = `${PREFIX}session`;
const RENEWED = "renewed";
const TALK = `${PREFIX}talk`;
const CURSOR = `${PREFIX}cursor`;
const OF_TAB = ["session", "talk", "cursor"].flatMap((key) => [key, OF_SURVEY + key]);
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
  kept: () => !SURVEY && reading(device, SESSION) !== null,
  setSession(token) {
    if (token === null) writing(tab, CURSOR, null);
    session = token;
    writing(tab, SESSION, token);
    if (token === null || SURVEY) writing(device, SESSION, token);
    else if (this.kept()) this.keep();
  },
  /** From here on nothing outlives the tab: a report was made, and its code stands on the page. */
  letGo: () => SURVEY && writing(device, SESSION, null),
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
    for (const key of OF_TAB) writing(tab, key, null);
    writing(device, `${OF_SURVEY}session`, null);
    if (alsoDevice) for (const key of [SESSION, RENEWED]) writing(device, key, null);
    session = null;
  },
};
