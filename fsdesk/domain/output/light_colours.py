"""The one table of the lights' colours: window, tables, charts and the page for leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fsdesk.domain.status.light import Light

if TYPE_CHECKING:
    from collections.abc import Mapping


class LightColours(NamedTuple):
    """The tones of one light, all of one hue, as ``#rrggbb``.

    Attributes:
        ink: Mark and words; at least 4.5:1 on their ground.
        fill: Bars and cells; those of different lights differ in grey and for weak colour vision.
        ground: Behind a badge.
    """

    ink: str
    fill: str
    ground: str


ON_PAPER: Mapping[Light, LightColours] = {
    Light.GREEN: LightColours("#1a7439", "#3a9d5d", "#e4f3e9"),
    Light.YELLOW: LightColours("#855700", "#e8b23a", "#fbf0d9"),
    Light.RED: LightColours("#b3261e", "#b3261e", "#fbe7e5"),
    Light.GREY: LightColours("#55606e", "#c8cdd5", "#eceff3"),
}
ON_DARK: Mapping[Light, LightColours] = {
    Light.GREEN: LightColours("#6fc78d", "#6fc78d", "#1d3326"),
    Light.YELLOW: LightColours("#e3b758", "#e3b758", "#3a3018"),
    Light.RED: LightColours("#f0938a", "#e0736a", "#43221f"),
    Light.GREY: LightColours("#a6afbb", "#717b8a", "#2a3038"),
}
