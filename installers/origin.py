"""What a package is made from: its version, its moment, its sources and their digest."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from installers.pictures import shrink

ROOT = Path(__file__).resolve().parents[1]
_SOURCES = (
    "CHANGELOG.md", "LICENSE", "data", "docs/handbook.md", "docs/installing.md",
    "docs/pictures", "docs/questions.md", "docs/server.md", "docs/trial.md", "fsdesk",
    "installers", "main.py", "pyinstaller.spec", "pyproject.toml", "requirements.txt",
    "resources", "ui",
)  # fmt: skip
# Notes of what was built, which would change what they note.
RECORD = "installers/built.txt"
_PASSED_OVER = {"__pycache__"}
_NOON_2026 = 1767268800  # where there is no history to take the moment from


def build_environment() -> dict[str, str]:
    """Return what PyInstaller is told on every system.

    The same sources give the same bytes; modules are stored in it as they are, since the packages
    compress everything together, and that by a third better; and they know lines but not columns
    of their source, which a report of an error can do without: a quarter of their room.
    """
    return {
        "PYTHONHASHSEED": "0",
        "PYTHONNODEBUGRANGES": "1",
        "SOURCE_DATE_EPOCH": str(moment()),
        "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0",
    }


def version(root: Path = ROOT) -> str:
    """Return the project's version, such as ``0.1.0``."""
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    if found is None:
        raise ValueError("pyproject.toml names no version")
    return found[1]


def licence(root: Path = ROOT) -> str:
    """Return the project's licence by its SPDX name, such as ``MIT``."""
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^license = "(.+)"', project, re.MULTILINE)
    if found is None:
        raise ValueError("pyproject.toml names no licence")
    return found[1]


def copyright_line(root: Path = ROOT) -> str:
    """Return whose work it is, as the licence says: the line that begins with Copyright."""
    text = (root / "LICENSE").read_text(encoding="utf-8")
    found = re.search(r"^Copyright .+$", text, re.MULTILINE)
    if found is None:
        raise ValueError("LICENSE names nobody")
    return found[0]


def moment(root: Path = ROOT) -> int:
    """Return the time that stands in every built file, as seconds since 1970.

    It is that of the last commit, so that the same sources give the same package.
    """
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    done = subprocess.run(
        ["git", "-C", str(root), "log", "-1", "--format=%ct"],
        capture_output=True,
        text=True,
        check=False,
    )
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else _NOON_2026


def source_files(root: Path = ROOT) -> list[Path]:
    """Return every file that a package is made from, relative and in order."""
    found: list[Path] = []
    for name in _SOURCES:
        place = root / name
        found += [place] if place.is_file() else [f for f in place.rglob("*") if f.is_file()]
    relative = [file.relative_to(root) for file in found]
    return sorted(
        file
        for file in relative
        if not _PASSED_OVER & set(file.parts) and file.as_posix() != RECORD
    )


def digest(root: Path = ROOT) -> str:
    """Sum up the content of all sources."""
    total = hashlib.sha256()
    for file in source_files(root):
        content = hashlib.sha256((root / file).read_bytes()).hexdigest()
        total.update(f"{file.as_posix()} {content}\n".encode())
    return total.hexdigest()


def record(package: str, sources: str, root: Path = ROOT) -> None:
    """Note the digest of the sources of which a package was built and tried out last.

    It is ``windows``, or the architecture of a .deb.
    """
    noted = {**_recorded(root), package: sources}
    lines = ["# 各软件包最近一次生成并试装通过时所用源文件的摘要"]
    lines += [f"{name} {digest}" for name, digest in sorted(noted.items())]
    (root / RECORD).write_text("\n".join(lines) + "\n", encoding="utf-8")


def is_recorded(package: str, root: Path = ROOT) -> bool:
    """Tell whether the sources are still those of the package that was tried out last."""
    return _recorded(root).get(package) == digest(root)


def _recorded(root: Path) -> dict[str, str]:
    file = root / RECORD
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}  # noqa: PLR2004 - a pair


def settle_times(folder: Path, root: Path = ROOT) -> None:
    """Give everything in a folder the moment of the sources, so that packing it gives the same."""
    when = moment(root)
    for place in [folder, *folder.rglob("*")]:
        os.utime(place, (when, when), follow_symlinks=False)


def stage(target: Path, root: Path = ROOT) -> None:
    """Copy the sources alone to a new folder, all of the same moment."""
    if target.exists():
        shutil.rmtree(target)
    for file in source_files(root):
        copy = target / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / file, copy)
        copy.chmod(0o644)
    shrink(target / "docs/pictures")
    settle_times(target, root)
