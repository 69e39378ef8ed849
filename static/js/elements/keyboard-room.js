// Where a keyboard covers the page instead of shrinking it (iOS), the page shrinks itself.

function fit(viewport) {
  const covered = window.innerHeight - viewport.height > 80 && viewport.scale === 1;
  if (covered) document.documentElement.style.setProperty("--window", `${viewport.height}px`);
  else document.documentElement.style.removeProperty("--window");
  if (covered) window.scrollTo(0, 0);
}

export function makeRoomForKeyboard() {
  window.visualViewport?.addEventListener("resize", () => fit(window.visualViewport));
}
