"""What was typed into a field of the window and is not stored as data yet."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

FieldValue: TypeAlias = str | float | bool
"""What stands in a field: text, a date or the word of a choice; a number; a tick."""


QUIET = "quiet"
"""Where choices lie that hold as they are until others are made, and need not be saved."""


class FieldDraft(Struct, frozen=True):
    """A field's content as it was typed.

    Attributes:
        value: What stands in the field.
        base: What was stored when the typing began: if something else is stored now, it was changed
            from elsewhere meanwhile.
    """

    value: FieldValue
    base: FieldValue


def is_under(place: str, prefix: str) -> bool:
    """Tell whether a place such as ``inbox/k1/reply`` is, or lies in, ``inbox/k1``."""
    return place == prefix or place.startswith(f"{prefix}/")
