// The verbs on entities: send, pause, resume, kill, renice, undo; and mail.

import { type Command, InvalidArgumentError, Option } from "commander";
import { type Class, classes } from "../../entity/entity.ts";
import { HumError } from "../../error.ts";
import { pauseFamily, resumeFamily } from "../../workplace/family.ts";
import { personOf, say, sayJson } from "../io.ts";
import { toPid } from "../people.ts";
import type { Context } from "../run.ts";
import { withDoor, withReader } from "../session.ts";
import { clean, count, toTime } from "../text.ts";
import { toChangeLines } from "../view.ts";
import { addMailboxes } from "./mail.ts";

/** Adds the verbs. */
export function addVerbs(program: Command, context: Context): void {
  addFlow(program, context);
  addKill(program, context);
  addSend(program, context);
  addUndo(program, context);
  addMail(program, context);
}

function addFlow(program: Command, context: Context): void {
  const { io } = context;
  const me = personOf(io);
  program
    .command("pause")
    .description("Pause an entity and what it started, between two tokens; nothing is lost.")
    .argument("<pid>", "the entity")
    .addHelpText("after", "\nExample:\n  hum pause 3")
    .action(async (typed: string) => {
      const pid = toPid(typed);
      const number = await withDoor(context, (door) => pauseFamily(door, pid, me));
      say(io, `Paused pid ${pid}${number > 1 ? ` and ${number - 1} more` : ""}.`);
    });
  program
    .command("resume")
    .description(
      "Let a paused entity and what it started go on; with --all everything that is paused or stopped.",
    )
    .argument("[pid]", "the entity")
    .option("--all", "lift `hum kill --all`, and resume all that is paused")
    .addHelpText("after", "\nExamples:\n  hum resume 3\n  hum resume --all")
    .action(async (typed: string | undefined, options: { all?: boolean }) => {
      if (isForAll(typed, options)) return say(io, await withDoor(context, (door) => resumeAll(door, me)));
      const pid = toPid(typed as string);
      const running = await withDoor(context, async (door) => {
        await resumeFamily(door, pid, me);
        return door.machine.kind !== "verb";
      });
      say(
        io,
        running ? `Pid ${pid} goes on.` : `Pid ${pid} goes on as soon as a machine runs: \`hum start\`.`,
      );
    });
  program
    .command("fork")
    .description("Start a second entity with the same window, which goes its own way from here.")
    .argument("<pid>", "the entity")
    .addHelpText("after", "\nExample:\n  hum fork 3")
    .action(async (typed: string) => {
      const pid = toPid(typed);
      const fork = await withDoor(context, (door) => door.fork(pid));
      say(io, `Pid ${fork.pid} goes on from where pid ${pid} is.`);
    });
  program
    .command("renice")
    .description("Change how urgent an entity is.")
    .argument("<pid>", "the entity")
    .addOption(new Option("--class <class>", "its class").choices(classes))
    .option("--nice <n>", "-20 (most) to 19 (least), within its class", toWhole)
    .addHelpText("after", "\nExamples:\n  hum renice 3 --class background\n  hum renice 3 --nice 10")
    .action(async (typed: string, options: { class?: Class; nice?: number }) => {
      const pid = toPid(typed);
      if (options.class === undefined && options.nice === undefined)
        throw new HumError("bad-input", "Say what is to change: --class, --nice, or both.");
      await withDoor(context, (door) => door.renice(pid, options));
      const parts = [options.class, options.nice === undefined ? undefined : `niceness ${options.nice}`];
      say(io, `Pid ${pid} is ${parts.filter((part) => part !== undefined).join(", ")} now.`);
    });
}

async function resumeAll(door: Parameters<Parameters<typeof withDoor>[1]>[0], me: string): Promise<string> {
  const lifted = await door.unhalt(me);
  const { entities } = await door.look();
  const paused = entities.filter((row) => row.state !== "ended" && row.paused);
  for (const row of paused) await door.resume(row.pid, me);
  if (!lifted && paused.length === 0) return "Nothing is stopped or paused.";
  const parts = [lifted ? "Work may begin again" : "", paused.length > 0 ? `${paused.length} resumed` : ""];
  return `${parts.filter((part) => part !== "").join("; ")}.`;
}

function addKill(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("kill")
    .description("End an entity and all it started, at once; with --all everything, also after a restart.")
    .argument("[pid]", "the entity")
    .option("--all", "end everything, and let nothing begin until `hum resume --all`")
    .addHelpText("after", "\nExamples:\n  hum kill 3\n  hum kill --all")
    .action(async (typed: string | undefined, options: { all?: boolean }) => {
      const me = personOf(io);
      if (isForAll(typed, options)) {
        const number = await withDoor(context, (door) => door.killAll(me));
        return say(
          io,
          `Ended ${number === 1 ? "1 entity" : `${number} entities`}. Nothing begins until \`hum resume --all\`.`,
        );
      }
      const pid = toPid(typed as string);
      await withDoor(context, (door) => door.kill(pid, me));
      say(io, `Ended pid ${pid}.`);
    });
}

function addSend(program: Command, context: Context): void {
  program
    .command("send")
    .description("Say something to an entity; it wakes one that waits for an answer.")
    .argument("<pid>", "the entity")
    .argument("<text...>", "what to say")
    .option("--as <name>", "who says it; you when not given")
    .addHelpText("after", '\nExample:\n  hum send 3 "Take the second list."')
    .action(async (typed: string, words: string[], options: { as?: string }) => {
      const pid = toPid(typed);
      const text = words.join(" ");
      if (text.trim() === "") throw new HumError("bad-input", "The message is empty.");
      await withDoor(context, (door) => door.say(pid, options.as ?? personOf(context.io), text));
      say(context.io, `Sent to pid ${pid}.`);
    });
}

function addUndo(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("undo")
    .description("Take back what an entity changed in files and calendars; undo again does it again.")
    .argument("[pid]", "the entity, or `last` for the one that changed something last", "last")
    .option("--force", "also what somebody changed since; its content is kept")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExamples:\n  hum undo\n  hum undo 3 --force")
    .action(async (typed: string, options: { force?: boolean; json?: boolean }) => {
      const pid = typed === "last" ? null : toPid(typed);
      const how = { by: personOf(io), force: options.force === true };
      const report = await withDoor(context, (door) => door.undo(pid, how));
      context.done(report.conflicts.length > 0 ? 1 : 0);
      if (options.json) return sayJson(io, report);
      const what = report.again ? "Brought back" : "Took back";
      say(io, `${what} ${count(report.undone.length, "change")} of ${report.name} (pid ${report.pid}).`);
      const turned = report.undone.map((change) => ({
        ...change,
        before: change.after,
        after: change.before,
      }));
      for (const line of toChangeLines(turned, "")) say(io, `  ${line}`);
      for (const { path, why } of report.conflicts) say(io, `  left alone: ${clean(path)} (${why})`);
      if (report.conflicts.length > 0) say(io, "`--force` takes these back too and keeps what is there now.");
    });
}

function addMail(program: Command, context: Context): void {
  const { io } = context;
  const mail = program
    .command("mail")
    .description("Show unread messages to people; or add, list, try, remove mailboxes.")
    .option("--read", "mark the shown messages as read")
    .option("--to <name>", "only those to this person")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      "\nExamples:\n  hum mail\n  hum mail --to Ada --read\n  hum mail add ada@example.org",
    )
    .action(async (options: { read?: boolean; to?: string; json?: boolean }) => {
      const look = await withReader(context, (reader) => reader.look());
      const mails = look.mail.filter(
        (mail) => options.to === undefined || mail.to.toLowerCase() === options.to.toLowerCase(),
      );
      if (options.json) sayJson(io, mails);
      else if (mails.length === 0) say(io, "No unread messages.");
      else
        for (const mail of mails) {
          const from = mail.pid === null ? mail.from : `${mail.from} (pid ${mail.pid})`;
          say(io, `${toTime(mail.at)}  ${clean(from)} to ${clean(mail.to)}: ${clean(mail.text)}`);
        }
      if (!options.read || mails.length === 0) return;
      const ids = mails.map((mail) => mail.id);
      await withDoor(context, (door) => door.read(ids, options.to ?? personOf(io)));
    });
  addMailboxes(mail, context);
}

function isForAll(typed: string | undefined, options: { all?: boolean }): boolean {
  if ((typed === undefined) === (options.all !== true))
    throw new HumError("bad-input", "Give a pid or --all, one of the two; `hum ps` lists the pids.");
  return options.all === true;
}

function toWhole(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
