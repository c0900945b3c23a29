// The home folder of Hum (HUM_HOME, else ~/.hum): what lies where, and the lock that keeps two machines off it.
//
//   journal.db   truth            archive.db  search (can be made again)     config.json  models and settings
//   blobs/       file contents    homes/      one folder an entity           models/  kv/  weights and KV states
//   programs/    a person's own   threads/    one shared folder a thread     workplace.db  posts (can be made again)
//   mail.json  calendar.json   accounts, without their passwords                 keyring.json  those (0600)
//   token        opens the server (0600)               keys.db  idempotency keys of requests
//   lock         pid of the daemon or command that writes                    hum.sock  its door

import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { HumError } from "./error.ts";

/** Where a home's parts lie. */
export interface HomePaths {
  home: string;
  journal: string;
  archive: string;
  posts: string;
  keys: string;
  contacts: string;
  socket: string;
  lock: string;
  kv: string;
}

/** The home folder of this user. */
export function findHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.HUM_HOME || join(homedir(), ".hum");
}

/** The parts of a home. */
export function toPaths(home: string): HomePaths {
  const at = (name: string) => join(home, name);
  return {
    home,
    journal: at("journal.db"),
    archive: at("archive.db"),
    posts: at("workplace.db"),
    keys: at("keys.db"),
    contacts: at("contacts.json"),
    socket: at("hum.sock"),
    lock: at("lock"),
    kv: at("kv"),
  };
}

/** Makes the home, readable by its owner only. Throws `denied` when that is impossible. */
export function makeHome(home: string): HomePaths {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    closeToOthers(home, 0o700);
  } catch (error) {
    throw new HumError(
      "denied",
      `The folder ${home} cannot be made (${(error as NodeJS.ErrnoException).code}). Set HUM_HOME to a folder you may write.`,
      { cause: error },
    );
  }
  return toPaths(home);
}

/** Makes a file that only its owner may read, before somebody (SQLite) opens it in the manner of the umask. */
export function makePrivate(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  closeToOthers(file, 0o600);
}

function closeToOthers(path: string, mode: number): void {
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) chmodSync(path, mode);
}

/** Takes the lock of a home; the returned function gives it back. Throws `locked` while another living process has it. */
export function takeLock(paths: HomePaths): () => void {
  for (let tries = 0; tries < 3; tries++) {
    try {
      const file = openSync(paths.lock, "wx", 0o600);
      writeSync(file, `${process.pid}\n${startOf(process.pid)}\n`);
      closeSync(file);
      return () => rmSync(paths.lock, { force: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EACCES" || code === "EROFS" || code === "ENOSPC")
        throw new HumError(
          "denied",
          `${paths.home} cannot be written (${code}). Free some space, or set HUM_HOME to a folder you may write.`,
          { cause: error },
        );
      if (code !== "EEXIST") throw error;
      const holder = readHolder(paths);
      if (holder !== null)
        throw new HumError(
          "locked",
          `Hum is at work in ${paths.home} already (process ${holder}). Wait for it, or stop it with \`hum stop\`.`,
          { data: { pid: holder } },
        );
      rmSync(paths.lock, { force: true });
    }
  }
  throw new HumError("locked", `The lock ${paths.lock} cannot be taken; try again.`);
}

/** The living process that holds the lock, null when there is none. */
export function readHolder(paths: HomePaths): number | null {
  try {
    const [pid = "", start = ""] = readFileSync(paths.lock, "utf8").split("\n");
    const number = Number(pid);
    if (!Number.isInteger(number) || number <= 0) return null;
    process.kill(number, 0);
    // A pid is used again after a while: the start time tells whether it is still the same process.
    return start !== "" && startOf(number) !== start ? null : number;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
      ? Number(readFileSync(paths.lock, "utf8").split("\n")[0])
      : null;
  }
}

// Start time of a process in clock ticks since boot, where the platform tells (Linux); a zombie counts as gone.
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "zombie" : (fields[19] ?? "");
  } catch {
    return "";
  }
}
