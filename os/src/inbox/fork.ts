// Forks an entity: a second process with the same program, task, authority and window, which goes its own way from here.
// It works in the same folder and has a home of its own; its budget is what the first has left. What was under way in
// the first (a call that waits for a yes, colleagues it started) stays with the first.

import { join } from "node:path";
import type { Entity, Pid } from "../entity/entity.ts";
import { toEvent, toStream } from "../entity/events.ts";
import type { Machine } from "../scheduler/machine.ts";
import { wordsOf } from "../scheduler/standing.ts";
import type { Folders } from "./folders.ts";

/** What a fork needs. */
export interface ForkParts {
  machine: Machine;
  home: string;
  folders: Folders;
  takePid(): Pid;
}

/** Makes a fork of an entity. */
export async function forkEntity(parts: ForkParts, source: Entity): Promise<Entity> {
  const { machine } = parts;
  const pid = parts.takePid();
  const home = await parts.folders.make(join(parts.home, "homes", `${pid}-${source.name}`));
  const texts = machine.textsOf(source);
  const pages = source.pages
    .filter((page) => page.resident)
    .map(({ id, kind, role, tokens, label }) => ({
      id,
      kind,
      role,
      tokens,
      label,
      text: texts.get(id) ?? "",
    }));
  const { budget, used } = source;
  const left = (key: keyof typeof budget) => Math.max(0, budget[key] - used[key]);
  const spawned = toEvent("entity.spawned", {
    ...{
      pid,
      name: source.name,
      program: source.program,
      task: source.task,
      parent: null,
      owner: source.owner,
    },
    ...{
      model: source.model,
      folder: source.folder,
      home,
      class: source.class,
      nice: source.nice,
      cause: null,
      thread: source.thread,
    },
    shares: [{ path: home, write: true }, ...source.shares],
    capabilities: [...source.capabilities],
    budget: {
      tokens: left("tokens"),
      activeMs: left("activeMs"),
      deviceCalls: left("deviceCalls"),
      children: left("children"),
    },
    words: wordsOf(machine.state, source),
    pages,
  });
  await machine.commit(toStream(pid), [spawned]);
  return machine.state.entities.get(pid) as Entity;
}
