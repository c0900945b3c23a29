// Who may speak to the server at all. Any page that a person has open can send requests to 127.0.0.1; three headers that
// a page cannot forge tell them apart, and are looked at before anything else:
//
//   Host             must name this server: a foreign name that points here (DNS rebinding) does not
//   Origin           where there is one, it must be this server's own; a WebSocket is held to it as well
//   Sec-Fetch-Site   a browser says whether the page is of this origin; a link to the page itself may come from anywhere
//
// Everything that is answered carries headers that let the page load nothing but what this server sends.

import type { IncomingMessage } from "node:http";

/** A request that is refused before it reaches any route. */
export interface Refused {
  status: number;
  message: string;
}

/** Looks at the head of a request; null when it may go on. */
export function checkHead(request: IncomingMessage, port: number): Refused | null {
  const { headers, method = "GET", url = "" } = request;
  const hosts = valuesOf(request, "host");
  const [host = ""] = hosts;
  if (hosts.length !== 1 || !toHosts(port).includes(host.toLowerCase()))
    return {
      status: 403,
      message: `This server is at http://127.0.0.1:${port} and answers to no other name.`,
    };
  if (!url.startsWith("/")) return { status: 400, message: "The request names no path." };
  const origins = valuesOf(request, "origin");
  if (origins.length > 1 || origins.some((origin) => origin.toLowerCase() !== `http://${host.toLowerCase()}`))
    return { status: 403, message: "A page of another origin may not speak to Hum." };
  const site = valuesOf(request, "sec-fetch-site").join(",").toLowerCase();
  if (site === "" || site === "same-origin" || site === "none") return null;
  const isLink =
    method === "GET" &&
    headers["sec-fetch-mode"] === "navigate" &&
    headers["sec-fetch-dest"] === "document" &&
    headers.upgrade === undefined;
  return isLink ? null : { status: 403, message: "A page of another site may not speak to Hum." };
}

/** The names by which a browser of this machine reaches the server. */
export const toHosts = (port: number): string[] =>
  ["127.0.0.1", "localhost", "[::1]"].flatMap((name) =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  );

// As they were sent: Node keeps only the first of two.
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] as string);
  return values;
}

/** What the page may do: run its own files, draw, and speak to this server. `ws:` is named because not every browser
 * counts a WebSocket of the same host as 'self'. */
export const toPolicy = (host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ws://${host}`,
    "frame-ancestors 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");

/** Headers of every answer. */
export function toSafeHeaders(host: string): Record<string, string> {
  return {
    "content-security-policy": toPolicy(host),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy":
      "camera=(self), display-capture=(self), geolocation=(), microphone=(self), payment=(), usb=()",
    "x-frame-options": "DENY",
  };
}
