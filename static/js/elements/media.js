// What kind of window this is and what hands there are: each is asked of the browser once, which keeps the answer.

const media = (query) => {
  const list = window.matchMedia(query);
  return () => list.matches;
};

export const onPhone = media("(max-width: 899px)"); // one screen at a time
export const isNarrow = media("(max-width: 1199px)"); // what opens beside lies over the conversation
export const hovers = media("(hover: hover)");
export const atDesk = media("(hover: hover) and (pointer: fine)"); // a keyboard
export const staysStill = media("(prefers-reduced-motion: reduce)");
