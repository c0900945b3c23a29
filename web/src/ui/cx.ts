// Joins class names; false and undefined are left out.

/** One class attribute from several names. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
