// Accounts of one kind in a file of the home: a name for each, checked when it is read, replaced as a whole when it is
// written. Mailboxes and calendars are kept so.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HumError, toMessage } from "../../error.ts";

const nameForm = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/** The accounts of one kind. */
export interface Settings<A> {
  /** All of a home, by name. Throws `damaged` for a file that holds none. */
  read(home: string): Promise<(A & { name: string })[]>;
  /** One of them. Throws `not-found` with the names there are. */
  find(home: string, name: string): Promise<A & { name: string }>;
  /** Keeps one in place of the one of its name; null takes it away. */
  keep(home: string, name: string, account: A | null): Promise<void>;
  /** A name as a person gives it. Throws `bad-input` for one that cannot be used. */
  checkName(name: string): string;
}

/** Makes the settings that lie in `file`. */
export function createSettings<A extends object>(options: {
  file: string;
  /** One of them in words. */
  what: string;
  command: string;
  schema: z.ZodType<A>;
}): Settings<A> {
  const { what, command } = options;
  const schema = z.record(z.string().regex(nameForm), options.schema);
  const toFile = (home: string): string => join(home, options.file);

  async function readAll(home: string): Promise<Record<string, A>> {
    const file = toFile(home);
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      const why =
        error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : toMessage(error);
      throw new HumError(
        "damaged",
        `${file} is wrong: ${why}. Mend it, or delete it and add them again with \`${command} add\`.`,
      );
    }
  }

  const read = async (home: string) =>
    Object.entries(await readAll(home)).map(([name, account]) => ({ ...account, name }));
  return {
    read,
    async find(home, name) {
      const all = await read(home);
      const found = all.find((one) => one.name === name);
      if (found) return found;
      const names = all.map((one) => one.name).join(", ") || "none";
      throw new HumError("not-found", `There is no ${what} ${name}. There are: ${names}.`);
    },
    async keep(home, name, account) {
      const { [name]: _before, ...rest } = await readAll(home);
      const all = account === null ? rest : { ...rest, [name]: account };
      await mkdir(home, { recursive: true, mode: 0o700 });
      const draft = `${toFile(home)}.${randomUUID()}.draft`;
      await writeFile(draft, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
      await rename(draft, toFile(home));
    },
    checkName(name) {
      if (nameForm.test(name)) return name;
      throw new HumError(
        "bad-input",
        `"${name}" cannot be the name of a ${what}: small letters, digits, ".", "_" and "-", at most 32.`,
      );
    },
  };
}
