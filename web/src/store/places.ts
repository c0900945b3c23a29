// Reads the posts of places on demand: the first page where the reader left off, then more at both ends.

import type { Post } from "../../../os/src/workplace/contract.ts";
import { type Place, readPosts, toPlaceKey } from "../client/commands.ts";
import { keepThreads, onEvent, useHum } from "./store.ts";
import { fromPage, joinPage, type PostWindow, takePost } from "./windows.ts";

/** Posts in one page. */
export const pageSize = 60;

const reading = new Map<string, Promise<void>>();

/** Reads the first page of a place. `around` is the seq to open at; without it, the end. Replaces what was read before. */
export function openPlace(place: Place, around?: number): Promise<void> {
  return once(`${toPlaceKey(place)} open ${around ?? "end"}`, async () => {
    const page = await readPosts(
      place,
      around === undefined ? { limit: pageSize } : { around, limit: pageSize },
    );
    keepThreads(page.threads);
    setWindow(toPlaceKey(place), fromPage(page));
  });
}

/** Reads more at one end, when there is more. */
export function growPlace(place: Place, end: "before" | "after"): Promise<void> {
  const key = toPlaceKey(place);
  const window = useHum.getState().windows[key];
  const edge = end === "before" ? window?.posts[0] : window?.posts.at(-1);
  if (!window?.[end] || !edge) return Promise.resolve();
  return once(`${key} ${end}`, async () => {
    const page = await readPosts(place, { [end]: edge.seq, limit: pageSize });
    const now = useHum.getState().windows[key];
    // It may have been opened elsewhere meanwhile; then this page is no neighbour of it.
    const still = end === "before" ? now?.posts[0] : now?.posts.at(-1);
    if (!now || (still?.seq !== edge.seq && end === "before")) return;
    keepThreads(page.threads);
    setWindow(key, joinPage(now, page, end));
  });
}

function setWindow(key: string, window: PostWindow): void {
  useHum.setState((state) => ({ windows: { ...state.windows, [key]: window } }));
}

// Two that want the same at once share one request. A post that comes by the stream while a page is on its way may be in
// neither, so posts of that time are taken in again behind the page.
function once(name: string, work: () => Promise<void>): Promise<void> {
  const running = reading.get(name);
  if (running) return running;
  const meanwhile: Post[] = [];
  const stop = onEvent((event) => void (event.type === "post" && meanwhile.push(event.post)));
  const promise = work()
    .then(() => useHum.setState(({ windows }) => ({ windows: meanwhile.reduce(takePost, windows) })))
    .finally(() => {
      stop();
      reading.delete(name);
    });
  reading.set(name, promise);
  return promise;
}
