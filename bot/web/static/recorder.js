// Records a short voice message, where the browser has a microphone to give.

import { byId } from "./dom.js";
import { say } from "./words.js";

const LONGEST_SECONDS = 300;
const KINDS = [
  ["audio/mp4", "m4a"],
  ["audio/webm;codecs=opus", "webm"],
  ["audio/ogg;codecs=opus", "ogg"],
];

/** Whether recording is possible here: it needs TLS, or the machine itself. */
export const canRecord = () =>
  Boolean(window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

/** Records until a button is pressed; `done(file)` gets the recording, `failed(text)` a reason. */
export async function record({ done, failed }) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    failed(say("no_microphone"));
    return;
  }
  const [type, ending] = KINDS.find(([kind]) => MediaRecorder.isTypeSupported(kind)) || ["", "webm"];
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const pieces = [];
  let wanted = true;
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const end = showClock(() => recorder.state !== "inactive" && recorder.stop(), () => (wanted = false));
  recorder.onstop = () => {
    end();
    stream.getTracks().forEach((track) => track.stop());
    if (wanted) done(new File(pieces, `${say("voice_name")}.${ending}`, { type: type.split(";")[0] }));
  };
  recorder.start();
}

function showClock(stop, drop) {
  const started = Date.now();
  byId("recording").hidden = false;
  byId("line").hidden = true;
  const tick = () => {
    const seconds = Math.floor((Date.now() - started) / 1000);
    byId("recorded").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= LONGEST_SECONDS) stop();
  };
  tick();
  const timer = setInterval(tick, 500);
  byId("recording-stop").onclick = stop;
  byId("recording-cancel").onclick = () => {
    drop();
    stop();
  };
  byId("recording-stop").focus();
  return () => {
    clearInterval(timer);
    byId("recording").hidden = true;
    byId("line").hidden = false;
    byId("record").focus();
  };
}
