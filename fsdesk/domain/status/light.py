"""The four lights (亮灯); what judges is in `lights`."""

from __future__ import annotations

from fsdesk.domain.labelled import LabelledEnum


class Light(LabelledEnum):
    """The judgement on an indicator, task or unit."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "偏慢"
    RED = "red", "滞后"
    GREY = "grey", "数据不足"

    @property
    def mark(self) -> str:
        """A shape that tells the light without its colour."""
        return _MARKS[self]

    @property
    def urgency(self) -> int:
        """Sort key: red first, then yellow, green, no data."""
        return [Light.RED, Light.YELLOW, Light.GREEN, Light.GREY].index(self)


_MARKS = {Light.GREEN: "●", Light.YELLOW: "▲", Light.RED: "■", Light.GREY: "○"}
