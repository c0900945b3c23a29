// How a Python program of an entity is started: with the common modules at hand, because small models forget the import
// and not the use. A name that the program defines or imports itself goes first, as it is looked up before builtins.
// The text keeps its line numbers; a traceback shows only the program's own lines.

const modules =
  "csv, json, re, os, sys, math, shutil, random, glob, string, itertools, collections, statistics";

const names: readonly [string, string][] = [
  ["datetime", "datetime, date, timedelta"],
  ["collections", "Counter, defaultdict, OrderedDict"],
  ["pathlib", "Path"],
];

const starter = `
import builtins, sys, traceback
import ${modules}
${names.map(([from, what]) => `from ${from} import ${what}`).join("\n")}
for name in "${modules}, ${names.map(([, what]) => what).join(", ")}".split(", "):
    setattr(builtins, name, globals()[name])
def hook(kind, error, trace):
    traceback.print_exception(kind, error, trace.tb_next if trace is not None else None)
sys.excepthook = hook
sys.argv = [sys.argv[1]]
with open(sys.argv[0], encoding="utf-8") as file:
    text = file.read()
exec(compile(text, sys.argv[0], "exec"), {"__name__": "__main__", "__file__": sys.argv[0]})
`;

/** The command line that runs the program in `path` with the interpreter `python`. */
export function toPython(python: string, path: string): string[] {
  return [python, "-c", starter, path];
}
