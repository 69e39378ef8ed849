// What every page needs: avatars, menus, local times, the first error in view.
import "elements/avatar";
import "elements/leaving";
import "elements/menu";
import "elements/picker";
import { fullTime } from "lib/times";

function sayTimes(part) {
  for (const time of part.querySelectorAll("time[data-when][datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.textContent = fullTime(at);
  }
}
sayTimes(document);
document.addEventListener("htmx:load", ({ target }) => sayTimes(target)); // what comes later, as while one types
document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.querySelector("[data-focus]")?.focus();
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
