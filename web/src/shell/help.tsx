// The help.

/** The help. */
export function Help() {
  return null;
}
