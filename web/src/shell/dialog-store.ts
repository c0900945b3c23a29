// Which dialog of the page is open.

import { create } from "zustand";
import { keepEarly } from "./early-keys.ts";

/** A dialog of the page. */
export type DialogName = "palette" | "help" | "stop" | "channel" | "task";

/** Which dialog is open, and what it was opened with. */
export const useDialog = create<{ name: DialogName | null; about: Record<string, string> }>(() => ({
  name: null,
  about: {},
}));

/** Opens a dialog. */
export function openDialog(name: DialogName, about: Record<string, string> = {}): void {
  useDialog.setState({ name, about });
  if (name === "palette") keepEarly(() => useDialog.getState().name === "palette", closeDialog);
}

/** Closes whichever is open. */
export function closeDialog(): void {
  useDialog.setState({ name: null, about: {} });
}
