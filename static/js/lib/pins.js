// What is pinned in the channels that are loaded: asked for once, kept up to date by what the channel hears. No DOM.
// Event: pins {channel}.

const REDRAW = new Set(["live", "open", "older", "newer", "around", "outbox"]);

export class Pins extends EventTarget {
  constructor(client) {
    super();
    this.client = client;
    this.known = new Map();
    client.addEventListener("view", ({ detail }) => this.heard(detail));
    client.addEventListener("lost", ({ detail }) => this.known.delete(detail.channel));
    client.addEventListener("ended", () => this.known.clear());
  }

  /** Pinned messages of a channel, newest pin first; null until they were asked for. */
  of(id) {
    const pins = this.known.get(id);
    return pins ? [...pins.values()] : null;
  }

  heard({ channel: id, cause }) {
    const channel = this.client.channels.get(id);
    if (cause === "reset") this.known.delete(id);
    if (!channel?.loaded || !REDRAW.has(cause)) return;
    if (this.known.has(id)) this.refresh(channel);
    else if (id === this.client.wanted) this.load(channel);
  }

  async load(channel) {
    const pins = new Map();
    this.known.set(channel.id, pins);
    const { epoch } = channel;
    try {
      const frame = channel.pinned ? { messages: channel.pinned } : await this.client.acts.pinned(channel);
      channel.pinned = null;
      if (channel.epoch !== epoch || this.known.get(channel.id) !== pins) return;
      const heard = [...pins];
      pins.clear();
      for (const message of frame.messages) pins.set(message.id, message);
      for (const [key, message] of heard) if ((pins.get(key)?.changed ?? 0) < message.changed) pins.set(key, message);
      this.refresh(channel);
      this.tell(channel.id);
    } catch {
      this.known.delete(channel.id); // Not connected: asked for again when the channel is drawn anew.
    }
  }

  refresh(channel) {
    const pins = this.known.get(channel.id);
    let another = false;
    for (const id of pins.keys()) if (channel.gone.has(id)) another = pins.delete(id) || another;
    for (const message of channel.messages.values()) {
      const known = pins.get(message.id);
      if (known && known.changed >= message.changed) continue;
      const stays = message.pinned && !message.deleted_at;
      if (known && !stays) another = pins.delete(message.id);
      else if (stays) another = this.put(pins, message, known);
    }
    if (another) this.tell(channel.id);
  }

  /** A new pin goes to the top; one that was only edited stays where it is. */
  put(pins, message, known) {
    const rest = [...pins];
    pins.set(message.id, message);
    if (known) return true;
    pins.clear();
    pins.set(message.id, message);
    for (const [id, one] of rest) pins.set(id, one);
    return true;
  }

  tell(channel) { this.dispatchEvent(new CustomEvent("pins", { detail: { channel } })); }
}
