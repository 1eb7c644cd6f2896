"""Where the project's own files lie, in a checkout and in the packaged program."""

from __future__ import annotations

import sys
from pathlib import Path


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
