"""Charts: the numbers of each, taken once, and drawn from them as often as the window asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.output.drawing import ENDINGS
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.head import source_line
from fsdesk.domain.output.kinds import YEARS, Form, kinds_of
from fsdesk.domain.output.pages import Paper, PaperPage, PictureItem
from fsdesk.domain.output.reporting import title_basis
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.naming import office_of, whole_of
from fsdesk.domain.records.submissions import RECEIVED, SubmissionState
from fsdesk.domain.status.trend import indicator_trend, progress_trend
from fsdesk.files import save_bytes
from fsdesk.services.output.heads import head_of, require
from fsdesk.services.status import aggregation
from fsdesk.store.plan import plans
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.domain.output.drawing import Drawing
    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.status.results import YearStatus
    from fsdesk.domain.status.trend import Trend
    from fsdesk.reports.charts.frame import Chart
    from fsdesk.services.status.aggregation import Completeness
    from fsdesk.workspace import Workspace

PREVIEW_DPI, PRINTER_DPI = 150.0, 300.0
# On screen: how high a row is at least, and all that is around the rows, in logical pixels.
_LEAST_ROW, _AROUND_ROWS = 16, 150
# Below so many logical pixels a chart keeps to the least of words.
_NARROW = 760


class ChartNumbers(Struct, frozen=True):
    """All the numbers that a chart shows.

    Attributes:
        kind: That of a chart in `fsdesk.domain.output.kinds`.
        trend: For ``trend``: the figure month by month.
        reports: For ``completeness``: which report has come.
        states: For ``completeness``: by unit and month, what is drawn.
        before: For ``years``: last year judged at the same period.
        head: Whose paper it is; None for what is only looked at.
    """

    kind: str
    status: YearStatus
    trend: Trend | None = None
    reports: Completeness | None = None
    states: Mapping[tuple[str, str], str] | None = None
    before: YearStatus | None = None
    head: PaperHead | None = None


def numbers(
    workspace: Workspace,
    kind: str,
    period: Period,
    item: str = "",
    earlier: Path | None = None,
) -> ChartNumbers:
    """Take the numbers of a chart from the workspace.

    ``item`` is for ``trend``: an indicator's code or name, else the overall progress. ``earlier``
    is for ``years``: last year's workspace where this one has not its data.

    Raises:
        InputRejectedError: For an unknown kind or item, a chart that is not this role's, or when
            last year's data is missing.
        WorkspaceError: When last year's workspace can't be opened.
    """
    require(workspace, Form.CHART, kind)
    status = aggregation.status(workspace, period)
    plain = ChartNumbers(kind, status, head=head_of(workspace, period))
    if kind == "trend":
        return replace(plain, trend=_trend(workspace, status, item))
    if kind == "completeness":
        reports = aggregation.completeness(workspace, period)
        return replace(plain, reports=reports, states=report_states(reports, period))
    if kind == YEARS:
        before = last_year(workspace, period, earlier)
        if before is None:
            raise reject(
                f"工作区中没有{period.year - 1}年度可比的数据，不能作同比图",
                "请选择上一年度的工作区文件夹",
            )
        return replace(plain, before=before)
    return plain


def available(workspace: Workspace, period: Period) -> tuple[str, ...]:
    """Return the charts for which there is data: the comparison of years only with last year's."""
    without = () if last_year(workspace, period) else (YEARS,)
    office = workspace.identity.is_office
    mine = (each.kind for each in kinds_of(Form.CHART) if each.maker.may_be(office=office))
    return tuple(kind for kind in mine if kind not in without)


def last_year(
    workspace: Workspace, period: Period, earlier: Path | None = None
) -> YearStatus | None:
    """Judge last year at the same period; None where there are no figures of it.

    They are in this workspace or in the earlier one, which is only read.

    Raises:
        InputRejectedError: When the folder is another unit's.
        WorkspaceError: When it holds no workspace that can be opened.
    """
    then = Period(period.year - 1, period.last_month, period.length)
    own = _judged(workspace, then)
    if own is not None or earlier is None:
        return own
    with open_workspace(earlier, write=False) as other:
        here, there = workspace.identity, other.identity
        if (here.role, here.unit) != (there.role, there.unit):
            raise reject(
                "所选文件夹是其他单位的工作区，不能与之比较", "请选择本单位上一年度的工作区"
            )
        return _judged(other, then)


def _judged(workspace: Workspace, then: Period) -> YearStatus | None:
    """Judge a period of any year; None where the workspace has no figures of it."""
    kept = aggregation.kept_figures(workspace, then)
    if kept is not None:
        return kept.status
    with workspace.reading() as session:
        if plans.load_plan(session, then.year) is None:
            return None
        year = aggregation.year_in(session, workspace, then.year, [then])
    status = year.status(then)
    known = any(result.figure.value is not None for result in status.indicators)
    return status if known else None


def _trend(workspace: Workspace, status: YearStatus, item: str) -> Trend:
    period = status.period
    if item:
        year = aggregation.year_of(workspace, months_of(period.year)[: period.last_month])
        indicator = status.plan.find_indicator(item)
        _require_own(status, indicator)
        told = {
            month: result.figure.value
            for month, found in aggregation.published_months(workspace, period.year).items()
            for result in found.indicators
            if result.indicator.code == indicator.code
        }
        return indicator_trend(year, indicator, period, told)
    return progress(workspace, period)


def _require_own(status: YearStatus, indicator: Indicator) -> None:
    """Refuse the trend of what a unit has no target of its own for."""
    if not status.unit:
        return
    own = {each.indicator.code: each.by_unit[0] for each in status.indicators}
    if indicator.code not in own:
        raise reject(f"“{indicator.name}”不是本单位的指标", "请选择本单位承担的指标")
    if own[indicator.code].target is None:
        raise reject(
            f"“{indicator.name}”由多个单位共同完成，本单位没有分解目标，不能作走势图",
            f"{whole_of(status.plan)}的走势请向{office_of(status.plan)}索取",
        )


def progress(workspace: Workspace, period: Period) -> Trend:
    """Return the trend of the overall progress up to a period."""
    return aggregation.made_once(
        workspace, ("overall trend", period), lambda: _progress(workspace, period)
    )


def _progress(workspace: Workspace, period: Period) -> Trend:
    told = {
        month: found.progress
        for month, found in aggregation.published_months(workspace, period.year).items()
    }
    return progress_trend(aggregation.year_of(workspace, months_of(period.year)), period, told)


def report_states(reports: Completeness, period: Period) -> Mapping[tuple[str, str], str]:
    """Say of each report that is owed up to a period what has become of it, by unit and month."""
    words: dict[SubmissionState, str] = dict.fromkeys(RECEIVED, "on_time")
    return {
        (unit, str(month)): words.get(state, state or "missing")
        for unit in reports.units
        for month in reports.months
        if month.within(period) and (unit, str(month)) in reports.owed
        for state in [reports.states.get((unit, str(month)), SubmissionState.NONE)]
    }


def figure_of(found: ChartNumbers, *, dark: bool = False, compact: bool = False) -> Chart:
    """Make the chart of numbers."""
    from fsdesk.reports.charts.frame import with_mark

    status = found.status
    mark = f"{title_basis(status)}{status.published_mark}"
    return with_mark(_drawn(found, dark=dark, compact=compact), mark)


def _drawn(found: ChartNumbers, *, dark: bool, compact: bool) -> Chart:
    from fsdesk.reports.charts import bars, grids, trend
    from fsdesk.reports.charts.frame import DARK_STYLE, LIGHT_STYLE

    style = DARK_STYLE if dark else LIGHT_STYLE
    if found.trend is not None:
        return trend.trend_figure(found.trend, style, compact=compact)
    if found.before is not None:
        return bars.year_on_year_figure(found.status, found.before, style, compact=compact)
    if found.reports is not None:
        reports = found.reports
        names = tuple(zip(reports.units, reports.names, strict=True))
        return grids.completeness_figure(
            names, reports.months, found.states or {}, style, compact=compact
        )
    draw = {
        "indicators": bars.overview_figure,
        "units": bars.unit_figure,
        "sections": bars.section_figure,
        "heat": grids.heat_figure,
    }[found.kind]
    return draw(found.status, style, compact=compact)


def drawn(
    found: ChartNumbers, size: tuple[int, int], ratio: float = 1.0, *, dark: bool = False
) -> Drawing:
    """Draw a chart for the screen; the size is in logical pixels."""
    from fsdesk.reports.charts.output import draw_chart

    chart = figure_of(found, dark=dark, compact=size[0] < _NARROW)
    return draw_chart(chart, size[0], size[1], ratio)


def least_height(found: ChartNumbers) -> int:
    """Return how high a chart must be on screen for its rows to be read, in logical pixels."""
    rows = rows_of(found)
    return rows * _LEAST_ROW + _AROUND_ROWS if rows else 0


def rows_of(found: ChartNumbers) -> int:
    """Return how many named rows a chart has; 0 for one without."""
    status = found.status
    many = {
        "indicators": status.indicators,
        YEARS: status.indicators,
        "units": status.units,
        "heat": status.units,
        "completeness": found.reports.units if found.reports else (),
    }
    return len(many.get(found.kind, ()))


def print_png(found: ChartNumbers) -> bytes:
    """Return a chart as PNG at print size, on white."""
    return _picture(found, "png")


def write(found: ChartNumbers, file: Path, paper: Paper | None = None) -> int:
    """Write a chart; the file's ending picks .png, .svg or .pdf. Return how many pages it has.

    A .pdf has the pages that are printed, on A4 across unless another paper is given; the others
    are one picture, as high as the chart's rows need.

    Raises:
        InputRejectedError: For another ending, or when the file can't be written.
    """
    from fsdesk.reports.charts.pages import chart_pdf

    ending = required_ending(file, "图表", ENDINGS)
    if ending != ".pdf":
        save_bytes(file, _picture(found, ending.removeprefix(".")))
        return 1
    data, count = chart_pdf(figure_of(found), _source(found), paper or Paper())
    save_bytes(file, data)
    return count


def pages(
    found: ChartNumbers, paper: Paper | None = None, dpi: float = PRINTER_DPI
) -> tuple[PaperPage, ...]:
    """Return a chart as pages for the printer, or less fine for the screen."""
    from fsdesk.reports.charts.pages import page_pictures

    chosen = paper or Paper()
    wide, high = chosen.width, chosen.height
    return tuple(
        PaperPage(wide, high, (PictureItem(0, 0, wide, high, png),))
        for png in page_pictures(figure_of(found), _source(found), chosen, dpi)
    )


def _picture(found: ChartNumbers, ending: str) -> bytes:
    from fsdesk.reports.charts.pages import picture

    return picture(figure_of(found), _source(found), ending)


def _source(found: ChartNumbers) -> str:
    return source_line(found.status, found.head, found.before)
