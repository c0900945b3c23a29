// Who opens a place to write in it says so here; its composer takes the caret when it appears, or at once when it is there.

import { type Place, toPlaceKey } from "../client/commands.ts";

let wished: string | null = null;

/** The caret is wanted in the composer of a place. */
export function wantFocus(wish: Place): void {
  wished = toPlaceKey(wish);
  const place = document.querySelector(`[data-place="${CSS.escape(wished)}"]`);
  const area = place?.querySelector<HTMLTextAreaElement>("textarea[data-composer]");
  if (!area) return;
  wished = null;
  area.focus({ preventScroll: true });
}

/** Whether the caret is wanted in a place; asked once. */
export function takeFocusWish(place: Place): boolean {
  const wants = wished === toPlaceKey(place);
  if (wants) wished = null;
  return wants;
}

/** Whether one writes with a finger. Its keyboard has no Shift-Enter, so Enter is a new line; and it covers the page, so it comes only when it is asked for. */
export const byFinger = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;
