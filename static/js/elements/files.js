// <chat-files>: what goes along with a message: chosen, photographed, dropped, pasted or spoken.
// What it takes to send it is loaded with the first file.

const HAS_FILES = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

// A file that misses the place where it may be dropped must not replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => { if (HAS_FILES(event)) event.preventDefault(); });

class ChatFiles extends HTMLElement {
  /** Also when it is moved, with all that is on its way, to where the same replies are opened again. */
  connectedCallback() {
    if (!this.isConnected) return;
    this.policy = JSON.parse(document.getElementById("bootstrap").textContent).files ?? null;
    this.composer = this.closest("chat-composer, chat-thread");
    this.menu = this.composer.querySelector("[data-attach-menu]");
    this.menu.hidden = !this.policy;
    if (!this.policy) return;
    this.listenToButtons();
    this.listenToDrops(this.closest("[data-conversation], chat-thread"));
    this.composer.querySelector("textarea").addEventListener("paste", (event) => this.pasted(event));
    if (this.watches) return;
    this.watches = true;
    window.addEventListener("beforeunload", (event) => { if (this.tray?.busy) event.preventDefault(); });
  }

  describe(info) {
    this.info = info;
    this.tray?.show(info);
  }

  // --- for the composer -----------------------------------------------------------------------

  /** Whether there is something to send without a word. */
  get any() { return Boolean(this.tray?.open?.any); }

  /** Whether something is on its way, or recorded and not sent. */
  get busy() { return Boolean(this.tray?.busy) || !this.querySelector("[data-recorder]").hidden; }

  /** Heard by the page also while the replies that this belongs to are closed. */
  tell(name, detail) { (this.isConnected ? this : document).dispatchEvent(new CustomEvent(name, { bubbles: true, detail })); }

  /** Asks first where many would see a photo; `again` sends when the answer is yes. */
  asks(again) { return Boolean(this.tray?.asks(again)); }

  /** Takes the words along with the files; false where there are no files. */
  carry(draft) { return Boolean(this.tray?.carry(draft)); }

  /** The session is over: nothing of them stays here. */
  forget() { this.tray?.forget(); }

  // --- where files come from ------------------------------------------------------------------

  listenToButtons() {
    const pick = this.composer.querySelector("[data-pick]");
    const camera = this.composer.querySelector("[data-camera]");
    pick.accept = (this.policy.types ?? []).join(",");
    for (const input of [pick, camera]) {
      input.addEventListener("change", () => {
        this.take([...input.files]);
        input.value = "";
      });
    }
    const acts = { pick: () => pick.click(), camera: () => camera.click(), record: () => this.record() };
    for (const item of this.menu.querySelectorAll("[data-attach]")) {
      item.addEventListener("click", () => {
        item.closest("[popover]").hidePopover();
        acts[item.dataset.attach]();
      });
    }
  }

  listenToDrops(place) {
    const target = place.querySelector("[data-drop]");
    const show = (on) => { target.hidden = !on || !this.composer.mayWrite; };
    place.addEventListener("dragenter", (event) => { if (HAS_FILES(event)) show(true); });
    place.addEventListener("dragleave", (event) => { if (!place.contains(event.relatedTarget)) show(false); });
    place.addEventListener("drop", (event) => {
      if (HAS_FILES(event) && !target.hidden) this.take([...event.dataTransfer.files]);
      show(false);
    });
  }

  /** A picture on its own; what has words besides, as from a table, is pasted as words. */
  pasted(event) {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    this.take(files);
  }

  async take(files) {
    if (files.length === 0 || !this.composer.mayWrite) return;
    const tray = await this.opened();
    tray?.add(files);
    tray?.focusBack();
  }

  /** What was to be sent and is not: it stands on the server already. */
  async takeBack(attachments, channel) {
    if (attachments.length > 0) (await this.opened())?.takeBack(attachments, channel);
  }

  async record() {
    const tray = await this.opened();
    const { record } = await import("elements/recorder");
    if (tray) record(this, tray);
  }

  async opened() {
    try {
      const { Tray } = await import("elements/tray");
      this.tray ??= new Tray(this);
    } catch {
      this.tell("say", this.dataset.unloaded);
      return null;
    }
    this.tray.show(this.info);
    return this.tray;
  }
}
customElements.define("chat-files", ChatFiles);

/** The files of the conversation, from its menu. */
document.querySelector("[data-open-files]")?.addEventListener("click", async ({ currentTarget }) => {
  const { info, people, urls } = document.querySelector("chat-header");
  currentTarget.closest("[popover]").hidePopover();
  const { ChannelFiles } = await import("elements/channel-files");
  new ChannelFiles({ info, people, urls }).open();
});
