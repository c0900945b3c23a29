// The command line of bubblewrap around one command. What is inside:
//
//   /usr /bin /lib* …   read-only, as on the machine      /etc   a few harmless files, a made-up passwd
//   the shares          at their real paths, rw or ro     /tmp   private, gone afterwards
//   Hum's own folders   empty and read-only               /proc  of its own processes only; /proc/sys read-only
//
// No network, no capabilities, no further user namespaces, a filter on system calls, a clean environment, and limits on memory, processes, file
// size and open files (`ulimit` in a small shell around the command; a control group too where we may make one).
//
// Rules for callers: a Sandbox exists only after a real start was tried (sandbox.ts); run a cell by inside.ts.

import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { deviceLimits } from "../limits.ts";
import type { Share } from "./device.ts";
import type { GroupBase } from "./group.ts";
import { toFilter } from "./seccomp.ts";

const temporaryBytes = 256 * 1024 * 1024;
const systemFolders = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/nix/store",
  "/gnu/store",
];
const systemFiles = [
  "alternatives",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "mime.types",
  "fonts",
];
const readOnlyProc = ["sys", "fs", "acpi", "scsi", "irq", "bus", "asound"];
const hiddenProc = [
  "sysrq-trigger",
  "kcore",
  "kmsg",
  "keys",
  "timer_list",
  "sched_debug",
  "kallsyms",
  "key-users",
];

/** What finding names and checking certificates needs; seen only with the network. */
const netFiles = [
  ...["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/ssl", "/etc/pki"],
  ...["/etc/ca-certificates", "/etc/ca-certificates.conf", "/run/systemd/resolve"],
];

/** Files that bubblewrap reads from descriptors 3, 4 and 5: the program, passwd, group. */
const passwd = "hum:x:1000:1000:Hum:/:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n";
const group = "hum:x:1000:\nnogroup:x:65534:\n";

/** A Python that works in the sandbox; `prefix` must be bound when it is not below /usr. */
export interface Python {
  program: string;
  prefix: string | null;
}

/** A sandbox that was started once with success (sandbox.ts). */
export interface Sandbox {
  /** Path of bubblewrap. */
  program: string;
  version: string;
  /** Isolation options that this machine accepts. */
  options: readonly string[];
  /** Whether system calls are filtered. */
  filter: boolean;
  python: Python | null;
  /** Places for control groups; empty where the system gives us none. */
  groups: readonly GroupBase[];
}

/** What runs in the sandbox, and what it sees. */
export interface Cell {
  folder: string;
  shares: readonly Share[];
  protect: readonly string[];
  env: Record<string, string>;
  /** The program text, found at `programPath`. */
  text: string;
  command: readonly string[];
  /** It has the network of the machine; no network unless told. */
  net?: boolean;
  /** Its errors stay apart from its output. */
  apart?: boolean;
  /** Other limits than those of a command. */
  size?: { processes: number; memoryBytes: number };
}

/** Where the program text lies in the sandbox. */
export const programPath = "/run/hum/program";

/** A command line of bubblewrap. */
export interface Start {
  args: string[];
  /** Contents for its descriptors 3 and up. */
  inputs: (string | Uint8Array)[];
  /** The descriptor on which it tells its first process. */
  infoFd: number;
}

/** The command line that runs a cell. */
export function toBubblewrap(sandbox: Sandbox, cell: Cell): Start {
  const filter = sandbox.filter ? toFilter() : null;
  const inputs: Start["inputs"] = [cell.text, passwd, group, ...(filter ? [filter] : [])];
  const infoFd = 3 + inputs.length;
  // The limiting shell is the first process itself: when it is gone, so are all others.
  const args = [...toFrame(sandbox, cell.net === true), "--as-pid-1", "--info-fd", String(infoFd)];
  if (filter) args.push("--seccomp", "6");
  args.push(
    "--ro-bind-data",
    "3",
    programPath,
    "--ro-bind-data",
    "4",
    "/etc/passwd",
    "--ro-bind-data",
    "5",
    "/etc/group",
  );
  // Outer before inner, so that a share inside a hidden folder is seen, and a hidden folder inside a share is not.
  const places = [
    ...cell.protect
      .filter((path) => isAround(cell.shares, path))
      .map((path) => ({ path, how: "hide" as const })),
    ...cell.shares.map((share) => ({
      path: share.path,
      how: share.write ? ("write" as const) : ("read" as const),
    })),
  ];
  places.sort(
    (a, b) => a.path.length - b.path.length || Number(a.how === "write") - Number(b.how === "write"),
  );
  for (const { path, how } of places) {
    if (how === "hide") args.push("--tmpfs", path);
    else args.push(how === "write" ? "--bind" : "--ro-bind", path, path);
  }
  // Only now, because the places of inner shares are made in them.
  for (const { path, how } of places) if (how === "hide") args.push("--remount-ro", path);
  args.push("--remount-ro", "/", "--clearenv");
  for (const [name, value] of Object.entries(cell.env)) args.push("--setenv", name, value);
  args.push(
    "--chdir",
    cell.folder,
    "--",
    ...toLimited(cell.command, {
      processes: true,
      apart: cell.apart === true,
      ...(cell.size ? { size: cell.size } : {}),
    }),
  );
  return { args, inputs, infoFd };
}

/** A command under `ulimit`, its errors in the same stream as its output unless they stay apart. */
export function toLimited(
  command: readonly string[],
  options: { processes: boolean; apart?: boolean; size?: { processes: number; memoryBytes: number } },
): string[] {
  const { processes, memoryBytes } = options.size ?? deviceLimits;
  const kilo = (bytes: number) => Math.floor(bytes / 1024);
  const limits = [
    "ulimit -c 0 -n 1024",
    `ulimit -f ${kilo(deviceLimits.snapshotBytes)}`,
    `ulimit -d ${kilo(memoryBytes)}`,
    // Outside a sandbox this limit would count all processes of the person.
    ...(options.processes ? [`ulimit -u ${processes}`] : []),
  ];
  return [
    "/bin/bash",
    // A shell whose input is a socket takes itself for a remote one, and would run the settings of the person.
    "--norc",
    "-c",
    `${limits.join("; ")}; ${options.processes ? "" : "exec "}"$@"${options.apart ? "" : " 2>&1"}`,
    "hum",
    ...command,
  ];
}

/** Everything that does not depend on the call. */
function toFrame(sandbox: Sandbox, net: boolean): string[] {
  const args = [
    ...sandbox.options,
    ...(net ? ["--share-net"] : []),
    "--die-with-parent",
    "--new-session",
    "--hostname",
    "hum",
  ];
  args.push("--uid", "1000", "--gid", "1000");
  for (const path of systemFolders) {
    if (!existsSync(path)) continue;
    if (lstatSync(path).isSymbolicLink()) args.push("--symlink", readlinkSync(path), path);
    else args.push("--ro-bind", path, path);
  }
  for (const name of systemFiles) args.push("--ro-bind-try", `/etc/${name}`, `/etc/${name}`);
  if (net) for (const path of netFiles) args.push("--ro-bind-try", path, path);
  args.push("--proc", "/proc");
  // A process of root keeps the rights of root over /proc/sys by its user id alone, so these are closed by mounts.
  for (const name of readOnlyProc)
    if (existsSync(`/proc/${name}`)) args.push("--ro-bind", `/proc/${name}`, `/proc/${name}`);
  for (const name of hiddenProc)
    if (existsSync(`/proc/${name}`)) args.push("--ro-bind", "/dev/null", `/proc/${name}`);
  args.push("--dev", "/dev", "--size", String(temporaryBytes), "--tmpfs", "/dev/shm", "--remount-ro", "/dev");
  args.push("--perms", "1777", "--size", String(temporaryBytes), "--tmpfs", "/tmp");
  if (sandbox.python?.prefix) args.push("--ro-bind", sandbox.python.prefix, sandbox.python.prefix);
  return args;
}

function isAround(shares: readonly Share[], path: string): boolean {
  return shares.some((share) => path.startsWith(`${share.path}/`) || share.path.startsWith(`${path}/`));
}
