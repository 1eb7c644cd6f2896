"""Values as plain ones that JSON can hold, and back; the only place that knows how.

A field keeps its name and its place. Days become ISO text and enums their value. Where the stored
form differs from that, the module of the value says so.
"""

from __future__ import annotations

import json
import re
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from fsdesk.domain.labelled import UnknownWordError

if TYPE_CHECKING:
    from collections.abc import Callable

_Made = TypeVar("_Made")
# Seals are set on what Python's own encoder writes; very small and very large numbers are all that
# the fast one writes in another form.
_SLOW, _SLOW_SPACED = (
    json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=signs)
    for signs in ((",", ":"), (", ", ": "))
)
# Quickly found, also in texts; digests, which are full of such letters, seldom end a number.
_TINY, _ENDS_IN_EXPONENT = b"0.0000", re.compile(rb"e(?<=[0-9]e)-?[0-9]+(?:[\],}]|\Z)")
_NO_MEMBER = re.compile("Invalid enum value '?(.*?)'?(?: - at `|$)")  # as the library says it
_OTHER_NUMBER = re.compile(rb"[\[:,]-?(?:[0-9]+(?:\.[0-9]+)?e|0\.0000)")


def to_plain(thing: object, keep: tuple[type, ...] = ()) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value, or a collection of them, as plain values.

    `thing`: what is to be stored or to travel.
    `keep`: kinds of values that the receiver takes as they are, such as days for a database.
    """
    return msgspec.to_builtins(thing, builtin_types=keep)


def from_plain(kind: type[_Made], plain: object) -> _Made:
    """Rebuild what `to_plain` made plain, without unknown names; ValueError for other values.

    Among them is UnknownWordError for a word that no enum here has.
    """
    if kind not in _looked_at:
        _look_at(kind)
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as problem:
        if word := _NO_MEMBER.match(str(problem)):
            raise UnknownWordError(word[1]) from problem
        raise


# The library looks at a kind when it meets it first, and keeps what it found in the classes before
# all of that is there: a second thread that comes meanwhile reads what isn't, and the program ends.
_looking = Lock()
_looked_at: set[object] = set()


def _look_at(kind: object) -> None:
    """Let the library look at a kind, and at all that it is made of, one thread at a time."""
    with _looking:
        if kind not in _looked_at:
            msgspec.json.Decoder(kind)
            _looked_at.add(kind)


def canonical(plain: object, *, spaced: bool = False) -> str:
    """Return plain values as JSON that is the same for the same values; its numbers are finite.

    `spaced`: with a blank after each comma and colon, as the change log has it.
    """
    if not spaced:
        return encoded(plain).decode()
    encode, add_blanks = _fast()
    text = encode(plain)
    return _SLOW_SPACED.encode(plain) if _is_other(text) else add_blanks(text, indent=0).decode()


def encoded(plain: object) -> bytes:
    """Return what `canonical` returns in UTF-8, of which digests are made."""
    text = _fast()[0](plain)
    return _SLOW.encode(plain).encode() if _is_other(text) else text


def compact(plain: object) -> bytes:
    """Return plain values as JSON, however numbers are written in it.

    Where no number has a fraction this is what `encoded` returns, without a look at each number.
    """
    return _fast()[0](plain)


def _is_other(text: bytes) -> bool:
    """Tell whether Python's own encoder may write a number of a text in another form."""
    found = _TINY in text or _ENDS_IN_EXPONENT.search(text)
    return bool(found) and _OTHER_NUMBER.search(text) is not None


@cache
def _fast() -> tuple[Callable[[object], bytes], Callable[..., bytes]]:
    return msgspec.json.Encoder(order="sorted").encode, msgspec.json.format
