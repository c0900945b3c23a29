// `hum ask`: one task from its words to its answer. With a machine at work the task goes there; else this command is the
// machine for as long as the task takes. When the machine goes away in the middle (another `hum ask` was it and is done,
// or it died), this one takes its place: the task goes on from the journal.

import type { Entity, Outcome, Pid, Votes } from "../entity/entity.ts";
import { HumError } from "../error.ts";
import type { TaskRequest } from "../inbox/spawn.ts";
import type { Look } from "../workplace/door.ts";
import { familyOf, pauseFamily } from "../workplace/family.ts";
import { type Attended, attend } from "./attend.ts";
import { type Interrupt, interruptedCode, watchInterrupt } from "./interrupt.ts";
import { say, tell } from "./io.ts";
import { ensureModel } from "./models.ts";
import { openSession, type Session, type Shell } from "./session.ts";
import { clean, count, createPaint, toAge, toNumber } from "./text.ts";
import { createView } from "./view.ts";

/** How `ask` was called. */
export interface AskRequest {
  task: TaskRequest;
  refuseAll: boolean;
}

/** Another machine is looked for so many times when one goes away. */
const mostMachines = 20;

/** After Ctrl-C a pause is waited for this long. */
const pauseMs = 3_000;

/** Milliseconds that a spawn under way is waited for after Ctrl-C, in this process and in another. */
const spawnMs = { own: 1_000, other: 30_000 };

/** What is known of the entity that does the task. */
type Task = Pick<Entity, "pid" | "name" | "folder">;

/** Does a task; the exit code. */
export async function ask(shell: Shell, request: AskRequest): Promise<number> {
  const { io } = shell;
  const interrupt = watchInterrupt(io);
  let entity: Task | null = null;
  const view = createView(io, () => entity);
  const began = Date.now();
  const answered = new Set<string>();
  try {
    await ensureModel(shell, { id: request.task.model ?? null, program: request.task.program, interrupt });
    for (let tries = 0; tries < mostMachines; tries++) {
      view.status("starting");
      const session = await interrupt.race(openSession(shell, "ask", { signal: interrupt.signal }));
      let look: Look;
      let from: number;
      try {
        look = await interrupt.race(session.door.look());
        from = look.seq;
        if (tries > 0) entity ??= findTaken(look, { task: request.task, since: began });
        if (!entity) {
          tellOthers(shell, { look, session });
          view.status("loading the model");
          entity = await startTask(shell, { request, session, interrupt });
          if (!entity) return interruptedCode;
        }
      } catch (error) {
        if (!isLost(error) || interrupt.signal.aborted) throw error;
        await session.close();
        continue;
      }
      view.status("waiting for the model");
      const { door } = session;
      const attended = await Promise.race([
        attend({
          ...{ io, door, view, pid: entity.pid, from, person: request.task.owner },
          ...{ refuseAll: request.refuseAll, signal: interrupt.signal, answered },
        }),
        session.stopped.then((): Attended => ({ kind: "bye", why: "stopped" })),
      ]);
      view.status(null);
      if (attended.kind === "bye" && attended.why !== "stopped") {
        await session.close();
        if (attended.why === "lost") view.line("The machine went away; going on here.");
        continue;
      }
      view.close();
      if (attended.kind === "interrupted") await pause(shell, { session, entity, by: request.task.owner });
      else if (session.own || attended.kind !== "bye") look = await session.door.look();
      const code = conclude(shell, { attended, entity, look, session, began, answered });
      const heard = toMail(look, entity.pid, answered).filter((mail) => isSame(mail.to, request.task.owner));
      const done = [...heard.map((mail) => mail.id), ...answered];
      if (attended.kind === "ended" && done.length > 0) await session.door.read(done, request.task.owner);
      await closeSession(session, interrupt, attended);
      return code;
    }
    throw new HumError("bug", "The machine went away again and again. See `hum log`, then `hum doctor`.");
  } catch (error) {
    if (!HumError.is(error, "interrupted") || !interrupt.signal.aborted) throw error;
    view.close();
    tell(io, error.message === "Stopped." ? "Stopped before the task was begun." : error.message);
    return interruptedCode;
  } finally {
    view.close();
    interrupt.end();
  }
}

// A second Ctrl-C ends the process in any case; a machine that cannot stop (the disk is full) must not hold it up long.
async function closeSession(session: Session, interrupt: Interrupt, attended: Attended): Promise<void> {
  const closing = session.close(attended.kind === "bye" ? "stopped" : "finished");
  const limit = interrupt.signal.aborted ? pauseMs : 4 * pauseMs;
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, limit).unref())]);
}

// A machine that died while it took the task may have taken it: then it is this one, and not begun a second time.
function findTaken(look: Look, asked: { task: TaskRequest; since: number }): Task | null {
  const { task, owner } = asked.task;
  return (
    look.entities.find(
      (row) =>
        row.spawnedAt >= asked.since && row.task === task && row.owner === owner && row.parent === null,
    ) ?? null
  );
}

const isLost = (error: unknown): boolean => HumError.is(error, "interrupted") && error.data.bye !== undefined;

async function startTask(
  shell: Shell,
  from: { request: AskRequest; session: Session; interrupt: Interrupt },
): Promise<Task | null> {
  const { request, session, interrupt } = from;
  const spawning = session.door.task(request.task);
  try {
    return await interrupt.race(spawning);
  } catch (error) {
    if (!interrupt.signal.aborted) {
      await session.close();
      throw error;
    }
    // The task may be taken in this very moment; then it is paused like any other, and not lost and not begun unseen.
    tell(shell.io, "Stopping …");
    const limit = session.own ? spawnMs.own : spawnMs.other;
    const late = await Promise.race([
      spawning.catch(() => null),
      new Promise<null>((resolve) => setTimeout(() => resolve(null), limit).unref()),
    ]);
    if (!late) throw error;
    await pause(shell, { session, entity: late, by: request.task.owner });
    await session.close();
    return null;
  }
}

async function pause(shell: Shell, what: { session: Session; entity: Task; by: string }): Promise<void> {
  const { session, entity, by } = what;
  const { io } = shell;
  const paused = await Promise.race([
    pauseFamily(session.door, entity.pid, by).then(
      () => true,
      () => false,
    ),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), pauseMs).unref()),
  ]);
  const after = session.door.machine.kind === "daemon" ? "" : ", then `hum start`";
  if (paused)
    tell(
      io,
      `Paused ${entity.name} (pid ${entity.pid}); nothing is lost. To go on: \`hum resume ${entity.pid}\`${after}.`,
    );
  else tell(io, `Stopped. ${entity.name} (pid ${entity.pid}) could not be paused; see \`hum ps\`.`);
}

function tellOthers(shell: Shell, { look, session }: { look: Look; session: Session }): void {
  if (!session.own || look.halted) return;
  const others = look.entities.filter((row) => row.state !== "ended" && !row.paused);
  if (others.length === 0) return;
  const pids = others.slice(0, 5).map((row) => row.pid);
  const more = others.length > pids.length ? ", …" : "";
  const one = others.length === 1;
  tell(
    shell.io,
    `${count(others.length, "older task")} ${one ? "is" : "are"} unfinished and ${one ? "goes" : "go"} on meanwhile (pid ${pids.join(", ")}${more}; \`hum ps\`).`,
  );
}

interface Conclusion {
  attended: Attended;
  entity: Task;
  look: Look;
  session: Session;
  began: number;
  answered: ReadonlySet<string>;
}

/** Writes the end of the task; the exit code. */
function conclude(shell: Shell, end: Conclusion): number {
  const { io } = shell;
  const { attended, entity, session } = end;
  const { pid, name } = entity;
  const goOn = session.door.machine.kind === "daemon" ? "" : " and then `hum start`";
  switch (attended.kind) {
    case "ended":
      return concludeEnd(shell, end, attended.outcome);
    case "approval":
      tell(
        io,
        `${name} (pid ${pid}) waits for a yes to ${clean(attended.approval.what)}: ${clean(attended.approval.why)}. \`hum approvals\` shows it; \`hum approve ${attended.approval.id}\` or \`hum deny ${attended.approval.id}\`${goOn} lets it go on.`,
      );
      return 3;
    case "question":
      tell(
        io,
        `${name} (pid ${pid}) asks ${clean(attended.to)}: ${clean(attended.text)}\nAnswer with \`hum send ${pid} "…"\`${goOn}.`,
      );
      return 3;
    case "paused":
      tell(
        io,
        `${name} (pid ${pid}) was paused after too many errors. See \`hum mail\` and \`hum log ${pid}\`; \`hum resume ${pid}\` tries again.`,
      );
      return 1;
    case "bye":
      tell(io, `Hum was stopped. The task is not lost: \`hum start\` goes on with ${name} (pid ${pid}).`);
      return interruptedCode;
    case "interrupted":
      return interruptedCode;
  }
}

function concludeEnd(shell: Shell, end: Conclusion, outcome: Outcome): number {
  const { io } = shell;
  const { entity, look } = end;
  const paint = createPaint(io.color);
  const text = io.screen ? clean(outcome.text) : outcome.text;
  const row = look.entities.find((other) => other.pid === entity.pid);
  const used = row
    ? `${count(row.turn, "turn")}, ${toNumber(row.used.tokens)} tokens, ${toAge(Date.now() - end.began)}`
    : "";
  tell(io, paint("dim", `pid ${entity.pid} ${outcome.kind}: ${used}`));
  if (outcome.kind === "done") {
    if (text.trim() !== "") say(io, text.replace(/\n+$/, ""));
    if (outcome.votes && outcome.votes.of > 1) tell(io, toVotes(outcome.votes, paint));
  } else
    tell(
      io,
      paint("red", `The task ${outcome.kind === "killed" ? "was ended" : "failed"}: ${clean(outcome.text)}`),
    );
  for (const mail of toMail(look, entity.pid, end.answered))
    say(io, `to ${clean(mail.to)}: ${io.screen ? clean(mail.text) : mail.text}`);
  return outcome.kind === "done" ? 0 : 1;
}

function toVotes({ for: votes, of }: Votes, paint: ReturnType<typeof createPaint>): string {
  if (votes > 1) return paint("dim", `${votes} of ${of} attempts came to this result.`);
  const none = `No two of ${of} attempts came to the same result: look at it closely.`;
  return paint("yellow", none);
}

/** Messages to people of an entity and all it started, without those that were questions answered here. */
function toMail(look: Look, pid: Pid, answered: ReadonlySet<string>) {
  const family = familyOf(look, pid);
  return look.mail.filter((mail) => mail.pid !== null && family.has(mail.pid) && !answered.has(mail.id));
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
