"""A province's slice, all by packets: what climbs is what the units' files add up to."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.demo.city import Size, make_city, plans_of, slice_of
from fsdesk.demo.levels import CITY, DISTRICT, FOOD, PROVINCE, Matter
from fsdesk.demo.recount import Recount
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ladder.parts import gaps
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.domain.steps import run_through
from fsdesk.services.status.drill_down import open_figure
from fsdesk.store.ladder import parts
from fsdesk.workspace import open_workspace

FEBRUARY = Period.parse("2026-02")
COUNT, RATIO = IndicatorKind.COUNT, IndicatorKind.RATIO
# 安全生产: nothing of food or drugs.
SAFETY = (
    Matter("重大事故隐患整改率", RATIO, Aggregation.CUMULATIVE, "%", 100, ("已整改", "排查出")),
    Matter("安全生产执法检查次数", COUNT, Aggregation.CUMULATIVE, "次", 60),
    Matter("危险化学品重点企业数", COUNT, Aggregation.LEVEL, "家", 4),
)
LEVELS = tuple(
    replace(level, subject="安全生产", office="安委办") for level in (DISTRICT, CITY, PROVINCE)
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two districts with three units each over two months, in another field."""
    out = tmp_path_factory.mktemp("slice")
    size = Size(2, 3, 2, SAFETY, LEVELS)
    return out, run_through(make_city(out, size))


@pytest.mark.slow
def test_all_figures_of_another_field_are_what_the_units_files_add_up_to(made):
    out, told = made
    assert told.differences == ()
    # By indicator and month: the city and its districts, the province and its city, and all below.
    assert told.compared == 3 * 2 * ((1 + 2) + (1 + 1) + (2 + 2 * 3))
    assert json.loads((out / "核对.json").read_text(encoding="utf-8"))["differences"] == []
    reports = [file for file in (out / "packets").rglob("*.xlsx") if "下发" not in file.parts]
    assert len(reports) == told.packets


@pytest.mark.slow
def test_a_figure_of_the_province_opens_down_to_a_unit_of_a_district(made):
    out, _ = made
    with open_workspace(out / "province", write=False) as province:
        level = open_figure(province, FEBRUARY, FigureRef(Depth.FIGURE, "I702", "c01"))
        names = []
        while level.spot.depth is not Depth.PART:
            wanted = "分单位" if level.spot.depth is Depth.FIGURE else ""
            line = next(line for line in level.lines if line.cells[0].startswith(wanted))
            names.append(line.cells[0])
            level = open_figure(province, FEBRUARY, line.to)
        with province.reading() as session:
            sheet = parts.find(session, "c01", "2026-02")
    assert names[0] == "分单位"
    assert names[1:] == ["东江区", "区市场监管局"]
    assert sheet.depth == 2
    stated = {code: sheet.total(code) for code in sheet.by_indicator}
    assert gaps(sheet, stated) == ()


@pytest.mark.slow
def test_adding_up_a_second_time_finds_what_is_otherwise(made, tmp_path):
    out, told = made
    size = Size(2, 3, 2, SAFETY, LEVELS)
    second = Recount(SAFETY, plans_of(size))
    for folder in sorted((out / "packets").glob("2026-*")):
        for number, unit in enumerate(plans_of(size)[1].directory.reporting_units):
            for file in sorted((folder / unit.name).glob("*.xlsx")):
                second.add((f"d{number + 1:02d}", file.stem), Period.parse(folder.name), file)

    def differing():
        with (
            open_workspace(out / "city" / "own", write=False) as city,
            open_workspace(out / "province", write=False) as province,
        ):
            found = [
                *second.of_city(city, FEBRUARY),
                *second.of_province(province, FEBRUARY, "c01"),
            ]
        assert len(found) == told.compared
        return sorted(each.where for each in found if not each.agrees)

    assert differing() == []
    file = next(out.glob("packets/2026-02/*/u01.xlsx"))
    book = load_workbook(file)
    next(row for row in book["指标"].iter_rows() if row[0].value == "I102")[6].value += 1
    book.save(tmp_path / "u01.xlsx")
    district = next(u.code for u in plans_of(size)[1].directory.units if u.name == file.parent.name)
    second.add((district, "u01"), FEBRUARY, tmp_path / "u01.xlsx")
    name = "安全生产执法检查次数 2026-02"
    assert differing() == sorted(
        f"{where.format(district)}"
        for where in (
            f"市安委办 {name}",
            f"市安委办 {name} {{}}",
            f"省安委办 {name}",
            f"省安委办 {name} c01",
            f"省 {name} {{}}",
            f"省 {name} {{}}/u01",
        )
    )


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "报告.docx").write_text("", encoding="utf-8")
    with pytest.raises(InputRejectedError, match="不是空的"):
        next(make_city(tmp_path, slice_of(1, 1, 1)))
    assert FOOD[0].name not in {matter.name for matter in SAFETY}
