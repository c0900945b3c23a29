// Turns at a folder: entities that share one change it one after the other. What a call changed is found by looking before
// and after it, and what is taken back is what was found; were two at work at once, each would answer for the other.

/** Turns at places, one after the other. */
export interface Turns {
  /** Acts when nobody else is at work there; resolves with what the act gives. */
  take<T>(place: string, act: () => Promise<T>): Promise<T>;
}

/** Makes turns. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    async take(place, act) {
      const before = last.get(place);
      let leave = () => {};
      const mine = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const turn = before ? before.then(() => mine) : mine;
      last.set(place, turn);
      try {
        await before;
        return await act();
      } finally {
        leave();
        if (last.get(place) === turn) last.delete(place);
      }
    },
  };
}
