// Programs as people see and change them. A person's own lie in HUM_HOME/programs and go before the shipped ones, which
// are never changed: saving one of that name overlays it, deleting the overlay shows it again. The file is there before
// the event that tells of it.

import { createHash } from "node:crypto";
import { toEvent } from "../entity/events.ts";
import { toProgram } from "../entity/extend.ts";
import type { ProgramFile } from "../entity/program.ts";
import { workStream } from "../entity/work-events.ts";
import { HumError } from "../error.ts";
import { toCalls } from "../syscall/rules.ts";
import type { Workplace } from "./api.ts";
import type { ProgramInfo } from "./contract.ts";
import { type Room, toText } from "./room.ts";

const programBytes = 128 * 1024;

/** Makes the part of the workplace that keeps programs. */
export function createProgramShelf(room: Room): Pick<
  Workplace,
  "programs" | "saveProgram" | "checkProgram" | "deleteProgram"
> & {
  info(name: string): ProgramInfo | null;
} {
  const { programs } = room;
  const commit = room.machine.commit;
  const infos = () => programs.list().map((file, _i, files) => toInfo(file, files));
  const info = (name: string) => infos().find((one) => one.name === name) ?? null;
  return {
    info,
    programs: () => infos().sort((a, b) => a.name.localeCompare(b.name)),
    async saveProgram(by, name, text) {
      toText(text, "program", programBytes);
      const program = toProgram(text, `${name}/PROGRAM.md`, programs.list());
      if (program.name !== name)
        throw new HumError("bad-input", `The head of the program says "${program.name}" and not "${name}".`);
      toCalls(program);
      programs.save(name, text);
      const hash = createHash("sha256").update(text).digest("hex");
      await commit(workStream, [toEvent("program.saved", { name, by, hash })]);
      return info(name) as ProgramInfo;
    },
    checkProgram: (text) => toWrong(text, programs.list()),
    async deleteProgram(by, name) {
      const known = info(name);
      if (!known) throw new HumError("not-found", `There is no program "${name}".`);
      if (known.shipped)
        throw new HumError(
          "denied",
          `"${name}" is shipped with Hum and cannot be deleted; you can save one of that name over it.`,
        );
      const working = [...room.ledger.state.entities.values()].filter(
        (entity) => entity.program === name && entity.state !== "ended",
      );
      if (working.length > 0)
        throw new HumError(
          "conflict",
          `${working.length} of "${name}" are at work; stop them before you delete it.`,
        );
      programs.remove(name);
      await commit(workStream, [toEvent("program.removed", { name, by })]);
    },
  };
}

function toInfo({ name, text, shipped }: ProgramFile, files: readonly ProgramFile[]): ProgramInfo {
  const wrong = toWrong(text, files);
  const program = wrong === null ? toProgram(text, "its PROGRAM.md", files) : null;
  const misnamed = program !== null && program.name !== name;
  return {
    ...{ name, shipped, text, description: program?.description ?? "", tools: program?.tools ?? [] },
    wrong: misnamed ? `Its head says "${program.name}" and its folder "${name}".` : wrong,
  };
}

/** What is wrong with the text of a program, null when nothing is. */
function toWrong(text: string, files: readonly ProgramFile[]): string | null {
  try {
    toCalls(toProgram(text, "the program", files));
    return null;
  } catch (error) {
    if (HumError.is(error)) return error.message;
    throw error;
  }
}
