// What the search stumbles over is selected in its field: `data-stumble` is the character, counted from 1.

const field = document.querySelector("[data-stumble]");
if (field) {
  const before = [...field.value].slice(0, field.dataset.stumble - 1).join("").length;
  field.focus();
  field.setSelectionRange(before, before + 1);
}
