// Who has the keys now: somebody who writes, a dialog, or the page.

/** True while the keys that are pressed are text. */
export function isWriting(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.closest) return false;
  if (element.isContentEditable || element.closest("textarea, select")) return true;
  const input = element.closest("input");
  return input !== null && !["checkbox", "radio", "button"].includes(input.type);
}

/** True when a menu or a dialog has the keys. */
export const isCovered = (): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
