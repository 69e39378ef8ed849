// Keeping the place in a scrolled list while things are added above and below it.

const NEAR_PX = 56;

export const fromBottom = (box) => box.scrollHeight - box.scrollTop - box.clientHeight;
export const atBottom = (box) => fromBottom(box) < NEAR_PX;
export const toBottom = (box) => { box.scrollTop = box.scrollHeight; };

/** The first row in view and where it stands, to put it back there afterwards. */
export function rememberPlace(box, list) {
  const top = box.getBoundingClientRect().top;
  const rows = [...list.children];
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  const row = rows.slice(low).find((one) => one.dataset.id);
  return row ? { row, offset: row.getBoundingClientRect().top - top } : null;
}

export function restorePlace(box, place) {
  if (!place?.row.isConnected) return;
  const now = place.row.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += now - place.offset;
}

/** The last message whose lower edge has been in view. */
export function lastSeen(box, list) {
  const bottom = box.getBoundingClientRect().bottom;
  const rows = list.querySelectorAll(".message");
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    if (rows[at].getBoundingClientRect().bottom <= bottom + 8) return rows[at];
  }
  return null;
}

export function putInView(box, row, share = 0.3) {
  const offset = row.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += offset - box.clientHeight * share;
}
