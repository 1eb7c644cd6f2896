"""Lists what a package holds of others: licences for people, a CycloneDX SBOM for machines."""

from __future__ import annotations

import json
import platform
import re
import sys
import sysconfig
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING

from installers import linux, origin
from installers.origin import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Below the program's own files, where 关于 looks for them.
PLACE = "resources/about"
LICENCES, SBOM = "licences.txt", "sbom.json"
# They build the program and don't become a part of it; of PyInstaller the start does.
_TOOLS = {"altgraph", "setuptools", "pyinstaller-hooks-contrib", "pefile", "pywin32-ctypes"}
_TEXT = re.compile(r"(licen[cs]e|copying|notice|copyright)[^/]*$", re.IGNORECASE)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Component:
    """Something of others in the package.

    Attributes:
        kind: Of its home: ``pypi``, ``deb/debian``, or ``generic``.
    """

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    kind: str = "pypi"

    @property
    def purl(self) -> str:
        """Its package URL."""
        name = self.name.lower() if self.kind != "pypi" else re.sub(r"[-_.]+", "-", self.name)
        return f"pkg:{self.kind}/{name.lower()}@{self.version}"


def of_packages(site: Path) -> list[Component]:
    """Return the Python packages in a folder, without those that only build."""
    found = {each.metadata["Name"]: each for each in distributions(path=[str(site)])}
    kept = [each for name, each in found.items() if name.lower() not in _TOOLS]
    parts = [
        Component(each.metadata["Name"], each.version, licence_of(each), _texts_of(each))
        for each in kept
    ]
    return sorted(parts, key=lambda part: part.name.lower())


def licence_of(distribution: Distribution) -> str:
    """Return a package's licence in a word, from whichever field its makers filled."""
    about = distribution.metadata
    named = "".join(about.get_all("License-Expression") or ())
    short = "".join(about.get_all("License") or ()).strip()
    classes = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    one_line = short if "\n" not in short and len(short) <= _LONGEST_NAME else ""
    return named or one_line or " / ".join(classes) or short.partition("\n")[0] or "见说明"


def _texts_of(distribution: Distribution) -> tuple[str, ...]:
    files = [
        file
        for file in distribution.files or ()
        if ".dist-info" in str(file) and _TEXT.search(str(file))
    ]
    texts = [distribution.read_text(str(file).partition(".dist-info/")[2]) for file in files]
    return tuple(dict.fromkeys(text for text in texts if text))


_FONTS = (
    ("Noto Sans SC", "2", "OFL-NotoSansSC.txt"),
    ("Noto Serif SC", "2", "OFL-NotoSerifSC.txt"),
    ("Zhuque Fangsong", "0.211", "OFL-ZhuqueFangsong.txt"),
)


def of_project() -> list[Component]:
    """Return what the project itself carries, font and icons, and what lies in a wheel unnamed."""
    fonts = ROOT / "resources/fonts"
    icons = (ROOT / "resources/icons/LICENSE").read_text(encoding="utf-8")
    cipher = (ROOT / "resources/about/sqlcipher.txt").read_text(encoding="utf-8")
    server = (ROOT / "resources/about/libpq.txt").read_text(encoding="utf-8")
    return [
        *(
            Component(
                name,
                version,
                "OFL-1.1",
                ((fonts / licence).read_text(encoding="utf-8"),),
                "generic",
            )
            for name, version, licence in _FONTS
        ),
        Component("Lucide", "0", "ISC", (icons,), "generic"),
        # In sqlcipher3, whose wheel has a licence of its own code alone. The text of OpenSSL's
        # comes with PyNaCl, which has the same one.
        Component("SQLCipher", "4.19.0", "BSD-3-Clause", (cipher,), "generic"),
        Component("OpenSSL", "3.6.0", "Apache-2.0", (), "generic"),
        # In psycopg-binary, whose wheel has a licence of its own code alone.
        Component("libpq", "18", "PostgreSQL", (server,), "generic"),
        Component("OpenSSL", "3.5.9", "Apache-2.0", (), "generic"),
    ]


def of_root(root: Path) -> list[Component]:
    """Return what was compiled in the root in which the program was built."""
    about = json.loads((root / "built.json").read_text(encoding="utf-8"))
    texts = {"CPython": ("usr/local/lib/python3.11/LICENSE.txt",), "SQLite": ()}
    return [
        Component(
            name,
            version,
            "PSF-2.0" if name == "CPython" else "公有领域",
            tuple((root / file).read_text(encoding="utf-8") for file in texts[name]),
            "generic",
        )
        for name, version in sorted(about.items())
    ]


def of_runtime(python: Path) -> list[Component]:
    """Return what comes with CPython for Windows, whose licence names its parts."""
    text = (python / "LICENSE.txt").read_text(encoding="utf-8")
    return [Component("CPython", "3.11.9", "PSF-2.0", (text,), "generic")]


def of_debian(program: Path, root: Path) -> list[Component]:
    """Return the root's Debian packages whose libraries PyInstaller took along."""
    taken = {file.name for file in (program / "_internal").iterdir() if ".so" in file.name}
    debian = linux.debian_files(root)
    owners = {debian[name] for name in taken & set(debian)}
    versions = _versions((root / "var/lib/dpkg/status").read_text(encoding="utf-8"))
    return [
        Component(name, versions[name], "见说明", _debian_texts(root, name), "deb/debian")
        for name in sorted(owners)
    ]


def _versions(status: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in status.split("\n\n"):
        fields = dict(re.findall(r"^(Package|Version): (.+)$", block, re.MULTILINE))
        if len(fields) > 1:
            found[fields["Package"]] = fields["Version"]
    return found


def _debian_texts(root: Path, name: str) -> tuple[str, ...]:
    file = root / "usr/share/doc" / name / "copyright"
    return (file.read_text(encoding="utf-8", errors="replace"),) if file.is_file() else ()


def write(folder: Path, parts: Sequence[Component], when: int) -> None:
    """Write both lists into a folder of the program."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LICENCES).write_text(licences_text(parts), encoding="utf-8", newline="\n")
    bom = json.dumps(sbom(parts, origin.version(), when), ensure_ascii=False, indent=1)
    (folder / SBOM).write_text(bom + "\n", encoding="utf-8", newline="\n")


def licences_text(parts: Iterable[Component]) -> str:
    """Return the list for people: first all names, then the licences."""
    every = list(parts)
    lines = ["本程序使用了下列第三方软件，谨此致谢。许可原文附后。", ""]
    lines += [f"{part.name} {part.version}：{part.licence}" for part in every]
    for part in every:
        lines += ["", "=" * 72, f"{part.name} {part.version}（{part.licence}）", ""]
        lines += part.texts
    return "\n".join(lines) + "\n"


def sbom(parts: Iterable[Component], version: str, when: int) -> dict[str, object]:
    """Return the bill of materials after CycloneDX 1.5."""
    own = {"type": "application", "name": "fsdesk", "version": version, "bom-ref": "fsdesk"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(when, UTC).isoformat().replace("+00:00", "Z"),
            "component": own,
        },
        "components": [
            {
                "type": "library",
                "bom-ref": part.purl,
                "name": part.name,
                "version": part.version,
                "purl": part.purl,
                "licenses": [{"license": {"name": part.licence}}],
            }
            for part in parts
        ],
    }


def main(folder: Path) -> None:
    """Write the lists of the packages that this Python has, into a program that it built."""
    site = Path(sysconfig.get_path("purelib"))
    own = Component("CPython", platform.python_version(), "PSF-2.0", (), "generic")
    write(folder / PLACE, [*of_project(), own, *of_packages(site)], origin.moment())


def copyright_text() -> str:
    """Return what Debian packages carry as their copyright file."""
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    return f"fsdesk\n\n{own}\n第三方软件的许可见程序的“关于”，或程序文件夹中的 {LICENCES}。\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
