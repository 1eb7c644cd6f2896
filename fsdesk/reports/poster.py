"""The whole year on one page for leaders (一图读懂), A4 or A3 upright."""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from fsdesk.domain.output.head import source_line
from fsdesk.domain.output.official import listed
from fsdesk.domain.output.pages import PaperSize
from fsdesk.domain.output.reporting import basis_line, none_line
from fsdesk.domain.output.wording import gap_text, rules_line
from fsdesk.domain.periods import MONTHS, date_text
from fsdesk.domain.plan.naming import level_word
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced, share_text
from fsdesk.reports.charts.bars import (
    AXIS_END,
    draw_bars,
    draw_paces,
    draw_stack,
    indicator_rows,
    section_counts,
    sections_shown,
    stack_words,
    unit_rows,
)
from fsdesk.reports.charts.frame import (
    LIGHT_STYLE,
    lines_of,
    mixed,
    name_rows,
    shortened,
    write_beside,
)
from fsdesk.reports.paper.fonts import chart_font, text_width
from fsdesk.reports.paper.line_breaking import break_lines
from fsdesk.reports.word.bulletin import next_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from fsdesk.domain.status.results import TaskResult, YearStatus
    from fsdesk.domain.status.trend import Trend
    from fsdesk.reports.charts.bars import BarRow
    from fsdesk.reports.word.bulletin import BulletinFacts

_MM_PER_INCH = 25.4
_POINTS_PER_MM = 72 / _MM_PER_INCH
_WIDTH, _HEIGHT = PaperSize.A4.value
_MARGIN = 12.0
_STYLE = LIGHT_STYLE
_BAND = "#1f4e79"
_WHITE = "#ffffff"
_BODY, _SMALL, _HEAD, _FIGURE, _TITLE = 7.6, 6.4, 10.5, 20.0, 23.0
_MOST_LAGGING, _MOST_STEPS = 8, 4
# So many rows of bars can be read; names take two lines up to so many, then one.
_MOST_ROWS, _ROWS_OF_TWO_LINES = 20, 15
# What share of a box the names of its rows may take, and the room of the words beside, in mm.
_NAME_SHARE, _BESIDE = 0.42, 14.0


def poster_figure(facts: BulletinFacts, trend: Trend, size: PaperSize = PaperSize.A4) -> Figure:
    """Draw the one-page view for leaders.

    A3 is the same page, larger.
    """
    sheet = _PosterPage(size)
    status = facts.status
    _title(sheet, facts)
    _tiles(sheet, facts)
    _basis(sheet, facts)
    _trend(sheet, trend, (_MARGIN, 78, 104, 48))
    _sections(sheet, status, (_MARGIN + 112, 78, 74, 48))
    _bars(sheet, "主要指标完成率", indicator_rows(status), (_MARGIN, 139, 104, 89))
    _bars(sheet, "各单位进度", unit_rows(status), (_MARGIN + 112, 139, 74, 89))
    _lagging(sheet, facts, (_MARGIN, 239, 104))
    _steps(sheet, facts, (_MARGIN + 112, 239, 74))
    rules = f"{rules_line(status.rules)}┃ 为{Measure.PACE.label}。"
    sheet.write(_MARGIN, 288.6, rules, _SMALL, _STYLE.muted)
    sheet.foot(source_line(status, facts.head))
    return sheet.figure


class _PosterPage:
    """A page measured in millimetres of A4 from its upper left corner, whatever its size."""

    def __init__(self, size: PaperSize) -> None:
        self.scale = size.value[0] / _WIDTH
        inches = (size.value[0] / _MM_PER_INCH, size.value[1] / _MM_PER_INCH)
        self.figure = Figure(figsize=inches, facecolor=_WHITE)
        FigureCanvasAgg(self.figure)

    def points(self, size: float) -> float:
        return size * self.scale

    def write(
        self, x: float, y: float, text: str, size: float, colour: str, align: str = "left"
    ) -> None:
        """Write a line with its baseline at a height."""
        self.figure.text(
            x / _WIDTH,
            1 - y / _HEIGHT,
            text,
            ha=align,
            va="baseline",
            color=colour,
            fontproperties=chart_font(),
            fontsize=self.points(size),
        )

    def lines(self, place: tuple[float, float, float], texts: Sequence[str], most: int) -> None:
        """Write paragraphs below one another, broken to a width, no more lines than fit."""
        x, y, width = place
        room = width * _POINTS_PER_MM
        broken = [
            line
            for text in texts
            for line in break_lines(text, room, lambda part: text_width(part, _BODY))
        ]
        if len(broken) > most:
            broken = [*broken[: most - 1], shortened(f"{broken[most - 1]}…", room, _BODY)]
        for number, line in enumerate(broken):
            self.write(x, y + number * 4.3, line, _BODY, _STYLE.text)

    def rect(self, box: tuple[float, float, float, float], fill: object) -> None:
        """Fill a rectangle: left, top, width, height."""
        x, y, width, height = box
        self.figure.add_artist(
            Rectangle(
                (x / _WIDTH, 1 - (y + height) / _HEIGHT),
                width / _WIDTH,
                height / _HEIGHT,
                facecolor=fill,
                edgecolor="none",
                transform=self.figure.transFigure,
            )
        )

    def head(self, x: float, y: float, text: str, width: float) -> None:
        self.rect((x, y - 4.2, 1.4, 4.6), _BAND)
        room = (width - 3.2) * _POINTS_PER_MM
        size = min(_HEAD, _HEAD * room / text_width(text, _HEAD))
        self.write(x + 3.2, y, text, size, _BAND)
        line = Line2D(
            [x / _WIDTH, (x + width) / _WIDTH],
            [1 - (y + 1.8) / _HEIGHT] * 2,
            color=_STYLE.line,
            linewidth=self.points(0.8),
        )
        self.figure.add_artist(line)

    def foot(self, words: str) -> None:
        """Say at the foot whose page it is and what it rests on."""
        room = (_WIDTH - 2 * _MARGIN) * _POINTS_PER_MM
        size = min(_SMALL, _SMALL * room / text_width(words, _SMALL))
        self.write(_MARGIN, 292, words, size, _STYLE.muted)

    def axes(self, box: tuple[float, float, float, float]) -> Axes:
        """Add plain axes: left, top, width, height."""
        x, y, width, height = box
        axes = self.figure.add_axes(
            (x / _WIDTH, 1 - (y + height) / _HEIGHT, width / _WIDTH, height / _HEIGHT)
        )
        axes.set_facecolor(_WHITE)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        return axes


def _title(sheet: _PosterPage, facts: BulletinFacts) -> None:
    plan = facts.status.plan
    sheet.rect((0, 0, _WIDTH, 33), _BAND)
    room = (_WIDTH - 2 * _MARGIN) * _POINTS_PER_MM
    title = f"一图读懂：{plan.name}"
    size = min(_TITLE, _TITLE * room / text_width(title, _TITLE))
    sheet.write(_WIDTH / 2, 16.5, title, size, _WHITE, "center")
    words = f"{facts.status.until_text}　{facts.head.maker}　{date_text(facts.head.made_on)}"
    sheet.write(_WIDTH / 2, 26.5, words, _HEAD, _WHITE, "center")


def _basis(sheet: _PosterPage, facts: BulletinFacts) -> None:
    """Say under the tiles whose reports the figures rest on, and who is silent if that fits."""
    room = (_WIDTH - 2 * _MARGIN) * _POINTS_PER_MM
    told = [
        f"数据依据：{basis_line(facts.status, facts.head.reporting, names=names)}"
        for names in (True, False)
    ]
    words = next((each for each in told if text_width(each, _SMALL) <= room), told[-1])
    sheet.write(_WIDTH / 2, 68.4, shortened(words, room, _SMALL), _SMALL, _STYLE.muted, "center")


def _tiles(sheet: _PosterPage, facts: BulletinFacts) -> None:
    status = facts.status
    lights = [task.light for task in status.tasks]
    green = sum(result.light is Light.GREEN for result in status.indicators)
    counts = "　".join(f"{light.mark}{lights.count(light)}" for light in Light)
    shown = paced(status.progress, status.pace, status.rules)
    tiles = (
        (Measure.OVERALL.label, shown.reached,
         f"{Measure.PACE.label} {shown.pace}　{status.light.mark} {status.light.label}"),
        ("重点任务", f"{len(lights)}项", counts),
        ("量化指标", f"{len(status.indicators)}项", f"达到序时进度 {green} 项"),
        (Measure.REPORTING_RATE.label, share_text(status.reporting_rate),
         f"{Measure.TIMELINESS.label} {share_text(status.timeliness)}"),
    )  # fmt: skip
    gap = 4.0
    width = (_WIDTH - 2 * _MARGIN - gap * (len(tiles) - 1)) / len(tiles)
    for number, (name, figure, below) in enumerate(tiles):
        x = _MARGIN + number * (width + gap)
        sheet.rect((x, 38, width, 27), mixed(_BAND, _WHITE, 0.09))
        sheet.write(x + width / 2, 44.5, name, _BODY + 1, _STYLE.muted, "center")
        sheet.write(x + width / 2, 55, figure, _FIGURE, _STYLE.text, "center")
        sheet.write(x + width / 2, 61.5, below, _BODY, _STYLE.text, "center")


def _trend(sheet: _PosterPage, trend: Trend, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    sheet.head(x, y - 4, "总进度走势", width)
    axes = sheet.axes((x + 7, y + 2, width - 24, height - 8))
    months = list(range(1, MONTHS + 1))
    axes.set_xlim(0.6, MONTHS + 0.2)
    axes.set_ylim(0, 106)
    axes.hlines((0, 50, 100), 0.6, MONTHS + 0.2, colors=_STYLE.line, linewidth=sheet.points(0.7))
    axes.plot(months, trend.pace, color=_STYLE.muted, linewidth=sheet.points(1.1), linestyle="--")
    known = [(m, v) for m, v in zip(months, trend.values, strict=False) if v is not None]
    axes.plot(
        [month for month, _ in known],
        [value for _, value in known],
        color=_BAND,
        linewidth=sheet.points(2),
        marker="o",
        markersize=sheet.points(3.2),
    )
    _ahead(sheet, axes, trend)
    for month in months:
        _label(sheet, axes, (month, -5.0), f"{month}月", "center", "top")
    for tick in (0, 50, 100):
        _label(sheet, axes, (0.45, tick), f"{tick}%", "right", "center")
    sheet.write(
        x + 7,
        y + height + 1.5,
        "━ 实际　┅ 序时进度　虚线及浅色为预测及其区间",
        _SMALL,
        _STYLE.muted,
    )


def _ahead(sheet: _PosterPage, axes: Axes, trend: Trend) -> None:
    if trend.forecast is None:
        return
    start, last, ahead = len(trend.values), trend.values[-1] or 0.0, trend.forecast
    axes.fill(
        [start, MONTHS, MONTHS],
        [last, ahead.high, ahead.low],
        facecolor=mixed(_BAND, _WHITE, 0.2),
        linewidth=0,
    )
    axes.plot(
        [start, MONTHS],
        [last, ahead.expected],
        color=_BAND,
        linewidth=sheet.points(1.6),
        linestyle=":",
    )
    words = f"预计 {share_text(ahead.expected / PER_CENT)}"
    _label(sheet, axes, (MONTHS + 0.4, ahead.expected), words, "left", "center")


def _label(
    sheet: _PosterPage, axes: Axes, place: tuple[float, float], text: str, align: str, upright: str
) -> None:
    axes.text(
        *place,
        text,
        ha=align,
        va=upright,
        color=_STYLE.text,
        fontproperties=chart_font(),
        fontsize=sheet.points(_SMALL),
    )


def _sections(
    sheet: _PosterPage, status: YearStatus, box: tuple[float, float, float, float]
) -> None:
    x, y, width, height = box
    sheet.head(x, y - 4, "各部分任务亮灯", width)
    names = [section.title for section in sections_shown(status)]
    axes = sheet.axes((x + 29, y + 2, width - 49, height - 6))
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    done = [0] * len(names)
    counts = section_counts(status)
    for light, numbers in counts.items():
        draw_stack(axes, light, numbers, done, _STYLE)
        done = [before + number for before, number in zip(done, numbers, strict=True)]
    axes.set_xlim(0, max([*done, 1]) * 1.02)
    labels = ["\n".join(lines_of(name, 10 * _SMALL, _SMALL, 2)) for name in names]
    name_rows(axes, labels, _STYLE, sheet.points(_SMALL))
    for row in range(len(names)):
        write_beside(axes, row, stack_words(counts, row), _STYLE, sheet.points(_SMALL))
    words = "　".join(f"{light.mark} {light.label}" for light in Light)
    sheet.write(x + 29, y + height, words, _SMALL, _STYLE.muted)


def _bars(
    sheet: _PosterPage,
    title: str,
    every: Sequence[BarRow],
    box: tuple[float, float, float, float],
) -> None:
    x, y, width, height = box
    rows = _most_urgent(every)
    some = f"（{len(every)}个中最需关注的{len(rows)}个）" if len(rows) < len(every) else ""
    sheet.head(x, y - 4, f"{title}{some}", width)
    room = width * _NAME_SHARE * _POINTS_PER_MM
    most = 2 if len(rows) <= _ROWS_OF_TWO_LINES else 1
    labels = [lines_of(row.name, room, _SMALL, most) for row in rows]
    widest = max((text_width(line, _SMALL) for lines in labels for line in lines), default=0.0)
    left = widest / _POINTS_PER_MM + 1
    axes = sheet.axes((x + left, y + 1, width - left - _BESIDE, height - 2))
    for light in Light:
        draw_bars(axes, light, rows, _STYLE)
    draw_paces(axes, [row.pace for row in rows], _STYLE)
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    axes.set_xlim(0, AXIS_END)
    name_rows(axes, ["\n".join(lines) for lines in labels], _STYLE, sheet.points(_SMALL))
    for place, row in enumerate(rows):
        words = f"{row.light.mark} {row.shown.reached}"
        write_beside(axes, place, words, _STYLE, sheet.points(_SMALL))


def _most_urgent(rows: Sequence[BarRow]) -> list[BarRow]:
    """Return the rows that a page has room for: those furthest behind, in their order."""
    places = sorted(
        range(len(rows)),
        key=lambda n: (rows[n].light.urgency, (rows[n].reached or 0.0) - rows[n].pace),
    )
    return [rows[n] for n in sorted(places[:_MOST_ROWS])]


def _lagging(sheet: _PosterPage, facts: BulletinFacts, box: tuple[float, float, float]) -> None:
    x, y, width = box
    status = facts.status
    slow = [
        (task.pace - (task.progress or 0.0), unit.name, task)
        for unit in status.units
        for task in unit.tasks
        if task.light is Light.RED
    ]
    slow.sort(key=lambda found: -found[0])
    whole = sum(task.light is Light.RED for task in status.tasks)
    as_wholes = Measure.LAGGING_TASKS.at(level_word(status.plan))
    counts = f"（{Measure.LAGGING_PAIRS.label}{len(slow)}项次，{as_wholes}{whole}项）"
    sheet.head(x, y - 4, f"滞后任务{counts if slow or whole else ''}", width)
    nothing = none_line(status, facts.head.reporting, "滞后任务")
    words = [_lagging_line(status, name, task, width) for _, name, task in slow[:_MOST_LAGGING]]
    if len(slow) > _MOST_LAGGING:
        words.append(f"其余 {len(slow) - _MOST_LAGGING} 项次见工作通报")
    sheet.lines((x, y + 3, width), words or [nothing], _MOST_LAGGING + 2)


def _lagging_line(status: YearStatus, name: str, task: TaskResult, width: float) -> str:
    """Return a lagging task in one line; a long name is cut short, never the figures."""
    reached = paced(task.progress, task.pace, status.rules).reached
    figures = f"　{reached}　{_behind(gap_text(task, status.rules))}"
    room = width * _POINTS_PER_MM - text_width(figures, _BODY)
    whose = shortened(f"■ {name}", room / 2, _BODY)
    return shortened(f"{whose}　{task.task.title}", room, _BODY) + figures


def _behind(gap: str) -> str:
    return f"落后{gap}" if gap.endswith("百分点") else gap


def _steps(sheet: _PosterPage, facts: BulletinFacts, box: tuple[float, float, float]) -> None:
    x, y, width = box
    sheet.head(x, y - 4, "下一步工作", width)
    words = [listed(number, text) for number, text in enumerate(next_steps(facts), start=1)]
    sheet.lines((x, y + 3, width), words[:_MOST_STEPS], 11)
