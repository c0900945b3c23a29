// A link to where something stands: its thread, or the entity when it has none; and how long ago.

import type { ReactNode } from "react";
import { toChannelPath, toThreadPath } from "../router.ts";

/** A link to a thread or an entity; plain text when there is neither. */
export function Place({
  thread,
  pid,
  children,
}: {
  thread: string | null;
  pid: number | null;
  children: ReactNode;
}) {
  if (thread === null && pid === null) return <span className="home-place">{children}</span>;
  // A direct line is a channel and its own thread.
  const path =
    thread === null
      ? `/processes/${pid}`
      : thread.startsWith("dm-")
        ? toChannelPath(thread)
        : toThreadPath("/", thread);
  return (
    <a className="home-place" href={`#${path}`}>
      {children}
    </a>
  );
}

/** How long ago, in words of the language. */
export function ago(at: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const minutes = Math.round((at - now) / 60_000);
  if (minutes > -60) return format.format(Math.min(0, minutes), "minute");
  if (minutes > -60 * 36) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / 1440), "day");
}
