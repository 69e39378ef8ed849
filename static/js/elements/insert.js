// Writing into a field as if it were typed, so that the browser's own undo takes it back.

export function typeInto(field, text, from = field.selectionStart, to = field.selectionEnd) {
  if (!text && from === to) return;
  field.focus({ preventScroll: true });
  field.setSelectionRange(from, to);
  // Old, but the only way that undo knows of; where a browser has it no more, the words still come.
  if (text ? document.execCommand("insertText", false, text) : document.execCommand("delete")) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}
