// Pictures over the whole window: arrows, pinch, download, who sent it and when. Around PhotoSwipe.
import PhotoSwipe from "vendor/photoswipe";
import { gettext, interpolate } from "lib/words";
import { fullTime } from "lib/times";
import { staysStill } from "elements/media";

const style = (() => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: document.querySelector("chat-files").dataset.viewerStyle });
  const there = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
  });
  document.head.append(link);
  return there;
})();

/** @param {HTMLElement[]} links each with `.picture`; the one at `index` is shown first */
export async function view(links, index) {
  await style;
  const viewer = new PhotoSwipe({
    dataSource: links.map((link) => item(link)),
    index,
    bgOpacity: 1,
    loop: false,
    showHideAnimationType: staysStill() ? "none" : "fade",
    showAnimationDuration: 160,
    hideAnimationDuration: 120,
    // At rest and pressed again: as large as it is.
    secondaryZoomLevel: 1,
    maxZoomLevel: 4,
    padding: { top: 56, bottom: 64, left: 0, right: 0 },
    closeTitle: gettext("Close (Esc)"),
    zoomTitle: gettext("Zoom"),
    arrowPrevTitle: gettext("The picture before"),
    arrowNextTitle: gettext("The next picture"),
    errorMsg: gettext("This picture could not be loaded."),
    indexIndicatorSep: gettext(" of "),
    returnFocus: false,
  });
  viewer.on("uiRegister", () => addParts(viewer));
  viewer.on("destroy", () => giveBack(links[viewer.currIndex] ?? links[index]));
  keepBack(viewer);
  closeAtEnd(viewer);
  viewer.init();
  viewer.element.setAttribute("aria-modal", "true");
  viewer.element.setAttribute("aria-label", gettext("Pictures"));
  viewer.element.addEventListener("keydown", ({ key }) => { if (key === "Escape" && !viewer.opener.isOpen) closeSoon(viewer); });
  viewer.element.focus(); // it takes keys only once it is open, and the row below it is not meant
}

function item({ picture }) {
  return { src: picture.src, msrc: picture.msrc ?? undefined, width: picture.width || 1200, height: picture.height || 900, alt: picture.name, picture };
}

function giveBack(shown) {
  const link = shown.isConnected ? shown : document.querySelector(`[data-picture="${shown.dataset.picture}"]`);
  if (!link) return;
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "nearest" });
}

/** No viewer closes while it opens: it does as soon as it is open. */
function closeSoon(viewer) {
  if (viewer.opener.isOpen) viewer.close();
  else viewer.on("openingAnimationEnd", () => setTimeout(() => viewer.close()));
}

/** On a phone 'back' closes the picture and stays in the conversation. */
function keepBack(viewer) {
  history.pushState({ ...history.state, picture: true }, "");
  const back = (event) => {
    event.preventDefault();
    closeSoon(viewer);
  };
  document.addEventListener("travelled", back, { once: true });
  viewer.on("close", () => { if (history.state?.picture) history.back(); });
}

/** The session is over: the heading that says so has the focus, which an open viewer keeps to itself. */
function closeAtEnd(viewer) {
  const { client } = document.querySelector("chat-app");
  const life = new AbortController();
  const close = () => {
    viewer.on("openingAnimationEnd", () => viewer.destroy()); // no viewer closes while it opens
    viewer.on("destroy", () => document.querySelector("[data-ended] h1").focus());
    viewer.destroy();
  };
  client.addEventListener("ended", close, { signal: life.signal });
  viewer.on("destroy", () => life.abort());
}

function addParts(viewer) {
  viewer.ui.registerElement({
    name: "download", order: 8, isButton: true, tagName: "a", title: gettext("Download"),
    html: '<svg class="icon" aria-hidden="true"><use href="#i-download"/></svg>',
    onInit: (link) => viewer.on("change", () => {
      const { picture } = viewer.currSlide.data;
      Object.assign(link, { href: picture.src, download: picture.name });
    }),
  });
  viewer.ui.registerElement({
    name: "caption", appendTo: "root", order: 9,
    onInit: (node) => {
      node.setAttribute("aria-live", "polite");
      viewer.on("change", () => {
        const { who, when, name } = viewer.currSlide.data.picture;
        const [first, second] = [document.createElement("b"), document.createElement("span")];
        first.textContent = who;
        second.textContent = interpolate(gettext("%(when)s · %(name)s"), { when: fullTime(new Date(when)), name }, true);
        node.replaceChildren(first, second);
      });
    },
  });
}
