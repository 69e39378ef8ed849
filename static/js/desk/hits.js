// <desk-hits>: j and k (or the arrow keys, once a hit has the focus) walk the hits, Enter opens the place.

class DeskHits extends HTMLElement {
  connectedCallback() {
    for (const hit of this.hits) hit.tabIndex = -1;
    document.addEventListener("keydown", this.walk);
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.walk); }

  get hits() { return [...this.querySelectorAll("[data-hit]")]; }

  walk = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
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
}
customElements.define("desk-hits", DeskHits);
