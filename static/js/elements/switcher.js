// <quick-switcher>: Ctrl-K. Channels first, unread before read, then people.
import { gettext, interpolate, ngettext } from "lib/words";
import { Chooser } from "elements/chooser";

class QuickSwitcher extends Chooser {
  note(info) {
    if (info.unread > 0) return interpolate(ngettext("%(n)s unread", "%(n)s unread", info.unread), { n: info.unread > 99 ? "99+" : info.unread }, true);
    return super.note(info);
  }

  personNote(person) { return `${person.title ? `${person.title} · ` : ""}${gettext("new direct message")}`; }

  choose({ channel, person }) {
    this.dialog.close();
    if (channel) this.dispatchEvent(new CustomEvent("open-channel", { bubbles: true, detail: { channel } }));
    else window.location.assign(`${this.urls.new_channel}?kind=direct&person=${person}`);
  }
}
customElements.define("quick-switcher", QuickSwitcher);
