// The router: the fragment of the address is the path, so that any file server can serve the page.
//
//   #/c/general            a screen
//   #/c/general/p/812      the same, at the post with seq 812
//   #/inbox/t/k3f          any screen with a thread beside it; /t/k3f/p/812 at one of its posts
//   #/search?q=total       with a query

import { useSyncExternalStore } from "react";

/** Where the tab is. */
export interface Route {
  /** Path without the thread, for example `/c/general/p/812`. */
  path: string;
  /** The thread beside it. */
  thread: string | null;
  /** Seq of the post in the thread to open at. */
  threadAt: number | null;
  query: Readonly<Record<string, string>>;
}

/** Reads a fragment. */
export function toRoute(fragment: string): Route {
  const [before = "", query = ""] = fragment.replace(/^#/, "").split("?", 2) as [string, string?];
  const full = before.startsWith("/") ? before : `/${before}`;
  const found = /^(.*?)\/t\/([^/]+)(?:\/p\/(\d+))?\/?$/.exec(full);
  const path = (found ? found[1] : full)?.replace(/\/+$/, "") || "/";
  return {
    path,
    thread: found ? decode(found[2] as string) : null,
    threadAt: found?.[3] ? Number(found[3]) : null,
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Values of the names in a pattern such as `/c/:id`, null when the path is another. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] as string;
    if (part.startsWith(":")) values[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a channel, at a post when `seq` is given. */
export const toChannelPath = (id: string, seq?: number): string =>
  `/c/${encodeURIComponent(id)}${seq === undefined ? "" : `/p/${seq}`}`;

/** The address of a thread beside a screen. */
export const toThreadPath = (base: string, thread: string, seq?: number): string =>
  `${base === "/" ? "" : base}/t/${encodeURIComponent(thread)}${seq === undefined ? "" : `/p/${seq}`}`;

/** Goes to a path. `replace` leaves no step in the history. */
export function go(path: string, options: { replace?: boolean } = {}): void {
  if (options.replace) {
    history.replaceState(history.state, "", `#${path}`);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else location.hash = path;
}

let lastFragment = "";
let lastRoute: Route = toRoute("");

/** Where the tab is now. */
export function readRoute(): Route {
  if (location.hash !== lastFragment) {
    lastFragment = location.hash;
    lastRoute = toRoute(lastFragment);
  }
  return lastRoute;
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

/** Where the tab is; renders again when it changes. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, readRoute);
