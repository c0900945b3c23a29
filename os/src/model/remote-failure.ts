// Turns what a protocol threw into a failure: what happened, whether to try again, and what to do about it. Keys never
// get into a message, because only the server's own error text is shown, and only its beginning.

import type { ModelFailure } from "./model.ts";
import type { RemoteOptions } from "./remote-protocol.ts";
import { remoteLimits } from "./sizes.ts";

interface ServerError {
  name?: string;
  message?: string;
  code?: string;
  statusCode?: number;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
  cause?: { code?: string; message?: string };
}

/** The failure for an error of a protocol. */
export function toFailure(thrown: unknown, options: RemoteOptions): ModelFailure {
  const error = (
    typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) }
  ) as ServerError;
  const { id } = options;
  const said = (error.message ?? "").replace(/\s+/g, " ").slice(0, remoteLimits.errorChars);
  const status = error.statusCode;
  const wait = retryAfter(error.responseHeaders);
  if (status === undefined) {
    if (error.name === "AI_LoadAPIKeyError")
      return { code: "no-model", message: `${id} has no key.`, retry: false };
    // ECONNREFUSED says more than its words, any other code less.
    const code = [error.cause?.code, error.code].find((name) => /^E[A-Z_]+$/.test(String(name)));
    const why = code ?? (said || "no connection");
    const where = options.url ? ` at ${options.url}` : "";
    const message = `The server of ${id}${where} cannot be reached or broke off (${why}). Check that it runs.`;
    return { code: "unreachable", message, retry: true };
  }
  if (status === 408 || status === 429) {
    const message = `The server of ${id} asks to wait (${status}: ${said}).`;
    return { code: "rate-limited", message, retry: true, ...wait };
  }
  if (status >= 500) {
    const message = `The server of ${id} has trouble (${status}: ${said}).`;
    return { code: "unreachable", message, retry: true, ...wait };
  }
  if (status < 400) {
    const to = error.responseHeaders?.location ?? "another address";
    const message = `The server of ${id} has moved to ${to}. Add the model again with the url that is right now.`;
    return { code: "bad-request", message, retry: false };
  }
  if (status === 401 || status === 403) {
    const key = options.keyEnv ? ` in ${options.keyEnv}` : "";
    return {
      code: "refused",
      message: `The server of ${id} refused the key${key} (${status}: ${said}).`,
      retry: false,
    };
  }
  if (status === 404) {
    const message = `The server of ${id} does not know the model ${options.model} (${said}). Check its name and url.`;
    return { code: "no-model", message, retry: false };
  }
  const full =
    status === 413 ||
    /context|too long|maximum.*tokens|too many tokens/i.test(said + (error.responseBody ?? ""));
  if (full)
    return { code: "context-full", message: `The window does not fit ${id} (${said}).`, retry: false };
  return {
    code: "bad-request",
    message: `The server of ${id} refused the request (${status}: ${said}).`,
    retry: false,
  };
}

function retryAfter(headers: Record<string, string> | undefined): { retryAfterMs?: number } {
  const ms = Number(headers?.["retry-after-ms"] ?? Number.NaN);
  if (ms >= 0) return { retryAfterMs: ms };
  const value = headers?.["retry-after"];
  if (value === undefined) return {};
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return wait >= 0 ? { retryAfterMs: wait } : {};
}
