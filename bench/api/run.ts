// Property-based tests of the served document against the real server, by schemathesis: requests that fit the document
// and requests that do not, examples, and chains of requests. The server is a process of its own with a played model, in a
// home that holds a channel with posts, threads, files, entities and what waits for a yes.
//
//   python3 -m venv VENV && VENV/bin/pip install schemathesis==4.32.5
//   node bench/api/run.ts VENV/bin/st [--max-time SECONDS] [more options of st run]

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { saveTester } from "../../web/test/kit/play.ts";
import { type RealHum, startReal, until } from "../../web/test/kit/real.ts";

interface Row {
  shown: string;
  ended: boolean;
}

/** Things of each kind, so that ids in requests can be right ones. */
async function furnish(hum: RealHum): Promise<void> {
  await saveTester(hum);
  await hum.ask("POST", "/channels", { name: "fuzz", about: "A place to be written into." });
  await hum.ask("POST", "/channels/general/posts", { text: "A post that starts nobody." });
  for (const word of ["list", "fetch", "question"])
    await hum.ask("POST", "/channels/general/posts", { text: `@tester ${word} please` });
  await hum.ask("PUT", "/triggers/yearly", {
    ...{ name: "yearly", when: { kind: "cron", cron: "0 5 1 1 *" }, program: "tester", task: "list" },
    ...{ channel: "general", enabled: true },
  });
  await until(async () => {
    const rows = await hum.ask<Row[]>("GET", "/processes?ended=true");
    return rows.length >= 3 && rows.every((row) => row.ended || row.shown.startsWith("waiting"));
  }, "three colleagues who are done or wait");
}

const [given, ...more] = process.argv.slice(2);
if (!given) throw new Error("Name the program `st` of schemathesis.");
const program = resolve(given);
// The check for wrong tokens tries more of them in a minute than the server answers.
process.env.HUM_TEST_GUESSES = "1000000";
const hum = await startReal();
let code = 1;
try {
  await furnish(hum);
  const origin = `http://127.0.0.1:${hum.port}`;
  const token = new URLSearchParams(new URL(hum.address).hash.slice(1)).get("token");
  const child = spawn(
    program,
    [
      ...["--config-file", new URL("schemathesis.toml", import.meta.url).pathname],
      ...["run", `${origin}/openapi.json`, "--header", `Authorization: Bearer ${token}`],
      ...["--checks", "all", "--continue-on-failure", "--seed", "1", "--request-timeout", "20", ...more],
    ],
    // It keeps notes where it runs; the home goes away with them.
    { stdio: "inherit", cwd: hum.home },
  );
  code = await new Promise<number>((resolve) => child.once("exit", (status) => resolve(status ?? 1)));
  const look = await hum.ask<{ seq: number }>("GET", "/look");
  console.log(`The server still answers; its journal has ${look.seq} records.`);
} finally {
  const said = hum.output().split("\n").slice(1).join("\n").trim();
  if (said !== "") console.log(`The server said:\n${said.slice(0, 4000)}`);
  await hum.end();
}
process.exitCode = code;
