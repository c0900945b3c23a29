// WAV files: read in any usual form (8 to 32 bits, several channels, any rate) and written as 16 bits, one channel.
//
//   "RIFF" size "WAVE", then chunks: a name of four letters, u32 size, content, a zero byte when the size is odd
//   "fmt "  u16 format (1 whole numbers, 3 fractions), u16 channels, u32 rate, u32, u16, u16 bits
//   "data"  the samples, channel beside channel

import { HumError } from "../../error.ts";
import { sampleRate } from "./voice.ts";

const mostSeconds = 2 * 60 * 60;

/** The sound of a WAV file at the rate of Hum. Throws `bad-input` with what is wrong in it. */
export function fromWav(file: Uint8Array): Float32Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const name = (at: number) =>
    at + 4 <= file.length ? String.fromCharCode(...file.subarray(at, at + 4)) : "";
  if (name(0) !== "RIFF" || name(8) !== "WAVE") throw bad("it is no WAV file");
  let format: { kind: number; channels: number; rate: number; bits: number } | null = null;
  for (let at = 12; at + 8 <= file.length; ) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name(at) === "fmt ") {
      if (start + 16 > file.length) throw bad("it ends too early");
      format = {
        kind: view.getUint16(start, true),
        channels: view.getUint16(start + 2, true),
        rate: view.getUint32(start + 4, true),
        bits: view.getUint16(start + 14, true),
      };
    }
    // A stream that was cut off, or whose writer did not know its length: what is there counts.
    if (name(at) === "data") {
      if (!format) throw bad("its samples come before their form");
      return toRate(
        mixDown(view, { ...format, start, end: Math.min(file.length, start + size) }),
        format.rate,
      );
    }
    at = start + size + (size % 2);
  }
  throw bad("it has no samples");
}

function mixDown(
  view: DataView,
  form: { kind: number; channels: number; rate: number; bits: number; start: number; end: number },
): Float32Array {
  const { kind, channels, rate, bits, start, end } = form;
  const read = readers[kind === 3 ? `f${bits}` : `i${bits}`];
  if ((kind !== 1 && kind !== 3 && kind !== 0xfffe) || !read)
    throw bad(`its form (${kind}, ${bits} bits) is not known`);
  if (channels < 1 || channels > 64 || rate < 1_000 || rate > 768_000)
    throw bad("its channels or its rate cannot be");
  const size = bits / 8;
  const length = Math.floor((end - start) / (size * channels));
  if (length > rate * mostSeconds) throw bad("it is longer than two hours");
  const sound = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += read(view, start + (i * channels + c) * size);
    sound[i] = Number.isFinite(sum) ? sum / channels : 0;
  }
  return sound;
}

const readers: Record<string, (view: DataView, at: number) => number> = {
  i8: (view, at) => (view.getUint8(at) - 128) / 128,
  i16: (view, at) => view.getInt16(at, true) / 32_768,
  i24: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608,
  i32: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  f32: (view, at) => view.getFloat32(at, true),
  f64: (view, at) => view.getFloat64(at, true),
};

/** The sound at Hum's rate. What is left out is averaged first, so that high tones do not come back as low ones. */
export function toRate(sound: Float32Array, rate: number): Float32Array {
  if (rate === sampleRate) return sound;
  const step = rate / sampleRate;
  const out = new Float32Array(Math.floor(sound.length / step));
  const wide = Math.max(1, step);
  for (let i = 0; i < out.length; i++) {
    const middle = i * step;
    let sum = 0;
    let weight = 0;
    for (let k = Math.ceil(middle - wide); k <= Math.floor(middle + wide); k++) {
      const w = 1 - Math.abs(k - middle) / wide;
      if (k < 0 || k >= sound.length || w <= 0) continue;
      sum += (sound[k] as number) * w;
      weight += w;
    }
    out[i] = weight > 0 ? sum / weight : 0;
  }
  return out;
}

/** Samples as whole numbers of 16 bits. */
export function toInt16(sound: Float32Array): Int16Array {
  return Int16Array.from(sound, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));
}

/** Samples of 16 bits as fractions. */
export function fromInt16(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32_768);
}

/** A WAV file of a sound. */
export function toWav(sound: Float32Array): Buffer {
  const samples = toInt16(sound);
  const file = Buffer.alloc(44 + samples.byteLength);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + samples.byteLength, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(samples.byteLength, 40);
  Buffer.from(samples.buffer).copy(file, 44);
  return file;
}

const bad = (why: string) => new HumError("bad-input", `The sound cannot be read: ${why}. Give a WAV file.`);
