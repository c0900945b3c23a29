// What is typed between asking for the palette and its field having the caret: its code may still be on the way, and the letters
// must not land in what was being written before, nor Enter send it.

let typed: string | null = null;
let isWanted = (): boolean => false;
let giveUp = (): void => undefined;

function onKey(event: KeyboardEvent): void {
  if (!isWanted()) {
    stop();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.key === "Escape") {
    stop();
    giveUp();
  } else if (event.key === "Backspace") typed = (typed ?? "").slice(0, -1);
  else if ([...event.key].length === 1) typed = (typed ?? "") + event.key;
}

function stop(): void {
  typed = null;
  removeEventListener("keydown", onKey, true);
}

/** Keeps what is typed from now on while it `wanted`; Escape ends it with `end`. */
export function keepEarly(wanted: () => boolean, end: () => void): void {
  stop();
  isWanted = wanted;
  giveUp = end;
  typed = "";
  addEventListener("keydown", onKey, true);
}

/** What was typed so far; the next keys go where the caret is. */
export function takeEarly(): string {
  const words = typed ?? "";
  stop();
  return words;
}
