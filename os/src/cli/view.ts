// Shows work as it happens, on standard error: what an entity writes, token by token, what came of it, and one line at
// the bottom that tells what takes long. Without a terminal it writes plain whole lines and no control codes.
//
//   ▸ bash                      the call, as it is generated
//     wc -l notes.txt
//     12 notes.txt              its output, cut
//     + list.txt                files that changed: + new, ~ changed, - gone

import { toName } from "../device/say.ts";
import type { FileChange } from "../entity/authority.ts";
import type { Pid } from "../entity/entity.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { NewPage } from "../memory/page.ts";
import type { LiveEvent } from "../scheduler/machine.ts";
import { type Io, tell } from "./io.ts";
import { clean, createPaint, cutLines, toLine, toNumber, toTime } from "./text.ts";

/** What is shown. */
export interface View {
  record(record: JournalRecord): void;
  live(live: LiveEvent): void;
  /** One line of its own. */
  line(text: string): void;
  /** What takes long, null when nothing does. */
  status(text: string | null): void;
  /** Holds all output back while a person is asked. */
  hold(): void;
  release(): void;
  close(): void;
}

/** Lines of output of a call that are shown, and of files. */
const shownLines = 10;
const shownFiles = 8;

/** What takes longer is shown; without a terminal a line is written each so many milliseconds. */
const slowMs = 1_000;
const plainMs = 15_000;

/** Makes a view of one entity and what it starts. */
export function createView(io: Io, root: () => { pid: Pid; folder: string } | null): View {
  const paint = createPaint(io.color);
  const bottom = createBottom(io);
  // While the text of a turn is streamed; its record then needs not show it again.
  let unfenced: ((piece: string) => string) | null = null;
  const isRoot = (pid: Pid) => root()?.pid === pid;
  const stream = (text: string) => bottom.stream(text, (part) => paint("dim", part));
  const indent = (lines: readonly string[], style: "dim" | "red" | "green") => {
    for (const line of lines) bottom.line(`  ${paint(style, line)}`);
  };

  const showCall = (record: JournalRecord) => {
    const { pid, pages, bad } = record.data as { pid: Pid; pages: NewPage[]; bad: string | null };
    const written = pages.find((page) => page.role === "assistant")?.text ?? "";
    const text = createUnfence({ ends: !isRoot(pid) })(`${written}\n`).trimEnd();
    if (!isRoot(pid)) bottom.line(paint("dim", `  [pid ${pid}] ${toLine(text, 100)}`));
    else if (!unfenced && text !== "") {
      stream(text);
      bottom.endStream();
    }
    if (isRoot(pid)) unfenced = null;
    if (bad !== null && isRoot(pid)) indent([`not done: ${toLine(bad, 140)}`], "dim");
  };
  const showEnd = (record: JournalRecord) => {
    const { pid, name, ok, pages, changes } = record.data as {
      pid: Pid;
      name: string;
      ok: boolean;
      pages: NewPage[];
      changes?: FileChange[];
    };
    if (!isRoot(pid)) return;
    if (name === "done" && ok) return bottom.status("looking at the result");
    const text = pages.at(-1)?.text ?? "";
    // The files are listed below in any case.
    const output = (changes ? text.replace(/\nFiles: [\s\S]*$/, "") : text).replace(
      /^\[exit code 0\]\n?/,
      "",
    );
    if (output.trim() !== "") indent(cutLines(output, shownLines), ok ? "dim" : "red");
    indent(toChangeLines(changes ?? [], root()?.folder ?? ""), "green");
  };

  return {
    record(record) {
      const { pid } = record.data as { pid?: Pid };
      if (record.type === "turn.said") showCall(record);
      if (record.type === "call.begun" && isRoot(pid as Pid))
        bottom.status(`running ${(record.data as { call: { name: string } }).call.name}`);
      if (record.type === "call.ended") {
        bottom.status(null);
        showEnd(record);
      }
      if (record.type === "entity.waiting" && isRoot(pid as Pid)) bottom.status(toWaitText(record));
      if (record.type === "entity.woken" && isRoot(pid as Pid)) bottom.status(null);
      if (record.type === "entity.spawned" && root() && !isRoot(pid as Pid))
        bottom.line(
          paint(
            "dim",
            `  started pid ${pid}: ${toLine(String((record.data as { task: string }).task), 100)}`,
          ),
        );
      if (record.type === "entity.paused" && isRoot(pid as Pid))
        bottom.status(`paused by ${(record.data as { by: string }).by}`);
      if (record.type === "entity.resumed" && isRoot(pid as Pid)) bottom.status("goes on");
      if (record.type === "page.evicted" && isRoot(pid as Pid))
        indent([toLeft((record.data as { why?: string }).why)], "dim");
    },
    live(live) {
      if (live.type === "trouble") {
        if (live.message !== null) bottom.line(paint("yellow", live.message));
        return;
      }
      if (!isRoot(live.pid)) return;
      if (live.type === "turn") return bottom.status("waiting for the model");
      const { event } = live;
      if (event.type === "prefill") {
        if (event.done < event.total)
          bottom.status(`reading ${toNumber(event.done)} of ${toNumber(event.total)} tokens`);
        else bottom.status("writing");
      }
      if (event.type === "text" && event.text !== "" && io.live) {
        unfenced ??= createUnfence({ ends: false });
        const text = unfenced(event.text);
        if (text !== "") stream(text);
      }
      if (event.type === "restart") {
        unfenced = null;
        bottom.line(`  ${paint("dim", `begun again: ${toLine(event.why, 120)}`)}`);
      }
      if (event.type === "end") bottom.endStream();
    },
    line: bottom.line,
    status: bottom.status,
    hold: bottom.hold,
    release: bottom.release,
    close: bottom.close,
  };
}

const toLeft = (why: string | undefined): string =>
  why === "attempt" ? "once more from the beginning, to compare" : "older pages left its window";

/** Files and events that changed, as lines. */
export function toChangeLines(changes: readonly FileChange[], folder: string): string[] {
  const lines = changes
    .filter((change) => change.kind !== "folder" || change.before === null || change.after === null)
    .map((change) => {
      const sign = change.before === null ? "+" : change.after === null ? "-" : "~";
      return `${sign} ${clean(toName(change, folder))}`;
    });
  return lines.length > shownFiles
    ? [...lines.slice(0, shownFiles), `… and ${lines.length - shownFiles} more`]
    : lines;
}

/** A text without the fences around its call: they are its form, not its content. */
export function unfence(text: string): string {
  return createUnfence({ ends: true })(`${text}\n`).replace(/\n+$/, "");
}

// The same for text that comes in pieces: what may be the start of a fence waits for the next piece. The words of
// `done` and `fail` (`ends`) are left out where they are shown at the end anyway.
function createUnfence(options: { ends: boolean }): (piece: string) => string {
  let held = "\n";
  let first = true;
  let muted = false;
  return function push(piece) {
    if (muted) return "";
    let text = held + piece;
    const end = options.ends ? -1 : text.search(/\n```(done|fail)\b(?=[^a-z])/);
    muted = end >= 0;
    if (muted) text = text.slice(0, end);
    const cut = muted ? -1 : text.search(/\n(`{0,3}|```[a-z]*)$/);
    held = cut < 0 ? "" : text.slice(cut);
    if (cut >= 0) text = text.slice(0, cut);
    text = text.replaceAll(/\n```(?=[^`\n])/g, "\n").replaceAll(/\n```(?=\n|$)/g, "");
    if (!first || text === "") return text;
    first = false;
    return text.replace(/^\n/, "");
  };
}

// What an entity waits for by itself; what it asks of people is shown as a question.
function toWaitText(record: JournalRecord): string | null {
  const { waiting } = record.data as {
    waiting: { on: string; until?: number | null; pid?: number | null; pids?: number[] };
  };
  if (waiting.on === "timer") return `asleep until ${toTime(waiting.until ?? 0)}`;
  if (waiting.on === "child" && waiting.pids) return `waits for pid ${waiting.pids.join(", ")}`;
  if (waiting.on === "child") return `waits for pid ${waiting.pid ?? "of a colleague"}`;
  return null;
}

/** The lines at the bottom of a terminal: finished lines above, then the one being streamed, or the status. */
function createBottom(io: Io) {
  const paint = createPaint(io.color);
  let status: { text: string; since: number; written: number } | null = null;
  let drawn = "";
  let streaming = false;
  let held: string[] | null = null;
  const write = (text: string) => {
    if (held) held.push(text);
    else io.stderr.write(text);
  };
  const wipe = () => {
    if (drawn !== "") write("\r\x1b[K");
    drawn = "";
  };
  const endStream = () => {
    if (streaming) write("\n");
    streaming = false;
  };
  const tick = () => {
    if (!status || held || streaming) return;
    const ms = performance.now() - status.since;
    if (ms < slowMs) return;
    const text = `… ${status.text} (${Math.floor(ms / 1_000)} s)`;
    if (io.live) {
      if (drawn === text) return;
      wipe();
      write(paint("dim", toLine(text, Math.max(20, io.width() - 1))));
      drawn = text;
    } else if (performance.now() - status.written > plainMs || status.written === 0) {
      status.written = performance.now();
      tell(io, text);
    }
  };
  const timer = setInterval(tick, 250);
  timer.unref();
  return {
    line(text: string) {
      wipe();
      endStream();
      write(`${text}\n`);
    },
    stream(text: string, style: (text: string) => string) {
      wipe();
      const parts = clean(text).split("\n");
      const start = streaming ? "" : "▸ ";
      streaming = true;
      write(start + parts.map(style).join("\n  "));
    },
    endStream,
    status(text: string | null) {
      if (text === null) {
        wipe();
        status = null;
        return;
      }
      const now = performance.now();
      // One phase (reading 10, 20, 30 of 900 tokens) keeps its clock.
      const same = status?.text.split(" ")[0] === text.split(" ")[0];
      status = same && status ? { ...status, text } : { text, since: now, written: status?.written ?? 0 };
      tick();
    },
    hold() {
      wipe();
      endStream();
      held = [];
    },
    release() {
      const lines = held ?? [];
      held = null;
      for (const line of lines) write(line);
    },
    close() {
      clearInterval(timer);
      wipe();
      endStream();
      status = null;
    },
  };
}
