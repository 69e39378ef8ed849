// The chat page. The parts are defined before the one that puts them together.
import "elements/rail";
import "elements/header";
import "elements/pins";
import "elements/connection";
import "elements/log";
import "elements/thread";
import "elements/typing";
import "elements/composer";
import "elements/files";
import "elements/completer";
import "elements/format";
import "elements/side";
import "elements/unsent";
import "elements/toast";
import "elements/voice";
import "elements/confirm";
import "elements/message-menu";
import "elements/switcher";
import "elements/forward";
import "elements/emoji-picker";
import "elements/date-jump";
import "elements/key-map";
import "elements/app";

import("elements/own");

const asked = new URLSearchParams(window.location.search).get("message");
if (asked && document.referrer) import("elements/way-back").then(({ showWayBack }) => showWayBack(asked));
