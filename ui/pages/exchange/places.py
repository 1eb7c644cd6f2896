"""The parts of the page 交换, as others ask for one of them."""

from __future__ import annotations

from enum import Enum, auto


class ExchangePlace(Enum):
    """What another page wants to be shown on 交换."""

    CONFLICTS = auto()
    REVIEW = auto()
    KEYS = auto()
    HISTORY = auto()
