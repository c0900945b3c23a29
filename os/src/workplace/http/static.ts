// The page: the files of the web bundle, by a list that is made once. Only names on the list are ever opened, so no path
// of a request reaches the disk. Files below assets/ carry the hash of their content in their name and may be kept for
// ever; the others are asked for each time.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** The bundle. */
export interface Bundle {
  /** The answer for a path of the page, null when it is none. */
  get(path: string): Response | null;
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
  const page = () => respond(built ? readFileSync(join(folder, "index.html")) : notBuilt, ".html", false);
  return {
    built,
    get(path) {
      const file = files.get(path);
      if (file !== undefined && path !== "/index.html")
        return respond(readFileSync(file), extname(file), path.startsWith("/assets/"));
      // Places of the page itself (`/channels/general`) have no dot at their end; a missing file is no page.
      return path === "/" || path === "/index.html" || !/\.[^/]*$/.test(path) ? page() : null;
    },
  };
}

function respond(body: Uint8Array<ArrayBuffer> | string, type: string, keep: boolean): Response {
  return new Response(body, {
    headers: {
      "content-type": types[type] ?? "application/octet-stream",
      "cache-control": keep ? "public, max-age=31536000, immutable" : "no-store",
    },
  });
}
