"""Frozen values are as Python itself makes them, whoever made their guards."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from fsdesk import frozen_values


@dataclass(frozen=True, slots=True)
class Value:
    name: str
    count: int = 0


@dataclass(frozen=True)
class Open:
    name: str


class Wider(Open):
    """A subclass that isn't one itself: only the fields are kept from changing."""


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Python does so by itself")
def test_this_python_makes_them_the_faster_way():
    guard = Value.__setattr__
    assert guard.__module__ == frozen_values.__name__
    assert frozen_values.make_faster()


@pytest.mark.parametrize("value", [Value("甲", 1), Open("甲"), Wider("甲")])
def test_a_field_is_neither_set_nor_removed(value):
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        value.name = "乙"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del value.name
    assert value.name == "甲"


def test_a_value_takes_nothing_else():
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'other'"):
        Open("甲").other = 1
    wider = Wider("甲")
    wider.other = 1
    del wider.other
    assert vars(wider) == {"name": "甲"}


def test_values_are_compared_hashed_copied_and_shown_as_ever():
    value = Value("甲", 1)
    assert value == Value("甲", 1)
    assert hash(value) == hash(Value("甲", 1))
    assert replace(value, count=2) == Value("甲", 2)
    assert repr(value) == "Value(name='甲', count=1)"
    assert dataclasses.asdict(value) == {"name": "甲", "count": 1}


def test_another_python_is_left_as_it_is(monkeypatch):
    monkeypatch.delattr(dataclasses, "_frozen_get_del_attr", raising=False)
    assert not frozen_values.make_faster()
