// Keys without a modifier that belong to a place: silent while somebody writes or a dialog is open, and after `g`, whose
// next letter is the page's. Where two places stand side by side, the one with the focus hears them, else the thread.

import { type RefObject, useEffectEvent, useLayoutEffect } from "react";
import { isCovered, isWriting } from "../shell/focus.ts";

/** The letter after `g` belongs to the page for so long. */
const ledMs = 1_200;

/** Hears the keys of the place of an element from the moment it is seen. `onKey` says whether a key was its. */
export function usePlaceKeys(
  root: RefObject<HTMLElement | null>,
  onKey: (key: string, target: EventTarget | null) => boolean,
): void {
  const heard = useEffectEvent(onKey);
  // An effect of the layout: what is seen has its keys, where another effect comes a moment later.
  useLayoutEffect(() => {
    let led = Number.NEGATIVE_INFINITY;
    const onDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isWriting(event.target) || isCovered() || !isMine(root.current)) return;
      const follows = event.timeStamp - led < ledMs;
      led = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (follows || event.key === "g") return;
      if (heard(event.key, event.target)) event.preventDefault();
    };
    addEventListener("keydown", onDown);
    return () => removeEventListener("keydown", onDown);
  }, [root]);
}

function isMine(root: HTMLElement | null): boolean {
  const places = [...document.querySelectorAll("[data-place]")];
  const mine = root?.closest("[data-place]");
  const focused = places.find((place) => place.contains(document.activeElement));
  return mine !== undefined && mine !== null && (focused ?? places.at(-1)) === mine;
}
