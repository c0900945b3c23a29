// Requests to the workplace. A failure is an ApiError whose message says what happened and what to do; `tell` shows it.
// A command (anything but GET) carries an Idempotency-Key and is sent again with the same key when the line broke, so that
// it has its effect once.

import { t } from "i18next";
import { toast } from "../ui/toast.tsx";
import { readToken } from "./token.ts";

/** What a request failed with. `code` is the server's, `offline` when it was not reached. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly data: Record<string, unknown>;
  constructor(code: string, status: number, message: string, data: Record<string, unknown> = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

/** A request beside its path. */
export interface Wish {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Bytes instead of a JSON body. */
  bytes?: Blob;
  /** Key of the command; a new one unless told. */
  key?: string;
  signal?: AbortSignal;
  /** How often a command is tried when the server is not reached. */
  tries?: number;
}

/** Called when the token is refused. */
export const onRefused: { call: () => void } = { call: () => undefined };

/** A new key for a command. */
export const newKey = (): string => crypto.randomUUID();

/** Reads. */
export const get = <T>(path: string, wish: Wish = {}): Promise<T> => request<T>("GET", path, wish);

/** Does. */
export const post = <T>(path: string, body: unknown = {}, wish: Wish = {}): Promise<T> =>
  request<T>("POST", path, { ...wish, body });

/** Any other verb. */
export async function request<T>(method: string, path: string, wish: Wish = {}): Promise<T> {
  const command = method !== "GET";
  const headers: Record<string, string> = { authorization: `Bearer ${readToken()}` };
  if (command) headers["idempotency-key"] = wish.key ?? newKey();
  if (wish.body !== undefined) headers["content-type"] = "application/json";
  if (wish.bytes) headers["content-type"] = "application/octet-stream";
  const init: RequestInit = { method, headers, signal: wish.signal ?? null };
  if (wish.bytes) init.body = wish.bytes;
  else if (wish.body !== undefined) init.body = JSON.stringify(wish.body);
  const response = await reach(`${path}${toQuery(wish.query)}`, init, command ? (wish.tries ?? 3) : 1);
  if (response.ok) return (await response.json()) as T;
  if (response.status === 401) onRefused.call();
  const said = (await response.json().catch(() => null)) as { error?: Partial<ApiError> } | null;
  const {
    code = "internal",
    message = t("error.status", { status: response.status }),
    data = {},
  } = said?.error ?? {};
  throw new ApiError(code, response.status, message, data);
}

async function reach(url: string, init: RequestInit, tries: number): Promise<Response> {
  for (let left = tries; ; left--) {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      if (left <= 1) throw new ApiError("offline", 0, t("error.offline"));
      await new Promise((resolve) => setTimeout(resolve, 600 * (tries - left + 1)));
    }
  }
}

function toQuery(query: Wish["query"]): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
  return pairs.length === 0
    ? ""
    : `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}

/** Shows why something failed, and goes on failing, so that whoever waits knows. */
export function tell(error: unknown): never {
  const aborted = error instanceof DOMException && error.name === "AbortError";
  if (!aborted) toast(error instanceof Error ? error.message : String(error), { kind: "error" });
  throw error;
}

/** Runs a command for a button: a failure is shown and ends there. */
export function act(work: Promise<unknown>): void {
  work.catch((error) => {
    try {
      tell(error);
    } catch {
      // Told.
    }
  });
}
