// A field of one line that grows with what is written in it.

export function grow(field, lines) {
  field.style.height = "auto";
  const style = getComputedStyle(field);
  const line = Number.parseFloat(style.lineHeight) || 22;
  const frame = Number.parseFloat(style.paddingBlockStart) + Number.parseFloat(style.paddingBlockEnd);
  field.style.height = `${Math.min(field.scrollHeight, line * lines + frame)}px`;
}
