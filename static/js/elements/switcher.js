// <quick-switcher>: Ctrl-K. Channels first, unread before read, then people.
import { Chooser } from "elements/chooser";

class QuickSwitcher extends Chooser {
  note(info) {
    if (info.unread > 0) return `${info.unread > 99 ? "99+" : info.unread} unread`;
    return super.note(info);
  }

  personNote(person) { return `${person.title ? `${person.title} · ` : ""}new direct message`; }

  choose({ channel, person }) {
    this.dialog.close();
    if (channel) this.dispatchEvent(new CustomEvent("open-channel", { bubbles: true, detail: { channel } }));
    else window.location.assign(`${this.urls.new_channel}?kind=direct&person=${person}`);
  }
}
customElements.define("quick-switcher", QuickSwitcher);
