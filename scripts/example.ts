// `npm run example 02` runs the example whose name begins with 02.
import { readdirSync } from "node:fs";

const wanted = process.argv[2] ?? "";
const names = readdirSync("examples").filter((name) => name.endsWith(".ts"));
const name = names.find((other) => wanted !== "" && other.startsWith(wanted));
if (name) await import(`../examples/${name}`);
else {
  console.error(`Which example? ${names.join(", ")}`);
  process.exitCode = 2;
}
