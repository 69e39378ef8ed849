// One file on its way to the server by the tus protocol: goes on after a lost connection, waits for the check. No DOM.
import { gettext } from "lib/words";
import { waitBefore } from "lib/backoff";
import { CHECKING, CUT, FAILED, READY, RECEIVING, REFUSED, WAITING } from "lib/uploads";

const PLACE = "/messages/uploads/";
const CHUNK_BYTES = 5 * 1024 * 1024;
const LOOK_AGAIN_MS = { [CHECKING]: 600, [WAITING]: 5000 };
const GONE = new Set([404, 410]);
/** Not the file's fault: tried again without being asked. */
const PASSING = new Set([0, 409, 423, 502, 503, 504]);
const TOO_MANY = 429;

/** The `detail` of an answer in JSON, or other words. */
function detailOf(text, otherwise) {
  try {
    return JSON.parse(text).detail || otherwise;
  } catch {
    return otherwise;
  }
}

export class Sending {
  /**
   * @param {object} tile of a Batch; its state is kept here
   * @param {{channel: string, token: string, changed: () => void}} given
   */
  constructor(tile, { channel, token, changed }) {
    Object.assign(this, { tile, channel, token, changed, attempts: 0, over: false, timer: null });
    this.online = () => this.hurry();
    globalThis.addEventListener?.("online", this.online);
  }

  say(state, more = {}) {
    if (this.over) return;
    Object.assign(this.tile, { state, ...more });
    this.changed();
  }

  async start() {
    this.say(RECEIVING, { detail: "" });
    try {
      const { Upload } = await import("vendor/tus");
      if (this.over) return;
      this.upload ??= new Upload(this.tile.file, this.options());
    } catch {
      this.later();
      return;
    }
    this.upload.start();
  }

  options() {
    const { file, waveform, duration } = this.tile;
    const metadata = { filename: file.name, channel: this.channel };
    if (waveform) Object.assign(metadata, { waveform: JSON.stringify(waveform), duration: String(Math.round(duration * 10) / 10) });
    return {
      endpoint: PLACE,
      chunkSize: CHUNK_BYTES,
      metadata,
      headers: { "X-CSRFToken": this.token },
      retryDelays: null, // `later` decides
      storeFingerprintForResuming: false, // names of files do not belong into the browser's storage
      onProgress: (sent) => { this.attempts = 0; this.say(RECEIVING, { sent }); },
      onSuccess: () => this.look(),
      onError: (error) => this.stopped(error),
    };
  }

  get url() { return this.upload?.url ? new URL(this.upload.url, globalThis.location?.href).pathname : null; }
  get id() { return this.url?.split("/").filter(Boolean).pop() ?? null; }

  /** Cut off, or refused. */
  stopped(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    const body = error.originalResponse?.getBody() ?? "";
    if (PASSING.has(status)) this.later(detailOf(body, ""));
    else if (GONE.has(status) && this.upload.url) this.failed(gettext("The upload took too long. Try again."));
    else if (status >= 500 || status === TOO_MANY) this.failed(detailOf(body, gettext("The server could not keep this file. Try again.")));
    else this.finish(REFUSED, { detail: detailOf(body, gettext("The server did not take this file.")) });
  }

  failed(detail) {
    this.upload = null;
    this.say(FAILED, { detail, sent: 0 });
  }

  /** Goes on by itself: after a while, or at once when the browser is online again. */
  later(detail = "") {
    if (this.over) return;
    this.say(CUT, { detail });
    this.attempts += 1;
    this.after(waitBefore(this.attempts), () => this.start());
  }

  hurry() {
    if (this.tile.state === CUT) this.after(0, () => this.start());
  }

  after(wait, run) {
    clearTimeout(this.timer);
    this.timer = setTimeout(run, wait);
  }

  /** All bytes are there; is it checked? */
  async look() {
    if (this.over) return;
    let answer;
    try {
      const response = await fetch(this.url, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (response.status >= 500) throw new Error("later");
      if (!response.ok) {
        this.failed(gettext("The upload took too long. Try again."));
        return;
      }
      answer = await response.json();
    } catch {
      this.after(waitBefore((this.attempts += 1)), () => this.look());
      return;
    }
    this.checked(answer);
  }

  checked(answer) {
    const { state, detail, ...file } = answer;
    if (state === "ready") this.finish(READY, { ...file, sent: file.size });
    else if (state === "refused") this.finish(REFUSED, { detail });
    else {
      const waits = state === "waiting" ? WAITING : CHECKING;
      this.say(waits);
      this.after(LOOK_AGAIN_MS[waits], () => this.look());
    }
  }

  finish(state, more) {
    this.say(state, more);
    this.forget();
  }

  forget() {
    this.over = true;
    clearTimeout(this.timer);
    globalThis.removeEventListener?.("online", this.online);
  }

  stop() {
    this.forget();
    this.upload?.abort(false);
  }

  /** Given up by the person; the server is told, so that nothing of it is kept. */
  cancel() {
    const { url } = this;
    this.stop();
    if (url) fetch(url, { method: "DELETE", credentials: "same-origin", headers: { "X-CSRFToken": this.token, "Tus-Resumable": "1.0.0" } }).catch(() => {});
  }
}
