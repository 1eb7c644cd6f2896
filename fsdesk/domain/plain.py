"""Dataclasses as plain values that JSON can hold, and back; the only place that knows how.

A field keeps its name and its place. Days become ISO text and enums their value. Where the stored
form differs from that, the module of the dataclass says so.
"""

from __future__ import annotations

from typing import Any, TypeVar

_Made = TypeVar("_Made")


def to_plain(thing: object, keep: tuple[type, ...] = ()) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return dataclasses, or a collection of them, as plain values.

    `thing`: what is to be stored or to travel.
    `keep`: kinds of values that the receiver takes as they are, such as days for a database.
    """
    import msgspec

    return msgspec.to_builtins(thing, builtin_types=keep)


def from_plain(kind: type[_Made], plain: object) -> _Made:
    """Rebuild what `to_plain` made plain, without unknown names; ValueError for other values."""
    import msgspec

    return msgspec.convert(plain, kind)
