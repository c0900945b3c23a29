// What kind of content some bytes are: text in one of the usual encodings, or binary with a type told by its first
// bytes. The table is a list of (offset, bytes, name); the first match counts.

/** What the first bytes of a file tell. */
export type Sniffed =
  | { text: true; encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"; skip: number }
  | { text: false; type: string };

const table: readonly [offset: number, bytes: string, name: string][] = [
  [0, "89504e470d0a1a0a", "PNG image"],
  [0, "ffd8ff", "JPEG image"],
  [0, "474946383761", "GIF image"],
  [0, "474946383961", "GIF image"],
  [8, "57454250", "WebP image"],
  [0, "49492a00", "TIFF image"],
  [0, "4d4d002a", "TIFF image"],
  [0, "00000100", "icon"],
  [0, "255044462d", "PDF document"],
  [0, "504b0304", "ZIP archive (also docx, xlsx, pptx, odt, epub, jar)"],
  [0, "504b0506", "empty ZIP archive"],
  [0, "1f8b", "gzip archive"],
  [0, "425a68", "bzip2 archive"],
  [0, "fd377a585a00", "xz archive"],
  [0, "28b52ffd", "Zstandard archive"],
  [0, "377abcaf271c", "7-Zip archive"],
  [0, "526172211a07", "RAR archive"],
  [257, "7573746172", "tar archive"],
  [0, "53514c69746520666f726d6174203300", "SQLite database"],
  [0, "7f454c46", "ELF program"],
  [0, "4d5a", "Windows program"],
  [0, "cafebabe", "Java class or Mach-O program"],
  [0, "cffaedfe", "Mach-O program"],
  [0, "0061736d", "WebAssembly"],
  [0, "d0cf11e0a1b11ae1", "old Microsoft Office document"],
  [8, "57415645", "WAV audio"],
  [8, "41564920", "AVI video"],
  [0, "494433", "MP3 audio"],
  [0, "fffb", "MP3 audio"],
  [0, "664c6143", "FLAC audio"],
  [0, "4f676753", "Ogg audio or video"],
  [4, "66747970", "MP4 video or audio"],
  [0, "1a45dfa3", "Matroska or WebM video"],
  [0, "47475546", "GGUF model"],
  [0, "50415231", "Parquet table"],
  [0, "774f4646", "font"],
  [0, "774f4632", "font"],
  [0, "00010000", "font"],
  [0, "930d4e554d5059", "NumPy array"],
  [0, "934e554d5059", "NumPy array"],
];

/** Tells what a file is by its first bytes (4 kB are enough). */
export function sniff(head: Uint8Array): Sniffed {
  const hex = Buffer.from(head.subarray(0, 512)).toString("hex");
  if (hex.startsWith("efbbbf")) return { text: true, encoding: "utf-8", skip: 3 };
  if (hex.startsWith("fffe")) return { text: true, encoding: "utf-16le", skip: 2 };
  if (hex.startsWith("feff")) return { text: true, encoding: "utf-16be", skip: 2 };
  const found = table.find(([offset, bytes]) => hex.startsWith(bytes, offset * 2));
  const controls = head.reduce((sum, byte) => sum + (isControl(byte) ? 1 : 0), 0);
  if (controls === 0 && isUtf8(head)) return { text: true, encoding: "utf-8", skip: 0 };
  if (found) return { text: false, type: found[2] };
  if (head.includes(0) || controls > head.length / 50) return { text: false, type: "unknown binary data" };
  return { text: true, encoding: isUtf8(head) ? "utf-8" : "windows-1252", skip: 0 };
}

function isControl(byte: number): boolean {
  return (
    (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) || byte === 127
  );
}

/** Valid UTF-8, where the last character may be cut. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
