"""Makes the handbook's pictures small: a screen has few colours, and 128 of them look the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path


def shrink(folder: Path) -> None:
    """Store the PNG pictures in a folder with a palette, where that makes them smaller."""
    for file in sorted(folder.glob("*.png")):
        whole = Image.open(file).convert("RGB")
        small = file.with_suffix(".small")
        plain = whole.quantize(128, dither=Image.Dither.NONE)
        plain.save(small, "PNG", optimize=True)
        if small.stat().st_size < file.stat().st_size:
            small.replace(file)
        else:
            small.unlink()
