// What the simulator throws.

/** A broken rule. */
export class Broken extends Error {
  constructor(rule: string, what: string) {
    super(`[${rule}] ${what}`);
    this.name = "Broken";
  }
}
