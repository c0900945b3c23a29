// Folders of the disk that triggers watch.

import { watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { FolderWatch } from "./triggers.ts";

/** Files that are looked at, at most. */
const mostFiles = 10_000;

/** The folders of the disk. A folder that cannot be read has no files; one that cannot be watched never calls. */
export const diskWatch: FolderWatch = {
  watch(folder, call) {
    try {
      const watcher = watch(folder, { recursive: true, persistent: false }, call);
      watcher.on("error", () => watcher.close());
      return () => watcher.close();
    } catch {
      return () => {};
    }
  },
  async list(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).slice(0, mostFiles);
    const found = files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
      return { path: relative(folder, path), modifiedAt: mtimeMs };
    });
    return Promise.all(found);
  },
};
