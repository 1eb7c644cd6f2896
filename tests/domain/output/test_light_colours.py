"""One colour for one light: tables, charts and window take theirs from one table."""

from __future__ import annotations

import colorsys

import pytest

from fsdesk.domain.output.light_colours import ON_DARK, ON_PAPER
from fsdesk.domain.output.wording import LIGHT_COLOURS
from fsdesk.domain.status.lights import Light
from fsdesk.reports.charts.frame import DARK_STYLE, LIGHT_STYLE, rgb
from ui.theme import DARK, LIGHT


@pytest.mark.parametrize("light", Light)
@pytest.mark.parametrize("look", [(ON_PAPER, LIGHT, LIGHT_STYLE), (ON_DARK, DARK, DARK_STYLE)])
def test_window_tables_and_charts_take_a_lights_colour_from_one_table(look, light):
    table, window, charts = look
    assert window.light(light).name() == table[light].ink
    assert window.light_ground(light).name() == table[light].ground
    assert charts.fill(light) == table[light].fill
    assert LIGHT_COLOURS[light.value] == ON_PAPER[light].ink


@pytest.mark.parametrize("light", [light for light in Light if light is not Light.GREY])
@pytest.mark.parametrize("table", [ON_PAPER, ON_DARK])
def test_bars_and_words_of_a_light_have_one_hue(table, light):
    ink, fill = (
        colorsys.rgb_to_hsv(*rgb(tone))[0] for tone in (table[light].ink, table[light].fill)
    )
    assert abs(ink - fill) < 0.04


def test_no_line_or_bar_that_is_no_light_looks_like_one():
    for style in (LIGHT_STYLE, DARK_STYLE):
        assert style.series not in {tone for each in style.lights.values()
                                    for tone in (each.ink, each.fill)}  # fmt: skip
