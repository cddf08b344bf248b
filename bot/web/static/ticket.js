// The page of discharged patients: its ticket stands behind the # of the link, which no server is ever told.

import { words } from "./words.js";

const DIGITS = /^[1-9]\d{11}$/;

export const isSurvey = words.purpose === "survey";

/** The choice that hands the ticket in, or ""; the address is clean afterwards, also in the history. */
export function takeTicket() {
  if (!isSurvey || !location.hash) return "";
  const code = location.hash.replace(/[^0-9]/g, "");
  history.replaceState(null, "", location.pathname);
  return DIGITS.test(code) ? `ticket:${code}` : "";
}
