"""各区对比表: districts beside each other by indicator, as each has published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import Align
from fsdesk.domain.output.wording import light_text
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import MISSING, paced
from fsdesk.reports.paper.table import Cell, Table, TableColumn

if TYPE_CHECKING:
    from fsdesk.domain.output.districts import Comparison, DistrictPlace, Ranking

_COLUMNS = (
    TableColumn("指标", 18, merged=True),
    TableColumn("位次", 7, Align.CENTRE),
    TableColumn("区县", 14),
    TableColumn(Measure.VALUE.label, 12, Align.RIGHT, mixed=True),
    TableColumn("目标", 10, Align.RIGHT, mixed=True),
    TableColumn(Measure.ATTAINMENT.label, 9, Align.RIGHT),
    TableColumn(Measure.PACE.label, 9, Align.RIGHT),
    TableColumn("亮灯", 9, Align.CENTRE),
    TableColumn(Measure.COVERAGE.label, 8, Align.CENTRE),
    TableColumn("说明", 24),
)


def districts_table(comparison: Comparison, wanted: str = "") -> Table:
    """Build the table; `wanted`: as for `Comparison.rankings`."""
    return Table(
        f"{comparison.period.label}各区指标对比表",
        _COLUMNS,
        tuple(_row(each, place) for each in comparison.rankings(wanted) for place in each.places),
        basis=tuple(f"{each.name}：{each.told}" for each in comparison.districts),
        notes=tuple(comparison.notes),
        name="各区对比",
    )


def _row(ranking: Ranking, place: DistrictPlace) -> tuple[Cell, ...]:
    head = Cell(ranking.measured.name), Cell(place.place_text), Cell(place.district.name)
    result, status = place.result, place.district.status
    if result is None or status is None:
        return (*head, *(Cell(MISSING) for _ in range(6)), Cell(place.why))
    texts = paced(result.attainment, result.pace, status.rules)
    return (
        *head,
        Cell(place.value),
        Cell(result.indicator.target_text),
        Cell(texts.reached, result.attainment, "0.0%"),
        Cell(texts.pace, result.pace, "0.0%"),
        Cell(light_text(result.light)),
        Cell(str(result.coverage)),
        Cell(place.why),
    )
