// The same machine on a scripted model: what tests use. No weights, no waiting, the same every time.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScripted, startHum } from "@hum-os/os";

const lines = ["```bash\necho 6 times 7 is $((6 * 7)) > sum.txt\n```", "```done\nIt is in sum.txt.\n```"];
const hum = await startHum({
  home: mkdtempSync(join(tmpdir(), "hum-")),
  openModel: async () => createScripted((_request, index) => lines[index] ?? "```done\nover\n```"),
});
const entity = await hum.inbox.task({ task: "Write 6 times 7 to sum.txt.", owner: "Ada" });
await hum.dispatch.idle();
console.log(entity.outcome);
await hum.stop();
