// Who is in a channel and who else can read it, asked of its page and remembered for a while.

const FRESH_MS = 60_000;

export class Roster {
  constructor({ client, urls, people }) {
    Object.assign(this, { urls, people, cache: new Map() });
    client.addEventListener("described", ({ detail }) => this.forget(detail.channel));
  }

  known(id) { return this.cache.get(id) ?? null; }
  forget(id) { this.cache.delete(id); }

  /** The members of a channel; what is known is given at once, and refreshed for the next time. */
  async members(info) {
    const known = this.known(info.id);
    if (known && Date.now() - known.at > FRESH_MS) this.fetch(info.id);
    const found = known ?? await this.fetch(info.id);
    return found?.members ?? (info.people ?? []).map((id) => ({ id, name: this.people[id]?.name ?? "", title: "" }));
  }

  /** {line, brief, panel, members: [{id, name, title}]}, or null where it could not be loaded. */
  async fetch(id) {
    let answer;
    try {
      answer = await fetch(this.urls.readers.replace("{id}", id), { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    } catch {
      return null; // Offline: asked for again at the next opening.
    }
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.querySelector("[data-readers-line]");
    const line = said?.textContent.trim();
    const panel = page.querySelector("[data-readers-panel]");
    if (!line || !panel) return null;
    const members = [...panel.querySelectorAll(".people person-avatar")].map(({ dataset: { id: person, name } }) => (
      { id: person, name, title: this.people[person]?.title ?? "" }
    ));
    const known = { line, brief: said.dataset.brief, panel, members, at: Date.now() };
    this.cache.set(id, known);
    return known;
  }
}
