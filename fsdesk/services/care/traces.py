"""What may leave this PC of a log or a crash report: when, where in the program, which kind.

A log repeats what people typed, names of files and of units. So a line is not searched for what has
to go: of each only that is kept whose form the program itself gives it, and the rest is counted.
"""

from __future__ import annotations

import builtins
import importlib.util
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ENTRY = re.compile(
    r"(?P<head>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) "
    r"(?:fsdesk|ui)(?:\.[a-z_]+)*)(?: (?P<told>.*))?"
)
# As Python and faulthandler write them; which folder the program is in says who uses it.
_FRAME = re.compile(
    r'\s*File "(?P<path>.*)", line (?P<line>\d{1,6}),? in (?P<name>[A-Za-z_<>][\w<>.]*)', re.ASCII
)
_MODULE = re.compile(r"(?:[A-Za-z_]\w*/){1,6}[A-Za-z_]\w*\.py$", re.ASCII)
_OWN = {"fsdesk", "ui"}
_RAISED = re.compile(r"(?P<kind>[A-Za-z_][\w.]*)(?:: ?.*)?", re.ASCII)
_LIBRARIES = {
    "PIL", "PySide6", "alembic", "docx", "filelock", "fsdesk", "lxml", "matplotlib", "msgspec",
    "nacl", "numpy", "openpyxl", "python_calamine", "reportlab", "shiboken6", "sqlalchemy",
    "sqlcipher3", "ui",
}  # fmt: skip
_INSTALLED = {"site-packages", "dist-packages", "_internal"}
_VERBATIM = re.compile(
    r"Traceback \(most recent call last\):"
    r"|During handling of the above exception, another exception occurred:"
    r"|The above exception was the direct cause of the following exception:"
    r"|(?:Current thread|Thread) 0x[0-9a-f]+ \(most recent call first\):"
    r"|Fatal Python error: (?:Segmentation fault|Aborted|Bus error|Illegal instruction"
    r"|Floating-point exception)"
    r"|时间：\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
    r"|食药安工作台 \d+\.\d+\.\d+ 版故障报告"
)


def stripped(lines: Iterable[str]) -> list[str]:
    """Return what may leave of some lines; how many others there were is told in their place."""
    kept: list[str] = []
    left_out = 0
    for line in lines:
        found = _kept(line.rstrip())
        if found is None:
            left_out += 1
            continue
        kept += [*_told(left_out), found]
        left_out = 0
    return [*kept, *_told(left_out)]


def _told(left_out: int) -> Iterator[str]:
    if left_out:
        yield f"（略去 {left_out} 行）"


def _kept(line: str) -> str | None:
    if _VERBATIM.fullmatch(line.strip()):
        return line.strip()
    entry = _ENTRY.fullmatch(line)
    if entry:
        told = entry["told"] or ""
        return f"{entry['head']}（略去 {len(told)} 字）" if told else entry["head"]
    frame = _FRAME.fullmatch(line)
    if frame:
        inside = _inside(frame["path"])
        return f"  {inside}:{frame['line']} {frame['name']}" if inside else None
    raised = _RAISED.fullmatch(line)
    return raised["kind"] if raised and _is_exception(raised["kind"]) else None


def _inside(path: str) -> str:
    """Return a module by its place in the program or a library, without the folders above.

    Empty for what is neither, nor of Python itself. Folders above may be called as the program is.
    """
    parts = re.split(r"[/\\]", path)
    for index in reversed(range(len(parts) - 1)):
        inside = "/".join(parts[index:])
        if _MODULE.fullmatch(inside) and (_is_own(parts[index:]) or _is_library(parts, index)):
            return inside
    name = parts[-1].removesuffix(".py")
    return parts[-1] if name in sys.stdlib_module_names or name == "main" else ""


def _is_own(parts: Sequence[str]) -> bool:
    """Tell whether the program has that package or module at its top; nothing is imported."""
    package, first = parts[0], parts[1].removesuffix(".py")
    spec = importlib.util.find_spec(package) if package in _OWN else None
    if spec is None or first == "__init__":
        return spec is not None
    places = spec.submodule_search_locations
    return any(finder.find_spec(f"{package}.{first}", places) for finder in sys.meta_path)


def _is_library(parts: Sequence[str], index: int) -> bool:
    """Tell whether a library lies there: where they are installed, or packed with the program."""
    known = parts[index] in _LIBRARIES - _OWN
    return known and (index == 0 or parts[index - 1] in _INSTALLED)


def _is_exception(kind: str) -> bool:
    first, _, rest = kind.partition(".")
    if rest:
        return first in _LIBRARIES or first in sys.stdlib_module_names
    found = getattr(builtins, kind, None)
    return isinstance(found, type) and issubclass(found, BaseException)
