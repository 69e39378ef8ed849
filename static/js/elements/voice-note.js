// <voice-note>: plays what somebody said, with its shape, its length and how fast.
import { gettext, interpolate } from "lib/words";
import { lengthWords } from "lib/sizes";
import { barsPath, BARS } from "lib/waveform";

const SPEEDS = [1, 1.5, 2];
const STEP_S = 5;
let playing = null; // one voice at a time

class VoiceNote extends HTMLElement {
  connectedCallback() {
    if (this.audio) return;
    this.audio = new Audio();
    this.audio.preload = "none";
    this.button = this.querySelector("[data-play]");
    this.track = this.querySelector("[role=slider]");
    this.speedButton = this.querySelector("[data-speed]");
    this.length = this.note.duration ?? 0;
    const path = barsPath(this.note.waveform ?? []);
    const wide = Math.max(1, this.note.waveform?.length ?? BARS) * 3;
    for (const svg of this.querySelectorAll("[data-bars]")) svg.setAttribute("viewBox", `0 0 ${wide} 100`);
    for (const one of this.querySelectorAll("[data-bars] path")) one.setAttribute("d", path);
    this.button.addEventListener("click", () => this.toggle());
    this.speedButton.addEventListener("click", () => this.faster());
    this.track.addEventListener("pointerdown", (event) => this.pointed(event));
    this.track.addEventListener("keydown", (event) => this.pressed(event));
    for (const name of ["timeupdate", "play", "pause", "ended"]) this.audio.addEventListener(name, () => this.draw());
    this.audio.addEventListener("ended", () => { this.audio.currentTime = 0; });
    this.draw();
  }

  /** Moved within the page it is only silent; gone from it, what was loaded is let go, and is loaded anew if it comes back. */
  disconnectedCallback() {
    this.audio?.pause();
    queueMicrotask(() => { if (!this.isConnected) this.letGo(); });
  }

  letGo() {
    if (!this.fetchedAs) return;
    URL.revokeObjectURL(this.fetchedAs);
    this.audio.removeAttribute("src");
    Object.assign(this, { fetchedAs: null, loading: null });
  }

  /** The whole note: it is small, and a recording that tells no length can only be wound when all of it is there. */
  async load() {
    this.loading ??= (async () => {
      this.audio.src = this.note.url ? await this.fetched() : this.note.preview;
      await this.heard("loadedmetadata");
      if (!Number.isFinite(this.audio.duration)) {
        this.audio.currentTime = 1e7;
        await this.heard("durationchange");
        this.audio.currentTime = 0;
      }
      this.length = Number.isFinite(this.audio.duration) ? this.audio.duration : this.length;
    })();
    try {
      await this.loading;
    } catch {
      this.loading = null;
      this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: gettext("This voice note could not be loaded. Try again when you are connected.") }));
      return false;
    }
    return true;
  }

  async fetched() {
    const answer = await fetch(this.note.url, { credentials: "same-origin" });
    if (!answer.ok) throw new Error("gone");
    this.fetchedAs = URL.createObjectURL(await answer.blob());
    return this.fetchedAs;
  }

  heard(name) {
    return new Promise((resolve, reject) => {
      this.audio.addEventListener(name, resolve, { once: true });
      this.audio.addEventListener("error", reject, { once: true });
      if (name === "loadedmetadata") this.audio.load();
    });
  }

  async toggle() {
    if (!this.audio.paused) {
      this.audio.pause();
      return;
    }
    if (!(await this.load())) return;
    if (playing !== this) playing?.audio.pause();
    playing = this;
    await this.audio.play().catch(() => {});
  }

  faster() {
    const next = SPEEDS[(SPEEDS.indexOf(this.audio.playbackRate) + 1) % SPEEDS.length];
    this.audio.playbackRate = this.audio.defaultPlaybackRate = next;
    this.draw();
  }

  async goTo(seconds) {
    if (!(await this.load())) return;
    this.audio.currentTime = Math.max(0, Math.min(this.length, seconds));
    this.draw();
  }

  pointed(event) {
    const box = this.track.getBoundingClientRect();
    this.goTo(((event.clientX - box.left) / box.width) * this.length);
  }

  pressed(event) {
    const now = this.audio.currentTime;
    // ← and → walk on through the parts of the message.
    const to = { ArrowUp: now + STEP_S, ArrowDown: now - STEP_S, Home: 0, End: this.length }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.goTo(to);
  }

  draw() {
    const { audio, length } = this;
    const now = audio.currentTime;
    const going = !audio.paused;
    this.dataset.playing = String(going);
    this.button.setAttribute("aria-label", going ? gettext("Pause") : gettext("Play the voice note"));
    this.button.querySelector("use").setAttribute("href", going ? "#i-pause" : "#i-play");
    this.style.setProperty("--played", `${length ? Math.min(100, (now / length) * 100) : 0}%`);
    this.querySelector("[data-time]").textContent = now > 0 ? `${lengthWords(now)} / ${lengthWords(length)}` : lengthWords(length);
    this.track.setAttribute("aria-valuemax", String(Math.round(length)));
    this.track.setAttribute("aria-valuenow", String(Math.round(now)));
    this.track.setAttribute("aria-valuetext", interpolate(gettext("%(now)s of %(length)s"), { now: lengthWords(now), length: lengthWords(length) }, true));
    this.speedButton.textContent = `${audio.playbackRate}×`;
    this.speedButton.setAttribute("aria-label", interpolate(gettext("Speed: %(n)s times"), { n: audio.playbackRate }, true));
  }
}
customElements.define("voice-note", VoiceNote);
