// Going back and forth in what was written: older pages, the place around a message, and back to the latest.

const PAGE = 60;

/** What is unread and some lines before it; where more than 99 are unread, the newest are enough to begin with. */
export const firstPage = (unread) => (unread > 99 ? PAGE : Math.max(PAGE, unread + 20));

export class History {
  /**
   * @param {Map<string, Channel>} channels
   * @param {(channel: Channel, what: object) => Promise<object>} fetch asks the server; answers `changes`
   * @param {(channel: string, cause: string) => void} changed the view of a channel is another
   */
  constructor({ channels, fetch, changed }) {
    Object.assign(this, { channels, fetch, changed });
  }

  async page(channel, what, apply, cause) {
    const { epoch } = channel;
    const frame = await this.fetch(channel, { ...what, answered: true });
    if (channel.epoch !== epoch) return;
    apply(frame);
    this.changed(channel.id, cause);
  }

  async older(id, limit = PAGE) {
    const channel = this.channels.get(id);
    const stretch = channel?.view;
    const [first] = channel?.sorted() ?? [];
    if (!first || !stretch.older) return;
    await this.page(channel, { before: first.id, limit }, (frame) => channel.takeOlder(frame, stretch), "older");
  }

  async newer(id) {
    const channel = this.channels.get(id);
    const last = channel?.aside && channel.sorted().at(-1);
    if (!last || !channel.aside.newer) return;
    await this.page(channel, { around: last.id, limit: PAGE * 2 }, (frame) => channel.takeNewer(frame), "newer");
  }

  async around(id, message) {
    const channel = this.channels.get(id);
    if (!channel) return;
    if (channel.view?.ids.has(message)) this.changed(id, "around");
    else await this.page(channel, { around: message, limit: PAGE }, (frame) => channel.takeAround(frame), "around");
  }

  /** Loads the place where a day begins; the first message from then on, or null where there is none. */
  async dated(id, date) {
    const channel = this.channels.get(id);
    if (!channel) return null;
    const { epoch } = channel;
    const frame = await this.fetch(channel, { date, limit: PAGE, answered: true });
    if (channel.epoch !== epoch || !frame.at) return null;
    if (!channel.view?.ids.has(frame.at)) channel.takeAround(frame);
    return frame.at;
  }

  latest(id) {
    const channel = this.channels.get(id);
    channel?.backToLatest();
    this.changed(id, "latest");
  }

  /** One message that a reply answers, when it is not among those loaded. */
  async look(id, message) {
    const channel = this.channels.get(id);
    if (!channel || channel.messages.has(message) || channel.gone.has(message)) return;
    const frame = await this.fetch(channel, { around: message, limit: 1 });
    for (const one of frame.messages) channel.put(one);
    if (!channel.messages.has(message)) channel.gone.add(message);
    this.changed(id, "live");
  }
}
