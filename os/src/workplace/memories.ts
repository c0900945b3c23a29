// What is remembered of people and projects, as the workplace offers it. The verbs are those of the inbox.

import type { Workplace } from "./api.ts";
import type { Room } from "./room.ts";

/** Makes that part of the workplace. */
export function createMemories(
  room: Room,
): Pick<Workplace, "remembered" | "remember" | "correctRemembered" | "forget" | "shareRemembered"> {
  const { remembered } = room.inbox;
  return {
    remembered: remembered.facts,
    remember: (by, { about, text }) => remembered.tell(by, about, text),
    correctRemembered: remembered.correct,
    forget: remembered.forget,
    shareRemembered: (by, pid, what) => remembered.share(by, { with: pid, ...what }),
  };
}
