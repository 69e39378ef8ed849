// The dialog that appends a correction to a message of one's own. Stays open until the server has it, and says there why not.
import { gettext, interpolate } from "lib/words";
import { firstLine } from "elements/row";

const part = (name) => document.querySelector(`[data-correct-dialog]${name ? ` ${name}` : ""}`);

/**
 * @param {object} message the message, as the protocol has it
 * @param {(body: string) => Promise<object>} append sends it
 * @returns {Promise<boolean>} whether it was appended
 */
export function askCorrection(message, append) {
  const dialog = part("");
  const [form, field, refused, add] = ["form", "textarea", "[data-refused]", "[type=submit]"].map(part);
  part("[data-quote]").textContent = firstLine(message, 400);
  Object.assign(field, { value: "", maxLength: 2000 });
  let done = false;
  const refuse = (words) => { refused.hidden = !words; refused.textContent = words; };
  const send = async (event) => {
    event.preventDefault();
    const body = field.value.trim();
    if (!body || add.disabled) return;
    add.disabled = true;
    refuse("");
    try {
      await append(body);
      done = true;
      dialog.close();
    } catch (error) {
      refuse(interpolate(gettext("The correction was not added. %(why)s"), { why: error.message }, true));
      field.focus();
    } finally {
      add.disabled = false;
    }
  };
  const close = () => dialog.close();
  refuse("");
  form.addEventListener("submit", send);
  part("[data-close]").addEventListener("click", close);
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    form.removeEventListener("submit", send);
    part("[data-close]").removeEventListener("click", close);
    resolve(done);
  }, { once: true }));
}
