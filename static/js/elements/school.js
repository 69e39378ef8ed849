// What the school has settled, as it holds just now: how much is shown of people, and what is pointed out to whoever
// writes. What draws it is loaded when there is something to draw.

const WHAT = ["presence", "typing", "receipts"];

export class School extends EventTarget {
  constructor(given, parts) {
    super();
    Object.assign(this, { given, parts, settled: {}, states: new Map(), read: new Map() });
    const { client } = given;
    client.addEventListener("school", ({ detail }) => this.settle(detail));
    client.addEventListener("presence", ({ detail }) => this.states.set(detail.user, detail.state) && this.news());
    client.addEventListener("receipt", ({ detail }) => this.noted(detail.channel, [detail]));
    client.addEventListener("opened", ({ detail }) => detail.receipts && this.noted(detail.channel, detail.receipts));
    document.addEventListener("drafted", ({ target }) => this.drafted(target));
  }

  news() { this.dispatchEvent(new Event("news")); }

  /** After each `welcome`, and at each change: what was shown by then counts no more. */
  settle(settled) {
    Object.assign(this, { settled, states: new Map(), read: new Map() });
    this.given.client.quiet = this.off("typing") && this.off("presence");
    if (this.off("typing")) this.parts.typing.forget();
    this.dispatchEvent(new Event("settled"));
    this.news();
    for (const place of document.querySelectorAll("chat-composer, chat-thread")) this.drafted(place);
    this.prepare();
    if (!(this.off("presence") && this.off("receipts"))) this.draw();
  }

  off(what) { return !WHAT.includes(what) || (this.settled[what] ?? "off") === "off"; }

  /** Whether something is shown of the people of a channel. */
  covers(what, info) { return !this.off(what) && (this.settled[what] === "on" || info.kind === "direct"); }

  /** Who has read which of our own messages: the newest `seq` counts. */
  noted(channel, readers) {
    const known = this.read.get(channel) ?? new Map();
    for (const { user, seq } of readers) known.set(user, Math.max(seq, known.get(user) ?? 0));
    this.read.set(channel, known);
    this.news();
  }

  async draw() {
    if (this.drawn) return;
    this.drawn = true;
    const { ShownPeople } = await import("elements/shown-people");
    this.shown = new ShownPeople(this, this.given, this.parts);
  }

  /** So that no channel has to be waited for, nor asked for more, because a draft stands in it. */
  async prepare() {
    const nudge = await import("elements/nudge").catch(() => null); // without a network: with the first letter
    if (nudge?.pointsOut(this.settled)) nudge.prepareTable();
  }

  /** The words in a composer are others: the line above them looks at them. */
  async drafted(place) {
    const line = place.querySelector("chat-nudge");
    if (!line || (!line.field && !place.field.value)) return;
    try {
      await import("elements/nudge");
    } catch {
      return; // without a network: the server looks at it when it is sent
    }
    if (line.field) line.consider();
    else line.watch(place.field, () => place.info.id, () => this.settled);
  }
}
