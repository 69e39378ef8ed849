// What one keeps for oneself. Loaded after the first paint, beside the chat.
import { Own } from "lib/own";
import { gettext, interpolate, ngettext } from "lib/words";
import { DraftKeeper } from "elements/keep-drafts";
import { csrfToken } from "elements/token";
import "elements/send-later";

const app = document.querySelector("chat-app");
const { client, parts } = app;
const own = new Own({ token: csrfToken });

let waits = 0;

function showWaiting({ waiting, refused }) {
  waits = waiting;
  const link = parts.rail.querySelector("[data-waiting]");
  link.hidden = waiting === 0;
  link.classList.toggle("rail__link--wrong", refused > 0);
  link.textContent = refused
    ? interpolate(ngettext("%(n)s text was not sent", "%(n)s texts were not sent", refused), { n: refused }, true)
    : interpolate(ngettext("%(n)s text is waiting to be sent", "%(n)s texts are waiting to be sent", waiting), { n: waiting }, true);
}

async function save({ id }) {
  const on = !parts.menu.saved.has(id);
  try {
    await own.save(id, on);
  } catch (error) {
    parts.toasts.say(error.message || gettext("The server was not reached. Please try again."));
    return;
  }
  if (on) parts.menu.saved.add(id);
  else parts.menu.saved.delete(id);
  parts.toasts.say(on ? gettext("Saved for you. You find it under “Saved messages”.") : gettext("No longer saved."));
}

function heard(all) {
  showWaiting(all);
  parts.menu.saved = new Set(all.saved);
}

parts.menu.saved = new Set();
document.addEventListener("save-message", ({ detail }) => save(detail));
const keeper = new DraftKeeper({ own, client, composer: parts.composer, changed: () => app.drawRail(), heard });
parts.rail.drafts = keeper;
const later = document.querySelector("send-later");
Object.assign(later, { own, composer: parts.composer });
later.addEventListener("waits", () => keeper.refresh());
client.addEventListener("mine", () => { if (waits) keeper.refresh(); }); // it may be one that waited
app.dataset.keeps = "";
