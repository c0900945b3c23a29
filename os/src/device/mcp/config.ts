// Which MCP servers a home knows, in `mcp.json`: how each is started or reached, and the definitions of its tools as a
// person approved them. Only `hum mcp add`, `approve` and `rm` write it. No key stands in it: a key is named by the
// environment variable that holds it.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HumError, toMessage } from "../../error.ts";
import { type Definition, hashDefinition } from "./definition.ts";

/** A tool that a person approved. */
export interface PinnedTool {
  hash: string;
  definition: Definition;
  /** The person allowed it for good: it does not ask each time. */
  allowed: boolean;
}

/** A program on this machine that speaks MCP on its standard input and output. */
export interface LocalServer {
  command: string;
  args: string[];
  /** Names of environment variables of the machine that it is given; nothing else of the environment is. */
  env: string[];
  /** Folders and files that it sees beside the system. */
  shares: { path: string; write: boolean }[];
  net: boolean;
  /** False only when the person said so: it has all the rights of the person then. */
  sandbox: boolean;
}

/** A server reached over HTTP. */
export interface RemoteServer {
  url: string;
  /** The environment variable that holds its bearer token. */
  keyEnv: string | null;
  /** The person logs in to it in a browser. */
  login: boolean;
}

/** One server. */
export interface McpServer {
  name: string;
  at: LocalServer | RemoteServer;
  /** Which of the two ways of beginning it knows, found out when it was added. */
  era: "modern" | "legacy";
  tools: Record<string, PinnedTool>;
}

/** Names of devices that a server must not take. */
const reserved = new Set([
  ...["files", "folder", "terminal", "clock", "http", "web", "browser", "code", "voice", "eyes"],
  ...["canvas", "robot", "mcp", "hum", "host", "peer", "mail", "calendar", "speech"],
]);

const nameForm = /^[a-z][a-z0-9-]{0,31}$/;

const schema = z.strictObject({
  servers: z.record(
    z.string().regex(nameForm),
    z.strictObject({
      at: z.union([
        z.strictObject({
          command: z.string().min(1),
          args: z.array(z.string()),
          env: z.array(z.string()),
          shares: z.array(z.strictObject({ path: z.string(), write: z.boolean() })),
          net: z.boolean(),
          sandbox: z.boolean(),
        }),
        z.strictObject({ url: z.url(), keyEnv: z.string().nullable(), login: z.boolean().default(false) }),
      ]),
      era: z.enum(["modern", "legacy"]),
      tools: z.record(
        z.string(),
        z.strictObject({
          hash: z.string(),
          definition: z.looseObject({ name: z.string() }),
          allowed: z.boolean(),
        }),
      ),
    }),
  ),
});

/** True for a server that is started here, false for one reached over HTTP. */
export function isLocal(at: McpServer["at"]): at is LocalServer {
  return "command" in at;
}

/** A name as a person gives it. Throws `bad-input` for one that cannot be used. */
export function checkName(name: string): string {
  if (!nameForm.test(name))
    throw new HumError(
      "bad-input",
      `"${name}" cannot be the name of a server: small letters, digits and -, at most 32, beginning with a letter.`,
    );
  if (reserved.has(name))
    throw new HumError("bad-input", `The name ${name} belongs to a device of Hum. Choose another.`);
  return name;
}

/** The servers of a home, by name. Throws `damaged` when the file cannot be read as what it is. */
export async function readServers(home: string): Promise<McpServer[]> {
  const file = toFile(home);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    const { servers } = schema.parse(JSON.parse(text));
    return Object.entries(servers).map(([name, server]) => {
      const tools = server.tools as unknown as Record<string, PinnedTool>;
      for (const [tool, pinned] of Object.entries(tools))
        if (hashDefinition(pinned.definition) !== pinned.hash)
          throw new Error(`the definition of ${name}.${tool} does not match its hash`);
      return { ...server, name: checkName(name), tools };
    });
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll("\n", " ") : toMessage(cause);
    throw new HumError(
      "damaged",
      `${file} is wrong: ${why}. Mend it, or delete it and add the servers again.`,
      { cause },
    );
  }
}

/** One server. Throws `not-found` with the names there are. */
export async function findServer(home: string, name: string): Promise<McpServer> {
  const servers = await readServers(home);
  const server = servers.find((one) => one.name === name);
  if (server) return server;
  const known = servers.map((one) => one.name).join(", ") || "none";
  throw new HumError("not-found", `There is no MCP server ${name}. There are: ${known}.`);
}

/** Keeps a server in place of the one of its name; null takes it away. */
export async function keepServer(home: string, name: string, server: McpServer | null): Promise<void> {
  const servers = (await readServers(home)).filter((one) => one.name !== name);
  if (server) servers.push(server);
  servers.sort((a, b) => (a.name < b.name ? -1 : 1));
  const value = {
    servers: Object.fromEntries(servers.map(({ name: key, ...rest }) => [key, rest])),
  };
  await mkdir(home, { recursive: true, mode: 0o700 });
  const draft = `${toFile(home)}.${randomUUID()}.draft`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, toFile(home));
}

const toFile = (home: string): string => join(home, "mcp.json");
