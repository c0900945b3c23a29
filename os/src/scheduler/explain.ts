// Where a call stands and why, for people: each decision of the scheduler in one sentence.

import { type Class, classes, type Pid } from "../entity/entity.ts";
import type { Lane } from "./lane.ts";
import type { Ticket } from "./ticket.ts";

/** Where a job stands, for people. */
export interface JobState {
  pid: Pid;
  class: Class;
  state: "running" | "queued" | "preempted" | "backing-off";
  virtualTime: number;
  tokens: number;
  /** Why it is not running, in one sentence without a full stop; empty when it runs. */
  why: string;
  /** Why it counts as more urgent than it is, in such a sentence; empty when it does not. */
  as: string;
}

/** The state of one job. */
export function toJobState(lane: Lane, ticket: Ticket, now: number): JobState {
  return {
    pid: ticket.job.pid,
    class: ticket.job.class,
    state: ticket.state,
    virtualTime: lane.timeOf(ticket),
    tokens: ticket.tokens,
    why: toWhy(lane, ticket, now),
    as: toAs(ticket),
  };
}

function toAs({ loan, prefixLoan, rank, grant, job }: Ticket): string {
  const name = classes[rank] ?? job.class;
  if (prefixLoan && prefixLoan.class === name && name !== job.class)
    return `it counts as ${name}, because pid ${prefixLoan.from} needs the beginning that it reads`;
  if (loan && loan.class === name && name !== job.class)
    return `it counts as ${name}, because pid ${loan.from} waits for it`;
  return grant > 0 ? "it has the small part that is kept for its class" : "";
}

function toWhy(lane: Lane, ticket: Ticket, now: number): string {
  const { id, parked } = lane.model.info;
  if (ticket.state === "running") return "";
  if (ticket.held) return "it is paused";
  if (ticket.state === "backing-off") {
    const { at = now, why = "it refused the call" } = ticket.again ?? {};
    return `${id} is asked again in ${toSeconds(at - now)}: ${why}`;
  }
  const reader = lane.reader(ticket);
  if (reader) return `pid ${reader.job.pid} reads the beginning that both share, and it is copied from there`;
  const others = [...lane.tickets].filter((other) => other !== ticket);
  const running = others.filter((other) => other.state === "running");
  const gave = ticket.state === "preempted" ? "it gave way: " : "";
  if (running.length < lane.throttle.limit()) {
    const wait = ticket.started ? null : lane.throttle.wait(ticket.estimate);
    if (wait) return `${wait.why}; it goes on in ${toSeconds(wait.ms)}`;
  }
  const kept = lane.windows.keptFor(ticket);
  if (kept !== null)
    return `the free window of ${id} is kept a moment for pid ${kept}, which has had less and is about to ask again`;
  if (lane.windows.keptForPeople(ticket))
    return `the free window of ${id} is kept for people, the others are taken by pid ${toPids(others.filter((other) => other.started))}`;
  const limit = lane.throttle.limit();
  const slots = limit === 1 ? `the slot of ${id} is` : `the ${limit} slots of ${id} are`;
  const because = toReason(lane, ticket, running);
  if (running.length > 0)
    return `${gave}${slots} taken by pid ${toPids(running)}${because === "" ? "" : `, ${because}`}`;
  const seated = others.filter((other) => other.started);
  if (!ticket.started && seated.length >= parked)
    return `the memory of ${id} holds ${parked} ${parked === 1 ? "window" : "windows"} at once, taken by pid ${toPids(seated)}`;
  return `${gave}it is about to go on`;
}

/** Why those who run go first. */
function toReason(lane: Lane, ticket: Ticket, running: readonly Ticket[]): string {
  const [one] = running;
  if (!one) return "";
  if (running.every((other) => other.rank < ticket.rank)) {
    const as = toAs(one);
    return as === ""
      ? `which ${running.length === 1 ? "is" : "are"} more urgent`
      : as.replace(/^it /, "which ");
  }
  if (one.rank > ticket.rank) return "until the next token";
  return running.every((other) => lane.timeOf(other) <= lane.timeOf(ticket))
    ? "which has had less so far"
    : "";
}

function toPids(tickets: readonly Ticket[]): string {
  const shown = tickets.slice(0, 8).map((other) => other.job.pid);
  const more = tickets.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function toSeconds(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
