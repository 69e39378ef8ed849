// Opening a channel: one question brings its messages and all that is shown around them. No DOM.
import { firstPage } from "lib/history";
import { NoAnswer } from "lib/requests";

const MOST = 200;
const AROUND = { answered: true, opening: true };

export class Opening {
  /** @param {ChatClient} client which tells of `opened` {channel, readers, draft, receipts, asked} */
  constructor(client) { Object.assign(this, { client, asked: new Map(), missed: null }); }

  /** Whether an answer is on its way. */
  awaits(id) { return this.asked.has(id); }

  /** Loads a channel; of one that was loaded before it brings what may be another thing by now. */
  open(channel) {
    const { client } = this;
    if (!client.live) {
      this.missed = channel.id;
      return null;
    }
    return channel.loaded ? this.look(channel) : this.load(channel);
  }

  /** After a lost connection `hello` brings what is loaded up to date: only what was not answered is asked again. */
  again(channel) {
    if (!channel.loaded || this.missed === channel.id) this.open(channel);
  }

  async load(channel) {
    const { client } = this;
    if (client.asking.has(channel.id)) return;
    client.asking.set(channel.id, "newest");
    await this.ask(channel, { limit: firstPage(channel.info.unread), pins: true, ...AROUND }, (frame) => {
      client.asking.delete(channel.id);
      client.countNew(channel, frame.messages);
      if (channel.takeNewest(frame).hole) client.fill(channel);
      channel.recount(client.me.id);
      client.settleOutbox(frame.messages);
      client.tell("view", { channel: channel.id, cause: "open" });
    });
  }

  look(channel) {
    return this.ask(channel, { after: channel.position, limit: MOST, ...AROUND }, (frame) => {
      if (frame.upto > channel.position) this.client.take(frame);
    });
  }

  async ask(channel, what, take) {
    const { client } = this;
    const { id, epoch } = channel;
    const asked = performance.now();
    this.asked.set(id, asked);
    if (this.missed === id) this.missed = null;
    try {
      const frame = await client.fetch(channel, what);
      if (channel.epoch !== epoch) return; // it was reset meanwhile, and asked for anew
      take(frame);
      client.tell("opened", { channel: id, readers: frame.readers, draft: frame.draft, receipts: frame.receipts, asked });
    } catch (error) {
      if (error instanceof NoAnswer) this.missed = id;
      client.forgive(channel, error);
    } finally {
      if (this.asked.get(id) === asked) this.asked.delete(id);
    }
  }
}
