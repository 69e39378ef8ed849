"""What is measured of a page as it stands: its width, its targets, its motion."""

from tests.e2e.window import Window

#: Whatever is pressed: the elements and roles with which something is done.
_PRESSED = (
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button],"
    " [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], [role=option],"
    " [role=gridcell], [role=tab], [role=radio]"
)

# Too small are those whose place is less than a square of that size, though an ::after may reach
# further than the box: it is felt for from the middle outwards. Links in a sentence are exempt, and
# with `spaced` those that keep their distance (WCAG 2.2, 2.5.8); so is what lies under a menu.
_TOO_SMALL = """([pressed, least, spaced]) => {
  const lies = "dialog[open], :popover-open, .completer__list:not([hidden])";
  const over = [...document.querySelectorAll(lies)].at(-1) ?? document;
  const shown = (part) => !part.disabled && !part.closest("[inert]")
    && part.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !part.matches(".sr-only, .skip");
  const placed = (part) => (part.closest("label") ?? part).getBoundingClientRect();
  const parts = [...over.querySelectorAll(pressed)].filter(shown);
  const boxes = new Map(parts.map((part) => [part, placed(part)]));
  const inSentence = (part) => part.matches("a")
    && getComputedStyle(part).display === "inline"
    && part.parentElement.textContent.trim() !== part.textContent.trim();
  const reach = (part, x, y, across, down) => {
    const hit = (far) => document.elementFromPoint(x + across * far, y + down * far);
    let far = 0;
    while (far < least && hit(far)?.closest(pressed) === part) far += 1;
    return far;
  };
  const reaches = (part, box) => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (document.elementFromPoint(x, y)?.closest(pressed) !== part) return true; // it is covered
    const wide = reach(part, x, y, -1, 0) + reach(part, x, y, 1, 0);
    const high = reach(part, x, y, 0, -1) + reach(part, x, y, 0, 1);
    return Math.max(wide, box.width) >= least - 1 && Math.max(high, box.height) >= least - 1;
  };
  const alone = (part, box) => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return [...boxes].every(([other, its]) => {
      if (other === part || other.contains(part) || part.contains(other)) return true;
      const across = Math.max(its.left - x, 0, x - its.right);
      const down = Math.max(its.top - y, 0, y - its.bottom);
      return Math.hypot(across, down) >= least / 2;
    });
  };
  return [...boxes].filter(([part, box]) => {
    if (box.width === 0 || (box.width >= least - 0.5 && box.height >= least - 0.5)) return false;
    if (inSentence(part) || (spaced && alone(part, box))) return false;
    part.scrollIntoView({ block: "center" });
    return !reaches(part, part.getBoundingClientRect());
  }).map(([part, box]) =>
    `${part.outerHTML.slice(0, 160)} ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
}"""

# What scrolls sideways by itself (code, tables, the bar of pages) may be wider than the window.
_CUT_OFF = """(pressed) => {
  const scrolls = (part) => {
    for (let at = part; at; at = at.parentElement) {
      const across = getComputedStyle(at).overflowX;
      if (["auto", "scroll"].includes(across) && at.scrollWidth > at.clientWidth) return true;
    }
    return false;
  };
  const shown = (part) => part.checkVisibility({ visibilityProperty: true })
    && !part.matches(".sr-only, .skip");
  const outside = (part) => {
    const box = part.getBoundingClientRect();
    return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1) && !scrolls(part);
  };
  const width = document.documentElement.scrollWidth;
  const all = [...document.querySelectorAll(pressed)];
  const cut = all.filter((part) => shown(part) && outside(part));
  return [
    ...(width > innerWidth ? [`the page is ${width} px wide`] : []),
    ...cut.map((part) => part.outerHTML.slice(0, 110)),
  ];
}"""

_MOVING = """() => {
  const seconds = (text) => Math.max(...text.split(",").map(
    (one) => parseFloat(one) * (one.includes("ms") ? 0.001 : 1)));
  const moves = (part) => {
    const style = getComputedStyle(part);
    return seconds(style.transitionDuration) > 0 || style.scrollBehavior === "smooth"
      || (style.animationName !== "none" && seconds(style.animationDuration) > 0);
  };
  return [...document.querySelectorAll("*")].filter(moves)
    .map((part) => part.outerHTML.slice(0, 110));
}"""


def too_small(window: Window, *, least: int, spaced: bool = False) -> list[str]:
    """Targets smaller than so many CSS pixels; `spaced` lets those be that stand alone."""
    return list(window.page.evaluate(_TOO_SMALL, [_PRESSED, least, spaced]))


def fits(window: Window) -> bool:
    """Whether the page is no wider than its window.

    A phone's `innerWidth` grows with a page that is too wide, which it then shows smaller.
    """
    window.page.wait_for_load_state()
    wide = window.page.evaluate("document.documentElement.scrollWidth")
    return bool(wide <= window.page.viewport_size["width"])  # type: ignore[index]


def cut_off(window: Window) -> list[str]:
    """What stands outside the window and cannot be scrolled to by going down."""
    window.page.wait_for_load_state()
    return list(window.page.evaluate(_CUT_OFF, _PRESSED))


def moving(window: Window) -> list[str]:
    """Whatever fades, slides or scrolls by itself."""
    return list(window.page.evaluate(_MOVING))
