// Keys that work anywhere. Those without a modifier are silent while somebody writes.

import { useLayoutEffect } from "react";
import { go, readRoute } from "../router.ts";
import { screens } from "../screens.tsx";
import { closeDialog, openDialog, useDialog } from "./dialog-store.ts";
import { isCovered, isWriting } from "./focus.ts";

/** Ctrl on most keyboards, Command on a Mac. */
export const isMod = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey;

/** Listens for the keys of the page. */
export function useKeys(): void {
  useLayoutEffect(() => {
    let led = 0;
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (isMod(event) && key === "k") {
        event.preventDefault();
        if (useDialog.getState().name === "palette") closeDialog();
        else openDialog("palette");
        return;
      }
      if (isMod(event) || event.altKey || event.defaultPrevented || isWriting(event.target) || isCovered())
        return;
      if (event.key === "?") openDialog("help");
      else if (event.key === "/") {
        event.preventDefault();
        go("/search");
      } else if (event.key === "n") {
        event.preventDefault();
        openDialog("task");
      } else if (event.key === "Escape" && readRoute().thread !== null) go(readRoute().path);
      else if (led > 0 && Date.now() - led < 1200) {
        const screen = screens.find((one) => one.nav?.keys === `g ${key}`);
        if (screen) {
          event.preventDefault();
          go(screen.path);
        }
        led = 0;
        return;
      }
      led = key === "g" ? Date.now() : 0;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
