// The page: the files of the web bundle, by a list that is made once. Only names on the list are ever opened, so no path
// of a request reaches the disk. Files below assets/ carry the hash of their content in their name and may be kept for
// ever; the others are asked for each time. What shrinks is sent compressed to whoever takes it, made once: the same text
// for everybody, so its length tells nothing.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";

/** The bundle. */
export interface Bundle {
  /** The answer for a path of the page, null when it is none. `accepts` is the Accept-Encoding of whoever asks. */
  get(path: string, accepts?: string): Response | null;
  /** False when the bundle was never built. */
  readonly built: boolean;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
};

/** Endings of what shrinks. */
const shrinking: ReadonlySet<string> = new Set([
  ".html",
  ".js",
  ".css",
  ".svg",
  ".json",
  ".txt",
  ".webmanifest",
]);

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Hum</title>
<h1>Hum runs</h1>
<p>The page of the workplace is not built yet. Run <code>npm run build</code> in the folder of Hum and start it again.</p>
<p>The command line works: <code>npx hum ps</code>.</p>
</html>
`;

/** Opens the bundle in a folder. */
export function openBundle(folder: string): Bundle {
  const built = existsSync(join(folder, "index.html"));
  const names = built
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    : [];
  const files = new Map(names.map((name) => [`/${name}`, join(folder, name)]));
  const small = new Map<string, Uint8Array<ArrayBuffer>>();
  const zip = (path: string, file: string): Uint8Array<ArrayBuffer> => {
    const before = small.get(path);
    if (before) return before;
    const made = new Uint8Array(gzipSync(readFileSync(file), { level: 9 }));
    small.set(path, made);
    return made;
  };
  const page = () => respond(built ? readFileSync(join(folder, "index.html")) : notBuilt, ".html", false);
  return {
    built,
    get(path, accepts = "") {
      const file = files.get(path);
      if (file !== undefined && path !== "/index.html") {
        const type = extname(file);
        const keep = path.startsWith("/assets/");
        // Only names with a hash: another file may come to stand under the others while the server runs.
        if (!keep || !shrinking.has(type)) return respond(readFileSync(file), type, keep);
        const packed = takesGzip(accepts);
        const answer = respond(packed ? zip(path, file) : readFileSync(file), type, keep);
        answer.headers.set("vary", "accept-encoding");
        if (packed) answer.headers.set("content-encoding", "gzip");
        return answer;
      }
      // Places of the page itself (`/channels/general`) have no dot at their end; a missing file is no page.
      return path === "/" || path === "/index.html" || !/\.[^/]*$/.test(path) ? page() : null;
    },
  };
}

const takesGzip = (accepts: string): boolean =>
  accepts.split(",").some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(one));

function respond(body: Uint8Array<ArrayBuffer> | string, type: string, keep: boolean): Response {
  return new Response(body, {
    headers: {
      "content-type": types[type] ?? "application/octet-stream",
      "cache-control": keep ? "public, max-age=31536000, immutable" : "no-store",
    },
  });
}
