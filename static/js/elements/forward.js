// <forward-dialog>: where a message goes on to. Stays open until the server has it, and says there why not.
import { newRef } from "lib/outbox";
import { gettext, interpolate } from "lib/words";
import { Chooser } from "elements/chooser";
import { quotedLine } from "elements/row";
import { csrfToken } from "elements/token";

class ForwardDialog extends Chooser {
  ask(message) {
    Object.assign(this, { message, refs: new Map(), busy: false });
    this.querySelector("[data-quote]").textContent = `${message.author?.name ?? ""}: ${quotedLine(message)}`;
    this.refuse("");
    this.open();
  }

  offers(info) { return info.can_post !== false && !info.archived && info.id !== this.message?.channel; }

  /** Nothing goes anywhere by a mere Enter. */
  pointsAtFirst() { return this.field.value.trim() !== ""; }

  refuse(words) {
    const refused = this.querySelector("[data-refused]");
    refused.hidden = !words;
    refused.textContent = words;
  }

  async choose(place) {
    if (this.busy) return;
    this.busy = true;
    this.refuse("");
    try {
      const channel = place.channel ?? await this.direct(place.person);
      // Tried again, it goes under the same `ref`, so that it arrives once.
      if (!this.refs.has(channel)) this.refs.set(channel, newRef());
      await this.client.acts.forward({ message: this.message.id, channel, ref: this.refs.get(channel) });
      this.dialog.close();
      const name = this.client.channels.get(channel)?.info.name ?? this.people[place.person]?.name;
      this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: interpolate(gettext("Forwarded to %(name)s."), { name }, true) }));
    } catch (error) {
      this.refuse(interpolate(gettext("The message was not forwarded. %(why)s"), { why: error.message }, true));
      this.field.focus();
    } finally {
      this.busy = false;
    }
  }

  /** The direct conversation with somebody, made now if there is none. */
  async direct(person) {
    const form = new URLSearchParams({ people: person, csrfmiddlewaretoken: csrfToken() });
    const answer = await fetch(`${this.urls.new_channel}?kind=direct`, { method: "POST", body: form, credentials: "same-origin" }).catch(() => null);
    const channel = answer?.ok ? new URL(answer.url).searchParams.get("channel") : null;
    if (!channel) throw new Error(gettext("A conversation with this person could not be begun. Try again when you are connected."));
    return channel;
  }
}
customElements.define("forward-dialog", ForwardDialog);
