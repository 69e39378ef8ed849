// What is attached to a message, in its row: pictures in their places, voice notes, downloads.
import { gettext, interpolate } from "lib/words";
import { aboutWords, placeFor, sorted } from "lib/attached";
import { decode } from "lib/blurhash";
import { clone } from "elements/clone";

const BLUR = { width: 16, height: 12 };
/** Pictures sent from this page, by id: shown from here, without a flicker when the message is stored. */
const previews = new Map();

/** Fills the row's part; what stands there already stays as it is, so that nothing flickers. */
export function fillAttached(node, message) {
  const part = node.querySelector('[data-part="attached"]');
  const attached = message.deleted_at ? [] : message.attachments ?? [];
  const now = attached.map(({ id, url }) => `${id}${url ? "" : "?"}`).join("|");
  part.hidden = attached.length === 0;
  if (part.filledWith === now) return;
  part.filledWith = now;
  const { pictures, voices, downloads } = sorted(attached);
  const parts = voices.map(voiceNote);
  if (pictures.length) parts.unshift(gallery(pictures, message));
  parts.push(...downloads.map(download));
  part.replaceChildren(...parts);
}

// --- pictures ---------------------------------------------------------------------------------

function gallery(pictures, message) {
  const box = document.createElement("div");
  box.className = "pictures";
  box.dataset.count = Math.min(pictures.length, 5);
  box.append(...pictures.map((one) => picture(one, message, pictures.length === 1)));
  return box;
}

/** A link to the picture, so that it opens also where the viewer does not. */
export function picture(one, message, alone) {
  const link = clone("picture-template");
  const image = link.querySelector("img");
  if (one.url) link.href = one.url;
  else link.removeAttribute("href");
  link.dataset.picture = one.id;
  link.picture = {
    src: one.url, msrc: one.thumbnail, width: one.width, height: one.height, name: one.name,
    who: message.author?.name ?? "", when: message.sent_at,
  };
  link.setAttribute("aria-label", interpolate(gettext("Picture: %(name)s"), { name: one.name }, true));
  if (alone) reserve(link, one);
  Object.assign(image, { alt: one.name, width: one.width || 240, height: one.height || 180 });
  image.addEventListener("load", () => link.classList.add("picture--there"));
  image.addEventListener("error", () => lost(link, image, one));
  if (one.blur) paintBlur(link.querySelector("canvas"), one.blur);
  if (one.preview) previews.set(one.id, one.preview);
  image.src = previews.get(one.id) ?? one.thumbnail ?? one.url;
  link.addEventListener("click", (event) => openViewer(event, link));
  return link;
}

/** What this browser cannot show of its own file it can once the server has made it anew. */
function lost(link, image, one) {
  if (previews.delete(one.id) && one.thumbnail) image.src = one.thumbnail;
  else link.classList.add("picture--lost");
}

function reserve(link, one) {
  const place = placeFor(one);
  link.style.inlineSize = `${place.width}px`;
  link.style.aspectRatio = `${place.width} / ${place.height}`;
}

/** Its colours, until it comes. */
function paintBlur(canvas, blur) {
  const pixels = decode(blur, BLUR.width, BLUR.height);
  if (!pixels) return;
  Object.assign(canvas, BLUR);
  canvas.getContext("2d").putImageData(new ImageData(pixels, BLUR.width, BLUR.height), 0, 0);
}

async function openViewer(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (!link.picture.src || document.querySelector("message-menu [popover]:popover-open")) return;
  const all = [...(link.closest("[data-rows], [data-content]") ?? link.parentElement).querySelectorAll("[data-picture]")].filter((one) => one.picture?.src);
  try {
    const { view } = await import("elements/viewer");
    await view(all, all.indexOf(link));
  } catch {
    window.open(link.href, "_blank", "noopener");
  }
}

// --- voice notes and downloads ----------------------------------------------------------------

export function voiceNote(one) {
  const node = clone("voice-template");
  node.note = one;
  import("elements/voice-note").catch(() => {});
  return node;
}

export function download(one) {
  const link = clone("download-template");
  if (one.url) Object.assign(link, { href: one.url, download: one.name });
  else link.removeAttribute("href");
  link.querySelector("b").textContent = one.name;
  link.querySelector("b").title = one.name;
  link.querySelector("span span").textContent = aboutWords(one);
  link.setAttribute("aria-label", interpolate(gettext("Download %(name)s, %(about)s"), { name: one.name, about: aboutWords(one) }, true));
  return link;
}
