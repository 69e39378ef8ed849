// The reactions under a message: one button each, mine marked, and one to add another.
import { whoReacted } from "lib/reactions";
import { clone } from "elements/clone";

/** Buttons stay the same buttons while others come and go, so that the focus stays where it is. */
export function fillReactions(node, message, { me, people }) {
  const reactions = message.deleted_at ? [] : message.reactions ?? [];
  let box = node.querySelector(".reactions");
  if (reactions.length === 0) {
    box?.remove();
    return;
  }
  if (!box) {
    box = clone("reactions-template");
    const after = node.querySelector(".message__replies, .message__state");
    if (after) after.before(box);
    else node.querySelector(".message__main").append(box);
  }
  const old = new Map([...box.querySelectorAll("[data-react]")].map((one) => [one.dataset.react, one]));
  const add = box.querySelector("[data-act=react]");
  for (const reaction of reactions) {
    const button = old.get(reaction.emoji) ?? clone("reaction-template");
    old.delete(reaction.emoji);
    fill(button, reaction, me, people);
    add.before(button);
  }
  for (const gone of old.values()) gone.remove();
}

function fill(button, reaction, me, people) {
  const who = whoReacted(reaction, me.id, people);
  button.dataset.react = reaction.emoji;
  button.querySelector("span").textContent = reaction.emoji;
  button.querySelector("b").textContent = reaction.count;
  button.setAttribute("aria-pressed", String(reaction.users.includes(me.id)));
  button.setAttribute("aria-label", `${reaction.emoji} ${reaction.count}: ${who}`);
  button.title = who;
}
