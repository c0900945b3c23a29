// Idempotency keys. A key is written down before its request is done and with the answer afterwards, in a small table
// beside the journal:
//
//   key      what the client gave            hash     of method, path and body
//   status   null while it is done           body     the answer that the same key gets again
//
// The same key with the same request gets the first answer; with another request it is refused. A key whose answer was
// never written (the machine died in between) is in doubt: what may be done twice is done again, and what may not
// (`once`) is refused, because nobody can know whether it had its effect.

import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import type { Context, MiddlewareHandler } from "hono";
import { httpLimits } from "../../limits.ts";
import { keyHeader, refusal } from "./route.ts";

/** What is kept of a request. */
export interface KeptAnswer {
  status: number;
  body: string;
}

/** What is known of a key. */
export type KnownKey = { kind: "new" | "other" | "in-doubt" } | { kind: "answered"; answer: KeptAnswer };

/** The table. */
export interface Keys {
  /** Takes a key for a request, or tells what became of it before. */
  begin(key: string, hash: string): KnownKey;
  end(key: string, answer: KeptAnswer): void;
  /** The request had no effect: the key is free again. */
  forget(key: string): void;
  close(): void;
}

/** Opens the table in a file. */
export function openKeys(file: string, now: () => number): Keys {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS keys (
      key TEXT PRIMARY KEY, hash TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER, body TEXT
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS keys_at ON keys (at);`);
  const find = db.prepare("SELECT hash, status, body FROM keys WHERE key = ?");
  const add = db.prepare("INSERT INTO keys (key, hash, at) VALUES (?, ?, ?)");
  const answer = db.prepare("UPDATE keys SET status = ?, body = ? WHERE key = ?");
  const remove = db.prepare("DELETE FROM keys WHERE key = ?");
  const expire = db.prepare("DELETE FROM keys WHERE at < ?");
  const trim = db.prepare(
    "DELETE FROM keys WHERE key IN (SELECT key FROM keys ORDER BY at DESC LIMIT -1 OFFSET ?)",
  );
  let added = 0;
  return {
    begin(key, hash) {
      const known = find.get(key) as { hash: string; status: number | null; body: string } | undefined;
      if (!known) {
        if (added++ % httpLimits.keysTidyEvery === 0) {
          expire.run(now() - httpLimits.keysMs);
          trim.run(httpLimits.keys);
        }
        add.run(key, hash, now());
        return { kind: "new" };
      }
      if (known.hash !== hash) return { kind: "other" };
      if (known.status === null) return { kind: "in-doubt" };
      return { kind: "answered", answer: { status: known.status, body: known.body } };
    },
    end: (key, { status, body }) => void answer.run(status, body, key),
    forget: (key) => void remove.run(key),
    close: () => db.close(),
  };
}

/** What the key of a request means: nothing where there is no such route; `once` must not be repeated when the first is
 * in doubt. */
export type KeyUse = "none" | "once" | "again";

/** Makes requests with a key have one effect. */
export function keepAnswers(keys: Keys, toUse: (method: string, path: string) => KeyUse): MiddlewareHandler {
  /** Requests under way: a second one with the same key waits for the first. */
  const underWay = new Map<string, Promise<void>>();
  return async function keepAnswer(context, next) {
    const key = context.req.header(keyHeader);
    const { method, path } = context.req;
    const use = toUse(method, path);
    if (key === undefined || use === "none" || !/^[\x21-\x7e]{1,200}$/.test(key)) return next();
    const hash = await toHash(context);
    while (underWay.has(key)) await underWay.get(key);
    const known = keys.begin(key, hash);
    if (known.kind === "answered") return replay(known.answer);
    if (known.kind === "other")
      return refusal(409, "conflict", {
        message: "This Idempotency-Key was used for another request. Take a new one for each request.",
      });
    if (known.kind === "in-doubt" && use === "once")
      return refusal(409, "conflict", {
        message:
          "Hum stopped while it did this request, and it may have been done. Look whether it was, and take a new Idempotency-Key to do it again.",
        data: { inDoubt: true },
      });
    let finish = () => {};
    underWay.set(
      key,
      new Promise((resolve) => {
        finish = resolve;
      }),
    );
    try {
      await next();
      await keep(keys, key, context.res);
    } finally {
      underWay.delete(key);
      finish();
    }
  };
}

// A failure of Hum itself leaves nothing behind: all that lasts is one write to the journal, which failed.
async function keep(keys: Keys, key: string, response: Response): Promise<void> {
  if (response.status >= 500) return keys.forget(key);
  keys.end(key, { status: response.status, body: await response.clone().text() });
}

function replay({ status, body }: KeptAnswer): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "application/json", "idempotency-replayed": "true" },
  });
}

async function toHash(context: Context): Promise<string> {
  const hash = createHash("sha256").update(`${context.req.method} ${context.req.url}\n`);
  // Hono keeps the body, so that the route can read it again.
  return hash.update(new Uint8Array(await context.req.arrayBuffer())).digest("base64url");
}
