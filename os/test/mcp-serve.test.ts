// Hum as an MCP server, met by the official client: over standard input and output of a real `hum mcp`, and over HTTP.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  Client,
  type ClientOptions,
  type Progress,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { createMcpHandlerFor } from "../src/workplace/mcp/http.ts";
import { createHumServers } from "../src/workplace/mcp/server.ts";
import type { Station } from "../src/workplace/mcp/station.ts";
import { openPlace, type Place, until } from "./fixtures/cli-kit.ts";
import { shipped } from "./fixtures/scripts.ts";

const entry = fileURLToPath(new URL("fixtures/hum.ts", import.meta.url));

interface Met {
  client: Client;
  call(
    name: string,
    args?: Record<string, unknown>,
    options?: Parameters<Client["callTool"]>[1],
  ): Promise<Answer>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Structured {
  pid: number;
  state: string;
  files: string[];
  label: unknown;
  waitsFor: { kind: string };
  pages: { kind: string; label?: { origins: string[] } }[];
  processes: unknown[];
}

interface Answer {
  text: string;
  isError: boolean;
  data: Structured;
  label: unknown;
}

/** A client of the house's server, as a child process. */
async function meet(
  place: Place,
  options: ClientOptions = {},
  env: Record<string, string> = {},
): Promise<Met> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", entry, "mcp"],
    env: { ...(place.env as Record<string, string>), ...env },
    cwd: place.folder,
    stderr: "ignore",
  });
  const client = new Client(
    { name: "test", version: "1" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } }, ...options },
  );
  await client.connect(transport);
  return toMet(client);
}

function toMet(client: Client): Met {
  return {
    client,
    async call(name, args = {}, options = {}) {
      const result = await client.callTool({ name, arguments: args }, options);
      return {
        text: result.content.map((block) => (block.type === "text" ? block.text : "")).join("\n"),
        isError: result.isError === true,
        data: result.structuredContent as unknown as Structured,
        label: result._meta?.["hum/label"],
      };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

test("a client lists the tools, gives a task with a folder, hears of its steps and gets the answer", async () => {
  await using place = await openPlace();
  await using met = await meet(place);
  const { tools } = await met.client.listTools();
  const asks = [...shipped, "tester"].map((name) => `ask_${name}`);
  const all = [...asks, "list_processes", "process", "search", "send", "stop"].sort();
  assert.deepEqual(tools.map((tool) => tool.name).sort(), all);
  const steps: Progress[] = [];
  const answer = await met.call(
    "ask_tester",
    { task: "list things and tell Ada", folder: place.folder },
    { onprogress: (step) => steps.push(step) },
  );
  assert.match(answer.text, /^The list is in list\.txt; it has 2 lines\.\n\[untrusted: made from /);
  assert.deepEqual([answer.data.pid, answer.data.state, answer.data.files], [1, "complete", ["list.txt"]]);
  assert.equal(await readFile(join(place.folder, "list.txt"), "utf8"), "milk\nbread\n");
  assert.ok(steps.length > 0 && steps.every((step, i) => i === 0 || step.progress > steps[i - 1]!.progress));
  assert.match(steps[0]!.message ?? "", /^pid 1 /);
});

test("[P8] each answer carries the label of what went into it", async () => {
  await using place = await openPlace();
  await using met = await meet(place);
  const answer = await met.call("ask_tester", { task: "hello", folder: place.folder });
  const label = answer.label as { integrity: string; origins: string[] };
  assert.equal(label.integrity, "untrusted");
  assert.ok(
    label.origins.some((origin) => origin.startsWith("file:")),
    String(label.origins),
  );
  assert.deepEqual(answer.data.label, answer.label);
  assert.equal(((await met.call("list_processes")).label as { integrity: string }).integrity, "entity");
});

test("[P8] what a client says is its own words and not the person's, in a task and in a message", async () => {
  await using place = await openPlace();
  await using met = await meet(place);
  await met.call("ask_tester", { task: "nap a while", wait_seconds: 0 });
  await met.call("send", { pid: 1, text: "Hurry." });
  const { pages } = (await met.call("process", { pid: 1 })).data;
  const origins = pages
    .filter((page) => page.kind === "task" || page.kind === "dialogue")
    .map((page) => page.label?.origins.includes("mcp-client:test"));
  assert.ok(origins.length >= 2 && origins[0] && origins.at(-1), JSON.stringify(pages));
});

test("list_processes, process, send, stop and search do what they say", async () => {
  await using place = await openPlace();
  await using met = await meet(place);
  const nap = await met.call("ask_tester", { task: "nap a while", wait_seconds: 0 });
  assert.deepEqual([nap.data.state, nap.isError], ["active", false]);
  await until(async () => (await met.call("list_processes")).text.includes("waiting(timer)"), "the nap");
  assert.match(
    (await met.call("list_processes")).text,
    /^1 tester waiting\(timer\): nap a while \(waits for timer\)$/,
  );
  const process = await met.call("process", { pid: 1 });
  assert.match(
    process.text,
    /^tester \(pid 1\) is waiting\(timer\)\.\nIt waits for timer\.\nIts task: nap a while/,
  );
  assert.ok(process.data.pages.some((page: { kind: string }) => page.kind === "task"));
  assert.equal((await met.call("send", { pid: 1, text: "Hurry." })).text, "Sent to pid 1.");
  assert.equal((await met.call("stop", { pid: 1 })).text, "Ended pid 1.");
  const gone = await met.call("stop", { pid: 1 });
  assert.deepEqual([gone.isError, gone.text], [true, "tester (pid 1) has ended already (killed)."]);
  assert.equal((await met.call("list_processes")).text, "Nothing is at work.");
  assert.equal((await met.call("list_processes", { ended: true })).data.processes.length, 1);
  assert.match(
    (await met.call("search", { words: "invoice" })).text,
    /Nothing in the archive speaks of "invoice"/,
  );
  assert.match((await met.call("process", { pid: 99 })).text, /There is no entity 99/);
});

test("wrong arguments, unknown programs and folders are answers, not the end of the line", async () => {
  await using place = await openPlace();
  await using met = await meet(place);
  const wrong = await met.call("ask_tester", { task: "hello", folder: "/none/such" });
  assert.deepEqual([wrong.isError, wrong.text], [true, "The folder /none/such does not exist."]);
  assert.equal((await met.call("ask_tester", { task: "" })).isError, true);
  await assert.rejects(met.call("ask_nobody", { task: "hello" }));
  assert.equal((await met.call("ask_tester", { task: "hello" })).isError, false);
});

test("[P7] a client that gives up a call ends its entity; one whose line breaks does not", async () => {
  await using place = await openPlace();
  const met = await meet(place);
  const controller = new AbortController();
  const call = met.call("ask_tester", { task: "nap a while" }, { signal: controller.signal });
  await until(async () => (await met.call("list_processes")).text.includes("waiting(timer)"), "the nap");
  controller.abort();
  await assert.rejects(call);
  await until(async () => (await met.call("list_processes")).text === "Nothing is at work.", "its end");
  assert.match((await met.call("process", { pid: 1 })).text, /killed by kim's client/);
  void met.call("ask_tester", { task: "nap again" }).catch(() => {});
  await until(
    async () => (await met.call("list_processes")).text.includes("waiting(timer)"),
    "the second nap",
  );
  await met.client.close();
  await using other = await meet(place);
  assert.match((await other.call("list_processes")).text, /^2 tester .*nap again/);
});

test("[P7] an effect that nobody granted waits for the person; a client cannot approve it", async () => {
  await using place = await openPlace();
  await using met = await meet(place);
  const answer = await met.call("ask_tester", { task: "web please" });
  assert.deepEqual([answer.data.state, answer.isError], ["awaitingInput", false]);
  assert.equal(answer.data.waitsFor.kind, "approval");
  assert.match(
    answer.text,
    /The entity 1 waits for your yes to http\.get: it reaches 127\.0\.0\.1:9.*`hum approve a-1\.1`/,
  );
  assert.match((await met.call("list_processes")).text, /waits for the person's yes to http\.get/);
  const { tools } = await met.client.listTools();
  assert.ok(!tools.some((tool) => /approve|answer|grant/.test(tool.name)));
  await place.inside(["deny", "a-1.1"]).ended;
  await until(async () => (await met.call("process", { pid: 1 })).text.includes("Tried."), "its end");
});

test("[P7] a client that can ask its user shows the question; what it says is no yes", async () => {
  await using place = await openPlace();
  const asked: string[] = [];
  await using met = await meet(place, {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  });
  met.client.setRequestHandler("elicitation/create", (request) => {
    asked.push(request.params.message);
    return { action: "accept", content: { answered: true } };
  });
  const answer = await met.call("ask_tester", { task: "web please" });
  assert.equal(asked.length, 1);
  assert.match(asked[0]!, /waits for your yes to http\.get.*Look at it and answer in Hum.*Then go on here\./);
  assert.equal(answer.data.state, "awaitingInput", "an accepted form is not an approval");
  assert.match((await place.inside(["approvals"]).ended).out, /a-1\.1/);
});

test("a question of an entity goes to the client's user and back", async () => {
  await using place = await openPlace();
  await using met = await meet(place, {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  });
  met.client.setRequestHandler("elicitation/create", (request) => {
    assert.match(request.params.message, /The entity 1 of Hum asks you: Which list\?/);
    return { action: "accept", content: { answer: "the long one" } };
  });
  const answer = await met.call("ask_tester", { task: "question me" });
  assert.match(answer.text, /^You said the long one\./);
});

test("resources and prompts: an entity, its pages, and a prompt for each program", async () => {
  await using place = await openPlace();
  await using met = await meet(place);
  await met.call("ask_tester", { task: "nap a while", wait_seconds: 0 });
  const { resources } = await met.client.listResources();
  assert.deepEqual(
    resources.map((one) => [one.uri, one.name]),
    [["hum://process/1", "tester (pid 1)"]],
  );
  const [entity] = (await met.client.readResource({ uri: "hum://process/1" })).contents;
  const { pages } = JSON.parse((entity as { text: string }).text);
  const task = pages.find((page: { kind: string }) => page.kind === "task");
  const [page] = (await met.client.readResource({ uri: `hum://process/1/page/${task.id}` })).contents;
  assert.match((page as { text: string }).text, /Task: nap a while/);
  for (const uri of ["hum://process/9", "hum://process/1/page/99", "hum://process/x", "hum://nothing"])
    await assert.rejects(met.client.readResource({ uri }), uri);
  const { prompts } = await met.client.listPrompts();
  assert.deepEqual(prompts.map((prompt) => prompt.name).sort(), [...shipped, "tester"].sort());
  const { messages } = await met.client.getPrompt({ name: "tester", arguments: { task: "Count." } });
  assert.match((messages[0]!.content as { text: string }).text, /the tool ask_tester.*\n\nCount\.$/s);
});

test("a client of 2025 is served alike", async () => {
  await using place = await openPlace();
  await using met = await meet(place, { versionNegotiation: { mode: "legacy" } });
  assert.equal(met.client.getProtocolEra(), "legacy");
  assert.match((await met.call("ask_tester", { task: "hello" })).text, /^Hello\./);
});

test("[P7] a machine at work is used, and its stop ends no entity", async () => {
  await using place = await openPlace();
  const daemon = place.start(["start", "--no-web"]);
  await daemon.sees("listens at");
  await using met = await meet(place);
  assert.match((await met.call("ask_tester", { task: "hello" })).text, /^Hello\./);
  void met.call("ask_tester", { task: "nap a while" }).catch(() => {});
  await until(async () => (await met.call("list_processes")).text.includes("waiting(timer)"), "the nap");
  await place.hum("stop");
  await daemon.ended;
  assert.match((await place.inside(["ps"]).ended).out, /waiting\(timer\)/);
});

test("over HTTP: both years, a call that is given up, and a stop that ends nothing", async () => {
  const killed: number[] = [];
  let follows = 0;
  const station = {
    look: async () => ({ seq: 0, halted: false, entities: [], approvals: [], mail: [] }),
    task: async () => ({ pid: 7, name: "worker", folder: "/" }),
    kill: async (pid: number) => void killed.push(pid),
    async *follow(_request: unknown, signal: AbortSignal) {
      follows += 1;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  } as unknown as Station;
  const programs = () => [{ name: "worker", description: "Works." }];
  const handler = createMcpHandlerFor({ station, person: "kim", programs });
  const open = async (mode: "legacy" | "auto") => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    const fetch = (url: string | URL, init?: RequestInit) => handler.fetch(new Request(url, init));
    await client.connect(new StreamableHTTPClientTransport(new URL("http://127.0.0.1/mcp"), { fetch }));
    return toMet(client);
  };
  for (const mode of ["auto", "legacy"] as const) {
    const met = await open(mode);
    assert.equal(met.client.getProtocolEra(), mode === "auto" ? "modern" : "legacy");
    assert.equal((await met.client.listTools()).tools.length, 6);
    const controller = new AbortController();
    const before = follows;
    const call = met.call("ask_worker", { task: "work" }, { signal: controller.signal });
    await until(() => follows > before, "the call");
    controller.abort();
    await assert.rejects(call);
    await until(() => killed.length > 0, "its end");
    assert.deepEqual(killed.splice(0), [7], mode);
    await met.client.close();
  }
  const met = await open("auto");
  const before = follows;
  void met.call("ask_worker", { task: "work" }).catch(() => {});
  await until(() => follows > before, "the call");
  await handler.close();
  await met.client.close();
  assert.deepEqual(killed, []);
});

test("[P7] the machine's own address serves MCP to whoever has the token, and to no page of another origin", async () => {
  await using place = await openPlace();
  const daemon = place.start(["start", "--no-open", "--port", "0"]);
  const port = await new Promise<string>((resolve) => {
    let seen = "";
    for (const stream of [daemon.child.stdout!, daemon.child.stderr!])
      stream.on("data", (text: string) => {
        seen += text;
        const found = /127\.0\.0\.1:(\d+)/.exec(seen);
        if (found) resolve(found[1] as string);
      });
  });
  const token = (await readFile(join(place.home, "token"), "utf8")).trim();
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  const open = async (headers: Record<string, string>, mode: "auto" | "legacy" = "auto") => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
    return toMet(client);
  };
  await assert.rejects(open({}));
  await assert.rejects(open({ authorization: "Bearer wrong" }));
  await assert.rejects(open({ authorization: `Bearer ${token}`, origin: "http://evil.example" }));
  for (const mode of ["auto", "legacy"] as const) {
    await using met = await open({ authorization: `Bearer ${token}` }, mode);
    const steps: Progress[] = [];
    const answer = await met.call(
      "ask_tester",
      { task: "hello" },
      { onprogress: (step) => steps.push(step) },
    );
    assert.match(answer.text, /^Hello\./);
    assert.ok(steps.length > 0, mode);
  }
  await place.hum("stop");
  await daemon.ended;
});

test("[P7] what a client carries for a question is signed: another's or a changed one is refused", async () => {
  const station = {
    look: async () => ({ seq: 0, halted: false, entities: [], approvals: [], mail: [] }),
  } as unknown as Station;
  const programs = () => [{ name: "worker", description: "Works." }];
  const handler = createMcpHandlerFor({ station, person: "kim", programs });
  assert.equal(typeof createHumServers({ station, person: "kim", programs }), "function");
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "x", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const forged = `v1.${Buffer.from(JSON.stringify({ p: { pid: 1 }, exp: 9e9 })).toString("base64url")}.AAAA`;
  const response = await handler.fetch(
    new Request("http://127.0.0.1/mcp", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "ask_worker",
      },
      body: JSON.stringify({
        ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
        params: {
          name: "ask_worker",
          arguments: { task: "x" },
          requestState: forged,
          inputResponses: {},
          _meta: meta,
        },
      }),
    }),
  );
  assert.match(await response.text(), /Invalid or expired requestState/);
  await handler.close();
});
