// What is shown of files after a call that changed them: a small model believes that it wrote what it meant to write, so it
// sees what it wrote. That is made from its window, and from what stood in the file before, unless the whole of it was
// written.

import type { CallerContext } from "../device/broker.ts";
import type { DeviceResult } from "../device/device.ts";
import { findMoves } from "../device/say.ts";
import type { Entity, OpenCall } from "../entity/entity.ts";
import { joinLabels } from "../memory/label.ts";
import type { Machine } from "./machine.ts";
import { lookAtFolder, windowLabel } from "./standing.ts";

/** How many changed files are shown after a call, and how many lines of each. */
const shownChanges = { files: 4, lines: 6 };

/** The result of a call with what was changed by it. */
export async function showChanges(
  machine: Machine,
  entity: Entity,
  seen: { open: OpenCall; result: DeviceResult; context: CallerContext },
): Promise<DeviceResult> {
  const { open, result, context } = seen;
  const prefix = `${entity.folder}/`;
  const all = result.changes ?? [];
  const moves = findMoves(all);
  const changed = all.filter(
    (change) =>
      // What was only moved holds what it held.
      !moves.has(change.path) &&
      change.after !== null &&
      (change.kind ?? "file") === "file" &&
      change.path.startsWith(prefix),
  );
  if (changed.length === 0 || context.signal.aborted) return result;
  const paths = changed.slice(0, shownChanges.files).map((change) => change.path.slice(prefix.length));
  const shown = await lookAtFolder(machine, context, { only: paths, lines: shownChanges.lines });
  if (!shown.ok) return result;
  const isOwn = open.operation === "files.write";
  const labels = [windowLabel(entity), ...(isOwn ? [] : [shown.label])];
  return {
    ...result,
    text: `${result.text}
${shown.text}`,
    label: labels.reduce(joinLabels, result.label),
  };
}
