// The dialog.

/** The dialog. */
export function NewChannel() {
  return null;
}
