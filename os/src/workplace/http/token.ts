// The token of an installation: 256 random bits in HUM_HOME/token, for its owner's eyes only. Whoever has it may do
// everything, so it travels in the Authorization header or in the first message of the stream: never in a cookie, which a
// foreign page could make the browser send, and never in a path or query, which are logged.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HumError } from "../../error.ts";
import { httpLimits } from "../../limits.ts";

const form = /^[A-Za-z0-9_-]{43}$/;

/** The token of a home, made when it is missing. Throws `damaged` for a file that holds none. */
export function readToken(home: string): string {
  const file = join(home, "token");
  const known = tryRead(file);
  if (known !== null) return known;
  // Written beside and linked, so that nobody ever reads half a token and the first of two that start wins.
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return tryRead(file) as string;
}

/** Where the page is. The token stands behind the #, which no browser sends and no server logs. */
export const toAddress = (home: string, port: number): string =>
  `http://127.0.0.1:${port}/#token=${readToken(home)}`;

function tryRead(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  if (!form.test(text))
    throw new HumError("damaged", `${file} holds no token. Delete it, and the next start makes a new one.`);
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  return text;
}

/** Checks tokens in a time that tells nothing of them. */
export interface TokenCheck {
  /** `limited`: wrong, as were so many before it that it is not even worth an answer. None at all is no guess. */
  check(given: string | null): "ok" | "wrong" | "limited";
}

/** Makes the check. The owner's own token is taken also while somebody guesses, or anybody could lock the owner out. */
export function createTokenCheck(token: string, now: () => number): TokenCheck {
  const expected = toDigest(token);
  let failures: number[] = [];
  return {
    check(given) {
      if (given !== null && timingSafeEqual(toDigest(given), expected)) return "ok";
      if (given === null) return "wrong";
      const since = now() - httpLimits.wrongTokensMs;
      failures = failures.filter((at) => at > since);
      if (failures.length >= httpLimits.wrongTokens) return "limited";
      failures.push(now());
      return "wrong";
    },
  };
}

// Digests have one length, whatever was given.
const toDigest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The token of an Authorization header, null when it holds none. */
export function fromAuthorization(header: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? "")?.[1] ?? null;
}
