// What is remembered of people and projects, as the workplace offers it. The verbs are those of the inbox.

import type { Workplace } from "./api.ts";
import type { Room } from "./room.ts";

/** Makes that part of the workplace. */
export function createMemories(
  room: Room,
): Pick<Workplace, "remembered" | "remember" | "correctRemembered" | "forget" | "shareRemembered"> {
  const { remembered } = room.inbox;
  return {
    remembered: (by, { about, past }) =>
      remembered.facts(by, { ...(about === undefined ? {} : { about }), past: past === true }),
    remember: (by, { about, text }) => remembered.tell(by, about, text),
    correctRemembered: (by, id, { relation, value }) =>
      remembered.correct(by, id, {
        ...(relation === undefined ? {} : { relation }),
        ...(value === undefined ? {} : { value }),
      }),
    forget: (by, which) => remembered.forget(by, which),
    shareRemembered: (by, pid, { about, off }) =>
      remembered.share(by, { with: pid, ...(about === undefined ? {} : { about }), off: off === true }),
  };
}
