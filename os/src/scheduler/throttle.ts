// How much a model may be asked at once. For a model on this machine it is the number of its slots. A server is asked
// as much as it takes, which is found by asking: more with each success, half as much after a refusal (AIMD, as TCP
// does), a tenth less when its answers begin much later than they could. A server that named its rates is never asked
// more (token buckets), and one with a price only as long as the day's money lasts.
//
// What is not known yet of a call is taken from its estimate and put right at its end.

import type { ModelFailure, ModelInfo, Usage } from "../model/model.ts";
import { throttleLimits } from "./sizes.ts";

/** Why a call may not begin yet. */
export interface Wait {
  /** Milliseconds until it may. */
  ms: number;
  why: string;
  /** True when another model should rather be asked. */
  long: boolean;
}

/** A call as the throttle sees it. */
export interface Passage {
  /** Tells that the first word came. */
  first(): void;
  /** Ends it: with a failure, or well. */
  end(result: { usage: Usage; failure?: ModelFailure }): void;
}

/** The throttle of one model. */
export interface Throttle {
  /** Calls that may be at work at the same moment. */
  limit(): number;
  /** Null when a call of so many tokens may begin now. */
  wait(estimate: number): Wait | null;
  begin(estimate: number): Passage;
  /** After how many milliseconds without a first word a call is late; null while that is not known. */
  lateMs(): number | null;
  /** Money spent today, 0 for a model without a price. */
  spent(): number;
}

const day = 24 * 60 * 60_000;
const minute = 60_000;
const million = 1_000_000;

/** Makes the throttle of a model; `spent` is what was spent already on the day of `now`. */
export function createThrottle(info: ModelInfo, now: () => number, spent = 0): Throttle {
  const most = Math.max(info.slots, info.mostSlots ?? info.slots);
  let window = info.slots;
  let cutAt = Number.NEGATIVE_INFINITY;
  let quietUntil = 0;
  let quietWhy = "";
  let downs = 0;
  let atWork = 0;
  /** The quickest first word of late; it is forgotten slowly, because a server may become slower for good. */
  let quickest = Number.POSITIVE_INFINITY;
  const requests = info.rate?.requestsPerMinute ? createBucket(info.rate.requestsPerMinute, now) : null;
  const tokens = info.rate?.tokensPerMinute ? createBucket(info.rate.tokensPerMinute, now) : null;
  const purse = createPurse(info, now, spent);

  const cut = (factor: number, least: number): void => {
    window = Math.max(least, window * factor);
    cutAt = now();
  };
  /** How long the last first words took. */
  const firsts: number[] = [];
  let lookedAt = now();
  const slow = (ms: number): boolean => {
    quickest = Math.min(ms, quickest * 2 ** ((now() - lookedAt) / throttleLimits.forgetMs));
    lookedAt = now();
    return ms > quickest * throttleLimits.slowFactor + throttleLimits.slowMs;
  };

  return {
    limit: () => Math.max(1, Math.floor(window)),
    spent: () => purse.spent(),
    lateMs() {
      if (firsts.length < throttleLimits.leastFirsts) return null;
      return firsts.toSorted((a, b) => a - b)[Math.floor(firsts.length * throttleLimits.latePart)]!;
    },
    wait(estimate) {
      const quiet = quietUntil - now();
      if (quiet > 0) return { ms: quiet, why: quietWhy, long: downs > 1 };
      const ms = Math.max(requests?.wait(1) ?? 0, tokens?.wait(estimate) ?? 0);
      if (ms > 0) return { ms, why: `${info.id} may be asked only so often in a minute`, long: false };
      return purse.wait(estimate);
    },
    begin(estimate) {
      const began = now();
      const full = ++atWork >= Math.floor(window);
      let heard = false;
      let late = false;
      requests?.take(1);
      tokens?.take(estimate);
      purse.reserve(estimate);
      return {
        first() {
          if (heard || info.local) return;
          heard = true;
          if (firsts.push(now() - began) > throttleLimits.firsts) firsts.shift();
          late = slow(now() - began);
          // A late answer shrinks only what was tried beyond what the person named.
          if (late && began >= cutAt && window > info.slots) cut(throttleLimits.slower, info.slots);
        },
        end({ usage, failure }) {
          atWork -= 1;
          const used = usage.input - usage.cached + usage.output;
          tokens?.take((failure && used === 0 ? 0 : usage.input + usage.output) - estimate);
          purse.pay(estimate, usage);
          if (!failure) {
            downs = 0;
            // One more for each full round, as long as all that may be asked is asked.
            if (!late && (full || window < info.slots)) window = Math.min(most, window + 1 / window);
            return;
          }
          if (!failure.retry) return;
          // Calls of one burst are refused together: they cut once.
          if (began >= cutAt) cut(throttleLimits.refused, 1);
          if (failure.code === "crashed") return;
          downs += 1;
          const pause = failure.retryAfterMs ?? (failure.code === "unreachable" ? toPause(downs) : 0);
          if (now() + pause <= quietUntil) return;
          quietUntil = now() + pause;
          quietWhy = failure.message.replace(/\.$/, "");
        },
      };
    },
  };
}

/** How long a server that cannot be reached is left alone. */
function toPause(downs: number): number {
  return Math.min(throttleLimits.longestPauseMs, throttleLimits.pauseMs * 2 ** (downs - 1));
}

/** A bucket that is filled evenly; it holds what flows in within `burstPart` of a minute, and may be overdrawn by one call. */
function createBucket(perMinute: number, now: () => number) {
  const size = Math.max(1, perMinute * throttleLimits.burstPart);
  let level = size;
  let at = now();
  const fill = () => {
    level = Math.min(size, level + ((now() - at) * perMinute) / minute);
    at = now();
  };
  return {
    wait(amount: number): number {
      fill();
      const lacking = Math.min(amount, size) - level;
      return lacking <= 0 ? 0 : Math.ceil((lacking * minute) / perMinute);
    },
    take(amount: number): void {
      fill();
      level -= amount;
    },
  };
}

function createPurse(info: ModelInfo, now: () => number, before: number) {
  const { price, spendPerDay } = info;
  let today = Math.floor(now() / day);
  let spent = before;
  let reserved = 0;
  const turn = () => {
    const current = Math.floor(now() / day);
    if (current !== today) spent = 0;
    today = current;
  };
  const dearest = price ? Math.max(price.input, price.output) : 0;
  const most = (estimate: number) => (estimate * dearest) / million;
  return {
    spent() {
      turn();
      return spent;
    },
    wait(estimate: number): Wait | null {
      if (!price || spendPerDay === undefined) return null;
      turn();
      if (spent + reserved + most(estimate) <= spendPerDay) return null;
      const why = `the ${spendPerDay} a day for ${info.id} are used up (${spent.toFixed(2)} spent)`;
      return { ms: (today + 1) * day - now(), why, long: true };
    },
    reserve(estimate: number): void {
      reserved += most(estimate);
    },
    pay(estimate: number, usage: Usage): void {
      reserved -= most(estimate);
      turn();
      spent += toCost(info, usage);
    },
  };
}

/** What a call cost, 0 for a model without a price. */
export function toCost(info: Pick<ModelInfo, "price">, usage: Usage): number {
  const { price } = info;
  if (!price) return 0;
  const fresh = Math.max(0, usage.input - usage.cached);
  const cached = usage.cached * (price.cached ?? price.input);
  return (fresh * price.input + cached + usage.output * price.output) / million;
}
