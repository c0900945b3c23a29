// `hum mcp …`: servers of the Model Context Protocol as devices. What a person approves here is what entities may be
// given: which program is started and what it sees, and the definition of each tool, word by word.

import { mkdir, rm } from "node:fs/promises";
import type { Command } from "commander";
import type { Definition } from "../../device/mcp/definition.ts";
import { detectSandbox } from "../../device/sandbox.ts";
import { HumError } from "../../error.ts";
import { makeHome } from "../../home.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, say, sayJson, tell } from "../io.ts";
import { describeAt, type ServerOptions, toAt } from "../mcp-server.ts";
import { question } from "../prompt.ts";
import { reloadDevices } from "../reload.ts";
import type { Context } from "../run.ts";
import { clean, count, toLine, toTable } from "../text.ts";

/** Adds the commands of MCP servers. */
export function addMcp(program: Command, context: Context): void {
  const mcp = program
    .command("mcp")
    .description("Serve MCP on standard input and output; or add, list, approve, allow, remove servers.")
    .addHelpText(
      "after",
      `
Without a command it is a server for editors and assistants: give them \`hum mcp\` as the command.

Examples:
  hum mcp add notes --net --share ~/notes:rw -- npx -y @modelcontextprotocol/server-filesystem ~/notes
  hum mcp add wiki https://wiki.example.org/mcp --key-env WIKI_TOKEN
  hum mcp ls notes
  hum mcp allow notes read_file

Programs that list \`notes.*\` or \`notes.read_file\` among their tools hold them.`,
    );
  mcp.action(async () => {
    const { io } = context;
    if (io.interactive) {
      say(io, "This speaks MCP on standard input, for programs: give your editor `hum mcp` as the command.");
      return mcp.help();
    }
    const { serveMcp } = await import("../mcp-stdio.ts");
    context.done(await serveMcp(context));
  });
  addAdd(mcp, context);
  addLs(mcp, context);
  addApprove(mcp, context);
  addAllow(mcp, context);
  addLogin(mcp, context);
  addRm(mcp, context);
}

const loadConfig = () => import("../../device/mcp/config.ts");
const loadSurvey = () => import("../../device/mcp/survey.ts");

function addAdd(mcp: Command, context: Context): void {
  const { io } = context;
  const collect = (value: string, all: string[]) => [...all, value];
  mcp
    .command("add")
    .description(
      "Add a server: a program that speaks MCP, or an address. Its tools are pinned as they are now.",
    )
    .argument("<name>", "its name, and that of the device")
    .argument("<command-or-url...>", "the program and its arguments after --, or an address")
    .option("--net", "give the program the network; it has none otherwise")
    .option("--share <folder[:ro|:rw]>", "a folder the program sees; may be given again", collect, [])
    .option("--env <name>", "a variable of your environment it is given; may be given again", collect, [])
    .option("--no-sandbox", "run the program with all your rights")
    .option("--key-env <name>", "the environment variable that holds the key of an address")
    .option("--login", "log in to an address in your browser")
    .action(async (name: string, words: string[], options: ServerOptions) => {
      const { checkName, keepServer, readServers } = await loadConfig();
      const { home } = makeHome(homeOf(io));
      checkName(name);
      if ((await readServers(home)).some((one) => one.name === name))
        throw new HumError(
          "conflict",
          `There is an MCP server ${name} already. \`hum mcp rm ${name}\` first.`,
        );
      const at = toAt(io, words, options);
      const survey = await look(context, { name, at }, { login: options.login === true });
      const { toPinned } = await loadSurvey();
      await keepServer(home, name, { name, at, era: survey.era, tools: toPinned(survey.tools, {}) });
      await reloadDevices(context);
      say(io, `Added ${name}: ${describeAt(at)}.`);
      for (const line of toToolLines(name, survey.tools)) say(io, line);
      for (const why of survey.refused) say(io, `  not used: ${clean(why)}`);
      tell(io, `Each call asks first. \`hum mcp allow ${name} TOOL\` lets a tool run without asking.`);
    });
}

function addLs(mcp: Command, context: Context): void {
  const { io } = context;
  mcp
    .command("ls")
    .description("List the servers, or the tools of one as they were approved.")
    .argument("[name]", "one server")
    .option("--json", "print one JSON document")
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const { findServer, isLocal, readServers } = await loadConfig();
      const home = homeOf(io);
      const servers = name === undefined ? await readServers(home) : [await findServer(home, name)];
      if (options.json) return sayJson(io, name === undefined ? servers : servers[0]);
      if (name !== undefined) return showServer(context, servers[0]!);
      if (servers.length === 0) return say(io, "No MCP servers. `hum mcp add --help` says how to add one.");
      const rows = servers.map((server) => {
        const tools = Object.values(server.tools);
        return [
          server.name,
          String(tools.length),
          String(tools.filter((tool) => tool.allowed).length),
          isLocal(server.at) ? (server.at.sandbox ? "sandbox" : "no sandbox") : "address",
          toLine(isLocal(server.at) ? [server.at.command, ...server.at.args].join(" ") : server.at.url, 80),
        ];
      });
      for (const line of toTable(["NAME", "TOOLS", "ALLOWED", "HOW", "WHERE"], rows, [1, 2])) say(io, line);
    });
}

type Server = import("../../device/mcp/config.ts").McpServer;

async function showServer({ io }: Context, server: Server): Promise<void> {
  const { toLines, toOperationName } = await import("../../device/mcp/definition.ts");
  say(io, `${server.name}: ${describeAt(server.at)}`);
  for (const { definition, allowed } of Object.values(server.tools)) {
    say(io, `${server.name}.${toOperationName(definition.name)} (${allowed ? "allowed" : "asks each time"})`);
    for (const line of toLines(definition)) say(io, `  ${clean(line)}`);
  }
}

function addApprove(mcp: Command, context: Context): void {
  const { io } = context;
  mcp
    .command("approve")
    .description("Look at a server's tools again, and approve what is new or has changed.")
    .argument("<name>", "the server")
    .option("--yes", "approve without a question")
    .addHelpText("after", "\nExample:\n  hum mcp approve notes")
    .action(async (name: string, options: { yes?: boolean }) => {
      const { findServer, keepServer } = await loadConfig();
      const { compareTools, toPinned } = await loadSurvey();
      const home = homeOf(io);
      const server = await findServer(home, name);
      const survey = await look(context, server);
      const differences = compareTools(server.tools, survey.tools);
      for (const why of survey.refused) say(io, `not used: ${clean(why)}`);
      if (differences.length === 0) return say(io, `Nothing changed: ${name} is as you approved it.`);
      for (const { tool, kind, lines } of differences) {
        say(io, `${name}.${clean(tool)} is ${kind}`);
        for (const line of lines) say(io, `  ${clean(line)}`);
      }
      if (!options.yes) {
        if (!io.interactive) {
          context.done(3);
          return tell(
            io,
            `Nothing was approved. \`hum mcp approve ${name} --yes\` approves what is shown here.`,
          );
        }
        const answer = await question(io, "Approve this? y = yes, n = no [n] ", AbortSignal.timeout(waitMs));
        if (!/^y(es)?$/i.test(answer?.trim() ?? "")) {
          context.done(1);
          return say(io, "Nothing was approved.");
        }
      }
      await keepServer(home, name, {
        ...server,
        era: survey.era,
        tools: toPinned(survey.tools, server.tools),
      });
      await reloadDevices(context);
      say(io, `Approved ${count(differences.length, "difference")} of ${name}.`);
    });
}

/** A question at the terminal is given up after so long. */
const waitMs = 60 * 60_000;

function addAllow(mcp: Command, context: Context): void {
  const { io } = context;
  const kinds = [
    { verb: "allow", allowed: true, about: "Let tools run without asking, for all programs that hold them." },
    { verb: "ask", allowed: false, about: "Ask again before each call of these tools." },
  ];
  for (const { verb, allowed, about } of kinds)
    mcp
      .command(verb)
      .description(about)
      .argument("<name>", "the server")
      .argument("<tools...>", "the tools, see `hum mcp ls NAME`")
      .addHelpText("after", `\nExample:\n  hum mcp ${verb} notes read_file`)
      .action(async (name: string, tools: string[]) => {
        const { findServer, keepServer } = await loadConfig();
        const home = homeOf(io);
        const server = await findServer(home, name);
        for (const tool of tools) {
          const pinned = Object.hasOwn(server.tools, tool) ? server.tools[tool] : undefined;
          if (!pinned)
            throw new HumError(
              "not-found",
              `${name} has no approved tool ${tool}. There are: ${Object.keys(server.tools).join(", ") || "none"}.`,
            );
          pinned.allowed = allowed;
        }
        await keepServer(home, name, server);
        await reloadDevices(context);
        const what = allowed ? "run without asking" : "ask before each call";
        say(
          io,
          `${tools.map((tool) => `${name}.${tool}`).join(", ")} ${tools.length === 1 ? `${what.replace(/^(\w+)/, "$1s")}` : what} now.`,
        );
      });
}

function addRm(mcp: Command, context: Context): void {
  const { io } = context;
  mcp
    .command("rm")
    .description("Remove a server; what it kept in its own folder stays unless you say --data.")
    .argument("<name>", "the server")
    .option("--data", "delete its own folder too")
    .action(async (name: string, options: { data?: boolean }) => {
      const { findServer, keepServer } = await loadConfig();
      const { toServerFolder } = await import("../../device/mcp/process.ts");
      const { forgetLogin, toLoginFile } = await import("../../device/mcp/login.ts");
      const home = homeOf(io);
      await findServer(home, name);
      await keepServer(home, name, null);
      await reloadDevices(context);
      const folder = toServerFolder(home, name);
      forgetLogin(toLoginFile(folder));
      if (options.data) await rm(folder, { recursive: true, force: true });
      say(io, `Removed ${name}.${options.data ? "" : ` What it kept is in ${folder}.`}`);
    });
}

function addLogin(mcp: Command, context: Context): void {
  const { io } = context;
  mcp
    .command("login")
    .description("Log in to a server again, in your browser.")
    .argument("<name>", "the server, one that was added with --login")
    .action(async (name: string) => {
      const { findServer, isLocal } = await loadConfig();
      const server = await findServer(homeOf(io), name);
      if (isLocal(server.at) || !server.at.login)
        throw new HumError(
          "bad-input",
          `${name} has no login. \`hum mcp add … --login\` adds a server with one.`,
        );
      await look(context, server, { login: true });
      say(io, `Logged in to ${name}.`);
    });
}

/** Starts or reaches a server once; Ctrl-C gives up. With `login` the person logs in anew. */
async function look(
  context: Context,
  server: Pick<Server, "name" | "at">,
  how: { login: boolean } = { login: false },
) {
  const { io } = context;
  const { surveyServer } = await loadSurvey();
  const interrupt = watchInterrupt(io);
  const home = homeOf(io);
  const login = how.login ? await beginLogin(context, server.name) : null;
  try {
    tell(io, `Looking at ${server.name} …`);
    const options = { home, sandbox: await detectSandbox(), signal: interrupt.signal };
    return await interrupt.race(surveyServer(server, { ...options, ...(login ? { login } : {}) }));
  } finally {
    login?.close();
    interrupt.end();
  }
}

async function beginLogin({ io }: Context, name: string) {
  const { openLogin } = await import("../../device/mcp/login.ts");
  const { toServerFolder } = await import("../../device/mcp/process.ts");
  const folder = toServerFolder(homeOf(io), name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return openLogin(name, folder, (url) =>
    tell(io, `Log in at this address, in your browser:\n  ${clean(url.href)}`),
  );
}

function toToolLines(name: string, tools: readonly Definition[]): string[] {
  return toTable(
    ["TOOL", "ABOUT"],
    tools.map((tool) => [
      `${name}.${tool.name.replaceAll(/[./]/g, "_")}`,
      toLine(tool.description ?? tool.title ?? "", 90),
    ]),
  ).map((line) => `  ${line}`);
}
