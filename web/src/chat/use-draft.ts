// The draft of a place as state: kept with every change, and in step with other tabs of this browser while one does not
// write here.

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { toPlaceKey } from "../client/commands.ts";
import { newKey } from "../client/rest.ts";
import { dropPending, type Pending } from "../store/outbox.ts";
import { type Draft, keepDraft, readDraft, toDraftName } from "./view/drafts.ts";

/** The draft. */
export interface DraftState {
  draft: Draft;
  change(to: Partial<Draft> | ((draft: Draft) => Partial<Draft>)): void;
  /** Takes the draft to send it; an empty one with a new key is left. */
  take(): Draft;
}

/** The draft of a place. */
export function useDraft(place: string, area: RefObject<HTMLElement | null>): DraftState {
  const [draft, setDraft] = useState(() => readDraft(localStorage, place, newKey));
  const now = useRef(draft);
  const set = useCallback((next: Draft) => {
    now.current = next;
    setDraft(next);
  }, []);
  const change = useCallback<DraftState["change"]>(
    (to) => {
      const next = { ...now.current, ...(typeof to === "function" ? to(now.current) : to) };
      keepDraft(localStorage, place, next);
      set(next);
    },
    [place, set],
  );
  const take = useCallback(() => {
    const sent = now.current;
    const empty = { text: "", key: newKey(), files: [] };
    keepDraft(localStorage, place, empty);
    set(empty);
    return sent;
  }, [place, set]);
  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key !== toDraftName(place)) return;
      // It was sent or changed in another tab. Words that are being typed here stay; they get a key of their own, so that
      // they are never taken for the post that went off there.
      if (document.activeElement === area.current && now.current.text !== "")
        set({ ...now.current, key: newKey(), files: [] });
      else set(readDraft(localStorage, place, newKey));
    };
    addEventListener("storage", onStorage);
    return () => removeEventListener("storage", onStorage);
  }, [place, area, set]);
  return { draft, change, take };
}

/** Puts a post that was not taken back to where it was written, in front of what is written there now. */
export function takeBack(pending: Pending): void {
  const place = toPlaceKey(pending.place);
  const now = readDraft(localStorage, place, newKey);
  const text = now.text === "" ? pending.text : `${pending.text}\n\n${now.text}`;
  keepDraft(localStorage, place, { text, key: newKey(), files: [] });
  dropPending(pending.key);
  // As if it had been written in another tab: the composer hears it the same way.
  dispatchEvent(new StorageEvent("storage", { key: toDraftName(place) }));
}
