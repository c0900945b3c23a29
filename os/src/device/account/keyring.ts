// Where the passwords of accounts lie: in `keyring.json` of the home, readable by its owner only, or in a file of the
// person's own that is as closed. They are read when a connection is made and stand nowhere else: not in the settings, not
// in the journal, not in an argument or a result. The home is closed to entities and to the sandbox.

import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HumError } from "../../error.ts";

/** Where a password is, as settings say it: in the keyring, or in a file that the person named. */
export const secretAtSchema = z.union([
  z.strictObject({ kept: z.literal(true) }),
  z.strictObject({ file: z.string() }),
]);
/** Where a password is. */
export type SecretAt = z.infer<typeof secretAtSchema>;

const schema = z.record(z.string(), z.string());

/** Keeps a password under a name such as `mail:work`; null takes it away. */
export function keepSecret(home: string, name: string, secret: string | null): void {
  const file = toFile(home);
  const { [name]: _before, ...rest } = readAll(file);
  const all = secret === null ? rest : { ...rest, [name]: secret };
  const draft = `${file}.${randomUUID()}.draft`;
  writeFileSync(draft, `${JSON.stringify(all)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

/** Reads a password. Throws `not-found` where there is none, `denied` where others may read it. */
export function readSecret(home: string, name: string, at: SecretAt): string {
  if ("file" in at) return readSecretFile(at.file);
  const found = readAll(toFile(home))[name];
  if (found !== undefined) return found;
  throw new HumError("not-found", `The password of ${name} is not kept any more. Add the account again.`);
}

/** The first line of a file that only its owner may read. */
export function readSecretFile(file: string): string {
  checkClosed(file);
  const [line = ""] = readFileSync(file, "utf8").split(/\r?\n/, 1);
  if (line !== "") return line;
  throw new HumError("bad-input", `${file} is empty: its first line is the password.`);
}

/** A text without a password that may have got into it. */
export function withoutSecret(text: string, secret: string): string {
  const forms = [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
  return forms.reduce((left, form) => (form.length < 4 ? left : left.replaceAll(form, "***")), text);
}

function readAll(file: string): Record<string, string> {
  let text: string;
  try {
    checkClosed(file);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (HumError.is(error, "not-found")) return {};
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // What stands in it must not get into a message.
    throw new HumError("damaged", `${file} cannot be read. Delete it, and add the accounts again.`);
  }
}

function checkClosed(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new HumError("not-found", `There is no file ${file}.`);
  if (process.platform === "win32") return;
  if (stats.uid !== process.getuid?.())
    throw new HumError("denied", `${file} belongs to somebody else, so it is not used.`);
  if ((stats.mode & 0o077) !== 0)
    throw new HumError("denied", `Others may read ${file}: \`chmod 600 ${file}\` first.`);
}

const toFile = (home: string): string => join(home, "keyring.json");
