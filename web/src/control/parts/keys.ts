// Keys of one letter on a screen. `g` begins a way to another screen (shell/keys.ts): the letter after it is not ours.

import { type KeyboardEvent, useRef } from "react";
import { isCovered, isWriting } from "../../shell/focus.ts";

/** The letter after `g` belongs to the page for so long. */
const ledMs = 1_200;

/** Returns whether a key press is meant for the screen. */
export function useOwnKeys(): (event: KeyboardEvent) => boolean {
  const led = useRef(Number.NEGATIVE_INFINITY);
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target) || isCovered())
      return false;
    const follows = event.timeStamp - led.current < ledMs;
    led.current = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    return !follows && event.key !== "g";
  };
}
