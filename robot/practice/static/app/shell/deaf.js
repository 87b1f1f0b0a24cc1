// For a moment after a page is drawn its controls are there, and do nothing when they are clicked, as on pages that
// are shown before their program has run (setting `deaf_ms`). Dialogs and menus, which come later, listen at once.
import { state } from "../state.js";
import { classes } from "../ui/release.js";

const PRESSES = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
let until = 0;

function swallow(event) {
  if (performance.now() > until || !event.target.closest?.(`.${classes("page")}`)) return;
  event.stopImmediatePropagation();
  event.preventDefault();
}

export function listenLater() {
  PRESSES.forEach((kind) => document.addEventListener(kind, swallow, true));
}

// Called when a page is drawn: in the main document for each route, in a frame for each of its own.
export function pageIsDrawn() {
  until = performance.now() + (state.settings.deaf_ms ?? 0);
}
