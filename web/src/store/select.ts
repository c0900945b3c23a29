// What screens ask of the state: lists and facts made from its rows. Hooks return the same value while nothing changed.

import { useMemo } from "react";
import { isUrgent } from "../../../os/src/device/senses/quiet.ts";
import type { Channel, InboxItem, ProcessRow, Thread } from "../../../os/src/workplace/contract.ts";
import type { HumState } from "./state.ts";
import { useHum } from "./store.ts";

/** Name of a place as people write it: `#general`, or the colleague's name. */
export function channelTitle(channel: Channel): string {
  return channel.kind === "channel" ? `#${channel.name}` : channel.name;
}

/** True when something was written in a place that the person has not seen; a channel without posts says nothing. */
export function isUnread(
  state: Pick<HumState, "seen">,
  place: { id: string; lastSeq: number; posts?: number },
): boolean {
  return place.posts !== 0 && place.lastSeq > (state.seen[place.id] ?? 0);
}

/** Channels that are not archived, by name; direct lines, the newest first. */
export function useChannels(): { channels: Channel[]; direct: Channel[] } {
  const rows = useHum((state) => state.channels);
  return useMemo(() => {
    const all = Object.values(rows).filter((channel) => !channel.archived);
    return {
      channels: all.filter((one) => one.kind === "channel").sort((a, b) => a.name.localeCompare(b.name)),
      direct: all.filter((one) => one.kind === "direct").sort((a, b) => b.lastAt - a.lastAt),
    };
  }, [rows]);
}

/** Rows of the inbox: what needs the person first, then the newest first. */
export function toInbox(rows: Readonly<Record<string, InboxItem>>): InboxItem[] {
  return Object.values(rows).sort((a, b) => Number(b.needsYou) - Number(a.needsYou) || b.seq - a.seq);
}

/** Rows of the inbox, in order. */
export function useInbox(): InboxItem[] {
  const rows = useHum((state) => state.inbox);
  return useMemo(() => toInbox(rows), [rows]);
}

/** How many rows of the inbox need the person, how many are unread, and how many of all wait for a yes. */
export function useInboxCounts(): { needsYou: number; unread: number; urgent: number } {
  const rows = useHum((state) => state.inbox);
  return useMemo(() => {
    const all = Object.values(rows);
    return {
      needsYou: all.filter((item) => item.needsYou).length,
      unread: all.filter((item) => item.unread || item.needsYou).length,
      urgent: all.filter((item) => item.needsYou && isUrgent(item.kind)).length,
    };
  }, [rows]);
}

/** Entities that live, by thread. */
export function useWorkers(thread: string): ProcessRow[] {
  const rows = useHum((state) => state.processes);
  return useMemo(
    () =>
      Object.values(rows)
        .filter((row) => row.thread === thread)
        .sort((a, b) => a.pid - b.pid),
    [rows, thread],
  );
}

/** What a colleague does now, over all its entities. */
export function lightOf(processes: readonly ProcessRow[]): "working" | "waiting" | undefined {
  const living = processes.filter((row) => !row.ended);
  if (living.some((row) => row.waiting?.on === "approval" || row.waiting?.on === "budget")) return "waiting";
  return living.some((row) => !row.paused && row.waiting === null) ? "working" : undefined;
}

/** Threads, the newest first. */
export function toThreads(rows: Readonly<Record<string, Thread>>): Thread[] {
  return Object.values(rows).sort((a, b) => b.lastSeq - a.lastSeq);
}

/** Names that can be mentioned: colleagues, then people. */
export function useNames(): { name: string; kind: "entity" | "person"; about: string }[] {
  const programs = useHum((state) => state.programs);
  const channels = useHum((state) => state.channels);
  const person = useHum((state) => state.person);
  return useMemo(() => {
    const colleagues = Object.values(programs)
      .filter((program) => program.wrong === null)
      .map((program) => ({ name: program.name, kind: "entity" as const, about: program.description }));
    const known = new Set(colleagues.map((one) => one.name.toLowerCase()));
    const people = new Set([person, ...Object.values(channels).flatMap((channel) => channel.members)]);
    return [
      ...colleagues.sort((a, b) => a.name.localeCompare(b.name)),
      ...[...people]
        .filter((name) => name !== "" && !known.has(name.toLowerCase()))
        .sort((a, b) => a.localeCompare(b))
        .map((name) => ({ name, kind: "person" as const, about: "" })),
    ];
  }, [programs, channels, person]);
}
