// The entry of `hum`. It keeps Node's notes about experimental modules off the screen, which must be done before any
// module that causes one is loaded; so everything else is imported below.

import { enableCompileCache } from "node:module";

enableCompileCache();
const emit = process.emitWarning;
process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
  const type = typeof rest[0] === "string" ? rest[0] : (rest[0] as { type?: string } | undefined)?.type;
  if (type === "ExperimentalWarning" || (warning as Error).name === "ExperimentalWarning") return;
  (emit as (...args: unknown[]) => void).call(process, warning, ...rest);
}) as typeof process.emitWarning;

const { runProcess } = await import("./process.ts");
await runProcess();
