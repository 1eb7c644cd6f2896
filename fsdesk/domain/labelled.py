"""Enums whose members carry the word that people read."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn, Self


class UnknownWordError(ValueError):
    """A stored word of which this program knows nothing; a later one may have written it."""

    def __init__(self, word: str) -> None:
        """Keep the word."""
        super().__init__(word)
        self.word = word


class LabelledEnum(StrEnum):
    """Each member is written as its value, which is stored, and its word on screen."""

    _value_: str
    label: str
    # What is equal has one hash: that of the value. It is also much faster than by the name.
    __hash__ = str.__hash__

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member that equals its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise UnknownWordError(str(value))
