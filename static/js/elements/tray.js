// The files above the line one writes in: one tile each, with how far it has come, and a way out.
import { gettext, interpolate } from "lib/words";
import { Sending } from "lib/sending";
import { ASKING, Batch, CHECKING, CUT, FAILED, READY, RECEIVING, REFUSED, refusal, tileWords, WAITING } from "lib/uploads";
import { clone } from "elements/clone";
import { hovers } from "elements/media";
import { csrfToken } from "elements/token";

const MANY = 100; // the server counts no further
const MOVES = new Set([ASKING, RECEIVING, CUT, CHECKING, WAITING]);

export class Tray {
  constructor(host) {
    Object.assign(this, { host, policy: host.policy, batches: [], nodes: new Map(), boxes: new Map(), sendings: new Map(), info: null });
    this.list = host.querySelector("[data-tray]");
    this.said = host.querySelector("[data-said]");
    this.token = csrfToken();
  }

  get composer() { return this.host.composer; }

  show(info) {
    this.info = info;
    this.draw();
  }

  get here() { return this.batches.filter(({ channel }) => channel === this.info?.id); }
  /** What is being put together for the next message. */
  get open() { return this.here.find(({ parked }) => !parked) ?? null; }
  get busy() { return this.batches.some(({ any }) => any); }

  // --- adding and taking away -----------------------------------------------------------------

  batch(channel = this.info.id) {
    const open = () => this.batches.find((one) => one.channel === channel && !one.parked);
    if (!open()) this.batches.push(new Batch(channel));
    return open();
  }

  add(files, more = {}, batch = this.batch()) {
    for (const file of files) {
      const refused = refusal(file, this.policy, this.info, batch.meant.length);
      const tile = batch.add(file, { ...more, refused });
      if (file.type.startsWith("image/")) tile.preview = URL.createObjectURL(file);
      if (!refused) this.begin(tile, batch);
      else this.announce(tile);
    }
    this.changed();
  }

  takeBack(attachments, channel) {
    const batch = this.batch(channel);
    for (const one of attachments) Object.assign(batch.add(one), one, { state: READY, sent: one.size });
    this.changed();
  }

  begin(tile, batch) {
    const sending = new Sending(tile, { channel: batch.channel, token: this.token, changed: () => this.moved(tile, batch) });
    this.sendings.set(tile.key, sending);
    sending.start();
  }

  again(tile, batch) {
    this.sendings.get(tile.key)?.forget();
    this.begin(tile, batch);
  }

  remove(tile, batch) {
    this.sendings.get(tile.key)?.cancel();
    this.sendings.delete(tile.key);
    if (tile.preview) URL.revokeObjectURL(tile.preview);
    batch.remove(tile);
    if (!batch.any) this.dissolve(batch);
    this.settle(batch);
    this.changed();
    this.focusBack();
  }

  /** Where a keyboard would come up by it, the focus stays away from the line. */
  focusBack() { if (hovers()) this.composer.focus(); }

  /** Of a batch without files the words stay. */
  dissolve(batch) {
    if (batch.parked?.body) this.giveBack(batch);
    this.batches = this.batches.filter((one) => one !== batch);
  }

  // --- sending --------------------------------------------------------------------------------

  asks(again) {
    const batch = this.open;
    const members = this.info.members ?? 0;
    if (!batch?.hasPictures || batch.asked || !this.policy.large_channel || members < this.policy.large_channel) return false;
    this.askFirst(batch, members, again);
    return true;
  }

  async askFirst(batch, members, again) {
    batch.asked = await document.querySelector("confirm-dialog").ask({
      title: interpolate(
        members < MANY ? gettext("This goes to %(n)s people. Send the photo?") : gettext("This goes to more than 99 people. Send the photo?"),
        { n: members }, true),
      text: gettext("Everybody in this channel can open it and keep a copy. Check that nobody is in it who should not be."),
      verb: gettext("Send it"),
      otherwise: gettext("Don’t send"),
    });
    this.focusBack();
    if (batch.asked) again();
  }

  carry(draft, batch = this.open) {
    if (!batch?.any) return false;
    batch.parked = draft;
    if (!this.settle(batch)) this.changed();
    return true;
  }

  /** Sends what is complete and was meant to be sent. */
  settle(batch) {
    if (!batch.parked || !batch.ready) return false;
    this.batches = this.batches.filter((one) => one !== batch);
    // Where one looks on, the conversation moves to its end as with any message of one's own.
    const later = Boolean(batch.parked.due_at);
    const here = !later && !this.composer.aside && document.querySelector("chat-app").current === batch.channel;
    const attachments = batch.tiles.map(attachment);
    for (const { key } of batch.tiles) for (const kept of [this.sendings, this.nodes]) kept.delete(key);
    this.boxes.delete(batch);
    this.host.tell(later ? "send-later" : "send", { ...batch.parked, channel: here ? null : batch.channel, attachments });
    this.changed();
    return true;
  }

  /** Back to being written. */
  stop(batch) {
    this.giveBack(batch);
    const open = this.here.find((one) => !one.parked && one !== batch);
    batch.parked = null;
    if (open) {
      batch.tiles.push(...open.tiles);
      this.batches = this.batches.filter((one) => one !== open);
    }
    this.changed();
    this.focusBack();
  }

  giveBack({ parked, channel }) { this.composer.giveBack({ ...parked, channel }); }

  /** Uploads stop, and the pictures made for their tiles are given up. */
  forget() {
    for (const sending of this.sendings.values()) sending.stop();
    for (const { preview } of this.batches.flatMap(({ tiles }) => tiles)) if (preview) URL.revokeObjectURL(preview);
    this.batches = [];
    for (const kept of [this.sendings, this.nodes, this.boxes]) kept.clear();
    this.draw();
  }

  // --- drawing --------------------------------------------------------------------------------

  moved(tile, batch) {
    const node = this.nodes.get(tile.key);
    if (node) this.fill(node, tile);
    if (node?.dataset.told !== tile.state) this.turned(tile, batch, node);
  }

  /** Another state, not only another byte. */
  turned(tile, batch, node) {
    if (node) node.dataset.told = tile.state;
    this.announce(tile);
    if (!this.settle(batch)) this.changed();
  }

  announce(tile) {
    if (tile.state === READY) this.said.textContent = interpolate(gettext("%(name)s is ready."), { name: tile.name }, true);
    else if ([REFUSED, FAILED, WAITING, CUT].includes(tile.state)) this.said.textContent = `${tile.name}: ${tileWords(tile)}`;
  }

  changed() {
    this.draw();
    this.composer.typed({ quiet: true });
  }

  draw() {
    this.list.hidden = this.here.length === 0;
    fit(this.list, this.here.map((batch) => this.drawBatch(batch)));
  }

  drawBatch(batch) {
    const node = this.boxes.get(batch) ?? this.makeBatch(batch);
    fit(node.querySelector("[data-tiles]"), batch.tiles.map((tile) => this.nodeOf(tile, batch)));
    const strip = node.querySelector("[data-strip-files]");
    strip.hidden = !batch.parked;
    const why = strip.querySelector("[data-why]");
    if (batch.parked && why.textContent !== batch.why) why.textContent = batch.why;
    return node;
  }

  makeBatch(batch) {
    const node = clone("batch-template");
    node.querySelector("[data-stop]").addEventListener("click", () => this.stop(batch));
    this.boxes.set(batch, node);
    return node;
  }

  nodeOf(tile, batch) {
    const known = this.nodes.get(tile.key);
    if (known) return known;
    const node = clone("tile-template");
    node.querySelector("[data-off]").addEventListener("click", () => this.remove(tile, this.batchOf(tile) ?? batch));
    node.querySelector("[data-again]").addEventListener("click", () => this.again(tile, this.batchOf(tile) ?? batch));
    this.nodes.set(tile.key, node);
    this.face(node, tile);
    this.fill(node, tile);
    node.dataset.told = tile.state;
    return node;
  }

  batchOf(tile) { return this.batches.find(({ tiles }) => tiles.includes(tile)); }

  face(node, tile) {
    const face = node.querySelector("[data-face]");
    face.querySelector("use").setAttribute("href", tile.waveform ? "#i-record" : "#i-file");
    if (!tile.preview) return;
    const picture = new Image();
    picture.alt = "";
    picture.addEventListener("load", () => face.replaceChildren(picture));
    picture.src = tile.preview;
  }

  fill(node, tile) {
    node.dataset.state = tile.state;
    node.querySelector("[data-name]").textContent = tile.name;
    node.querySelector("[data-name]").title = tile.name;
    node.querySelector("[data-words]").textContent = tileWords(tile);
    const bar = node.querySelector("[data-bar]");
    bar.hidden = !MOVES.has(tile.state);
    bar.value = tile.size ? Math.round((tile.sent / tile.size) * 100) : 0;
    bar.setAttribute("aria-label", tile.name);
    node.querySelector("[data-again]").hidden = tile.state !== FAILED;
    const off = node.querySelector("[data-off]");
    const verb = MOVES.has(tile.state) ? gettext("Cancel %(name)s") : gettext("Remove %(name)s");
    off.setAttribute("aria-label", interpolate(verb, { name: tile.name }, true));
  }
}

/** The children that should be there, without moving one that is: it may have the focus. */
function fit(parent, wanted) {
  for (const node of [...parent.children]) if (!wanted.includes(node)) node.remove();
  for (const [at, node] of wanted.entries()) if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
}

/** What a message on its way shows of a file that is ready. */
function attachment({ id, name, type, size, thumbnail, width, height, blur, duration, waveform, preview }) {
  return { id, name, type, size, url: null, thumbnail: null, width, height, blur, duration: duration ?? null, waveform, preview: preview ?? thumbnail };
}
