// What this browser has written and the server has not confirmed. It stands in localStorage before it is sent, and is
// sent again with the same key until it is answered: a server or a tab that dies in between loses nothing, and nothing
// is written twice. Only an answer that says no stops it; then the person decides.

import { create } from "zustand";
import type { FileRef, Post } from "../../../os/src/workplace/contract.ts";
import { type Place, toPlaceKey, writePost } from "../client/commands.ts";
import { ApiError } from "../client/rest.ts";
import { onEvent, useHum } from "./store.ts";
import { takePost } from "./windows.ts";

/** A post on its way. */
export interface Pending {
  key: string;
  place: Place;
  text: string;
  files: FileRef[];
  at: number;
  /** Why the server did not take it; null while it is on its way. */
  refused: string | null;
}

const name = "hum.outbox";

/** Posts on their way, oldest first. */
export const useOutbox = create<{ pending: readonly Pending[] }>(() => ({ pending: [] }));

const sending = new Set<string>();
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function read(): Pending[] {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "[]") as Pending[];
  } catch {
    return [];
  }
}

// Each change is made on what is kept now, because other tabs of this browser write there too.
function change(to: (pending: Pending[]) => Pending[]): void {
  const pending = to(read());
  localStorage.setItem(name, JSON.stringify(pending));
  useOutbox.setState({ pending });
}

/** Puts a post into the outbox and sends it. */
export function sendPost(place: Place, post: Pick<Pending, "key" | "text" | "files">): void {
  change((pending) => [...pending, { ...post, place, at: Date.now(), refused: null }]);
  void sendAll();
}

/** Takes a post out: the person gave it up. */
export function dropPending(key: string): void {
  change((pending) => pending.filter((one) => one.key !== key));
}

/** Tries a refused post again. */
export function retryPending(key: string): void {
  change((pending) => pending.map((one) => (one.key === key ? { ...one, refused: null } : one)));
  void sendAll();
}

// In order: a post waits for those before it in its place.
async function sendAll(): Promise<void> {
  clearTimeout(timer);
  const places = new Set<string>();
  for (const post of read().filter((one) => one.refused === null)) {
    const place = toPlaceKey(post.place);
    if (places.has(place)) continue;
    places.add(place);
    if (!sending.has(place)) void sendFirst(place, post);
  }
}

async function sendFirst(place: string, pending: Pending): Promise<void> {
  sending.add(place);
  try {
    const body = {
      text: pending.text,
      ...(pending.files.length > 0 ? { files: pending.files.map((file) => file.path) } : {}),
    };
    const written = await writePost(pending.place, body, pending.key);
    failures = 0;
    arrived(written, pending.key);
  } catch (error) {
    const refused =
      error instanceof ApiError &&
      error.status >= 400 &&
      error.status < 500 &&
      error.status !== 401 &&
      error.status !== 429;
    if (refused)
      change((all) => all.map((one) => (one.key === pending.key ? { ...one, refused: error.message } : one)));
    else failures++;
  } finally {
    sending.delete(place);
  }
  const wait = failures === 0 ? 0 : Math.min(8000, 400 * 1.7 ** failures);
  if (read().some((one) => one.refused === null)) timer = setTimeout(() => void sendAll(), wait);
}

// In one step out of the outbox and into the place, so that it never shows twice nor not at all.
function arrived(post: Post, key: string): void {
  useHum.setState(({ windows }) => ({ windows: takePost(windows, post) }));
  change((pending) => pending.filter((one) => one.key !== key));
}

/** Sends what an earlier tab left, and keeps in step with other tabs. Called once. */
export function beginOutbox(): void {
  useOutbox.setState({ pending: read() });
  addEventListener("storage", (event) => event.key === name && useOutbox.setState({ pending: read() }));
  addEventListener("online", () => void sendAll());
  onEvent((event) => void (event.type === "caught-up" && sendAll()));
  useHum.subscribe((now, before) => {
    if (now.phase === "ready" && before.phase !== "ready") void sendAll();
  });
}

/** Posts on their way to a place that the place does not show yet. */
export function pendingOf(pending: readonly Pending[], place: Place, shown: readonly Post[]): Pending[] {
  const key = toPlaceKey(place);
  const me = useHum.getState().person;
  // The stream may bring a post before its answer: the newest own posts with the same words are those on their way.
  const tail = shown.slice(-20).filter((post) => post.from.kind === "person" && post.from.name === me);
  return pending.filter(
    (one) =>
      toPlaceKey(one.place) === key &&
      !tail.some((post) => post.text === one.text && post.at >= one.at - 2000),
  );
}
