"""How large everything is drawn, beside what the system already enlarges; held until a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import remember

if TYPE_CHECKING:
    from collections.abc import MutableMapping

# Per cent.
SCALES = (100, 125, 150, 175, 200)
_KEY = "scale"
_VARIABLE = "QT_SCALE_FACTOR"
_WHOLE = 100


def scale() -> int:
    """Return the scale that the user chose, in per cent."""
    stored = remember.recall(_KEY)
    return int(stored) if stored in map(str, SCALES) else _WHOLE


def set_scale(percent: int) -> None:
    """Remember another scale for the next start."""
    remember.store(_KEY, str(percent))


def prepare_scale(environment: MutableMapping[str, str]) -> None:
    """Let Qt draw in the chosen scale; what the environment says already stays.

    Qt reads it once, before the application is made.
    """
    if _VARIABLE not in environment and scale() != _WHOLE:
        environment[_VARIABLE] = str(scale() / _WHOLE)
