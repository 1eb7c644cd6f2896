"""The curve of a figure through the year against its pace, with where it is heading."""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from fsdesk.domain.output.drawing import ChartSpot
from fsdesk.domain.output.wording import DUE, NOT_REPORTED
from fsdesk.domain.periods import MONTHS
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.measures import Measure
from fsdesk.reports.charts.frame import (
    LIGHT_STYLE,
    LINE,
    POINTS,
    TEXT_SIZE,
    Chart,
    FigureStyle,
    Margins,
    figure_of,
    frame_of,
    inches_of,
    mixed,
    name_columns,
    new_axes,
    put_legend,
    put_title,
)
from fsdesk.reports.paper.fonts import chart_font

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fsdesk.domain.status.trend import Forecast, Trend

HEIGHT_INCHES = 5.2
METHOD = "预测：后续各月按已有月份的平均进度推算；区间按月际波动估计，假定以后各月与以前相似"


def trend_figure(trend: Trend, style: FigureStyle = LIGHT_STYLE, *, compact: bool = False) -> Chart:
    """Draw a figure's curve against its pace, with the forecast for the year and its range."""
    unit = "" if trend.measure_unit in trend.name else f"（{trend.measure_unit}）"
    title = f"{trend.period.label}{trend.name}{unit}走势与全年预测"
    margins = Margins(0.75, 1.75, *((0.15, 0.35) if compact else (0.75, 0.8)))
    figure, axes = new_axes(HEIGHT_INCHES, margins, style)
    _scale(axes, trend, style)
    _lines(axes, trend, style)
    if trend.forecast is not None:
        _heading(axes, trend, trend.forecast, style)
    _last_words(axes, trend, style)
    if not compact:
        put_title(axes, title, style, pad=26)
        _method(axes, trend, style)
        put_legend(axes, style, *_signs(trend, style))
    return Chart(figure, _spots(trend, axes.get_ylim()), title)


def _scale(axes: Axes, trend: Trend, style: FigureStyle) -> None:
    highest = max([trend.target, *trend.pace, *(value or 0.0 for value in trend.values)])
    if trend.forecast is not None:
        highest = max(highest, min(trend.forecast.high, highest * 1.3))
    axes.set_xlim(0, MONTHS + 0.15)
    axes.set_ylim(0, highest * 1.06 or 1.0)
    months = range(1, MONTHS + 1)
    name_columns(axes, months, [f"{month}月" for month in months], style)
    steps = MaxNLocator(nbins=6).tick_values(0, highest)
    ticks = [float(step) for step in steps if 0 <= step <= highest]
    axes.hlines(ticks, 0, MONTHS + 0.15, colors=style.line, linewidth=0.8, zorder=0.4)
    for tick in ticks:
        axes.text(-0.12, tick, number_text(tick), ha="right", va="center", color=style.text,
                  fontproperties=chart_font(), fontsize=TEXT_SIZE)  # fmt: skip
    axes.spines["bottom"].set_visible(True)
    axes.axhline(trend.target, color=style.text, linewidth=1.0)


def _lines(axes: Axes, trend: Trend, style: FigureStyle) -> None:
    months = range(1, MONTHS + 1)
    axes.plot(months, trend.pace, color=style.muted, linewidth=1.6, linestyle=(0, (5, 3)))
    known = [(m, v) for m, v in zip(months, trend.values, strict=False) if v is not None]
    axes.plot(
        [month for month, _ in known],
        [value for _, value in known],
        color=style.series,
        linewidth=2.6,
        marker="o",
        markersize=5,
    )


def _heading(axes: Axes, trend: Trend, ahead: Forecast, style: FigureStyle) -> None:
    """Draw where the figure is heading: a dotted line in a hatched fan."""
    start, last = len(trend.values), trend.values[-1] or 0.0
    axes.fill(
        [start, MONTHS, MONTHS],
        [last, ahead.high, ahead.low],
        facecolor=mixed(style.series, style.ground, 0.22),
        edgecolor=mixed(style.series, style.ground, 0.6),
        hatch="...",
        linewidth=0,
        zorder=0.5,
    )
    axes.plot(
        [start, MONTHS],
        [last, ahead.expected],
        color=style.series,
        linewidth=2.0,
        linestyle=(0, (1, 1.6)),
    )


def _last_words(axes: Axes, trend: Trend, style: FigureStyle) -> None:
    """Write target and forecast at the right, where the lines end, never one over another."""
    unit = trend.measure_unit
    words = [(trend.target, f"目标 {number_text(trend.target)}{unit}")]
    if trend.forecast is not None:
        ahead = trend.forecast
        low, high = trend.estimate_text(ahead.low), trend.estimate_text(ahead.high)
        span = f"\n（{low.removesuffix(unit)}～{high}）" if low != high else ""
        words.append((ahead.expected, f"预计 {trend.estimate_text(ahead.expected)}{span}"))
    top = axes.get_ylim()[1]
    texts = [
        axes.text(
            MONTHS + 0.3,
            min(place, top),
            text,
            va="center",
            color=style.text,
            fontproperties=chart_font(),
            fontsize=TEXT_SIZE,
        )
        for place, text in words
    ]

    def fit() -> None:
        """Keep them below the picture's head, and apart by as much as they are high in it."""
        line = TEXT_SIZE * LINE * top / (inches_of(axes)[1] * POINTS)
        half = [(text.get_text().count("\n") + 1) / 2 * line for text in texts]
        places = [min(place, top - high) for (place, _), high in zip(words, half, strict=True)]
        if len(places) > 1 and abs(places[0] - places[1]) < sum(half):
            lower = 1 if words[1][0] <= words[0][0] else 0
            places[lower] = places[1 - lower] - sum(half)
        for text, place in zip(texts, places, strict=True):
            text.set_y(place)

    frame_of(figure_of(axes)).fits.append(fit)


def _method(axes: Axes, trend: Trend, style: FigureStyle) -> None:
    over = len(trend.values) == MONTHS
    words = METHOD if trend.forecast else "" if over else "已有数据不足三个月，不作预测"
    axes.text(
        0.0,
        1.035,
        words,
        transform=axes.transAxes,
        color=style.muted,
        fontproperties=chart_font(),
        fontsize=TEXT_SIZE,
    )


def _signs(trend: Trend, style: FigureStyle) -> tuple[list[Line2D | Patch], list[str]]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=style.series, linewidth=2.6, marker="o", markersize=5),
        Line2D([], [], color=style.muted, linewidth=1.6, linestyle=(0, (5, 3))),
    ]
    words = ["实际完成", Measure.PACE.label]
    if trend.forecast is not None:
        handles += [
            Line2D([], [], color=style.series, linewidth=2.0, linestyle=(0, (1, 1.6))),
            Patch(facecolor=mixed(style.series, style.ground, 0.22), hatch="...",
                  edgecolor=mixed(style.series, style.ground, 0.6), linewidth=0),
        ]  # fmt: skip
        words += ["预测", "预测区间"]
    return handles, words


def _spots(trend: Trend, height: tuple[float, float]) -> tuple[ChartSpot, ...]:
    return tuple(
        ChartSpot(
            month - 0.5,
            month + 0.5,
            *height,
            _spot_words(trend, month),
            ("course", trend.code, str(month)),
        )
        for month in range(1, MONTHS + 1)
    )


def _spot_words(trend: Trend, month: int) -> str:
    reached, due = trend.month_texts(month)
    pace = f"{DUE} {due}"
    if month > len(trend.values):
        if trend.forecast is not None and month == MONTHS:
            return f"{month}月：预计 {trend.estimate_text(trend.forecast.expected)}，{pace}"
        return f"{month}月：{pace}"
    return f"{month}月：{reached or NOT_REPORTED}，{pace}"
