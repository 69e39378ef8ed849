// From a message back to the search that found it, at the same hit. Only for who came from there.

export function showWayBack(message) {
  const from = document.referrer ? new URL(document.referrer) : null;
  if (from?.origin !== window.location.origin || from.pathname !== "/search/") return;
  const link = document.querySelector("[data-jump=search]");
  link.href = `${from.pathname}${from.search}#hit-${message}`;
  link.hidden = false;
  document.addEventListener("open-channel", () => { link.hidden = true; }, { once: true });
}
