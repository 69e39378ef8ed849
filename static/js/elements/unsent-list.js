// The messages that are not sent, of all channels, also of those that one is no longer in.
import { attachedWords } from "lib/attached";
import { HELD, SENDING } from "lib/outbox";
import { gettext } from "lib/words";
import { clone } from "elements/clone";
import { copied } from "elements/copy";

export class UnsentList {
  constructor(client) {
    this.client = client;
    this.dialog = clone("unsent-template");
    this.rows = this.dialog.querySelector("[data-unsent-rows]");
    document.body.append(this.dialog);
    this.dialog.addEventListener("click", (event) => this.clicked(event));
    this.dialog.addEventListener("close", () => { if (this.giveBack?.checkVisibility()) this.giveBack.focus(); });
    client.addEventListener("ended", () => this.dialog.remove());
  }

  open(giveBack) {
    this.giveBack = giveBack;
    if (!this.dialog.open) this.dialog.showModal();
    this.draw();
    this.dialog.querySelector("h2").focus();
  }

  draw() {
    if (!this.dialog.open) return;
    const entries = [...this.client.outbox.entries.values()].filter(({ state }) => state !== HELD);
    if (entries.length === 0) this.dialog.close();
    const focused = this.rows.contains(document.activeElement) ? document.activeElement : null;
    const ref = focused?.closest("[data-ref]").dataset.ref;
    this.rows.replaceChildren(...entries.map((entry) => this.row(entry)));
    // The same button of the same message or none: another's 'Remove' is not to be pressed by a second Enter.
    if (focused) (this.rows.querySelector(`[data-ref="${ref}"] [data-do="${focused.dataset.do}"]`) ?? this.dialog.querySelector("h2")).focus();
  }

  row(entry) {
    const row = clone("unsent-row-template");
    row.dataset.ref = entry.ref;
    row.querySelector("b").textContent = this.client.channels.get(entry.channel)?.info.name ?? gettext("A channel that you are no longer in");
    row.querySelector("[data-body]").textContent = entry.body || attachedWords(entry.attachments);
    if (!entry.body) row.querySelector('[data-do="copy"]').remove();
    const refused = [gettext("Not sent."), entry.detail].join(" ").trim();
    row.querySelector("[data-detail]").textContent = entry.state === SENDING ? gettext("Sending…") : refused;
    return row;
  }

  clicked(event) {
    const name = event.target.closest("[data-do]")?.dataset.do;
    const ref = event.target.closest("[data-ref]")?.dataset.ref;
    if (event.target === this.dialog || name === "close") this.dialog.close();
    else if (name === "retry") this.client.retry(ref);
    else if (name === "discard") this.client.discard(ref);
    else if (name === "copy") this.copy(ref);
  }

  async copy(ref) {
    const detail = await copied(this.client.outbox.get(ref)?.body ?? "");
    this.dialog.dispatchEvent(new CustomEvent("say", { bubbles: true, detail }));
  }
}
