// The folders in which entities work: on the disk of the machine, or in a simulation on none at all.

import { mkdir, realpath, stat } from "node:fs/promises";
import { HumError } from "../error.ts";

/** What the kernel needs of a file system for itself; entities reach files through devices only. */
export interface Folders {
  /** Makes the home of an entity, for its owner only, and gives its real path. */
  make(path: string): Promise<string>;
  /** The real path of a folder that a person named. Throws `bad-input` when it is none. */
  find(path: string): Promise<string>;
}

/** The folders of the disk. */
export const diskFolders: Folders = {
  async make(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return realpath(path);
  },
  async find(path) {
    try {
      const real = await realpath(path);
      if (!(await stat(real)).isDirectory()) throw new HumError("bad-input", `${path} is not a folder.`);
      return real;
    } catch (error) {
      if (HumError.is(error)) throw error;
      const code = (error as NodeJS.ErrnoException).code;
      const why =
        code === "ENOENT"
          ? "does not exist"
          : code === "EACCES"
            ? "may not be opened by you"
            : `cannot be used (${code})`;
      throw new HumError("bad-input", `The folder ${path} ${why}.`);
    }
  },
};
