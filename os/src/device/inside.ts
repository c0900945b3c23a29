// Runs one program inside the sandbox: the command line of bubblewrap.ts, in a control group of its own where there are
// any, under the limits of exec.ts.

import { type Cell, type Sandbox, toBubblewrap } from "./bubblewrap.ts";
import { type Ran, runProgram } from "./exec.ts";
import { openGroup } from "./group.ts";

/** How long and how much. */
export interface Bounds {
  limits: { ms: number; outputBytes: number };
  signal: AbortSignal;
  /** Asked several times a second; true stops the command. */
  isFull?(): Promise<boolean>;
  /** Called when the sandbox has started, with the id of its outermost process. */
  onStart?(pid: number): void;
}

/** Runs the command of a cell; nothing of it is left afterwards. */
export async function runInside(sandbox: Sandbox, cell: Cell, bounds: Bounds): Promise<Ran> {
  await using group = await openGroup(sandbox.groups);
  const { args, inputs, infoFd } = toBubblewrap(sandbox, cell);
  const [command, ...rest] = group.enter([sandbox.program, ...args]);
  return await runProgram({ ...bounds, command: command!, args: rest, inputs, env: {}, infoFd });
}
