// Timers by the clock on the wall. Those of Node count time that runs: they stand still while the machine is suspended,
// do not see that its clock was set, and cannot wait for longer than 2^31 ms. So a long wait looks at the clock now and
// then, and what falls due during the night is done soon after the lid is opened.

/** Longest time until the clock is looked at again. */
const lookMs = 60_000;

/** Calls back once after `ms`; the returned function takes it back. */
export type After = (ms: number, call: () => void) => () => void;

/** Makes timers by the clock `now` out of timers that count running time. */
export function createAfter(now: () => number, running: After): After {
  return (ms, call) => {
    const at = now() + ms;
    let cancel = () => {};
    const wait = (left: number) => {
      cancel = running(Math.min(left, lookMs), look);
    };
    // A timer of Node may come a moment before its time.
    const look = () => (now() < at ? wait(at - now()) : call());
    wait(Math.max(0, ms));
    return () => cancel();
  };
}

/** The timers of this machine, by running time. */
export const afterRunning: After = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};
