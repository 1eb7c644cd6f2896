"""Enums whose members carry the word that people read."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """Each member is written as its value, which is stored, and its word on screen."""

    _value_: str
    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member that equals its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
