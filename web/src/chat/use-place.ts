// The posts of a place for a screen: opened where the address says (at a post, else at the end), read on at both ends, and
// marked as seen as far as they were in view.

import { useCallback, useEffect, useRef, useState } from "react";
import { markSeen, type Place, toPlaceKey } from "../client/commands.ts";
import { growPlace, openPlace } from "../store/places.ts";
import { useHum } from "../store/store.ts";
import { findSeq, type PostWindow } from "../store/windows.ts";

/** A place that is open, or why it cannot be. */
export interface OpenPlace {
  key: string;
  /** Changes when it is opened elsewhere. */
  id: string;
  window: PostWindow | null;
  failed: Error | null;
  grow: (edge: "start" | "end") => void;
}

const holds = ({ posts }: PostWindow, seq: number): boolean => posts[findSeq(posts, seq)]?.seq === seq;

const canShow = (window: PostWindow | undefined, at: number | null): boolean =>
  window !== undefined && (at === null ? !window.after : holds(window, at));

/** Opens a place at a post, or at its end. */
export function usePlace(place: Place, at: number | null): OpenPlace {
  const key = toPlaceKey(place);
  const id = `${key}/${at ?? "end"}`;
  const window = useHum((state) => state.windows[key]);
  const [opened, setOpened] = useState(() => (canShow(window, at) ? id : null));
  const [failed, setFailed] = useState<Error | null>(null);
  const missing = window === undefined;
  const line = useHum((state) => state.line);
  // What broke while the server was away is tried again when it is back.
  const stuck = failed !== null && line === "live";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which place it is
  useEffect(() => {
    if (opened === id && !missing) return;
    if (canShow(useHum.getState().windows[key], at)) return setOpened(id);
    let gone = false;
    openPlace(place, at ?? undefined).then(
      () => {
        if (gone) return;
        setFailed(null);
        setOpened(id);
      },
      (error: unknown) => gone || setFailed(error instanceof Error ? error : new Error(String(error))),
    );
    return () => {
      gone = true;
    };
  }, [id, missing, stuck]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which place it is
  const grow = useCallback(
    (edge: "start" | "end") => {
      // A page that did not come is asked for again by the next look at this edge.
      growPlace(place, edge === "start" ? "before" : "after").catch(() => undefined);
    },
    [key],
  );
  return { key, id, window: opened === id && window ? window : null, failed, grow };
}

/** Marks a place as seen up to a seq, soon, and only while the page is in view. */
export function useSeen(id: string): (seq: number) => void {
  const wanted = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const send = useCallback(() => {
    timer.current = undefined;
    if (document.visibilityState !== "visible") return;
    if (wanted.current <= (useHum.getState().seen[id] ?? 0)) return;
    // It is no harm when it does not arrive: the next look says it again.
    markSeen({ places: { [id]: wanted.current } }).catch(() => undefined);
  }, [id]);
  useEffect(() => {
    document.addEventListener("visibilitychange", send);
    return () => {
      document.removeEventListener("visibilitychange", send);
      clearTimeout(timer.current);
      send();
    };
  }, [send]);
  return useCallback(
    (seq: number) => {
      if (seq <= wanted.current) return;
      wanted.current = seq;
      timer.current ??= setTimeout(send, 400);
    },
    [send],
  );
}
