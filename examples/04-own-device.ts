// A device of your own: operations with typed arguments and a declared effect, behind the same broker as all others.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScripted, defineDevice, defineOperation, startHum, toLabel } from "@hum-os/os";
import { z } from "zod";

const lamp = defineDevice({
  name: "lamp",
  operations: {
    set: defineOperation<{ on: boolean }>({
      about: "switches the lamp",
      args: z.object({ on: z.boolean() }),
      effect: "physical",
      sinks: { on: "what" },
      run: async ({ on }) => ({
        ok: true,
        text: `The lamp is ${on ? "on" : "off"}.`,
        label: toLabel("kernel"),
      }),
    }),
  },
});

const home = mkdtempSync(join(tmpdir(), "hum-"));
mkdirSync(join(home, "programs", "keeper"), { recursive: true });
const program =
  "---\nname: keeper\ndescription: Keeps the light.\ntools: [lamp.set, done]\n---\nYou keep the light.\n";
writeFileSync(join(home, "programs", "keeper", "PROGRAM.md"), program);
const lines = ['```lamp.set\n{"on": true}\n```', "```done\nThe light is on.\n```"];
const openModel = async () => createScripted((_request, index) => lines[index] ?? "");
const hum = await startHum({ home, devices: [lamp], openModel });
const entity = await hum.inbox.task({ task: "Light the lamp.", owner: "Ada", program: "keeper" });
await hum.dispatch.idle();
// What moves something in the world is asked first; the yes is for exactly this payload.
for (const approval of hum.machine.state.approvals.values()) {
  console.log("asked:", approval.what, approval.payload);
  await hum.inbox.answer(approval.id, "approved", "Ada");
}
await hum.dispatch.idle();
console.log(entity.outcome);
await hum.stop();
