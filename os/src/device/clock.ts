// The clock: what time it is, where the person is. Time comes from the context, so that a simulation has its own.

import { z } from "zod";
import { type Device, defineDevice, defineOperation } from "./device.ts";
import { toLabel } from "./label.ts";

/** Makes the device `clock`; the time zone is that of this machine unless told. */
export function createClock(options: { timeZone?: string } = {}): Device {
  const timeZone = options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
  const now = defineOperation({
    about: "Tells the local date, time, weekday and time zone.",
    args: z.strictObject({}),
    effect: "none",
    sinks: {},
    async run(_args, context) {
      const at = toLocal(context.now(), timeZone);
      return {
        ok: true,
        text: `${at.iso}, ${at.weekday}, time zone ${timeZone}`,
        label: toLabel("kernel"),
        data: { ...at, timeZone, ms: context.now() },
      };
    },
  });
  return defineDevice({ name: "clock", operations: { now } });
}

/** A moment as ISO 8601 with the offset of the zone, and its weekday. */
export function toLocal(ms: number, timeZone: string): { iso: string; weekday: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const offset = part.timeZoneName === "GMT" ? "+00:00" : part.timeZoneName!.slice(3);
  const iso = `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`;
  return { iso, weekday: part.weekday! };
}
