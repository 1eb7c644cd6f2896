"""What the program says of itself: its changes, and whose work is in it."""

from __future__ import annotations

from fsdesk.places import project_file

# Written when a package is built, beside the bill of materials (sbom.json).
_LICENCES = "resources/about/licences.txt"
_FROM_SOURCE = (
    "程序正从源代码运行。所用第三方软件见源代码中的 requirements.txt；"
    "安装包中附有完整清单和许可原文。\n"
    "字体：Noto Sans SC、Noto Serif SC、朱雀仿宋（SIL OFL 1.1）。图标：Lucide（ISC）。\n"
)


def changes() -> str:
    """Return what is new in each version, the newest first."""
    return project_file("resources/about/changes.txt").read_text(encoding="utf-8")


def licences() -> str:
    """Return the list of third-party software with its licences."""
    file = project_file(_LICENCES)
    return file.read_text(encoding="utf-8") if file.is_file() else _FROM_SOURCE


def bill_of_materials() -> str:
    """Return the path of the bill of materials; empty outside a package."""
    file = project_file(_LICENCES).with_name("sbom.json")
    return str(file) if file.is_file() else ""
