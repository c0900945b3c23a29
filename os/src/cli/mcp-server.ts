// Reads how an MCP server is started or reached, as a person types it. What a program needs to be found in the sandbox is
// shared with it for reading: where it lies itself, and the files and folders that its arguments name. The person's whole
// home is never shared by that.

import { existsSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import type { LocalServer, McpServer } from "../device/mcp/config.ts";
import type { Share } from "../entity/authority.ts";
import { HumError } from "../error.ts";
import type { Io } from "./io.ts";
import { toShare } from "./people.ts";
import { clean } from "./text.ts";

/** What `hum mcp add` is told. */
export interface ServerOptions {
  net?: boolean;
  share: string[];
  env: string[];
  sandbox: boolean;
  keyEnv?: string;
  login?: boolean;
}

/** How the server is started or reached. Throws `bad-input`. */
export function toAt(io: Io, words: readonly string[], options: ServerOptions): McpServer["at"] {
  const [first = "", ...rest] = words;
  for (const name of [...options.env, ...(options.keyEnv === undefined ? [] : [options.keyEnv])])
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new HumError("bad-input", `"${name}" is no name of an environment variable.`);
  if (/^https?:\/\//i.test(first)) return toRemote(first, rest, options);
  if (/^[a-z]+:\/\//i.test(first))
    throw new HumError("bad-input", `${first} cannot be reached: give an address with http or https.`);
  if (options.login)
    throw new HumError("bad-input", "--login is for an address; a program is given variables with --env.");
  if (options.keyEnv !== undefined)
    throw new HumError("bad-input", "--key-env is for an address; a program is given variables with --env.");
  return toLocal(io, [first, ...rest], options);
}

function toRemote(url: string, rest: readonly string[], options: ServerOptions): McpServer["at"] {
  if (rest.length > 0)
    throw new HumError("bad-input", `An address has no arguments: what is "${rest.join(" ")}" for?`);
  if (!URL.canParse(url) || new URL(url).username !== "")
    throw new HumError("bad-input", `${url} is not an address that can be used. Give keys with --key-env.`);
  if (options.login && options.keyEnv !== undefined)
    throw new HumError("bad-input", "Either --login or --key-env, not both.");
  return { url: new URL(url).href, keyEnv: options.keyEnv ?? null, login: options.login === true };
}

function toLocal(io: Io, [typed = "", ...args]: readonly string[], options: ServerOptions): LocalServer {
  const command = findCommand(io, typed);
  const seen: Share[] = options.share.map((share) => toShare(io, share));
  const add = (path: string) => {
    if (!seen.some((share) => isInside(path, share.path))) seen.push({ path, write: false });
  };
  if (command.includes("/")) for (const folder of toProgramFolders(io, command)) add(folder);
  const full = args.map((arg) => toArgument(io, arg));
  for (const { path } of full) if (path !== null) add(toReadable(io, path));
  return {
    command,
    args: full.map((one) => one.text),
    env: options.env,
    shares: options.sandbox ? seen.filter((share) => !isCovered(share, seen)) : [],
    net: options.net === true,
    sandbox: options.sandbox,
  };
}

/** Folders that every sandbox sees. */
const system = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/nix/store", "/gnu/store"];

const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const isSystem = (path: string): boolean => system.some((folder) => isInside(path, folder));

/** Whether a folder that is only read is part of another one. */
const isCovered = (share: Share, all: readonly Share[]): boolean =>
  !share.write && all.some((other) => other.path !== share.path && isInside(share.path, other.path));

/** The program as it can be started in the sandbox: by its name where the system has it, else by its whole path. */
function findCommand(io: Io, typed: string): string {
  const candidates = typed.includes("/")
    ? [resolve(io.cwd, typed)]
    : (io.env.PATH ?? "").split(delimiter).map((folder) => join(folder || io.cwd, typed));
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (!found)
    throw new HumError("bad-input", `There is no program ${typed}. Write its name or path after --.`);
  return isSystem(found) && !typed.includes("/")
    ? typed
    : join(realpathSync(dirname(found)), basename(found));
}

/** What a program outside the system needs of its surroundings: where it lies, and where it really lies. */
function toProgramFolders(io: Io, command: string): string[] {
  const toOuter = (folder: string) =>
    basename(folder) === "bin" && !holdsHome(io, dirname(folder)) ? dirname(folder) : folder;
  return [command, realpathSync(command)]
    .filter((path) => !isSystem(path))
    .map((path) => findPackage(io, path) ?? toReadable(io, toOuter(dirname(path))));
}

/** The outermost package that a file is part of: in a work space the modules of all packages lie there. */
function findPackage(io: Io, path: string): string | null {
  let outer: string | null = null;
  for (let at = dirname(path); at !== dirname(at) && !holdsHome(io, at); at = dirname(at))
    if (["package.json", "pyproject.toml"].some((name) => existsSync(join(at, name)))) outer = at;
  return outer;
}

/** An argument; one that names something that is there becomes its whole path. */
function toArgument(io: Io, text: string): { text: string; path: string | null } {
  const home = io.env.HOME ?? homedir();
  const typed = text.startsWith("~/") ? join(home, text.slice(2)) : text;
  const path = resolve(io.cwd, typed);
  // A single word such as `start` is more likely a word than the file of that name; a path has a slash or an ending.
  const isPath = typed !== "" && !typed.startsWith("-") && /[/.]/.test(typed) && existsSync(path);
  if (!isPath) return { text: typed, path: null };
  const real = realpathSync(path);
  return { text: real, path: isSystem(real) ? null : real };
}

/** What is shared so that something can be used: its package, else its folder, else itself. */
function toReadable(io: Io, path: string): string {
  if (statSync(path).isDirectory()) {
    if (holdsHome(io, path))
      throw new HumError("bad-input", `${path} is not shared as a whole: choose a smaller folder.`);
    return path;
  }
  return findPackage(io, path) ?? (holdsHome(io, dirname(path)) ? path : dirname(path));
}

/** Whether a folder is the person's home, or one around it. */
function holdsHome(io: Io, folder: string): boolean {
  const home = io.env.HOME ?? homedir();
  return folder === "/" || isInside(existsSync(home) ? realpathSync(home) : home, folder);
}

/** How a server is started or reached, in one sentence for people. */
export function describeAt(at: McpServer["at"]): string {
  if ("url" in at)
    return clean(
      `${at.url}${at.login ? ", with a login" : ""}${at.keyEnv === null ? "" : ` with the key in ${at.keyEnv}`}`,
    );
  const command = clean([at.command, ...at.args].join(" "));
  if (!at.sandbox) return `${command}, with all your rights`;
  const shares = at.shares.map((share) => `${share.path}${share.write ? " (may change it)" : ""}`);
  const sees = shares.length === 0 ? "" : `, sees ${shares.map(clean).join(", ")}`;
  return `${command}, in the sandbox ${at.net ? "with" : "without"} the network${sees}`;
}
