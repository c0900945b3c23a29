// Files for a post to come: uploaded at once into the folder of the thread, under names that nothing there has.

import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Place, readFiles, uploadFile } from "../client/commands.ts";
import { useHum } from "../store/store.ts";
import { toast } from "../ui/toast.tsx";
import type { DraftState } from "./use-draft.ts";
import { type Draft, toFreeName } from "./view/drafts.ts";

/** A file on its way. */
export interface Upload {
  id: number;
  path: string;
  bytes: number;
  /** Why it did not arrive; null while it is on its way. */
  failed: string | null;
}

interface Kept extends Upload {
  file: File;
  stop: AbortController;
}

/** What the composer does with files. */
export interface Attach {
  uploads: readonly Upload[];
  /** Files on their way. */
  running: number;
  /** Files that did not arrive. */
  failed: number;
  add(files: readonly File[]): void;
  /** Takes a file off the post: one on its way by its id, one that arrived by its path. */
  drop(what: { id: number } | { path: string }): void;
  retry(id: number): void;
}

/** Largest file, as the server takes it (os/src/limits.ts). */
const largest = 32 * 1024 * 1024;
let lastId = 0;

/** Files of a draft. */
export function useAttach(place: Place, draft: Draft, change: DraftState["change"]): Attach {
  const { t } = useTranslation();
  const [uploads, setUploads] = useState<readonly Kept[]>([]);
  // Files that were given and have no name yet.
  const [given, setGiven] = useState(0);
  const now = useRef({ uploads, draft });
  now.current = { uploads, draft };
  useEffect(() => () => now.current.uploads.forEach((one) => void one.stop.abort()), []);

  const send = useCallback(
    async (one: Kept) => {
      setUploads((all) => all.map((other) => (other.id === one.id ? { ...other, failed: null } : other)));
      try {
        const { key } = now.current.draft;
        const { path, bytes } = await uploadFile(place, {
          ...{ path: one.path, bytes: one.file, key },
          signal: one.stop.signal,
        });
        setUploads((all) => all.filter((other) => other.id !== one.id));
        change((before) => ({ files: [...before.files, { path, bytes }] }));
      } catch (error) {
        if (one.stop.signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        setUploads((all) => all.map((other) => (other.id === one.id ? { ...other, failed: why } : other)));
      }
    },
    [place, change],
  );

  const add = useCallback(
    async (files: readonly File[]) => {
      setGiven((count) => count + files.length);
      const taken = await takenNames(place);
      for (const file of [...now.current.draft.files, ...now.current.uploads]) taken.add(file.path);
      const made: Kept[] = [];
      for (const file of files) {
        if (file.size > largest) {
          toast(t("chat.tooLarge", { name: file.name }), { kind: "error" });
          continue;
        }
        const path = toFreeName(file.name, taken);
        taken.add(path);
        made.push({ id: ++lastId, path, bytes: file.size, failed: null, file, stop: new AbortController() });
      }
      setUploads((all) => [...all, ...made]);
      setGiven((count) => count - files.length);
      for (const one of made) void send(one);
    },
    [place, send, t],
  );

  return {
    uploads,
    running: given + uploads.filter((one) => one.failed === null).length,
    failed: uploads.filter((one) => one.failed !== null).length,
    add: (files) => void add(files),
    drop(what) {
      if ("path" in what)
        return change((before) => ({ files: before.files.filter((file) => file.path !== what.path) }));
      for (const one of uploads) if (one.id === what.id) one.stop.abort();
      setUploads((all) => all.filter((one) => one.id !== what.id));
    },
    retry(id) {
      const one = uploads.find((other) => other.id === id);
      if (one) void send(one);
    },
  };
}

// Where posts share a folder (a thread, a direct line), a new file must not take the place of another.
async function takenNames(place: Place): Promise<Set<string>> {
  const id = "thread" in place ? place.thread : place.channel;
  if (!(id in useHum.getState().threads)) return new Set();
  const files = await readFiles(id).catch(() => []);
  return new Set(files.map((file) => file.path));
}
