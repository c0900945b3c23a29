// What has happened since a person last looked: plain sentences made by the kernel from facts, never by a model. Each
// line carries its kind and its numbers, so that the browser can say it in another language.

import type { Entity } from "../entity/entity.ts";
import { toTitle } from "../memory/page.ts";
import type { Workplace } from "./api.ts";
import type { Digest } from "./contract.ts";
import { isSame, type Room, workOf } from "./room.ts";
import { needsPerson } from "./threads.ts";

/** Most lines of a digest. */
const mostLines = 30;

/** Makes the part of the workplace that tells what has happened. */
export function createDigests(room: Room): Pick<Workplace, "digest"> {
  return {
    digest(by, since) {
      const mine = [...room.ledger.state.entities.values()].filter(
        (entity) => isSame(entity.owner, by) && entity.parent === null,
      );
      const living = mine.filter((entity) => entity.state !== "ended");
      const ended = mine.filter((entity) => entity.state === "ended" && entity.lastAt > since);
      const asking = room.ledger.state.register
        .living()
        .filter((entity) => isSame(entity.owner, by) && needsPerson(entity));
      const lines = [
        ...asking.map((entity) => toLine(room, entity, "asks")),
        ...ended.map((entity) => toLine(room, entity, entity.outcome?.kind ?? "done")),
        ...living
          .filter((entity) => !asking.includes(entity))
          .map((entity) => toLine(room, entity, "running")),
      ];
      return {
        since,
        lines: lines.sort((a, b) => b.at - a.at).slice(0, mostLines),
        needsYou: asking.length,
        running: living.length,
        done: ended.filter((entity) => entity.outcome?.kind === "done").length,
        failed: ended.filter((entity) => entity.outcome?.kind === "failed").length,
      };
    },
  };
}

function toLine(room: Room, entity: Entity, kind: Digest["lines"][number]["kind"]): Digest["lines"][number] {
  const row = workOf(room).threads.get(entity.thread ?? "");
  // A direct line is named after the colleague: its task says more.
  const title = row && row.id !== row.channel ? row.title : entity.task;
  const what = `"${toTitle(title, 60)}"`;
  const seconds = Math.round(entity.used.activeMs / 1_000);
  const files = entity.changed.length;
  const after = seconds > 0 ? ` after ${toLength(seconds)}` : "";
  const changed = files === 0 ? "" : ` and changed ${files === 1 ? "one file" : `${files} files`}`;
  const why = toTitle(entity.outcome?.text ?? "", 120);
  const text = {
    asks: `${entity.name} waits for you in ${what}.`,
    done: `${entity.name} finished ${what}${after}${changed}.`,
    failed: `${entity.name} could not finish ${what}: ${why}`,
    killed: `${entity.name} was stopped in ${what}.`,
    running: `${entity.name} is at work on ${what}.`,
  }[kind];
  return {
    text,
    at: entity.lastAt,
    thread: entity.thread,
    pid: entity.pid,
    kind,
    name: entity.name,
    seconds,
    files,
  };
}

function toLength(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
