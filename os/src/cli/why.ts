// Why an entity is not running, in one sentence with what to do about it.

import type { EntityRow, Look } from "../workplace/door.ts";
import { toLine, toTime } from "./text.ts";

/** The reason. */
export function toWhy(look: Look, row: EntityRow): string {
  const who = `${row.name} (pid ${row.pid})`;
  if (row.outcome) return `${who} has ended: ${row.outcome.kind}. ${toLine(row.outcome.text, 200)}`.trim();
  if (look.halted)
    return `${who} stands still: everything was stopped. \`hum resume --all\` lets work begin again.`;
  if (row.paused) return `${who} is paused. \`hum resume ${row.pid}\` lets it go on.`;
  if (row.state === "waiting") return toWaiting(look, row, who);
  if (!look.machine) return `${who} is ready, and no machine runs. \`hum start\` goes on with it.`;
  const job = look.jobs.find((one) => one.pid === row.pid);
  if (row.open) return `${who} runs: ${row.open.name} is at work.`;
  if (!job) return `${who} runs.`;
  const as = job.as ? ` It is ahead of its class: ${job.as}.` : "";
  if (job.state === "running") return `${who} runs: the model writes (${job.tokens} tokens so far).${as}`;
  return `${who} is ${job.state}: ${job.why}.${as}`;
}

function toWaiting(look: Look, row: EntityRow, who: string): string {
  const { waiting } = row;
  switch (waiting?.on) {
    case "message": {
      const asked = look.mail.findLast((mail) => mail.pid === row.pid);
      const what = asked ? ` It asked ${asked.to}: ${toLine(asked.text, 160)}` : "";
      return `${who} waits for a message.${what} Answer with \`hum send ${row.pid} "…"\`.`;
    }
    case "approval":
    case "budget": {
      const approval = look.approvals.find((one) => one.id === waiting.id);
      const what = approval ? ` to ${approval.what}: ${toLine(approval.why, 160)}` : "";
      return `${who} waits for a yes${what}. \`hum approve ${waiting.id}\` or \`hum deny ${waiting.id}\`.`;
    }
    case "timer":
      return `${who} sleeps until ${toTime(waiting.until)}.`;
    case "child":
      if (waiting.pids) return `${who} waits for pid ${waiting.pids.join(", ")} to end, for all of them.`;
      return waiting.pid === null
        ? `${who} waits for one of its colleagues to end.`
        : `${who} waits for pid ${waiting.pid} to end. \`hum why ${waiting.pid}\` tells about that one.`;
    default:
      return `${who} waits.`;
  }
}
