// What commands of accounts (mailboxes, calendars) have in common: taking the password, and telling the machine at work.

import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { readSecretFile, type SecretAt } from "../device/account/keyring.ts";
import { HumError } from "../error.ts";
import { tell } from "./io.ts";
import { secretQuestion } from "./prompt.ts";
import type { Context } from "./run.ts";

/** A password, and where it is to be kept. */
export interface GivenSecret {
  secret: string;
  at: SecretAt;
}

/** Takes the password from a closed file, or asks for it without showing it. Throws `bad-input` when there is none. */
export async function takeSecret(
  { io }: Context,
  of: string,
  file: string | undefined,
): Promise<GivenSecret> {
  if (file !== undefined) {
    const typed = file.startsWith("~/") ? join(io.env.HOME ?? homedir(), file.slice(2)) : file;
    const path = resolve(io.cwd, typed);
    const secret = readSecretFile(path);
    return { secret, at: { file: realpathSync(path) } };
  }
  if (!io.interactive) tell(io, "Reading the password from standard input …");
  const secret = await secretQuestion(io, `Password of ${of} (not shown): `);
  if (secret) return { secret, at: { kept: true } };
  throw new HumError(
    "bad-input",
    "Without a password nothing was added. --password-file takes it from a file.",
  );
}
