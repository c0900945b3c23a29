// One request of the web, down to the socket: whether it may be made at all, the address to which the connection goes, and
// the bytes that come back. The devices that read the web (http.ts, browser/) have no other way out.
//
//   - every name is resolved here, and the connection goes to exactly the address that was checked, so that a name
//     cannot point elsewhere a moment later (DNS rebinding);
//   - loopback, private and link-local addresses are refused, unless a grant names exactly that host:port;
//   - a redirect is not followed: the caller asks for it as for any other address;
//   - no cookie or header of the person is sent.

import { lookup } from "node:dns/promises";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP } from "node:net";
import { createBrotliDecompress, createUnzip } from "node:zlib";
import { isPublic } from "./address.ts";
import { matchHost, toHostPort } from "./match.ts";

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<string[]>;

/** Where a request goes, checked. */
export interface Target {
  url: URL;
  /** As in grants: name and port. */
  host: string;
  address: string;
  /** It is on the public internet. */
  isPublic: boolean;
}

/** Finds the addresses of a name as this machine does. */
export const resolveName: Resolve = async (name) =>
  (await lookup(name, { all: true })).map((one) => one.address);

/** The address to connect to, or a sentence saying why not. */
export async function findTarget(
  url: URL,
  { grants, resolve, signal }: { grants: readonly string[]; resolve: Resolve; signal: AbortSignal },
): Promise<Target | string> {
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return `${url.protocol} addresses cannot be read.`;
  const host = toHostPort(url);
  if (!grants.some((grant) => matchHost(grant, host)))
    return `${host} is not granted. Ask for that address itself, so that a person can be asked.`;
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(name) ? [name] : await abortable(resolve(name), signal);
  if (addresses.length === 0) return `${name} has no address.`;
  const exact = grants.some((grant) => grant.toLowerCase() === host);
  const closed = addresses.find((address) => !isPublic(address));
  if (closed !== undefined && !exact)
    return `${host} is at ${closed}, which is not on the public internet. A person can grant exactly ${host}.`;
  return { url, host, address: addresses[0]!, isPublic: closed === undefined };
}

const headers = { "user-agent": "Hum/0.1", accept: "*/*", "accept-encoding": "gzip, br" };

/** Bytes of a request: its first line and its headers, without what the transport adds. */
export function countRequest(url: URL): number {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.byteLength(`${lines.join("\r\n")}\r\n\r\n`);
}

/** Makes the request; resolves with the head of what comes back. */
export function send({ url, address }: Target, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address);
  const options: RequestOptions = {
    method: "GET",
    signal,
    agent: false,
    headers,
    // The one address that was checked, whatever the name says now.
    lookup: (_name, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestSecure : requestPlain;
    send(url, options).on("response", resolve).on("error", reject).end();
  });
}

/** The bytes of an answer, unpacked, at most so many. */
export async function readBody(
  response: IncomingMessage,
  most: number,
): Promise<{ bytes: Buffer; cut: boolean }> {
  const packing = response.headers["content-encoding"];
  const unpack =
    packing === "br"
      ? createBrotliDecompress()
      : /^(x-)?(gzip|deflate)$/.test(packing ?? "")
        ? createUnzip()
        : null;
  if (unpack) response.on("error", (error) => unpack.destroy(error)).pipe(unpack);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of (unpack ?? response) as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, most - size));
    size += piece.length;
    if (size > most) break;
  }
  response.destroy();
  unpack?.destroy();
  return { bytes: Buffer.concat(pieces), cut: size > most };
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
