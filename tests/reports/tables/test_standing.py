from __future__ import annotations

from datetime import date

from fsdesk.domain.output.head import PaperHead
from fsdesk.reports.tables.standing import indicator_table, progress_table, unit_table

HEAD = PaperHead("区食药安办", date(2026, 7, 3))


def rows_by(table, column):
    titles = [found.title for found in table.columns]
    key = titles.index(column)
    return {row[key].text: dict(zip(titles, row, strict=True)) for row in table.rows}


def test_progress_table_has_every_task_with_units_parts_and_words(status):
    table = progress_table(status, {"T02-1": [("区市场监管局", "抽检600批次")]}, HEAD)
    rows = rows_by(table, "编码")
    assert list(rows) == [task.code for task in status.plan.tasks]
    sampling = rows["T02-1"]
    assert sampling["责任单位"].text == "区市场监管局牵头；区农业农村局配合"
    assert (
        "■ 食品监督抽检批次：650批次，目标≥1900批次，完成率34.2%"
        in sampling["指标及事项完成情况"].text
    )
    assert sampling["最新进展"].text == "区市场监管局：抽检600批次"
    task = next(found for found in status.tasks if found.task.code == "T02-1")
    assert sampling["任务进度"].number == task.progress
    assert sampling["序时进度"].number == task.pace


def test_what_is_not_reported_is_never_zero(status):
    rows = rows_by(progress_table(status, {}, HEAD), "编码")
    assert rows["T01-1"]["任务进度"].text == "未报"
    assert rows["T01-1"]["任务进度"].number is None
    assert rows["T01-1"]["亮灯"].text == "■ 滞后"
    assert rows["T01-1"]["最新进展"].text == "未报"
    # 无此项 was reported: there is no figure, but the unit has answered.
    assert rows["T03-1"]["任务进度"].text == "—"


def test_indicator_table_keeps_the_numbers_of_the_status(status):
    rows = rows_by(indicator_table(status, HEAD), "编码")
    for found in status.indicators:
        row = rows[found.indicator.code]
        assert row["完成值"].number == found.figure.value
        assert row["完成率"].number == found.attainment
        assert row["年度目标"].number == found.indicator.target
    assert rows["I02-2"]["分子/分母"].text == "20/40"
    assert rows["I02-1"]["已报/应报"].text == "2/2"
    assert rows["I03-1"]["完成值"].text == "—"


def test_unit_table_tells_on_time_late_missing_and_not_expected(status):
    table = unit_table(status, {"scjg": True, "xx": False}, HEAD)
    rows = rows_by(table, "责任单位")
    sent = {name: row["本期报送"].text for name, row in rows.items()}
    assert sent == {
        "区食药安办": "无须报送",
        "区市场监管局": "按时报送",
        "区农业农村局": "未报",
        "西兴街道": "逾期报送",
        "长河街道": "未报",
    }
    assert rows["长河街道"]["单位进度"].text == "未报"
    assert rows["西兴街道"]["任务数"].number == 2
