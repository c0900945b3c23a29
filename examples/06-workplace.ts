// The workplace in process: a person mentions a colleague in a channel; the stream tells what comes of it.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScripted, startHum, startWorkplace } from "@hum-os/os";

const lines = ["```bash\necho milk > list.txt\n```", "```done\nThe list is in list.txt.\n```"];
const hum = await startHum({
  home: mkdtempSync(join(tmpdir(), "hum-")),
  openModel: async () => createScripted((_request, index) => lines[index] ?? "```done\nover\n```"),
});
const workplace = await startWorkplace(hum);
const stop = new AbortController();
await workplace.post("Ada", { channel: "general", text: "@worker Write a list to list.txt" });
for await (const event of workplace.follow("Ada", 0, stop.signal)) {
  if (event.type === "post") console.log(`${event.post.from.name}: ${event.post.text}`, event.post.files);
  if (event.type === "thread") console.log(`  the task is ${event.thread.state}`);
  if (event.type === "thread" && event.thread.state === "complete") stop.abort();
}
await hum.stop();
