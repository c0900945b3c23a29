// The world outside the machine, as plain objects that a crash does not touch: files, and a list of everything that was
// ever done. From this list the simulator sees whether an effect was doubled, lost or done by a dead entity.
//
//   files.read files.list   no effect                      folder.survey   no effect
//   files.write             reversible (prepare/recover)   http.get        egress
//   terminal.run            as told, irreversible unless   clock.now       no effect

import { z } from "zod";
import type { Undone } from "../device/changes.ts";
import {
  type Device,
  type DeviceResult,
  defineDevice,
  defineOperation,
  type Effect,
} from "../device/device.ts";
import type { Past } from "../device/past.ts";
import type { FileChange } from "../entity/authority.ts";
import type { Folders } from "../inbox/folders.ts";
import { toLabel, toUntrusted } from "../memory/label.ts";

/** Something that was done. */
export interface Deed {
  /** Idempotency key of the call. */
  key: string;
  pid: number;
  operation: string;
  what: string;
  at: number;
  /** Records that were durable when it was done. */
  seq: number;
  /** True when it was brought back after a crash. */
  undone: boolean;
}

/** The world. */
export interface World {
  files: Map<string, string>;
  deeds: Deed[];
}

/** How the devices of the world behave. */
export interface WorldOptions {
  /** Time that an operation takes, before (`part` 0) and after (`part` 1) its effect. */
  wait?(part: 0 | 1, signal: AbortSignal): Promise<void>;
  /** A failure of this operation, null for none. */
  failure?(operation: string): string | null;
  /** What goes wrong with an operation whose effect cannot be taken back; null for nothing. */
  trouble?(operation: string): "threw-before" | "threw-after" | "result-lost" | null;
  /** Effect of terminal.run. */
  terminal?: Effect;
  /** What terminal.run changes; nothing unless told. */
  changes?(command: string): readonly FileChange[];
  /** Number of durable records, noted with each deed. */
  seq?(): number;
}

/** A world without files. */
export function createWorld(): World {
  return { files: new Map(), deeds: [] };
}

/** The past of a world: contents are texts, and the hash of a text is the text itself. */
export function toPast(world: World): Past {
  return {
    async undo(changes) {
      const result: Undone = { undone: [], conflicts: [], changes: [] };
      for (const change of changes.toReversed()) {
        const { path, before, after } = change;
        const now = world.files.get(path) ?? null;
        if (now !== after) {
          result.conflicts.push({ change, why: "it was changed since" });
          continue;
        }
        if (before === null) world.files.delete(path);
        else world.files.set(path, before);
        result.undone.push(change);
        result.changes.push({ path, before: after, after: before });
      }
      return result;
    },
    stands: async ({ path, after }) => (world.files.get(path) ?? null) === after,
    content: async (hash) => hash,
  };
}

/** The folders of a world: every path is real. */
export function toFolders(): Folders {
  return {
    make: async (path) => path,
    find: async (path) => path,
  };
}

/** The devices of a world. */
export function createWorldDevices(world: World, options: WorldOptions = {}): Device[] {
  const wait = options.wait ?? (async () => {});
  const act = async (
    deed: NewDeed,
    how: { now: () => number; signal: AbortSignal; run: () => Partial<DeviceResult> },
  ): Promise<DeviceResult> => {
    await wait(0, how.signal);
    const failure = options.failure?.(deed.operation) ?? null;
    if (failure !== null) return { ok: false, text: failure, label: toLabel("kernel") };
    if (how.signal.aborted) return { ok: false, text: "stopped", label: toLabel("kernel") };
    const trouble = options.trouble?.(deed.operation) ?? null;
    if (trouble === "threw-before") throw new Error("The device broke.");
    world.deeds.push({ ...deed, at: how.now(), seq: options.seq?.() ?? 0, undone: false });
    const result = how.run();
    await wait(1, how.signal);
    if (trouble === "threw-after") throw new Error("The device broke.");
    if (trouble === "result-lost")
      return { ok: false, text: "The line broke: nobody knows.", label: toLabel("kernel") };
    return { ok: true, text: `${deed.operation}: ${deed.what}`, label: toLabel("kernel"), ...result };
  };
  return [
    createFiles(world, act),
    defineDevice({
      name: "terminal",
      operations: {
        run: defineOperation<{ command: string; language: string }>({
          about: "does something",
          args: z.object({ command: z.string(), language: z.string() }),
          effect: options.terminal ?? "irreversible",
          sinks: { command: "what" },
          run: ({ command }, { pid, key, now, signal }) =>
            act(
              { key, pid, operation: "terminal.run", what: command },
              { now, signal, run: () => ({ changes: options.changes?.(command) ?? [] }) },
            ),
        }),
      },
    }),
    defineDevice({
      name: "http",
      operations: {
        get: defineOperation<{ url: string }>({
          about: "reads a page",
          args: z.object({ url: z.url() }),
          effect: "egress",
          sinks: { url: "egress" },
          run: ({ url }, { pid, key, now, signal }) =>
            act(
              { key, pid, operation: "http.get", what: url },
              {
                now,
                signal,
                run: () => ({ text: "A page.", label: toUntrusted(`host:${new URL(url).host}`) }),
              },
            ),
        }),
      },
    }),
    defineDevice({
      name: "clock",
      operations: {
        now: defineOperation<Record<string, never>>({
          about: "tells the time",
          args: z.strictObject({}),
          effect: "none",
          sinks: {},
          run: async (_args, { now }) => ({ ok: true, text: String(now()), label: toLabel("kernel") }),
        }),
      },
    }),
    createSurvey(world),
  ];
}

type NewDeed = Omit<Deed, "at" | "seq" | "undone">;

type Act = (
  deed: NewDeed,
  how: { now: () => number; signal: AbortSignal; run: () => Partial<DeviceResult> },
) => Promise<DeviceResult>;

function createFiles(world: World, act: Act): Device {
  const toPath = (folder: string, path: string) => (path.startsWith("/") ? path : `${folder}/${path}`);
  return defineDevice({
    name: "files",
    operations: {
      read: defineOperation<{ path: string }>({
        about: "reads a file",
        args: z.object({ path: z.string() }),
        effect: "none",
        sinks: {},
        async run({ path }, { folder }) {
          const text = world.files.get(toPath(folder, path));
          const label = toUntrusted(`file:${path}`);
          return text === undefined
            ? { ok: false, text: `There is no ${path}.`, label }
            : { ok: true, text, label, data: { content: text, whole: true } };
        },
      }),
      list: defineOperation<{ path: string }>({
        about: "lists a folder",
        args: z.object({ path: z.string() }),
        effect: "none",
        sinks: {},
        run: async (_args, { folder }) => ({
          ok: true,
          text: [...world.files.keys()].filter((path) => path.startsWith(`${folder}/`)).join("\n"),
          label: toUntrusted(`file:${folder}`),
        }),
      }),
      write: defineOperation<{ path: string; text: string }>({
        about: "writes a file",
        args: z.object({ path: z.string(), text: z.string() }),
        effect: "reversible",
        sinks: { path: "what" },
        prepare: async ({ path }, { folder, key }) => ({
          path: toPath(folder, path),
          before: world.files.get(toPath(folder, path)) ?? null,
          key,
        }),
        async recover(prepared) {
          const { path, before, key } = prepared as { path: string; before: string | null; key: string };
          for (const deed of world.deeds) if (deed.key === key) deed.undone = true;
          if (before === null) world.files.delete(path);
          else world.files.set(path, before);
          return [];
        },
        run({ path, text }, { pid, key, folder, now, signal }) {
          const full = toPath(folder, path);
          const run = () => {
            const before = world.files.get(full) ?? null;
            world.files.set(full, text);
            return { text: `Wrote ${path}.`, changes: [{ path: full, before, after: text }] };
          };
          return act({ key, pid, operation: "files.write", what: full }, { now, signal, run });
        },
      }),
    },
  });
}

function createSurvey(world: World): Device {
  return defineDevice({
    name: "folder",
    operations: {
      survey: defineOperation<{ only?: string[] | undefined; lines?: number | undefined }>({
        about: "shows what a folder holds",
        args: z.object({ only: z.array(z.string()).optional(), lines: z.number().optional() }),
        effect: "none",
        sinks: {},
        async run({ only }, { folder }) {
          const paths =
            only?.map((path) => `${folder}/${path}`) ??
            [...world.files.keys()].filter((path) => path.startsWith(`${folder}/`));
          const text = paths.map((path) => `${path}: ${world.files.get(path) ?? "gone"}`).join("\n");
          // Where there is nothing, nobody has said anything.
          const label = paths.length > 0 ? toUntrusted(`file:${folder}`) : toLabel("kernel");
          return { ok: true, text: text || "The folder is empty.", label };
        },
      }),
    },
  });
}
