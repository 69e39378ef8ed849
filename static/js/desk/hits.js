// <desk-hits>: j and k (or the arrow keys, once a hit has the focus) walk the hits, Enter opens the conversation.
// From the field of the search the arrow down leads to the first. Whoever comes back is at the hit that they left.

class DeskHits extends HTMLElement {
  connectedCallback() {
    for (const hit of this.hits) hit.tabIndex = -1;
    document.addEventListener("keydown", this.walk);
    this.addEventListener("click", this.leave);
    this.addEventListener("htmx:afterSwap", this.stay);
    if (window.location.hash.startsWith("#hit-")) this.querySelector(`[id^="${CSS.escape(window.location.hash.slice(1))}"]`)?.focus();
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.walk); }

  get hits() { return [...this.querySelectorAll("[data-hit]")]; }

  walk = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches("[role=search] [type=search]") && event.key === "ArrowDown") this.go(1, event);
    if (event.target.closest("input, textarea, select")) return;
    const inside = this.contains(document.activeElement);
    const step = { j: 1, k: -1, ...(inside && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
    if (step) this.go(step, event);
    else if (event.key === "Enter" && document.activeElement.matches("[data-hit]")) {
      document.activeElement.querySelector(".hit__head a")?.click();
    }
  };

  go(step, event) {
    const { hits } = this;
    const at = hits.indexOf(document.activeElement?.closest("[data-hit]"));
    const next = hits[at < 0 ? (step > 0 ? 0 : hits.length - 1) : at + step];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /** More lines came around a hit, and the button that asked for them went: the hit has the focus, and stays in view. */
  stay = (event) => {
    const hit = event.target.closest("[data-hit]");
    hit?.focus({ preventScroll: true });
    hit?.querySelector(".message--found")?.scrollIntoView({ block: "nearest" });
  };

  /** The address remembers which hit was opened, for the browser's own way back. */
  leave = (event) => {
    const hit = event.target.closest(".hit__head a")?.closest("[data-hit]");
    if (hit?.id) history.replaceState(history.state, "", `#${hit.id}`);
  };
}
customElements.define("desk-hits", DeskHits);
