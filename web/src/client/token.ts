// The token of this browser. It comes once in the fragment of the address (`#token=…`, which no server and no log sees),
// is kept in localStorage and taken out of the address at once.

const name = "hum.token";

/** Takes a token from the address, when one is there. Call before anything reads the address. */
export function takeToken(): void {
  const found = /^#token=([^&]+)/.exec(location.hash);
  if (!found) return;
  localStorage.setItem(name, decodeURIComponent(found[1] as string));
  history.replaceState(null, "", `${location.pathname}${location.search}#/`);
}

/** The token, "" when there is none. */
export const readToken = (): string => localStorage.getItem(name) ?? "";

/** Keeps a token that a person typed in. */
export const keepToken = (token: string): void => localStorage.setItem(name, token.trim());

/** Forgets it. */
export const dropToken = (): void => localStorage.removeItem(name);
