"""What is read of a share stands on the side of its light, with no more digits than that takes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fsdesk.domain.settings import Rules
from fsdesk.domain.status.lights import Light, judge
from fsdesk.domain.status.shares import number_beside, numbers_in_order, paced, share_text

PACES = st.floats(0, 1) | st.integers(0, 12).map(lambda month: month / 12)
MARGINS = st.integers(0, 100).map(lambda points: points / 100)  # whole points, as in the settings


def read(text: str) -> Decimal:
    return Decimal(text.removesuffix("%"))


def light_as_read(reached: str, pace: str, margin: float) -> Light:
    gap = read(pace) - read(reached)
    if read(pace) == read(reached) == 0:
        return Light.GREY  # nothing done of nothing due
    if gap <= 0:
        return Light.GREEN
    return Light.YELLOW if gap <= Decimal(repr(margin)) * 100 else Light.RED


@pytest.mark.parametrize(
    ("reached", "pace", "shown"),
    [
        (0.9996, 1.0, ("99.96%", "100.0%", "0.04")),  # never 100 % beside 100 %, and yellow
        (0.99996, 1.0, ("99.996%", "100.0%", "0.004")),
        (0.9164, 11 / 12, ("91.6%", "91.7%", "0.1")),
        (0.9166, 11 / 12, ("91.66%", "91.67%", "0.01")),
        (11 / 12, 11 / 12, ("91.7%", "91.7%", "")),
        (11 / 12 - 0.1, 11 / 12, ("81.7%", "91.7%", "10.0")),  # on the margin: yellow
        (11 / 12 - 0.1001, 11 / 12, ("81.66%", "91.67%", "10.01")),  # beyond it: red
        (1.0004, 1.0, ("100.04%", "100.0%", "")),
        (0.0002, 0.25, ("0.02%", "25.0%", "24.98")),  # something is not nothing
        (0.0, 0.25, ("0.0%", "25.0%", "25.0")),
        (None, 0.25, ("—", "25.0%", "")),
    ],
)
def test_a_share_is_read_on_the_side_of_its_light(reached, pace, shown):
    found = paced(reached, pace, Rules())
    assert (found.reached, found.pace, found.gap) == shown


@given(st.floats(0, 2) | PACES, PACES, MARGINS)
@example(0.7, 0.8, 0.1)
@example(0.1 + 0.2, 0.3, 0.0)
@example(0.29, 0.39, 0.1)
def test_what_is_read_is_judged_as_what_was_reckoned(reached, pace, margin):
    rules = Rules(yellow_margin=margin)
    found = paced(reached, pace, rules)
    light = judge(reached, pace, rules)
    assert light_as_read(found.reached, found.pace, margin) is light
    if abs(pace - reached) > 1e-9:
        assert (read(found.reached) > read(found.pace)) is (reached > pace)
    # The gap that is told is the one between the two that are read.
    told = Decimal(found.gap) if found.gap else Decimal(0)
    assert told == max(read(found.pace) - read(found.reached), Decimal(0))


@given(st.floats(0, 3))
def test_a_share_alone_has_a_decimal_and_never_reads_as_nothing_or_as_the_whole(share):
    text = share_text(share)
    assert len(text.removesuffix("%").partition(".")[2]) >= 1
    assert abs(read(text) / 100 - Decimal(share)) <= Decimal("0.0005") + Decimal("1e-12")
    if abs(share - 1) > 1e-12:
        assert (read(text) > 100, read(text) < 100) == (share > 1, share < 1)
    if share > 1e-12:
        assert read(text) > 0


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "—"),
        (0, "0.0%"),
        (0.3, "30.0%"),
        (0.6319, "63.2%"),
        (0.8325, "83.3%"),
        (1.04, "104.0%"),
    ],
)
def test_a_share_alone(share, text):
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("value", "level", "text"),
    [
        (1900, 1900, "1900"),
        (99.996, 100, "99.996"),
        (66.6667, 70, "66.67"),
        (100.001, 100, "100.001"),
    ],
)
def test_a_value_that_misses_its_target_does_not_read_as_the_target(value, level, text):
    assert number_beside(value, level) == text


@given(st.floats(0, 3000), st.floats(0, 3000), st.sampled_from([0, 2]))
@example(158.0, 1900 / 12, 0)
def test_two_numbers_are_read_in_their_order(one, other, digits):
    shown = [Decimal(text) for text in numbers_in_order(one, other, digits)]
    if abs(one - other) > 1e-9:
        assert (shown[0] > shown[1], shown[0] < shown[1]) == (one > other, one < other)
