// The one measure of tokens per minute of this tab. It is fed from the store by whatever screen needs it, so that it costs
// nothing while none is open.

import type { ProcessRow } from "../../../os/src/workplace/contract.ts";
import { createRates } from "./view/rates.ts";

/** Rates of all processes. */
export const rates = createRates();

/** Takes the totals of now. */
export function sampleRates(now: number, rows: readonly ProcessRow[]): void {
  rates.sample(now, rows);
}

/** Tokens of each second of the last minute, of all processes. */
export function wholeRates(_now: number): number[] {
  return rates.all();
}
