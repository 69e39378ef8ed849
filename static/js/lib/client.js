// The browser's side of the protocol: one socket, all channels, what is on its way. No DOM.
// Events: state, rail, view {channel, cause}, opened (lib/opening), mine, arrived {channel, message}, typing {channel, user}, presence {user, state},
// receipt {channel, user, seq}, school, lost {channel}, notice, ended.
import { Acts } from "lib/acts";
import { Channel } from "lib/channel";
import { Deliveries } from "lib/deliveries";
import { History } from "lib/history";
import { Opening } from "lib/opening";
import { NoAnswer, Requests } from "lib/requests";

const MOST = 200;
const TYPING_EVERY_MS = 3000;
const READ_AFTER_MS = 400;

export class ChatClient extends EventTarget {
  constructor({ me, socket }) {
    super();
    Object.assign(this, { me, socket, channels: new Map(), requests: new Requests() });
    this.deliveries = new Deliveries({
      transmit: (frame) => this.live && this.socket.send(frame),
      changed: (channel) => this.tell("view", { channel, cause: "outbox" }),
      silent: (since) => this.live && this.socket.dropIfSilent(since),
      keeper: () => import("lib/keeping"),
      person: me.id,
      expired: (count) => this.tell("expired", count),
    });
    this.acts = new Acts({ ask: (frame, ref) => this.ask(frame, ref), fetch: (channel, what) => this.fetch(channel, what) });
    this.history = new History({
      channels: this.channels,
      fetch: (channel, what) => this.fetch(channel, what),
      changed: (channel, cause) => this.tell("view", { channel, cause }),
    });
    this.opening = new Opening(this);
    this.state = "connecting";
    this.wanted = null;
    this.timers = new Map();
    this.asking = new Map();
    this.typedAt = 0;
    socket.addEventListener("frame", ({ detail }) => this.receive(detail));
    socket.addEventListener("state", ({ detail }) => this.changeState(detail));
    socket.addEventListener("ended", ({ detail }) => this.end(detail));
  }

  tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
  get live() { return this.state === "live"; }
  get outbox() { return this.deliveries.outbox; }

  // --- the connection -------------------------------------------------------------------------

  changeState(state) {
    if (state === "open") {
      this.socket.send({ type: "hello", resume: this.positions() });
      return;
    }
    if (state === "waiting") this.interrupted();
    this.state = state;
    this.tell("state", state);
  }

  positions() {
    const loaded = [...this.channels.values()].filter((channel) => channel.loaded);
    return Object.fromEntries(loaded.map((channel) => [channel.id, channel.position]));
  }

  interrupted() {
    this.requests.abandon();
    this.asking.clear();
    for (const channel of this.channels.values()) channel.dropHeld();
    this.deliveries.pauseAll();
  }

  end(code) {
    this.requests.abandon();
    const unsent = this.outbox.size;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.deliveries.forget();
    this.channels.clear();
    this.state = "ended";
    this.tell("ended", { code, unsent });
  }

  // --- what the server says -------------------------------------------------------------------

  receive(frame) {
    const handler = HANDLERS[frame.type];
    if (handler) handler(this, frame);
  }

  welcome(frame) {
    const listed = new Set(frame.channels.map((info) => info.id));
    for (const id of this.channels.keys()) if (!listed.has(id)) this.drop(id);
    for (const info of frame.channels) this.describe(info);
    this.tell("school", frame.school ?? {});
    this.state = "live";
    this.tell("state", "live");
    this.tell("rail");
    this.deliveries.resume(frame.server_time);
    if (this.deliveries.clock.findsDeviceWrong()) this.tell("wrong-clock");
    for (const channel of this.channels.values()) this.sendRead(channel);
    const wanted = this.channels.get(this.wanted);
    if (wanted) this.opening.again(wanted);
  }

  describe(info) {
    const known = this.channels.get(info.id);
    if (known) known.describe(info);
    else this.channels.set(info.id, new Channel(info));
  }

  drop(id) {
    this.channels.delete(id);
    this.tell("lost", { channel: id });
    this.tell("rail");
  }

  /** A frame that carries a channel from one position to another. */
  take(frame) {
    const channel = this.channels.get(frame.channel);
    if (!channel) return;
    const arrived = frame.type === "message" ? [frame.message] : frame.messages ?? [];
    if (frame.type !== "gone") this.countNew(channel, arrived);
    if (!channel.loaded && !this.asking.has(channel.id)) return;
    const { hole } = channel.take(frame);
    channel.recount(this.me.id);
    if (hole || frame.more) this.fill(channel);
    this.settleOutbox(arrived);
    this.tell("view", { channel: channel.id, cause: "live" });
  }

  countNew(channel, messages) {
    for (const message of messages) {
      if (!message.id || !channel.count(message, this.me.id)) continue;
      this.tell("arrived", { channel: channel.id, message });
    }
    this.tell("rail");
  }

  settleOutbox(messages) {
    for (const message of messages) {
      if (!message.ref || message.author?.id !== this.me.id) continue;
      if (!this.outbox.get(message.ref)) this.tell("mine", { message }); // sent by another device, or when its time came
      this.deliveries.arrived(message.ref);
    }
  }

  /** Asks for what is missing after our position; one question a channel at a time. */
  async fill(channel) {
    if (!channel.loaded || this.asking.has(channel.id)) return;
    const { epoch, position } = channel;
    this.asking.set(channel.id, "after");
    try {
      const frame = await this.fetch(channel, { after: position, limit: MOST, answered: true });
      if (channel.epoch !== epoch) return; // a reset has cleared `asking`
      this.asking.delete(channel.id);
      // An answer that fills nothing would be asked for without end: begin anew instead.
      if (frame.upto <= position && channel.held.length > 0) this.reset(channel.id);
      else this.take(frame);
    } catch (error) {
      this.forgive(channel, error);
    }
  }

  forgive(channel, error) {
    this.asking.delete(channel.id);
    if (error instanceof NoAnswer && this.live) this.socket.drop();
    else if (!(error instanceof NoAnswer)) this.tell("notice", { level: "warning", text: error.message });
  }

  async fetch(channel, what) {
    const { epoch } = channel;
    const frame = await this.ask({ type: "fetch", channel: channel.id, ...what });
    if (channel.epoch === epoch) channel.takeAnswered(frame.answered ?? {});
    return frame;
  }

  reset(id) {
    const channel = this.channels.get(id);
    if (!channel) return;
    channel.forget();
    this.asking.delete(id);
    if (this.wanted === id) this.opening.open(channel);
    this.tell("view", { channel: id, cause: "reset" });
  }

  // --- reading --------------------------------------------------------------------------------

  /** The channel somebody looks at: loaded now, and again after a reset or a reconnect. */
  open(id) {
    const channel = this.channels.get(id);
    const other = this.wanted !== id;
    this.wanted = id;
    return channel && (other || !channel.loaded) ? this.opening.open(channel) : null;
  }

  read(id, seq) {
    const channel = this.channels.get(id);
    // Whoever has read the newest message has read all there is: what came after it are changes.
    const upto = channel && seq === channel.newestSeq() ? Math.max(seq, channel.position) : seq;
    if (!channel?.readTo(upto, this.me.id)) return;
    channel.unsentRead = true;
    this.tell("rail");
    this.after(`read:${id}`, READ_AFTER_MS, () => this.sendRead(channel));
  }

  sendRead(channel) {
    if (!channel.unsentRead || !this.live) return;
    channel.unsentRead = !this.socket.send({ type: "read", channel: channel.id, seq: channel.info.read });
  }

  typing(id) {
    if (!this.live || this.quiet || Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    this.socket.send({ type: "typing", channel: id });
  }

  after(name, wait, run) {
    clearTimeout(this.timers.get(name));
    this.timers.set(name, setTimeout(run, wait));
  }

  // --- writing --------------------------------------------------------------------------------

  send(draft, wait = 0) {
    this.typedAt = 0;
    return this.deliveries.send(draft, wait);
  }

  retry(ref) { this.deliveries.retry(ref); }
  discard(ref) { this.deliveries.discard(ref); }

  sent(frame) {
    const channel = this.channels.get(frame.message.channel);
    this.deliveries.arrived(frame.ref);
    this.requests.answer(frame);
    channel?.put(frame.message);
    channel?.admit(frame.message);
    this.tell("view", { channel: frame.message.channel, cause: "outbox" });
  }

  ask(frame, ref) { return this.requests.ask((one) => this.live && this.socket.send(one), frame, ref); }
  edit(message, body) { return this.ask({ type: "edit", message, body }); }
  remove(message) { return this.ask({ type: "delete", message }); }

  error(frame) {
    if (frame.ref && (this.deliveries.refused(frame) || this.requests.refuse(frame))) return;
    if (!this.live) { // `hello` was not answered: without it nothing is caught up
      this.socket.drop();
      return;
    }
    this.tell("notice", { level: "warning", text: frame.detail });
  }

  /** Our own reading in another tab, or somebody's of our own messages. */
  heardRead({ channel: id, user, seq }) {
    if (user !== this.me.id) this.tell("receipt", { channel: id, user, seq });
    if (user !== this.me.id) return;
    this.channels.get(id)?.readTo(seq, user);
    this.tell("rail");
  }

  channelChanged({ action, channel }) {
    if (action === "left") {
      this.drop(channel.id);
      return;
    }
    this.describe(action === "archived" ? { ...channel, archived: true } : channel);
    this.tell("rail");
    this.tell("described", { channel: channel.id });
  }
}

const HANDLERS = {
  welcome: (client, frame) => client.welcome(frame),
  message: (client, frame) => client.take(frame),
  changed: (client, frame) => client.take(frame),
  gone: (client, frame) => client.take(frame),
  changes: (client, frame) => { if (!frame.ref || !client.requests.answer(frame)) if (frame.since !== null) client.take(frame); },
  reset: (client, frame) => { client.reset(frame.channel); client.requests.answer(frame); },
  behind: (client, frame) => { const channel = client.channels.get(frame.channel); if (channel) client.fill(channel); },
  sent: (client, frame) => client.sent(frame),
  done: (client, frame) => client.requests.answer(frame),
  error: (client, frame) => client.error(frame),
  read: (client, frame) => client.heardRead(frame),
  typing: (client, frame) => client.tell("typing", frame),
  presence: (client, frame) => client.tell("presence", frame),
  receipts: (client, frame) => client.requests.answer(frame),
  school: (client, frame) => client.tell("school", frame.school),
  channel: (client, frame) => client.channelChanged(frame),
  notice: (client, frame) => client.tell("notice", frame),
};
