// The sight that needs no server: things, faces and hands by small networks that are fetched once (`hum senses pull sight`),
// in a process of its own that ends with the look. A picture that brings the decoder down ends that process, and nothing else.

import { fork } from "node:child_process";
import { constants } from "node:os";
import { eyeLimits } from "../../limits.ts";
import type { Picture, Seen, Sight } from "./sight.ts";

const host = new URL("./detector-host.ts", import.meta.url).pathname;

/** What the process answers. */
export type HostAnswer = { seen: Omit<Seen, "words"> } | { problem: string };

/** Makes the sight of this machine; a look throws what to do while the networks are not in this home. */
export function createDetector(home: string): Sight {
  return {
    id: "human",
    async look({ bytes, kind }: Picture, _question, signal) {
      signal.throwIfAborted();
      if (kind === "BMP" || kind === "WebP")
        throw new Error(`this machine sees things on PNG, JPEG and GIF only, and this is ${kind}`);
      const { checkSense } = await import("../senses/install.ts");
      const folder = await checkSense(home, "sight");
      signal.throwIfAborted();
      const child = fork(host, [kind, folder], {
        serialization: "advanced",
        execArgv: ["--disable-warning=ExperimentalWarning", `--max-old-space-size=${eyeLimits.heapMb}`],
        env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      const stop = () => child.kill("SIGKILL");
      signal.addEventListener("abort", stop, { once: true });
      try {
        const answer = await new Promise<HostAnswer>((resolve, reject) => {
          child.once("message", (message) => resolve(message as HostAnswer));
          child.once("error", reject);
          child.once("exit", (code, name) => {
            if (signal.aborted) return reject(signal.reason as Error);
            const why = name === null ? `code ${code}` : `signal ${constants.signals[name]}`;
            resolve({ problem: `the picture cannot be unpacked (${why})` });
          });
          child.send(bytes, (error) => {
            if (error && !signal.aborted) reject(error);
          });
        });
        if ("problem" in answer) throw new Error(answer.problem);
        return { ...answer.seen, words: null };
      } finally {
        signal.removeEventListener("abort", stop);
        stop();
      }
    },
  };
}
