"""Where the project's own files lie, in a checkout and in the packaged program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Folder of the packaged program, made by pyinstaller.spec.
FONT_LIST = "resources/matplotlib"
# Lies beside the portable program; its data go into a folder beside it.
PORTABLE, _PORTABLE_DATA = "portable.txt", "数据"


def project_file(relative: str) -> Path:
    """Return the path of a file that ships with the program.

    Args:
        relative: Path below the project's root with forward slashes, such as ``resources/fonts``
            or ``data/units.yaml``.

    Returns:
        The file beside the sources, or in the folder into which PyInstaller packed it.
    """
    packed: str | None = getattr(sys, "_MEIPASS", None)
    root = Path(packed) if packed else Path(__file__).resolve().parents[1]
    return root / relative


def portable_data() -> Path | None:
    """Return where the portable program (便携版) keeps data and settings; else None.

    It is unpacked on a USB stick or where nothing may be installed, and leaves the PC as it is.
    """
    if not hasattr(sys, "_MEIPASS"):
        return None
    home = Path(sys.executable).resolve().parent
    return home / _PORTABLE_DATA if (home / PORTABLE).is_file() else None


def bring_font_list(environment: Mapping[str, str]) -> None:
    """Give matplotlib its list of fonts in the packaged program.

    PyInstaller's start gives it an empty folder each time, and before the first chart it would
    look through every font of the PC. Charts are written in the bundled font alone.
    """
    folder = environment.get("MPLCONFIGDIR")
    if folder and hasattr(sys, "_MEIPASS"):
        for file in project_file(FONT_LIST).glob("*.json"):
            Path(folder, file.name).write_bytes(file.read_bytes())
