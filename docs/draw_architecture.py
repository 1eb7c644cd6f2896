"""Draws floors and subjects of the program from its imports, and prints what people should know.

Run `python docs/draw_architecture.py` from the checkout: it writes docs/architecture.svg and
prints the report; `--report` only prints. The picture holds in its description the text that it
was drawn from, so that `tests/test_architecture.py` sees when it is of an earlier program.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import textwrap
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "architecture.svg"
PROGRAM = ("ui", "fsdesk")
SOURCES = ("main.py", "dev.py", "fsdesk", "ui", "installers", "resources", "docs", "tests")
LONGEST_FOLDER, LONG_FILE, LARGE_CLASS = 23, 500, 20

# A room that carries the window's or the command's word for a subject of another name.
SUBJECT_OF = {
    "ui.pages.recording.recording": "records",
    "ui.pages.exchange.exchange": "packet",
    "ui.pages.printing.printing": "output",
    "ui.pages.overview.overview": "status",
    "ui.pages.plan_editing": "plan",
    "fsdesk.commands.record_commands": "records",
    "fsdesk.commands.decision_commands": "packet",
    "fsdesk.commands.setup_commands": "care",
    "fsdesk.commands.server_commands": "care",
}
# Floors on which subjects stand side by side, and what is said of each floor.
# What goes wrong with disks and the database, on every floor; and what climbs from level to level:
# its values lie under the packets that carry them, what is done with it lies over them.
NO_SUBJECTS = {"faults", "ladder"}
BY_SUBJECT = ("ui", "commands", "services", "store", "domain")
ABOUT = {
    "ui": "the window: pages by subject, the rest serves them",
    "commands": "the command line: parse, call a service, print",
    "demo": "a believable year",
    "bench": "speed beside peers",
    "services": "what a user can do, one verb a function",
    "workspace": "one folder: lock, database, clock, copies",
    "store": "the database, the only SQL",
    "packets": "workbooks that travel",
    "documents": "files that are read into plans and rules",
    "reports": "paper, charts, Word",
    "domain": "what exists and the rules over it: plain Structs",
    "places": "where the program's own files lie",
    "files": "the one way to write a file",
}


# The program as its imports tell it


@dataclass(frozen=True)
class House:
    """The program's modules and what each imports of the others.

    Attributes:
        modules: Files by the dotted name of the module.
        imports: Names of the modules that a module imports.
        floors: Floors of the core from top to bottom; those of one line stand side by side.
        orders: Subjects of a floor from bottom to top, as its contract has them.
        rooms: Folders and modules of a floor, by the dotted name.
    """

    modules: Mapping[str, Path]
    imports: Mapping[str, frozenset[str]]
    floors: tuple[tuple[str, ...], ...]
    orders: Mapping[str, tuple[tuple[str, ...], ...]]
    rooms: Mapping[str, tuple[str, ...]]


def look(root: Path = ROOT) -> House:
    """Read modules, imports and contracts."""
    modules = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for name in PROGRAM
        for path in sorted((root / name).rglob("*.py"))
        if "migrations" not in path.parts
    }
    imports = {name: frozenset(_imported(path, modules)) for name, path in modules.items()}
    linter = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in linter["tool"]["importlinter"]["contracts"]}
    orders = {
        contract["containers"][0].rpartition(".")[2]: tuple(reversed(_layers(contract)))
        for key, contract in contracts.items()
        if key.startswith("subjects-")
    }
    floors = (("ui",), *_layers(contracts["core"]))
    rooms: dict[str, list[str]] = defaultdict(list)
    for name in modules:
        floor, room = place(name)
        if room and room not in rooms[floor]:
            rooms[floor].append(room)
    fixed = {floor: tuple(sorted(names)) for floor, names in rooms.items()}
    return House(modules, imports, floors, orders, fixed)


def _layers(contract: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(re.findall(r"\w+", layer)) for layer in contract["layers"])


def _imported(path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module in modules:
            inner = [f"{node.module}.{name.name}" for name in node.names]
            yield from (name if name in modules else node.module for name in inner)


def place(module: str) -> tuple[str, str]:
    """Give the floor of a module and its room there; a page is a room of the window."""
    parts = module.split(".")
    if parts[0] == "ui":
        if parts[1:2] == ["pages"] and len(parts) > 2:  # noqa: PLR2004 - ui.pages.NAME
            return "ui", "ui.pages." + parts[2]
        return "ui", ".".join(parts[:2]) if len(parts) > 1 else ""
    if len(parts) == 1:
        return "fsdesk", ""
    return parts[1], ".".join(parts[:3]) if len(parts) > 2 else ""  # noqa: PLR2004 - fsdesk.FLOOR


def subject(room: str) -> str:
    """Give the subject that a room would stand for: its own name, without the floor's habits."""
    return SUBJECT_OF.get(room) or room.rpartition(".")[2].removesuffix("_commands")


def subjects(house: House) -> tuple[str, ...]:
    """Name what stands on two floors or more, in the order of the contracts."""
    floors_of: dict[str, set[str]] = defaultdict(set)
    for floor in BY_SUBJECT:
        for room in house.rooms[floor]:
            if floor != "ui" or room.startswith("ui.pages."):
                floors_of[subject(room)].add(floor)
    shared = {name for name, floors in floors_of.items() if len(floors) > 1} - NO_SUBJECTS
    below: dict[str, set[str]] = {name: set() for name in sorted(shared)}
    for floor in ("domain", "services"):
        lines = [[name for name in line if name in shared] for line in house.orders[floor]]
        for lower, upper in pairwise(line for line in lines if line):
            for name in upper:
                below[name].update(lower)
    return tuple(TopologicalSorter(below).static_order())


def arrows(house: House) -> Counter[tuple[str, str]]:
    """Count the imports from floor to floor."""
    found: Counter[tuple[str, str]] = Counter()
    for module, targets in house.imports.items():
        pairs = [(place(module)[0], place(target)[0]) for target in targets]
        found.update(pair for pair in pairs if len(set(pair)) > 1 and "fsdesk" not in pair)
    return found


# The report, for people: no number here stops a build


def sources(root: Path = ROOT) -> tuple[Path, ...]:
    """Give all Python files of the project."""
    found = (root / name for name in SOURCES)
    return tuple(
        path
        for start in found
        for path in ([start] if start.is_file() else sorted(start.rglob("*.py")))
    )


def folders(root: Path = ROOT) -> Counter[str]:
    """Count the Python files that lie in each folder, not those of the folders in it."""
    return Counter(path.parent.relative_to(root).as_posix() for path in sources(root))


def folder_arrows(house: House) -> Counter[str]:
    """Count for each folder which of its files and folders imports which other one."""
    found: set[tuple[str, str, str]] = set()
    for module, targets in house.imports.items():
        for target in targets:
            source, goal = module.split("."), target.split(".")
            same = next(
                (n for n, pair in enumerate(zip(source, goal, strict=False)) if len(set(pair)) > 1),
                min(len(source), len(goal)),
            )
            if same and same < len(source) and same < len(goal):
                found.add(("/".join(source[:same]), source[same], goal[same]))
    return Counter(folder for folder, _source, _goal in found)


def against_order(house: House) -> list[str]:
    """Name imports that go against the order in which the picture shows the subjects."""
    order = {name: number for number, name in enumerate(subjects(house))}
    found = set()
    for module, targets in house.imports.items():
        for target in targets:
            (floor, room), (other, goal) = place(module), place(target)
            if floor != other or floor not in ("services", "domain", "store"):
                continue
            if order.get(subject(room), 99) < order.get(subject(goal), -1):
                found.add(f"{room} → {goal}")
    return sorted(found)


def report(house: House, root: Path = ROOT) -> Iterator[str]:
    """Give the lines of the report."""
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(root)}
    by_floor: Counter[str] = Counter()
    for path, length in lines.items():
        parts = path.relative_to(root).parts
        by_floor["/".join(parts[: 2 if parts[0] in PROGRAM else 1])] += length
    yield f"Lines by floor ({sum(by_floor.values())} in {len(lines)} files)"
    yield from _column(by_floor)
    counted = folders(root)
    (longest, most), *_ = counted.most_common(1)
    yield f"Files a folder (longest: {longest} with {most}; at most {LONGEST_FOLDER})"
    yield from _column(counted)
    yield "Arrows a folder: which of its files and folders imports which other one"
    yield from _column(folder_arrows(house))
    yield "Imports from floor to floor"
    yield from _column({f"{source} → {goal}": n for (source, goal), n in arrows(house).items()})
    yield f"Files over {LONG_FILE} lines"
    yield from _column(
        {path.relative_to(root).as_posix(): n for path, n in lines.items() if n > LONG_FILE}
    )
    yield f"Classes over {LARGE_CLASS} methods"
    yield from _column({name: n for name, n in _methods(lines, root) if n > LARGE_CLASS})
    yield "Imports against the order of the subjects in the picture"
    yield from _column(dict.fromkeys(against_order(house), 1))


def _methods(paths: Iterable[Path], root: Path) -> Iterator[tuple[str, int]]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                number = sum(isinstance(part, ast.FunctionDef) for part in node.body)
                yield f"{path.relative_to(root).as_posix()}: {node.name}", number


def _column(counted: Mapping[str, int]) -> Iterator[str]:
    for name, number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"{number:8} {name}"
    if not counted:
        yield "       - none"
    yield ""


# The picture

ACROSS, HEAD, ROW, STRIP, GAP, EDGE = 13.0, 0.34, 0.16, 0.25, 0.26, 0.12  # inches
APART = 0.16  # inches between arrows at one floor
LANES = 1.0  # at the right, for arrows that pass a floor
INK, QUIET, LINE = "#1f2933", "#52606d", "#7b8794"
TINTS = {
    "ui": "#d6e6f5", "commands": "#e4dff3", "demo": "#ececef", "bench": "#ececef",
    "services": "#d3edde", "workspace": "#f4ead0", "store": "#f7dfd6", "packets": "#f7dfd6",
    "documents": "#f7dfd6", "reports": "#f7dfd6", "domain": "#d3ebee",
}  # fmt: skip
LETTER = 0.075  # inches that a letter takes on average
SHORT = 10  # letters that fit into a room
FEW_NEXT, FEW = 5, 10  # imports that make an arrow, to the next floor down and to others


@dataclass(frozen=True)
class Band:
    """A floor as it is drawn: its rooms by subject, those beside them, and those for all."""

    floor: str
    cells: Mapping[str, tuple[str, ...]]
    beside: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def height(self) -> float:
        """In inches."""
        strips = STRIP * (bool(self.beside) + bool(self.below))
        return HEAD + self.rooms_height + strips + EDGE

    @property
    def rooms_height(self) -> float:
        """In inches, of the subjects' rooms."""
        return EDGE + ROW * max(sum(map(_rows, names)) for names in self.cells.values())


def _wrapped(name: str) -> str:
    return name.replace("_", "_\n") if len(name) > SHORT else name


def _rows(name: str) -> int:
    return len(_wrapped(name).splitlines())


def band(house: House, floor: str) -> Band:
    """Sort the rooms of a floor: under a subject, beside the subjects, or for all of them."""
    columns = subjects(house) if floor in BY_SUBJECT else ()
    order = {
        name: number for number, line in enumerate(house.orders.get(floor, ())) for name in line
    }
    lowest = min((order[name] for name in columns if name in order), default=0)
    cells: dict[str, list[str]] = defaultdict(list)
    beside: list[str] = []
    below: list[str] = []
    for room in house.rooms.get(floor, ()):
        name = room.rpartition(".")[2]
        if subject(room) in columns and _may_be_subject(room):
            cells[subject(room)].append(name.removesuffix("_commands"))
        elif floor == "ui" and (house.modules[room].stem != "__init__" or room == "ui.pages"):
            continue  # the single modules of the window are many; its folders say enough
        elif room.startswith("ui.pages."):
            beside.append(name)
        else:
            (below if order.get(name, -1) < lowest else beside).append(name)
    fixed = {name: tuple(cells[name]) for name in columns if name in cells}
    return Band(floor, fixed, tuple(beside), tuple(below))


def _may_be_subject(room: str) -> bool:
    return room.startswith(("ui.pages.", "fsdesk.")) and (
        not room.startswith("fsdesk.commands.") or room.endswith("_commands")
    )


def drawn_arrows(house: House) -> list[tuple[int, int]]:
    """Choose the arrows between the lines of floors: few, each with many imports.

    What stands at the foot is used by everyone, so only the line above it gets an arrow to it.
    """
    line_of = {floor: number for number, line in enumerate(house.floors) for floor in line}
    together: Counter[tuple[int, int]] = Counter()
    for (source, target), number in arrows(house).items():
        together[line_of[source], line_of[target]] += number
    foot = line_of["domain"]
    return sorted(
        (source, target)
        for (source, target), number in together.items()
        if (target == source + 1 and number >= FEW_NEXT)
        or (source < target < foot and number >= FEW)
    )


def described(house: House) -> str:
    """Put into words what the picture shows: when this differs, the picture is out of date."""
    lines = ["subjects: " + " ".join(subjects(house))]
    for line in house.floors:
        for shown in (band(house, floor) for floor in line):
            cells = [f"{name} ({', '.join(names)})" for name, names in shown.cells.items()]
            rooms = [*cells, "|", *shown.beside, "|", *shown.below]
            lines.append(f"{shown.floor}: {' '.join(rooms)}")
    lines += [f"{'/'.join(house.floors[a])} -> {'/'.join(house.floors[b])}"
              for a, b in drawn_arrows(house)]  # fmt: skip
    return "\n".join(lines)


class Picture:
    """Draws the floors from the top down; floors of one line stand in one frame."""

    def __init__(self, house: House) -> None:
        """Measure everything, then draw it."""
        self.columns = subjects(house)
        self.right = ACROSS - LANES
        self.width = (self.right - 4 * EDGE) / len(self.columns)
        lines = [[band(house, floor) for floor in line] for line in house.floors]
        heights = [sum(self._row_height(row) for row in _rows_of(line)) for line in lines]
        total = 2 * HEAD + sum(heights) + GAP * len(heights)
        self.figure = Figure(figsize=(ACROSS, total))
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, ACROSS), ylim=(total, 0))
        self.axes.axis("off")
        self._draw_columns()
        spans: list[tuple[float, float]] = []
        top = 2 * HEAD
        for line, height in zip(lines, heights, strict=True):
            spans.append((top, top + height))
            self._draw_line(line, top, height)
            top += height + GAP
        self._draw_arrows(drawn_arrows(house), spans)

    def _row_height(self, row: Sequence[Band]) -> float:
        return max(each.height if each.cells else self._flat_height(each, len(row)) for each in row)

    def _flat_height(self, shown: Band, shared_by: int) -> float:
        return HEAD + ROW * len(self._flat_words(shown, shared_by)) + EDGE

    def _flat_words(self, shown: Band, shared_by: int) -> list[str]:
        names = "\N{NO-BREAK SPACE}· ".join(shown.beside + shown.below)
        letters = int((self.right - 4 * EDGE) / shared_by / LETTER)
        return textwrap.wrap(ABOUT.get(shown.floor, ""), letters) + textwrap.wrap(names, letters)

    def _text(self, x: float, y: float, words: str, **how: str | float) -> None:
        how = {"va": "center", "color": INK, "fontsize": 9} | how
        self.axes.text(x, y, words, linespacing=1.1, **how)

    def _box(self, left: float, top: float, size: tuple[float, float], colour: str) -> None:
        shape = "round,pad=0,rounding_size=0.07"
        box = FancyBboxPatch((left, top), *size, shape, fc=colour, ec=LINE, lw=0.6)
        self.axes.add_patch(box)

    def _draw_columns(self) -> None:
        words = "One subject, one column. A room may use the rooms to its left, and floors below."
        self._text(2 * EDGE, HEAD / 2, words, color=QUIET)
        for number, name in enumerate(self.columns):
            middle = 2 * EDGE + self.width * (number + 0.5)
            self._text(middle, HEAD * 1.4, _wrapped(name), ha="center", weight="bold", fontsize=8.2)

    def _draw_line(self, line: Sequence[Band], top: float, height: float) -> None:
        if len(line) > 1:
            self._box(0.04, top - 0.07, (self.right - 0.08, height + 0.10), "none")
        for row in _rows_of(line):
            across = (self.right - EDGE - EDGE * len(row)) / len(row)
            height = self._row_height(row)
            for number, shown in enumerate(row):
                left = EDGE + number * (across + EDGE)
                self._box(left, top, (across, height - EDGE / 2), TINTS.get(shown.floor, "#eceff1"))
                self._text(left + EDGE, top + HEAD / 2, shown.floor, fontsize=11, weight="bold")
                if shown.cells:
                    self._draw_rooms(shown, top)
                else:
                    for row_number, words in enumerate(self._flat_words(shown, len(row)), 1):
                        colour = QUIET if words in ABOUT.get(shown.floor, "") else INK
                        y = top + HEAD / 2 + 0.05 + ROW * row_number
                        self._text(left + EDGE, y, words, color=colour)
            top += height

    def _draw_rooms(self, shown: Band, top: float) -> None:
        self._text(2 * EDGE + 1.1, top + HEAD / 2, ABOUT.get(shown.floor, ""), color=QUIET)
        top += HEAD
        height = shown.rooms_height
        for number, column in enumerate(self.columns):
            names = shown.cells.get(column)
            if names:
                left = 2 * EDGE + self.width * number
                self._box(left + 0.03, top, (self.width - 0.06, height - 0.05), "#ffffff")
                words = "\n".join(map(_wrapped, names))
                middle = (left + self.width / 2, top + height / 2 - 0.02)
                self._text(*middle, words, ha="center", fontsize=8.2)
        top += height
        for what, rooms in (("beside them:  ", shown.beside), ("for all of them:  ", shown.below)):
            if rooms:
                words = what + " · ".join(rooms)
                self._text(2 * EDGE + 0.05, top + STRIP / 2, words)
                top += STRIP

    def _draw_arrows(
        self, pairs: Sequence[tuple[int, int]], spans: Sequence[tuple[float, float]]
    ) -> None:
        style = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.4, "mutation_scale": 13,
                 "shrinkA": 0, "shrinkB": 0}  # fmt: skip
        lanes = [pair for pair in pairs if pair[1] > pair[0] + 1]
        for source, target in pairs:
            start, end = spans[source], spans[target]
            if (source, target) in lanes:
                number = lanes.index((source, target)) + 1
                lane = self.right + (LANES - EDGE) * number / len(lanes)
                leaves = start[1] - APART * (1 + [b for a, b in lanes if a == source].index(target))
                comes = end[0] + APART * (1 + [a for a, b in lanes if b == target].index(source))
                self.axes.plot([self.right - EDGE / 2, lane, lane], [leaves, leaves, comes],
                               color=QUIET, linewidth=1.4)  # fmt: skip
                tail, tip = (lane, comes), (self.right - EDGE / 2, comes)
            else:
                x = self.right / 2
                tail, tip = (x, start[1] - 0.02), (x, end[0] - 0.01)
            self.axes.annotate("", tip, tail, arrowprops=style)


def _rows_of(line: Sequence[Band]) -> list[list[Band]]:
    """Give the rows of a line: each floor with subjects alone, the others together."""
    together = [shown for shown in line if not shown.cells]
    return [*([shown] for shown in line if shown.cells), *([together] if together else [])]


def draw(house: House, target: Path = PICTURE) -> None:
    """Write the picture, the same at every run over the same program."""
    # Letters stay text: the first font is among the widest, so that others fit as well.
    family = ["DejaVu Sans", "sans-serif"]
    with rc_context({"font.family": family, "svg.hashsalt": "fsdesk", "svg.fonttype": "none"}):
        figure = Picture(house).figure
        if target.suffix == ".svg":
            words = {"Title": "fsdesk: floors and subjects", "Description": described(house)}
            figure.savefig(target, metadata=words | {"Date": None})
        else:
            figure.savefig(target, dpi=110)


def main() -> None:
    """Draw the picture and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--report", action="store_true", help="print the report only")
    parser.add_argument("--to", type=Path, default=PICTURE, help="an .svg or .png file")
    chosen = parser.parse_args()
    house = look()
    sys.stdout.write("\n".join(report(house)))
    if not chosen.report:
        draw(house, chosen.to)
        sys.stdout.write(f"{chosen.to}\n")


if __name__ == "__main__":
    main()
