// Makes docs/ask.svg from a real run: it does the task of README in a copy of examples/desk and draws what the terminal
// showed, line by line. Run it again after a change of what `ask` prints: node scripts/picture.ts
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const task = "Add up the amounts in sales.csv, write the total to total.txt and tell me";
const columns = 100;
const line = 19;

const desk = mkdtempSync(join(tmpdir(), "hum-picture-"));
cpSync("examples/desk", desk, { recursive: true });
const run = spawnSync(
  "sh",
  ["-c", '"$0" os/bin/hum.js ask "$1" --in "$2" 2>&1', process.execPath, task, desk],
  {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  },
);
rmSync(desk, { recursive: true, force: true });
if (run.status !== 0) throw new Error(`the run failed: ${run.stdout}`);

const shown = [
  `$ npx hum ask "${task}" --in ./examples/desk`,
  ...run.stdout.replaceAll(desk, "./examples/desk").trimEnd().split("\n"),
];
const lines = shown.flatMap((text) => text.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""]);
const toXml = (text: string) =>
  text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] as string);
const last = lines.length - 1;
const rows = lines.map((text, i) => {
  const fill = i === 0 || i === last ? "#f2efe6" : "#a9b3a4";
  return `<text x="20" y="${50 + i * line}" fill="${fill}" xml:space="preserve">${toXml(text)}</text>`;
});
const height = 70 + lines.length * line;
const dots = ["#d98c7a", "#dcc07d", "#8fb38a"].map(
  (fill, i) => `<circle cx="${24 + i * 18}" cy="20" r="6" fill="${fill}"/>`,
);
mkdirSync("docs", { recursive: true });
writeFileSync(
  "docs/ask.svg",
  `<svg xmlns="http://www.w3.org/2000/svg" width="880" height="${height}" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="14" role="img" aria-label="hum ask in a terminal">
<rect width="880" height="${height}" rx="10" fill="#20302a"/>${dots.join("")}
${rows.join("\n")}
</svg>
`,
);
console.log(`docs/ask.svg: ${lines.length} lines of a real run`);
