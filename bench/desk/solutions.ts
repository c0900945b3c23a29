// Reference solutions: for each desk task one bash script that does it, and plausible wrong ones that a checker must refuse.
// Rule: only bash, coreutils and python3. `send NAME TEXT` sends a message, `tell TEXT` is the closing answer.

import { heldSolutions } from "./solutions-held.ts";
import { tuneSolutions } from "./solutions-tune.ts";

/** Scripts for one task. */
export interface Solution {
  right: string;
  wrong: string[];
}

/** Scripts by task id, of both halves. */
export const solutions: Record<string, Solution> = { ...tuneSolutions, ...heldSolutions };
