// What one keeps for oneself on the server: drafts, texts that wait, saved messages. No DOM.

export class NotKept extends Error {
  constructor(status, detail = "") {
    super(detail);
    this.status = status;
  }

  /** Whether trying again could help: the server was not reached, or is not well. */
  get passing() { return this.status === null || this.status >= 500; }
}

export class Own {
  /** @param {() => string} token the page's own, against requests of other pages */
  constructor({ token, fetch = (...asked) => globalThis.fetch(...asked) }) { Object.assign(this, { token, fetch }); }

  async ask(method, path, data = null, { keepalive = false } = {}) {
    const headers = { "X-CSRFToken": this.token(), ...(data && { "Content-Type": "application/json" }) };
    let answer;
    try {
      answer = await this.fetch(path, { method, headers, keepalive, redirect: "manual", body: data && JSON.stringify(data) });
    } catch {
      throw new NotKept(null);
    }
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (!answer.ok) throw new NotKept(answer.status, said.detail);
    return said;
  }

  all() { return this.ask("GET", "/messages/own/"); }

  save(message, on) { return this.ask(on ? "PUT" : "DELETE", `/messages/saved/${message}/`); }

  /** @param {{channel, text, reply_to, due_at, uploads}} text `due_at` as ISO 8601, `uploads` as ids */
  sendLater(text) { return this.ask("POST", "/messages/later/new/", text); }

  /** `at` is when it was written, by `performance.now()`: a device's own time of day may be wrong. */
  keepDraft(channel, { text, reply_to, at }, how) {
    const age = Math.max(0, Math.round(performance.now() - at));
    return this.ask("PUT", `/messages/drafts/${channel}/`, { text, reply_to: reply_to?.id ?? null, age }, how);
  }
}
