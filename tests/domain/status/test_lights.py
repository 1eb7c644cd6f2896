"""Lights: green at or above pace, yellow within the margin, red below, grey without data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.plan.indicators import Operator, Pace, PaceRule
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.lights import Light, attainment, judge, mean, pace_of
from fsdesk.domain.status.results import Coverage
from tests.plans import RATE, SAMPLES

RULES = Rules(yellow_margin=0.10)


@pytest.mark.parametrize(
    ("reached", "pace", "light"),
    [
        (0.50, 0.50, Light.GREEN),
        (0.80, 0.90, Light.YELLOW),  # exactly the margin, though 0.9 - 0.8 is not quite 0.1
        (0.40, 0.50, Light.YELLOW),
        (0.399, 0.50, Light.RED),
        (None, 0.50, Light.GREY),
        (0.0, 0.0, Light.GREY),  # nothing was due and nothing is done: no success yet
        (0.1, 0.0, Light.GREEN),
    ],
)
def test_lights(reached, pace, light):
    assert judge(reached, pace, RULES) is light


def test_a_missed_deadline_is_red():
    assert judge(1.0, 0.5, RULES, deadline_missed=True) is Light.RED


@given(st.floats(0, 2), st.floats(0, 1), st.floats(0, 1))
def test_more_is_never_worse(reached, pace, more):
    order = [Light.RED, Light.YELLOW, Light.GREY, Light.GREEN]
    better = judge(reached + more, pace, RULES)
    assert order.index(better) >= order.index(judge(reached, pace, RULES))


@pytest.mark.parametrize(
    ("value", "target", "operator", "expected"),
    [
        (950, 1900, Operator.AT_LEAST, 0.5),
        (3800, 1900, Operator.AT_LEAST, 2.0),
        (50.0, 100, Operator.EQUAL, 0.5),
        (5, 10, Operator.AT_MOST, 1.0),
        (20, 10, Operator.AT_MOST, 0.5),
        (None, 10, Operator.AT_LEAST, None),
    ],
)
def test_attainment(value, target, operator, expected):
    assert attainment(value, target, operator) == expected


def test_paces():
    june = 6
    curve = replace(SAMPLES, pace=Pace(PaceRule.CURVE, tuple(m / 24 for m in range(1, 13))))
    assert pace_of(SAMPLES, june) == 0.5
    assert pace_of(RATE, june) == 1.0
    assert pace_of(curve, june) == 0.25
    assert pace_of(replace(SAMPLES, operator=Operator.AT_MOST), june) == 1.0
    assert pace_of(SAMPLES, 0) == pace_of(curve, 0) == 0.0


@pytest.mark.parametrize(
    ("reached", "known", "light"),
    [
        (1.0, 4, Light.GREY),
        (0.45, 4, Light.GREY),
        (0.3, 4, Light.RED),  # what is known to lag lags, whatever else is not known
        (1.0, 5, Light.GREEN),
        (0.45, 10, Light.YELLOW),
    ],
)
def test_what_rests_on_too_little_is_not_called_good(reached, known, light):
    assert judge(reached, 0.5, RULES, coverage=Coverage(known, 10)) is light


def test_a_mean_leaves_out_what_is_unknown():
    assert mean([0.5, None, 1.0]) == 0.75
    assert mean([None]) is None
