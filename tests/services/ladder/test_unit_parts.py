"""分单位: a district's report says what each of its units contributes, and the city keeps it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ladder.carrying import Carry
from fsdesk.domain.ladder.parts import Amount
from fsdesk.domain.ledger.formulas import Feed, LedgerMeasure
from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance
from fsdesk.services.ladder import drawing, unit_parts
from fsdesk.services.ledger import ledgers
from fsdesk.services.packet import checking, exchange, import_undo, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from fsdesk.services.status.drill_down import open_figure
from fsdesk.store.ladder import parts
from fsdesk.store.ledger.ledgers import load_ledgers, save_ledgers
from tests.workspaces import MARCH, changed_beside, import_files

FEBRUARY = Period.parse("2026-02")


def own_value(levels, value, unit="scj", item="I01-1", period="2026-03"):
    data = value if isinstance(value, DataValue) else DataValue(float(value))
    recording.record_value(levels.own, item, period, data, unit)


def send(levels, folder, name="区.xlsx", period=MARCH):
    """Fill the city's month from the own aggregate, and send it a minute later."""
    levels.clock.set(levels.clock.now.replace(minute=levels.clock.now.minute + 1).isoformat())
    drawing.draw(levels.upper, period, again=True)
    return exchange.export_report(levels.upper, period, folder / name).file


def kept(office, unit="bjq", period="2026-03"):
    with office.reading() as session:
        return parts.find(session, unit, period)


def messages(summary):
    return "".join(each.message for each in summary.files)


def warnings(office, file):
    (checked,) = run_through(checking.check_packets(office, [file]))
    return "".join(map(str, checked.findings))


@pytest.fixture
def reported(levels):
    own_value(levels, 30)
    own_value(levels, 12, "fgj")
    own_value(levels, DataValue(None, 3, 4), item="I01-3")
    return levels


def opened(levels, *names, period=MARCH):
    """Open the city's figure of the district, and follow lines by their first cell."""
    level = open_figure(levels.city, period, FigureRef(Depth.FIGURE, "I07-1", "bjq"))
    for name in names:
        line = next(line for line in level.lines if line.cells[0].startswith(name))
        level = open_figure(levels.city, period, line.to)
    return level


def test_the_report_carries_each_units_part_and_the_city_keeps_it(reported, tmp_path):
    summary = import_files(reported.city, send(reported, tmp_path))
    assert "分单位的数（2 个下级单位）" in messages(summary)
    sheet = kept(reported.city)
    samples = {part.path: part for part in sheet.under("I07-1")}
    assert samples["scj",].amount == Amount(30.0)
    assert samples["fgj",].amount == Amount(12.0)
    assert sheet.name_of["scj",] == "区市场监管局"
    rate = {part.path: part for part in sheet.under("I07-2")}
    assert rate["scj",].amount == Amount(None, 3.0, 4.0)
    assert not rate["fgj",].reported  # and no zero
    assert rate["fgj",].amount.empty


def test_the_citys_figure_opens_down_to_the_unit_with_the_sum_beside_it(reported, tmp_path):
    import_files(reported.city, send(reported, tmp_path))
    below = opened(reported, "分单位")
    assert [*(name for _, name in below.way), below.title][-2:] == ["滨江区", "分单位"]
    assert [line.cells[:3] for line in below.lines] == [
        ("区发改局(农业农村局)", "12批次", "1/1"),
        ("区市场监管局", "30批次", "1/1"),
    ]
    words = "".join(below.words)
    assert "合计 42批次" in words
    assert "与报送数一致" in words
    one = opened(reported, "分单位", "区市场监管局")
    assert [line.cells[:2] for line in one.lines] == [("2026年3月", "30批次")]
    assert one.lines[0].file.exists()  # the packet that it came with
    assert [name for _, name in one.way][-2:] == ["滨江区", "分单位"]


def test_over_months_what_adds_up_adds_up_and_of_a_level_the_latest_counts(reported, tmp_path):
    own_value(reported, 8, period="2026-02")
    own_value(reported, 5, item="I01-5", period="2026-02")
    for period in (FEBRUARY, MARCH):
        import_files(reported.city, send(reported, tmp_path, f"{period}.xlsx", period))
    assert ("区市场监管局", "38批次", "2/2") in [
        line.cells[:3] for line in opened(reported, "分单位").lines
    ]
    sites = open_figure(reported.city, MARCH, FigureRef(Depth.PARTS, "I07-3", "bjq"))
    assert [line.cells[1] for line in sites.lines] == ["未报", "5家"]


def test_a_period_names_only_the_sources_of_what_counts_in_it(reported, tmp_path):
    own_value(reported, 8, period="2026-02")
    import_files(reported.city, send(reported, tmp_path, "二月.xlsx", FEBRUARY))
    reported.clock.set("2026-05-06T01:00:00+00:00")
    import_files(reported.city, send(reported, tmp_path, "三月.xlsx"))
    february = "".join(opened(reported, "分单位", period=FEBRUARY).words)
    assert "4月2日最新数据" in february
    assert "5月6日" not in february
    assert "5月6日最新数据" in "".join(opened(reported, "分单位").words)


def test_a_figure_changed_by_hand_is_told_beside_its_parts(reported, tmp_path):
    drawing.draw(reported.upper, MARCH)
    data = DataValue(50.0, note="补登纸质台账")
    recording.record_value(reported.upper, "I07-1", "2026-03", data)
    file = exchange.export_report(reported.upper, MARCH, tmp_path / "区.xlsx").file
    told = warnings(reported.city, file)
    assert "报送数 50批次，分单位合计 42批次，不一致" in told
    import_files(reported.city, file)
    words = "".join(opened(reported, "分单位").words)
    assert "2026年3月报送 50批次，分单位合计 42批次" in words


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0), (0, 0, 1)])
def test_the_newest_report_stands_in_whatever_order_they_come(reported, tmp_path, order):
    first = send(reported, tmp_path, "一.xlsx")
    own_value(reported, 20, "fgj")
    files = (first, send(reported, tmp_path, "二.xlsx"))
    for number in order:
        import_files(reported.city, files[number])
    assert kept(reported.city).total("I07-1") == Amount(50.0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_newer_report_that_says_nothing_of_units_leaves_nothing_standing(
    reported, tmp_path, order
):
    with_parts = send(reported, tmp_path, "一.xlsx")
    reported.clock.set("2026-04-05T01:00:00+00:00")
    with reported.upper.writing() as writing:
        parts.remove(writing, "bjq", "2026-03")
    recording.record_value(reported.upper, "I07-1", "2026-03", DataValue(42.0, note="手工"))
    typed = exchange.export_report(reported.upper, MARCH, tmp_path / "二.xlsx").file
    for number in order:
        import_files(reported.city, (with_parts, typed)[number])
    assert kept(reported.city) is None


def test_the_same_packet_again_changes_nothing(reported, tmp_path):
    file = send(reported, tmp_path)
    import_files(reported.city, file)
    (again,) = import_files(reported.city, file).files
    assert again.result is Result.UNCHANGED


def test_parts_of_an_accepted_month_stay_until_it_is_opened_again(reported, tmp_path):
    import_files(reported.city, send(reported, tmp_path, "一.xlsx"))
    reviewing.accept(reported.city, "bjq", MARCH)
    own_value(reported, 32)
    own_value(reported, 10, "fgj")  # the sum is the same
    later = send(reported, tmp_path, "二.xlsx")
    (refused,) = import_files(reported.city, later).files
    assert refused.result is Result.REJECTED
    assert "不能更改分单位的数" in refused.message
    reviewing.reopen(reported.city, "bjq", MARCH, "更正")
    import_files(reported.city, later)
    found = {part.path: part.amount for part in kept(reported.city).under("I07-1")}
    assert found == {("scj",): Amount(32.0), ("fgj",): Amount(10.0)}


def test_undoing_an_import_brings_back_what_stood(reported, tmp_path):
    import_files(reported.city, send(reported, tmp_path, "一.xlsx"))
    own_value(reported, 20, "fgj")
    import_files(reported.city, send(reported, tmp_path, "二.xlsx"))
    import_undo.undo_last_import(reported.city)
    assert kept(reported.city).total("I07-1") == Amount(42.0)
    import_undo.undo_last_import(reported.city)
    assert kept(reported.city) is None
    assert maintenance.verify(reported.city) == ()


def test_verify_finds_a_part_that_was_changed_beside_the_program(reported, tmp_path):
    import_files(reported.city, send(reported, tmp_path))
    assert maintenance.verify(reported.city) == ()
    command = "UPDATE part_sheet SET figures = replace(figures, '30.0', '31.0')"
    changed_beside(reported.city, command)
    assert "分单位的数" in "".join(maintenance.verify(reported.city))


def test_the_sheet_for_people_shows_the_parts_and_typing_over_it_is_told(reported, tmp_path):
    file = send(reported, tmp_path)
    book = load_workbook(file)
    sheet = book["分单位"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert ["I07-1", "食品抽检批次", "区市场监管局", 30, None, None, "1/1", "填报"] in rows
    assert [
        "I07-2",
        "不合格处置率",
        "区发改局(农业农村局)",
        "未报",
        None,
        None,
        "0/1",
        None,
    ] in rows
    assert "读取" not in warnings(reported.city, file)
    sheet["D4"] = 99
    book.save(file)
    assert "“分单位”表中有 1 行与签名的数据不同" in warnings(reported.city, file)
    import_files(reported.city, file)
    assert kept(reported.city).total("I07-1") == Amount(42.0)


def test_the_hidden_data_can_not_be_changed(reported, tmp_path):
    file = send(reported, tmp_path)
    book = load_workbook(file)
    cell = book["_parts"]["A1"]
    cell.value = cell.value.replace("30.0", "31.0")
    book.save(file)
    (refused,) = import_files(reported.city, file).files
    assert (refused.result, "分单位数据已损坏" in refused.message) == (Result.REJECTED, True)


def test_a_report_without_parts_is_written_as_before(levels, tmp_path):
    recording.record_value(levels.upper, "I07-1", "2026-03", DataValue(5.0))
    file = exchange.export_report(levels.upper, MARCH, tmp_path / "区.xlsx").file
    packet = checking.read(file)
    assert (packet.part_sheet, packet.header.format_version) == (None, 1)
    assert "分单位" not in load_workbook(file).sheetnames


def with_a_row(levels):
    """Give a unit a row of a ledger that feeds an indicator and has a column naming citizens."""
    ledger = Ledger(
        "visits", "走访", (
            LedgerColumn("编号"), LedgerColumn("单位名称"),
            LedgerColumn("联系人", personal=True), LedgerColumn("备注"),
        ), ("编号",), (Feed("I01-1", LedgerMeasure(), counts=False),),
    )  # fmt: skip
    with levels.own.writing() as writing:
        others = [replace(each, feeds=()) for each in load_ledgers(writing.session)]
        save_ledgers(writing, [*others, ledger])
    values = {"编号": "V1", "单位名称": "甲店", "联系人": "张三", "备注": "电话 138"}
    ledgers.save_rows(levels.own, [LedgerEntry("", "visits", "scj", values)])


def test_ledger_rows_go_along_only_by_choice_sealed_and_without_citizens(reported, tmp_path):
    with_a_row(reported)
    plain = send(reported, tmp_path, "一.xlsx")
    assert not checking.read(plain).part_sheet.rows
    unit_parts.choose_carrying(reported.upper, Carry(rows=True))
    file = send(reported, tmp_path, "二.xlsx")
    sealed = checking.read(file)
    assert not sealed.part_sheet.rows  # only the city can open them
    assert [part.note.count for part in sealed.sealed] == [1]
    import_files(reported.city, file)
    (row,) = kept(reported.city).rows
    assert row.cells == (("编号", "V1"), ("单位名称", "甲店"))
    rows = opened(reported, "分单位", "区市场监管局", "2026年3月")
    assert [line.cells for line in rows.lines] == [("V1", "甲店")]


def test_an_unsigned_copy_brings_no_parts(reported, tmp_path):
    file = send(reported, tmp_path)
    book = load_workbook(file)
    meta = book["_fsdesk"]
    for row in list(meta.iter_rows()):
        if row[0].value in {"public_key", "signature"}:
            row[0].value = row[1].value = None
    book.save(file)
    import_files(reported.city, file, accept_unsigned=True)
    assert kept(reported.city) is None


def test_too_many_rows_are_refused_before_anything_is_filled(reported, monkeypatch):
    with_a_row(reported)
    monkeypatch.setattr(unit_parts, "MOST_ROWS", 0)
    unit_parts.choose_carrying(reported.upper, Carry(rows=True))
    with pytest.raises(InputRejectedError, match="超过 0 条"):
        drawing.draw(reported.upper, MARCH)
    samples = next(
        line for line in drawing.draw_desk(reported.upper, MARCH).lines if line.key.item == "I07-1"
    )
    assert samples.present == DataValue()
