// The patterns of capabilities: operations (`files.read`, `files.*`, `*`) and hosts (`example.org`, `*.example.org`,
// `example.org:8443`, `localhost:8080`, `*` for every public host).

export { covers } from "../entity/authority.ts";

/** Whether a host pattern covers `host:port` (or another pattern). Default ports of the web may be left out. */
export function matchHost(pattern: string, host: string): boolean {
  const [grant, port] = splitHost(pattern);
  const [name, at] = splitHost(host);
  if (port === null ? !["80", "443", null].includes(at) : port !== at) return false;
  if (grant === "*" || grant === name) return true;
  return grant.startsWith("*.") && name.endsWith(grant.slice(1)) && name.length > grant.length - 1;
}

/** What the approval of one address opens: it, and the same name on the ports of the web if it is on one of them. */
export function toExact(host: string | null): string[] {
  if (host === null) return [];
  const [name, port] = splitHost(host);
  return port === "80" || port === "443" ? [host, name] : [host];
}

/** Name and port of an address, as grants name them. */
export const toHostPort = (url: URL): string =>
  `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}`;

/** A text as a pattern that finds exactly it. */
export const toPlainPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Host and port of `host`, `host:port` or `[v6]:port`. */
function splitHost(host: string): [string, string | null] {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host.toLowerCase());
  return match ? [match[1]!.replace(/\.$/, ""), match[2] ?? null] : [host.toLowerCase(), null];
}
