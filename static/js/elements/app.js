// <chat-app>: puts the parts together. Knows who speaks to whom; does nothing itself.
import { ChatClient } from "lib/client";
import { meaningOf, writes } from "lib/keys";
import { Pins } from "lib/pins";
import { LiveSocket } from "lib/socket";
import { expiredWords } from "lib/unsent";
import { gettext, interpolate } from "lib/words";
import { typeInto } from "elements/insert";
import { makeRoomForKeyboard } from "elements/keyboard-room";
import { onPhone } from "elements/media";
import { MessageActs } from "elements/message-acts";
import { Roster } from "elements/roster";
import { firstLine } from "elements/row";
import { School } from "elements/school";
import { watchSwipes } from "elements/swipe";
import { Threads } from "elements/thread";
import { Undo } from "elements/undo";

const LAST_KEY = "schoolchat.channel"; // the id of the channel last looked at; never any content
const SITE = document.title; // as the server wrote it: the product and the school
const PARTS = ["rail", "header", "pins", "connection", "log", "typing", "composer", "side", "toasts", "voice", "unsent"];
const OVERLAYS = {
  menu: "message-menu", confirm: "confirm-dialog", switcher: "quick-switcher", forward: "forward-dialog",
  emoji: "emoji-picker", date: "date-jump", keys: "key-map",
};

class ChatApp extends HTMLElement {
  connectedCallback() {
    const bootstrap = JSON.parse(document.getElementById("bootstrap").textContent);
    const address = new URL("/ws/", window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.client = new ChatClient({ me: bootstrap.user, socket: new LiveSocket(address.href) });
    this.parts = Object.fromEntries(PARTS.map((name) => [name, document.querySelector(`chat-${name}`)]));
    for (const [name, tag] of Object.entries(OVERLAYS)) this.parts[name] = document.querySelector(tag);
    const given = { client: this.client, me: bootstrap.user, people: bootstrap.people ?? {}, urls: bootstrap.urls };
    this.roster = new Roster(given);
    this.pins = new Pins(this.client);
    for (const part of Object.values(this.parts)) Object.assign(part, given, { roster: this.roster, pins: this.pins });
    this.parts.threads = new Threads(given, this.parts);
    this.acts = new MessageActs({ ...given, parts: this.parts });
    this.undo = new Undo({ ...given, parts: this.parts, on: bootstrap.undo_send });
    this.school = new School(given, this.parts);
    this.current = null;
    this.listenToClient();
    this.listenToPeople();
    this.client.socket.open();
    makeRoomForKeyboard();
  }

  // --- from the client ------------------------------------------------------------------------

  listenToClient() {
    const { client, parts } = this;
    const on = (name, act) => client.addEventListener(name, ({ detail }) => act(detail));
    on("state", (state) => this.connected(state));
    on("rail", () => this.drawRail());
    on("view", ({ channel, cause }) => { if (channel === this.current) parts.log.changed(cause); });
    on("arrived", (detail) => this.arrived(detail));
    on("typing", (detail) => parts.typing.heard(detail));
    on("described", ({ channel }) => this.described(channel));
    on("opened", ({ channel, readers }) => parts.header.said(channel, readers));
    on("lost", ({ channel }) => this.lost(channel));
    this.pins.addEventListener("pins", ({ detail }) => { if (detail.channel === this.current) parts.pins.draw(); });
    on("notice", ({ text }) => parts.toasts.say(text));
    on("wrong-clock", () => parts.toasts.say(gettext("The clock of this device is wrong. The times of the messages are right.")));
    on("expired", (count) => parts.toasts.say(expiredWords(count)));
    on("ended", (detail) => this.ended(detail));
  }

  connected(state) {
    this.parts.connection.show(state);
    this.dataset.live = String(state === "live");
    if (state === "live" && !this.started) this.start();
    else if (state === "live") this.parts.log.scrolled();
  }

  /** The first `welcome`: the place in the address, or the last one, or the first unread. */
  start() {
    this.started = true;
    this.drawRail();
    const place = this.placeInAddress();
    if (place.channel && this.client.channels.has(place.channel)) {
      if (onPhone()) {
        history.replaceState({}, "", "/");
        this.go(place, "push");
      } else {
        this.go(place, "replace");
      }
      return;
    }
    if (place.channel) this.parts.toasts.say(gettext("That channel is not one of yours."));
    const first = this.usual();
    if (first && !onPhone()) this.go({ channel: first }, "replace");
    else this.showList();
  }

  usual() {
    const last = localStorage.getItem(LAST_KEY);
    if (this.client.channels.has(last)) return last;
    const all = [...this.client.channels.values()].map(({ info }) => info);
    return (all.find((info) => info.unread > 0) ?? all[0])?.id ?? null;
  }

  drawRail() {
    this.parts.rail.draw(this.client.channels, this.current);
    const unread = [...this.client.channels.values()].filter(({ info }) => info.unread > 0 && !info.muted).length;
    const info = this.client.channels.get(this.current)?.info;
    const name = info && ["open", "announcement"].includes(info.kind) ? `${info.name} – ` : "";
    document.title = `${unread ? `(${unread}) ` : ""}${name}${SITE}`;
  }

  arrived({ channel, message }) {
    this.parts.typing.stopped(channel, message.author?.id);
    if (channel === this.current) this.parts.log.arrived();
    const { info } = this.client.channels.get(channel);
    if (info.muted && channel !== this.current) return;
    const said = { name: message.author?.name ?? "", channel: info.name, text: firstLine(message) };
    this.parts.voice.say(interpolate(channel === this.current ? gettext("%(name)s: %(text)s") : gettext("%(name)s in %(channel)s: %(text)s"), said, true));
  }

  described(id) {
    if (id !== this.current) return;
    const channel = this.client.channels.get(id);
    this.parts.header.show(channel);
    this.parts.pins.show(channel);
    this.client.opening.open(channel);
    this.parts.composer.describe(channel.info);
  }

  lost(id) {
    if (id !== this.current) return;
    this.parts.toasts.say(gettext("You are no longer in that channel."));
    this.showList();
    history.replaceState({}, "", "/");
  }

  /** The session is over: nothing stays on the screen. */
  ended({ unsent }) {
    this.parts.voice.textContent = "";
    this.parts.log.clear();
    this.parts.composer.forget();
    this.parts.rail.draw(new Map(), null);
    this.parts.side.close({ giveBack: false });
    this.dataset.screen = "ended";
    const ended = document.querySelector("[data-ended]");
    ended.hidden = false;
    ended.querySelector("[data-unsent]").hidden = unsent === 0;
    ended.querySelector("a").href = `/accounts/login/?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
    ended.querySelector("h1").focus();
  }

  // --- places ---------------------------------------------------------------------------------

  placeInAddress() {
    const asked = new URLSearchParams(window.location.search);
    return { channel: asked.get("channel"), message: asked.get("message") };
  }

  go({ channel, message = null }, how = "push") {
    const held = this.client.channels.get(channel);
    if (!held) return;
    const address = `/?channel=${channel}${message ? `&message=${message}` : ""}`;
    // On a phone every conversation lies one step behind the list, so that 'back' always leads there.
    const stay = onPhone() && this.dataset.screen === "conversation" && how === "push";
    if (how === "push" && !stay) history.pushState({ fromList: onPhone() }, "", address);
    else if (how !== "stay") history.replaceState(history.state, "", address);
    localStorage.setItem(LAST_KEY, channel);
    this.dataset.screen = "conversation";
    document.querySelector("[data-nothing-open]").hidden = true;
    document.querySelector("[data-conversation]").hidden = false;
    const other = channel !== this.current;
    this.current = channel;
    const { header, log, typing, composer, side } = this.parts;
    if (other) side.close({ giveBack: false });
    header.show(held);
    this.parts.pins.show(held);
    typing.show(channel);
    if (other) composer.show(held.info);
    log.show(held, message);
    this.drawRail();
    if (onPhone()) header.querySelector("[data-title]").focus();
    else if (!message) composer.focus();
  }

  showList() {
    const from = this.current;
    this.dataset.screen = "list";
    this.current = null;
    this.client.wanted = null;
    this.parts.side.close({ giveBack: false });
    this.parts.log.clear();
    document.querySelector("[data-conversation]").hidden = true;
    document.querySelector("[data-nothing-open]").hidden = false;
    this.drawRail();
    if (from) this.parts.rail.querySelector(`[data-channel="${from}"]`)?.focus();
  }

  // --- from the person ------------------------------------------------------------------------

  listenToPeople() {
    const on = (name, act) => document.addEventListener(name, ({ detail, target }) => act(detail, target));
    on("open-channel", (place) => this.go(place));
    on("show-list", () => this.back());
    on("open-side", (what) => this.parts.side.open(what));
    on("try-now", () => this.client.socket.hurry());
    on("say", (text) => this.parts.toasts.say(text));
    on("typed", () => this.client.typing(this.current));
    on("send", (draft) => this.send(draft));
    on("edit-last", () => this.acts.editLast(this.current));
    on("go-to", (message) => this.goToMessage(message));
    on("go-to-date", (day) => this.parts.log.goToDate(day));
    on("pick-emoji", (asked) => this.pickEmoji(asked));
    window.addEventListener("popstate", () => this.travelled());
    window.addEventListener("online", () => this.client.socket.hurry());
    window.addEventListener("offline", () => this.client.socket.drop());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") this.client.socket.hurry(); });
    window.addEventListener("keydown", (event) => this.shortcut(event));
    window.addEventListener("beforeunload", (event) => { if (this.client.outbox.unsafe) event.preventDefault(); });
    document.addEventListener("click", (event) => this.followLink(event));
    for (const button of document.querySelectorAll("[data-open]")) {
      button.addEventListener("click", () => {
        button.closest("[popover]")?.hidePopover();
        this.open(button.dataset.open);
      });
    }
    for (const button of document.querySelectorAll("[data-open-switcher], [data-find-channel]")) {
      button.addEventListener("click", () => this.parts.switcher.open());
    }
    const { log, menu, side } = this.parts;
    const reply = (row) => log.want("reply", row);
    menu.watch(log.list, (row, box) => log.want("menu", row, box));
    watchSwipes(document.querySelector("[data-conversation]"), { reply, back: () => { if (onPhone()) this.back(); } });
    watchSwipes(side, { reply, back: () => side.makeWay() });
  }

  back() {
    if (history.state?.fromList) {
      history.back();
      return;
    }
    history.replaceState({}, "", "/");
    this.showList();
  }

  travelled() {
    // A picture lies one step before the conversation, which stays as it is when that step is taken back.
    if (!document.dispatchEvent(new Event("travelled", { cancelable: true }))) return;
    if (this.parts.side.travelled()) return;
    const place = this.placeInAddress();
    if (place.channel && this.client.channels.has(place.channel)) this.go(place, "stay");
    else this.showList();
  }

  shortcut(event) {
    const name = meaningOf(event, "anywhere");
    const typing = writes(event) && event.target.closest?.("input, textarea, select");
    if (!name || typing || event.defaultPrevented) return;
    event.preventDefault();
    this.open(name);
  }

  /** What the keys and the menus open: switcher, date, pins or keys. */
  open(name) {
    const held = this.client.channels.get(this.current);
    if (name === "switcher" || name === "keys") this.parts[name].open();
    else if (held) this.parts[name].open(held.info);
  }

  goToMessage(message) {
    this.parts.side.makeWay();
    this.parts.log.jumpTo(message);
  }

  pickEmoji({ box, field }) {
    const [from, to] = [field.selectionStart, field.selectionEnd];
    this.parts.emoji.open({ box, giveBack: field, chosen: (emoji) => typeInto(field, emoji, from, to) });
  }

  /** A link to a place in the chat, written in a message, opens without loading the page anew. */
  followLink(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname !== "/" || !this.client.channels.has(url.searchParams.get("channel"))) return;
    event.preventDefault();
    this.go({ channel: url.searchParams.get("channel"), message: url.searchParams.get("message") });
  }

  /** `channel` is given by a thread, whose answers leave the conversation where it is. */
  send({ body, reply_to, channel = null, attachments = [] }) {
    if (!channel) this.parts.log.wrote();
    this.undo.send({ channel: channel ?? this.current, body, reply_to, attachments });
  }
}
customElements.define("chat-app", ChatApp);
