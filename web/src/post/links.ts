// What is shown of a link in a post: where it leads, where its words do not say so already. Pure.

/** A link that may be followed: within the page, or out of it with the host to show (null when the words name it). */
export type LinkView = { inside: true } | { inside: false; host: string | null };

/** Reads an address; null for one that is no way to anywhere. */
export function toLinkView(href: string, words: string): LinkView | null {
  if (href.startsWith("#/")) return { inside: true };
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  if (url.protocol === "mailto:") {
    const to = decode(url.pathname);
    return { inside: false, host: words.trim() === to ? null : to };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  return { inside: false, host: says(words, url) ? null : url.host };
}

// The words are the address itself, as it is when nobody gave it others; anything else could name another host.
function says(words: string, url: URL): boolean {
  const bare = words
    .trim()
    .replace(/^https?:\/\//i, "")
    .toLowerCase();
  return bare === url.host || bare.startsWith(`${url.host}/`) || bare.startsWith(`${url.host}?`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
