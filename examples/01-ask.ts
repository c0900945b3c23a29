// Starts Hum in its usual home and has an entity do a task with the embedded model. Run: npm run example 01
import { findHome, startHum } from "@hum-os/os";

const hum = await startHum({ home: findHome() });
const entity = await hum.inbox.task({
  task: "Add up the amounts in sales.csv, write the total to total.txt and tell me.",
  owner: "Ada",
  folder: "examples/desk",
});
await hum.dispatch.idle();
console.log(entity.outcome?.text);
await hum.stop();
