// Brings the rows of a list to what should stand there, moving and remaking as little as possible.
import { fillRow, makeRow } from "elements/row";

/**
 * @param {object[]} rows as `layOut` makes them
 * @param {object} context what the rows are filled with
 * @param {Roving} roving keeps one row in the order of Tab
 */
export function drawRows(list, rows, context, roving) {
  const wanted = new Set(rows.map((row) => row.key));
  const old = new Map();
  for (const node of [...list.children]) {
    if (wanted.has(node.dataset.key)) old.set(node.dataset.key, node);
    else takeAway(node, list, roving);
  }
  let cursor = list.firstElementChild;
  for (const row of rows) {
    const node = old.get(row.key) ?? makeRow(row);
    fillRow(node, row, context);
    if (node === cursor) cursor = cursor.nextElementSibling;
    else list.insertBefore(node, cursor);
  }
  if (!list.contains(document.activeElement)) roving.rove(list.querySelector(".message:last-child"));
}

/** A row that disappears hands the focus to its neighbour. */
function takeAway(node, list, roving) {
  const focused = node.contains(document.activeElement);
  const heir = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  if (focused) roving.focus(heir?.dataset.id ? heir : list.querySelector(".message:last-child"));
}
