"""Lets Python make the classes of frozen values faster, of which the program has 400.

Python 3.11 and 3.12 write and compile the text of two methods for each frozen dataclass, which
differ in nothing but the class and its fields: half of the time that such a class takes. Here they
are two plain functions. Later versions compile all methods of a class in one go.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PLACE = "_frozen_get_del_attr"


def make_faster() -> bool:
    """Put them in the place of Python's own; tell whether this Python has that place."""
    if sys.version_info >= (3, 13) or not hasattr(dataclasses, _PLACE):
        return False
    setattr(dataclasses, _PLACE, _frozen)
    return True


def _frozen(
    cls: type, fields: Iterable[dataclasses.Field[Any]], _globals: object
) -> tuple[Callable[..., None], Callable[..., None]]:
    names = frozenset(field.name for field in fields)

    def __setattr__(self: object, name: str, value: object) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: object, name: str) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__
