// A new piece of the page, as one of its templates has it.

export const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
