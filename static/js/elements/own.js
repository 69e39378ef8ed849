// What one keeps for oneself. Loaded after the first paint, beside the chat.
import { Own } from "lib/own";
import { DraftKeeper } from "elements/keep-drafts";

const app = document.querySelector("chat-app");
const { client, parts } = app;
const own = new Own({ token: () => document.querySelector("[name=csrfmiddlewaretoken]").value });

app.dataset.keeps = "";
parts.rail.drafts = new DraftKeeper({ own, client, composer: parts.composer, changed: () => app.drawRail() });
