// `hum approvals`, `hum approve` and `hum deny`: what waits for a person's yes, and the answer.

import type { Command } from "commander";
import { showApproval } from "../attend.ts";
import { personOf, say, sayJson } from "../io.ts";
import type { Context } from "../run.ts";
import { withDoor, withReader } from "../session.ts";
import { clean, toAge } from "../text.ts";

/** Adds the commands of approvals. */
export function addApprovals(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("approvals")
    .description("List what waits for a yes, with exactly what would be done.")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExamples:\n  hum approvals\n  hum approve a-3.5")
    .action(async (options: { json?: boolean }) => {
      const { approvals } = await withReader(context, (reader) => reader.look());
      if (options.json) return sayJson(io, approvals);
      if (approvals.length === 0) return say(io, "Nothing waits for a yes.");
      for (const approval of approvals) {
        say(io, showApproval(io, approval));
        say(
          io,
          `  asked ${toAge(Date.now() - approval.askedAt)} ago, a no by itself in ${toAge(approval.expiresAt - Date.now())}`,
        );
      }
    });
  const answers = [
    {
      name: "approve",
      answer: "approved",
      about: "Say yes to an approval: exactly this, once.",
      done: "Approved",
    },
    { name: "deny", answer: "denied", about: "Say no to an approval.", done: "Denied" },
  ] as const;
  for (const { name, answer, about, done } of answers)
    program
      .command(name)
      .description(about)
      .argument("<id>", "the approval, see `hum approvals`")
      .addHelpText("after", `\nExample:\n  hum ${name} a-3.5`)
      .action(async (id: string) => {
        const { approval, running } = await withDoor(context, async (door) => ({
          approval: await door.answer(id, answer, personOf(io)),
          running: door.machine.kind !== "verb",
        }));
        const after = running ? "" : " It goes on as soon as a machine runs: `hum start`.";
        say(io, `${done} ${clean(approval.what)} of pid ${approval.pid}.${after}`);
      });
}
