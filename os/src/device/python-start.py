# Runs the program in the file named by the first argument, and speaks up where Python would quietly do what nobody
# means: small models do not look twice. What is laid over the library:
#   - the common modules are at hand without an import; a name that the program defines or imports itself goes first;
#   - a move or rename onto another file is refused instead of losing that file, and a move "into" a folder that is not
#     there instead of giving a file its name;
#   - a row that is a text or a dict is refused by csv.writer instead of being written letter by letter;
#   - cells that csv reads are texts, but where both sides are plain numbers they compare as numbers: "9" before "10";
#   - names that os.listdir, os.walk and glob find sort as a person would: "page 2" before "page 10";
#   - an error says what was there instead. The text keeps its line numbers; a traceback shows the program's own lines.

import builtins, sys, traceback
import csv, json, re, os, math, shutil, random, glob, string, itertools, collections, statistics
from datetime import datetime, date, timedelta
from collections import Counter, defaultdict, OrderedDict
from pathlib import Path

for name in (
    "csv json re os sys math shutil random glob string itertools collections statistics "
    "datetime date timedelta Counter defaultdict OrderedDict Path"
).split():
    setattr(builtins, name, globals()[name])


def lay_over_moves():
    rename, move = os.rename, shutil.move

    def check(source, target):
        if os.path.isfile(target) and os.path.lexists(source) and not os.path.samefile(source, target):
            raise FileExistsError(
                f"{target} is there already and would be lost: {source} was not moved. "
                "Give each file a name of its own."
            )

    def careful_rename(src, dst, *args, **more):
        if not args and not more:
            check(src, dst)
        return rename(src, dst, *args, **more)

    def careful_move(src, dst, *args, **more):
        into = os.fspath(dst)
        new = not os.path.lexists(into)
        if new and os.path.isfile(src) and not os.path.splitext(into)[1] and os.path.splitext(os.fspath(src))[1]:
            folder = into.rstrip("/")
            raise FileNotFoundError(
                f"there is no folder {folder}: make it first with os.makedirs({folder!r}, exist_ok=True). "
                f"{src} was not moved."
            )
        if os.path.isdir(into):
            into = os.path.join(into, os.path.basename(os.fspath(src).rstrip("/")))
        if not os.path.isdir(into):
            check(src, into)
        return move(src, dst, *args, **more)

    os.rename, shutil.move = careful_rename, careful_move


def lay_over_tables():
    writer, reader = csv.writer, csv.reader
    plain = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")

    def to_number(value):
        if isinstance(value, str):
            return float(value) if plain.fullmatch(value) else None
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def compare(name):
        own = getattr(str, name)

        def method(self, other):
            left = to_number(self)
            right = None if left is None else to_number(other)
            return own(self, other) if right is None else getattr(float, name)(left, float(right))

        return method

    def equals(self, other):
        if isinstance(other, str):
            return str.__eq__(self, other)
        left, right = to_number(self), to_number(other)
        return NotImplemented if left is None or right is None else left == right

    cell = type(
        "str",
        (str,),
        {
            **{name: compare(name) for name in ("__lt__", "__le__", "__gt__", "__ge__")},
            "__eq__": equals,
            "__ne__": lambda self, other: not self == other,
            "__hash__": str.__hash__,
        },
    )

    class Reader:
        def __init__(self, rows):
            self.rows = rows

        def __iter__(self):
            return self

        def __next__(self):
            return [cell(value) if type(value) is str else value for value in next(self.rows)]

        def __getattr__(self, name):
            return getattr(self.rows, name)

    def check(row):
        if isinstance(row, str):
            raise TypeError(
                f"writerow wants a list of cells and got the text {str(row)!r}: each letter would become a cell. "
                "For one cell write writerow([text])."
            )
        if isinstance(row, dict):
            raise TypeError(
                "writerow of csv.writer wants a list of cells and got a dict: of it only the keys would be written. "
                f"Write the values: [row[key] for key in {list(row)!r}], or use csv.DictWriter."
            )
        return row

    class Writer:
        def __init__(self, out):
            self.out = out

        def writerow(self, row):
            return self.out.writerow(check(row))

        def writerows(self, rows):
            return self.out.writerows([check(row) for row in rows])

        def __getattr__(self, name):
            return getattr(self.out, name)

    csv.reader = lambda *args, **more: Reader(reader(*args, **more))
    csv.writer = lambda *args, **more: Writer(writer(*args, **more))


def lay_over_names():
    listdir, walk, find = os.listdir, os.walk, glob.glob

    def to_key(name):
        # Text and digits in turn, beginning with text, so that any two keys can be compared.
        return [int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]+)", name))]

    def compare(name):
        own = getattr(str, name)

        def method(self, other):
            if not isinstance(other, found):
                return own(self, other)
            left, right = to_key(self), to_key(other)
            return own(self, other) if left == right else getattr(left, name)(right)

        return method

    found = type("str", (str,), {name: compare(name) for name in ("__lt__", "__le__", "__gt__", "__ge__")})

    def to_found(names):
        return [found(name) if type(name) is str else name for name in names]

    def careful_walk(*args, **more):
        for folder, folders, files in walk(*args, **more):
            files[:] = to_found(files)
            yield folder, folders, files

    os.listdir = lambda *args: to_found(listdir(*args))
    os.walk = careful_walk
    glob.glob = lambda *args, **more: to_found(find(*args, **more))


def to_hint(error, trace):
    frames = [frame for frame, _line in traceback.walk_tb(trace)]
    own = [frame for frame in frames if frame.f_code.co_filename == sys.argv[0]]
    text = str(error)
    if isinstance(error, KeyError) and own:
        known = {name: value for name, value in own[-1].f_locals.items() if not name.startswith("_")}
        dicts = [
            f"{name} has: {', '.join(map(str, list(value)[:20]))}"
            for name, value in known.items()
            if isinstance(value, dict) and value and not (error.args and error.args[0] in value)
        ]
        return "\n".join(dicts[-3:])
    if isinstance(error, NameError):
        return "Nothing of an earlier program is left: each program defines all that it uses."
    if isinstance(error, EOFError):
        return "Nobody can type anything here: take values from the task or from the files."
    if isinstance(error, FileNotFoundError):
        names = sorted(os.listdir("."))
        return f"The folder holds: {', '.join(names[:40])}{', …' if len(names) > 40 else ''}" if names else ""
    if isinstance(error, TypeError) and "'str'" in text and ("'int'" in text or "'float'" in text):
        return "What is read from a file is text: float(text) or int(text) makes a number of it."
    if isinstance(error, AttributeError) and "'NoneType'" in text and "group" in text:
        return "The pattern found nothing: print a line, look at its form, and skip lines that do not match."
    return ""


def hook(kind, error, trace):
    own = trace.tb_next if trace is not None else None
    if isinstance(error, (FileExistsError, FileNotFoundError, TypeError)):
        last = own
        # What is laid over the library is none of the program's lines.
        while last is not None and last.tb_next is not None:
            if last.tb_next.tb_frame.f_code.co_filename == "<string>":
                last.tb_next = None
                break
            last = last.tb_next
    traceback.print_exception(kind, error, own)
    try:
        hint = to_hint(error, trace)
    except Exception:
        hint = ""
    if hint:
        print(hint, file=sys.stderr)


sys.excepthook = hook
sys.argv = [sys.argv[1]]
lay_over_moves()
lay_over_tables()
lay_over_names()
with open(sys.argv[0], encoding="utf-8") as file:
    text = file.read()
exec(compile(text, sys.argv[0], "exec"), {"__name__": "__main__", "__file__": sys.argv[0]})
