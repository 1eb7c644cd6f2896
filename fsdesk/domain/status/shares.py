"""Shares (完成率, 进度, 报送率 …) in words: the one way for pages, tables, charts and letters.

A share is written with one decimal, and with more where it takes more to read what was judged: one
below its pace never reads as its pace, one beyond the margin never as within it, one below the
target never as 100 %, and something never as nothing.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.status.lights import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.settings import Rules

MISSING = "—"
# Decimals of shares that are reckoned with further (points), or are an indicator's own value.
FINE = 2
# Decimals of a fraction behind which there is only what adding up has left.
_EXACT = 12
_ZERO, _WHOLE = Decimal(0), Decimal(100)


class PacedText(Struct, frozen=True):
    """A share and its pace as they stand side by side.

    Attributes:
        reached: The share; a dash without one.
        gap: By how many points the share is behind, as the two are read; empty where it is not.
        share: The share itself; None without one.
    """

    reached: str
    pace: str
    gap: str
    share: float | None = None


@lru_cache(maxsize=4096)  # many units share few figures
def share_text(share: float | None, least: int = 1) -> str:
    """Write a share that nothing is held against, such as a rate of reporting: 83.3%, 100.0%.

    `least`: decimals that are always written, so that they stand below each other in a column.
    """
    if share is None:
        return MISSING
    exact = _points(share)
    (shown,) = _as_fine_as_needed((exact,), least, lambda those: _ends(those[0]))
    return _text(shown, least)


def paced(reached: float | None, pace: float, rules: Rules) -> PacedText:
    """Write a share beside its pace so that what is read is judged as what was reckoned."""
    if reached is None:
        return PacedText(MISSING, share_text(pace), "")
    return _paced(reached, pace, rules.yellow_margin)


@lru_cache(maxsize=4096)
def _paced(reached: float, pace: float, yellow_margin: float) -> PacedText:
    margin = _points(yellow_margin)

    def judged(those: tuple[Decimal, ...]) -> object:
        here, due = those
        return (_sign(here - due), due - here > margin, _ends(here), _ends(due))

    exact = _points(_settled(reached, pace, yellow_margin)), _points(pace)
    here, due = _as_fine_as_needed(exact, 1, judged)
    gap = _plain(due - here, 1) if here < due else ""
    return PacedText(_text(here), _text(due), gap, reached)


def number_beside(value: float, target: float, digits: int = 2) -> str:
    """Write a number so that it does not read as the target that it misses.

    `digits`: decimals at most where more are not needed; needless ones are left out.
    """
    exact, mark = _exact(value), _exact(target)
    (shown,) = _as_fine_as_needed((exact,), digits, lambda those: _sign(those[0] - mark))
    return _plain(shown, 0)


def numbers_in_order(one: float, other: float, digits: int) -> tuple[str, str]:
    """Write two numbers so that they are read in their order; `digits` as in `number_beside`."""
    exact = (_exact(one), _exact(other))
    shown = _as_fine_as_needed(exact, digits, lambda those: _sign(those[0] - those[1]))
    return _plain(shown[0], 0), _plain(shown[1], 0)


def _settled(reached: float, pace: float, margin: float) -> float:
    """Move a share by the least that adding up may be off to the border at which it is judged."""
    gap = pace - reached
    if abs(gap) <= ROUNDING:
        return pace
    if margin - ROUNDING <= gap <= margin + ROUNDING:
        return pace - margin
    return reached


def _as_fine_as_needed(
    exact: tuple[Decimal, ...], least: int, said: Callable[[tuple[Decimal, ...]], object]
) -> tuple[Decimal, ...]:
    """Round numbers to the fewest decimals with which they say what they say exactly."""
    wanted = said(exact)
    for digits in range(least, _EXACT):
        shown = tuple(_rounded(number, digits) for number in exact)
        if said(shown) == wanted:
            return shown
    return exact


def _points(share: float) -> Decimal:
    return _exact(share) * 100


def _exact(number: float) -> Decimal:
    # As people and spreadsheets read the number: 0.835 is 83.5 %, not a little below.
    return Decimal(repr(round(float(number), _EXACT))) + 0


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _ends(points: Decimal) -> tuple[int, int]:
    """Tell on which side of nothing and of the whole something lies."""
    return _sign(points - _ZERO), _sign(points - _WHOLE)


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def _text(points: Decimal, least: int = 1) -> str:
    return f"{_plain(points, least)}%"


def _plain(number: Decimal, least: int) -> str:
    """Write a number without needless decimals beyond the least."""
    whole, _, decimals = f"{number:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole
