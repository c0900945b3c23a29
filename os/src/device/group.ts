// Control groups: limits on processes and memory that hold for a whole sandbox. `ulimit -u` does not hold a process of
// root, and `ulimit -d` counts each process alone; a group holds both. They can be made only where the system lets us
// (as root, or in a delegated folder); elsewhere the sandbox has `ulimit` alone.
//
// A group is a folder `hum-<pid of Hum>-<number>` below the group in which Hum itself runs; it is removed after the
// command. Folders of a Hum that is gone are removed when groups are looked for.

import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deviceLimits } from "../limits.ts";

/** Processes of the sandbox itself that count too. */
const ownProcesses = 4;
const removeTries = 20;
let number = 0;

/** A folder below which groups can be made, and the limits to write there. */
export interface GroupBase {
  folder: string;
  limits: Record<string, string>;
}

/** One group for one command. */
export interface Group {
  /** Writes the process of the calling shell into it: put before a command. */
  enter(command: readonly string[]): string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where groups can be made on this machine; empty when nowhere. Each place is tried. */
export async function findGroups(): Promise<GroupBase[]> {
  const lines = (await readFile("/proc/self/cgroup", "utf8").catch(() => "")).trim().split("\n");
  const pids = { "pids.max": String(deviceLimits.processes + ownProcesses) };
  const memory = String(deviceLimits.memoryBytes);
  const bases: GroupBase[] = [];
  for (const line of lines) {
    const [, controllers, path = ""] = line.split(":");
    if (controllers === "") {
      const folder = join("/sys/fs/cgroup", path);
      const passed = await readFile(join(folder, "cgroup.subtree_control"), "utf8").catch(() => "");
      const limits: Record<string, string> = {};
      if (/\bpids\b/.test(passed)) Object.assign(limits, pids);
      if (/\bmemory\b/.test(passed)) Object.assign(limits, { "memory.max": memory, "memory.swap.max": "0" });
      if (Object.keys(limits).length > 0) bases.push({ folder, limits });
    } else if (controllers === "pids")
      bases.push({ folder: join("/sys/fs/cgroup/pids", path), limits: pids });
    else if (controllers === "memory")
      bases.push({
        folder: join("/sys/fs/cgroup/memory", path),
        limits: { "memory.limit_in_bytes": memory },
      });
  }
  const usable: GroupBase[] = [];
  for (const base of bases) {
    await removeOld(base.folder);
    const group = await makeFolder(base);
    if (!group) continue;
    usable.push(base);
    await rmdir(group).catch(() => {});
  }
  return usable;
}

/** The same places with other limits than those of a command. */
export function resizeGroups(
  bases: readonly GroupBase[],
  size: { processes: number; memoryBytes: number },
): GroupBase[] {
  const wanted: Record<string, string> = {
    "pids.max": String(size.processes + ownProcesses),
    "memory.max": String(size.memoryBytes),
    "memory.limit_in_bytes": String(size.memoryBytes),
  };
  return bases.map(({ folder, limits }) => ({
    folder,
    limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, wanted[name] ?? value])),
  }));
}

/** Makes a group in each place. */
export async function openGroup(bases: readonly GroupBase[]): Promise<Group> {
  const folders = (await Promise.all(bases.map(makeFolder))).filter((folder) => folder !== null);
  return {
    enter(command) {
      if (folders.length === 0) return [...command];
      const script = 'for g in $1; do echo $$ > "$g/cgroup.procs"; done 2>/dev/null; shift; exec "$@"';
      return ["/bin/bash", "--norc", "-c", script, "hum", folders.join(" "), ...command];
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(folders.map(removeFolder));
    },
  };
}

async function makeFolder(base: GroupBase): Promise<string | null> {
  const folder = join(base.folder, `hum-${process.pid}-${number++}`);
  try {
    await mkdir(folder);
    for (const [name, value] of Object.entries(base.limits))
      await writeFile(join(folder, name), value).catch((error) => {
        if (name !== "memory.swap.max") throw error;
      });
    return folder;
  } catch {
    await rmdir(folder).catch(() => {});
    return null;
  }
}

/** The kernel lets a group go only when its last process is wholly gone. */
async function removeFolder(folder: string): Promise<void> {
  for (let i = 0; i < removeTries; i++) {
    const error = await rmdir(folder).then(
      () => null,
      (thrown: NodeJS.ErrnoException) => thrown,
    );
    if (error?.code !== "EBUSY") return;
    await sleep(5 * (i + 1));
  }
}

async function removeOld(base: string): Promise<void> {
  for (const name of await readdir(base).catch(() => [])) {
    const pid = /^hum-(\d+)-\d+$/.exec(name)?.[1];
    if (pid === undefined || Number(pid) === process.pid) continue;
    const alive = await readFile(`/proc/${pid}/stat`).catch(() => null);
    if (!alive) await rmdir(join(base, name)).catch(() => {});
  }
}
