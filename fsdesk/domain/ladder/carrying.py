"""What goes along with a report beside the figures of the level's own units, by choice."""

from __future__ import annotations

from msgspec import Struct


class Carry(Struct, frozen=True):
    """What was chosen to carry; without a choice a report grows by its own units alone.

    Attributes:
        below: Whether what came from units of units goes along.
        rows: Whether ledger rows do, without the columns that say who a citizen is.
    """

    below: bool = False
    rows: bool = False


NOTHING_MORE = Carry()
MOST_ROWS = 20_000  # that one report carries; more say nothing to people and fill the receiver
