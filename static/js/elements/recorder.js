// A voice note, recorded in the page: how long it is, stop, listen, discard, send.
import { gettext, interpolate, language } from "lib/words";
import { lengthWords } from "lib/sizes";
import { peaks } from "lib/waveform";
import { Batch } from "lib/uploads";
import { clone } from "elements/clone";
import "elements/voice-note";

const LONGEST_S = 600;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const REFUSALS = {
  NotAllowedError: gettext("Your browser did not allow the microphone. Allow it in the settings of this page, and try again."),
  NotFoundError: gettext("No microphone was found."),
};

let current = null; // one at a time, from the question for the microphone until it is sent or discarded

export function record(host, tray) {
  if (current?.remind()) return;
  current = new Recorder(host, tray);
  current.begin();
}

/** Belongs to the conversation it was begun in: elsewhere it stops, and waits out of sight. */
class Recorder {
  constructor(host, tray) {
    const { composer } = host;
    Object.assign(this, { host, tray, channel: tray.info, place: host.querySelector("[data-recorder]"), life: new AbortController() });
    composer.addEventListener("shown", () => this.shown(), this.life);
    composer.client.addEventListener("ended", () => this.end({ giveBack: false }), this.life);
  }

  get composer() { return this.host.composer; }
  get here() { return this.host.isConnected && this.composer.info.id === this.channel.id; }
  get over() { return this.life.signal.aborted; }

  say(detail) { this.host.tell("say", detail); }

  async begin() {
    try {
      if (!navigator.mediaDevices) throw Object.assign(new Error(), { name: "NotAllowedError" });
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      this.end({ giveBack: false });
      this.say(REFUSALS[error.name] ?? gettext("The microphone could not be used."));
      return;
    }
    if (this.over || !this.composer.checkVisibility()) {
      this.release();
      this.end({ giveBack: false });
      return;
    }
    this.draw();
    this.listen();
  }

  /** Another conversation is on the screen, or this one again. */
  shown() {
    if (!this.node) {
      if (!this.here) this.end({ giveBack: false });
      return;
    }
    if (!this.here && !this.place.hidden) {
      this.halt();
      this.say(interpolate(gettext("Your voice note waits in %(name)s."), { name: this.channel.name }, true));
    }
    this.place.hidden = !this.here;
  }

  /** Whether this one has to be sent or discarded before another is begun; says where, if it is out of sight. */
  remind() {
    if (this.here) return true;
    if (!this.composer.client.channels.has(this.channel.id)) {
      this.end({ giveBack: false });
      return false;
    }
    this.say(interpolate(gettext("A voice note waits in %(name)s. Send or discard it there first."), { name: this.channel.name }, true));
    return true;
  }

  listen() {
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    this.recorder = new MediaRecorder(this.stream, { mimeType: type, audioBitsPerSecond: 32_000 });
    this.pieces = [];
    this.recorder.addEventListener("dataavailable", ({ data }) => this.pieces.push(data));
    this.recorder.addEventListener("stop", () => this.stopped());
    this.recorder.start(1000);
    this.began = performance.now();
    this.clock = setInterval(() => this.tick(), 200);
  }

  get seconds() { return (performance.now() - this.began) / 1000; }

  draw() {
    this.node = clone("recorder-template");
    const on = (name, act) => this.node.querySelector(`[data-${name}]`).addEventListener("click", act);
    on("discard", () => this.end());
    on("halt", () => this.halt());
    on("send-note", () => this.send());
    this.node.addEventListener("keydown", (event) => { if (event.key === "Escape") this.end(); });
    this.place.replaceChildren(this.node);
    this.place.hidden = false;
    this.node.querySelector("[data-halt]").focus();
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.halt(); }, this.life);
  }

  tick() {
    this.node.querySelector("[data-time]").textContent = lengthWords(this.seconds);
    // What is recorded is seen to be recorded.
    if (this.seconds >= LONGEST_S || !this.node.checkVisibility()) this.halt();
  }

  halt() {
    if (this.recorder?.state === "recording") {
      this.duration = this.seconds;
      this.recorder.stop();
    }
  }

  release() {
    clearInterval(this.clock);
    for (const track of this.stream.getTracks()) track.stop();
  }

  async stopped() {
    this.release();
    if (this.over) return;
    const type = this.recorder.mimeType.split(";")[0];
    const blob = new Blob(this.pieces, { type });
    this.file = new File([blob], `${interpolate(gettext("Voice note %(when)s"), { when: stamp() }, true)}.${type.split("/")[1]}`, { type });
    this.waveform = await shapeOf(blob);
    if (!this.over) this.review();
  }

  /** What was said, to listen to before it goes. */
  review() {
    const note = clone("voice-template");
    this.preview = URL.createObjectURL(this.file);
    note.note = { url: null, preview: this.preview, waveform: this.waveform, duration: this.duration };
    this.node.querySelector("[data-listen]").replaceChildren(note);
    for (const part of note.querySelectorAll("[tabindex]")) part.tabIndex = 0;
    this.node.dataset.stage = "review";
    this.node.querySelector("[data-live]").hidden = true;
    this.node.querySelector("[data-halt]").hidden = true;
    const send = this.node.querySelector("[data-send-note]");
    send.hidden = false;
    send.focus();
  }

  /** On its own, as an answer where one was being written. */
  send() {
    const reply = this.composer.mode?.name === "reply" ? this.composer.mode.message.id : null;
    if (reply) this.composer.setMode(null);
    const batch = new Batch(this.channel.id);
    this.tray.batches.push(batch);
    this.tray.add([this.file], { waveform: this.waveform, duration: this.duration }, batch);
    this.end();
    this.tray.carry({ body: "", reply_to: reply }, batch);
  }

  end({ giveBack = true } = {}) {
    const { recorder } = this;
    this.life.abort();
    if (current === this) current = null;
    if (this.node) {
      this.node.remove();
      this.place.hidden = true;
    }
    if (recorder?.state === "recording") recorder.stop();
    if (this.preview) URL.revokeObjectURL(this.preview);
    if (giveBack) this.tray.focusBack();
  }
}

const stamp = () => new Date().toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }).replace(/[:/]/g, ".").replace(",", "");

async function shapeOf(blob) {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await blob.arrayBuffer());
    return peaks(sound.getChannelData(0));
  } catch {
    return [50]; // unreadable here; it is a voice note all the same
  } finally {
    context.close();
  }
}
