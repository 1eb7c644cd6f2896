"""What the program says of itself: its changes, and whose work is in it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fsdesk.domain.packet.updates import is_newer
from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Iterable

# Written when a package is built, beside the bill of materials (sbom.json).
_LICENCES = "resources/about/licences.txt"
_VERSION = re.compile(r"^(\d+\.\d+\.\d+) 版$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")  # an address, or a place in the window
_FROM_SOURCE = (
    "程序正从源代码运行。所用第三方软件见源代码中的 requirements.txt；"
    "安装包中附有完整清单和许可原文。\n"
    "字体：Noto Sans SC、Noto Serif SC、朱雀仿宋（SIL OFL 1.1）。图标：Lucide（ISC）。\n"
)


def changes() -> str:
    """Return what is new in each version, the newest first."""
    return project_file("resources/about/changes.txt").read_text(encoding="utf-8")


def changes_since(version: str) -> str:
    """Return what is new since a version, such as ``0.1.0``; empty when nothing is.

    A version that the list doesn't name counts by its number.
    """
    parts = _VERSION.split(changes())  # what stands above the first, then number and text in turn
    sections = zip(parts[1::2], parts[2::2], strict=True)
    return "".join(f"{number} 版{text}" for number, text in sections if is_newer(number, version))


def dead_links(books: Iterable[str]) -> tuple[str, ...]:
    """Return what books, and the pages that they lead to, point at and the program lacks.

    `books`: their places below the project, such as ``docs/handbook.md``; those that are missing
    are told as well.
    """
    pages = list(books)
    seen = set(pages)
    dead: list[str] = []
    while pages:
        page = pages.pop(0)
        if not project_file(page).is_file():
            dead.append(page)
            continue
        text = project_file(page).read_text(encoding="utf-8")
        for target in (found[1] for found in _LINK.finditer(text)):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
            if _ELSEWHERE.match(target) or name in seen:
                continue
            seen.add(name)
            if not project_file(name).is_file():
                dead.append(f"{page} → {target}")
            elif name.endswith(".md"):
                pages.append(name)
    return tuple(dead)


def licences() -> str:
    """Return the list of third-party software with its licences."""
    file = project_file(_LICENCES)
    return file.read_text(encoding="utf-8") if file.is_file() else _FROM_SOURCE


def bill_of_materials() -> str:
    """Return the path of the bill of materials; empty outside a package."""
    file = project_file(_LICENCES).with_name("sbom.json")
    return str(file) if file.is_file() else ""
