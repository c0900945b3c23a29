// Who opens a thread to write in it says so here; the thread's composer takes the caret when it appears, or at once when
// it is there.

let wished: string | null = null;

/** The caret is wanted in the composer of a thread. */
export function wantFocus(thread: string): void {
  wished = thread;
  const place = document.querySelector(`[data-place="${CSS.escape(`t/${thread}`)}"]`);
  const area = place?.querySelector<HTMLTextAreaElement>("textarea[data-composer]");
  if (!area) return;
  wished = null;
  area.focus({ preventScroll: true });
}

/** Whether the caret is wanted in a thread; asked once. */
export function takeFocusWish(thread: string): boolean {
  const wants = wished === thread;
  if (wants) wished = null;
  return wants;
}
