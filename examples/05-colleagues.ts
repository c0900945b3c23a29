// Two entities: one starts the other, sleeps until it has ended (without a model call), and uses what it found.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScripted, startHum } from "@hum-os/os";

const home = mkdtempSync(join(tmpdir(), "hum-"));
for (const [name, tools] of [
  ["lead", "[spawn, wait, done]"],
  ["clerk", "[bash, done]"],
] as const) {
  mkdirSync(join(home, "programs", name), { recursive: true });
  const text = `---\nname: ${name}\ndescription: An example.\ntools: ${tools}\n---\nYou are the ${name}.\n`;
  writeFileSync(join(home, "programs", name, "PROGRAM.md"), text);
}
const scripts: Record<string, string[]> = {
  "1": [
    "```spawn clerk\nCount the files here.\n```",
    "```wait 2\n```",
    "```done\nThe clerk counted them.\n```",
  ],
  "2": ["```bash\nls | wc -l\n```", "```done\nThere are none.\n```"],
};
const openModel = async () => createScripted((request, index) => scripts[request.process]?.[index] ?? "");
const hum = await startHum({ home, openModel });
await hum.inbox.task({ task: "Have the files counted.", owner: "Ada", program: "lead" });
await hum.dispatch.idle();
for (const { pid, name, outcome } of hum.machine.state.entities.values()) console.log(pid, name, outcome);
await hum.stop();
