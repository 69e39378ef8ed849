// The chat page. The parts are defined before the one that puts them together.
import "elements/rail";
import "elements/header";
import "elements/connection";
import "elements/log";
import "elements/typing";
import "elements/composer";
import "elements/side";
import "elements/toast";
import "elements/confirm";
import "elements/message-menu";
import "elements/switcher";
import "elements/app";
