// Reads a unified diff into files, hunks and numbered lines. Text that is no diff becomes lines without numbers, so that
// nothing is ever hidden.

/** One line of a hunk. `old` and `new` are line numbers, null where the line is not in that file. */
export interface DiffLine {
  kind: "same" | "plus" | "minus" | "note";
  text: string;
  old: number | null;
  new: number | null;
}

/** A part of a file that changed. */
export interface DiffHunk {
  head: string;
  lines: DiffLine[];
}

/** The changes of one file. */
export interface DiffFile {
  from: string | null;
  to: string | null;
  hunks: DiffHunk[];
  plus: number;
  minus: number;
}

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Parses a diff of one or more files. */
export function parseDiff(text: string): DiffFile[] {
  const files: DiffFile[] = [];
  let file: DiffFile | null = null;
  let hunk: DiffHunk | null = null;
  let left = { old: 0, new: 0 };
  let at = { old: 0, new: 0 };
  const open = (): DiffFile => {
    const made: DiffFile = { from: null, to: null, hunks: [], plus: 0, minus: 0 };
    files.push(made);
    file = made;
    hunk = null;
    return made;
  };
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) {
    // Inside a hunk the counts decide, so that a removed line "-- a" is not read as a head.
    if (hunk !== null && (left.old > 0 || left.new > 0) && /^[ +\-\\]|^$/.test(line)) {
      take(file ?? open(), hunk, { line, left, at });
      continue;
    }
    const head = hunkHead.exec(line);
    if (head) {
      const made: DiffHunk = { head: line, lines: [] };
      (file ?? open()).hunks.push(made);
      hunk = made;
      left = { old: Number(head[2] ?? 1), new: Number(head[4] ?? 1) };
      at = { old: Number(head[1]), new: Number(head[3]) };
    } else if (line.startsWith("--- ")) open().from = toName(line);
    else if (line.startsWith("+++ ")) (file ?? open()).to = toName(line);
    else if (line.startsWith("diff --git ")) open();
    else if (line.startsWith("\\") && hunk !== null) note(hunk, line);
    else {
      const into: DiffFile = file ?? open();
      hunk ??= addHunk(into);
      note(hunk, line);
    }
  }
  return files.filter((one) => one.hunks.length > 0 || one.from !== null || one.to !== null);
}

function addHunk(file: DiffFile): DiffHunk {
  const made: DiffHunk = { head: "", lines: [] };
  file.hunks.push(made);
  return made;
}

function note(hunk: DiffHunk, text: string): void {
  hunk.lines.push({ kind: "note", text, old: null, new: null });
}

interface Taken {
  line: string;
  left: { old: number; new: number };
  at: { old: number; new: number };
}

function take(file: DiffFile, hunk: DiffHunk, { line, left, at }: Taken): void {
  const text = line.slice(1);
  const sign = line[0] ?? " ";
  if (sign === "\\") {
    note(hunk, line);
    return;
  }
  if (sign === "+") {
    file.plus += 1;
    hunk.lines.push({ kind: "plus", text, old: null, new: at.new });
  } else if (sign === "-") {
    file.minus += 1;
    hunk.lines.push({ kind: "minus", text, old: at.old, new: null });
  } else hunk.lines.push({ kind: "same", text, old: at.old, new: at.new });
  if (sign !== "+") {
    at.old += 1;
    left.old -= 1;
  }
  if (sign !== "-") {
    at.new += 1;
    left.new -= 1;
  }
}

function toName(line: string): string | null {
  const name = line.slice(4).split("\t", 1)[0] ?? "";
  return name === "/dev/null" ? null : name.replace(/^[ab]\//, "");
}
