// The dialog.

/** The dialog. */
export function NewTask(_props: { program: string; text: string }) {
  return null;
}
