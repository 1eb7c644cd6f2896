"""Which objects Python itself looks through for unused ones: the young, and never the old.

Of what is made while the program starts nearly all stays; to look through it again and again takes
a tenth of the time until the window is seen.
"""

from __future__ import annotations

import gc

# New objects, and rounds of them, after which the young are looked through; and never the old.
_YOUNG, _ROUNDS, _NEVER = 20_000, 5, 1_000_000_000


def look_at_young() -> tuple[int, int, int]:
    """Let Python look through young objects only; returns how it did that before."""
    before = gc.get_threshold()
    gc.set_threshold(_YOUNG, _ROUNDS, _NEVER)
    return before
