from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.findings import FindingCode, InputRejectedError
from fsdesk.domain.output.pages import Align, Paper, PaperSize, RectItem, TextItem
from fsdesk.reports.paper.fonts import text_width
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.paper.table_drawing import lay_out
from fsdesk.reports.paper.table_layout import CONTINUED, papers_for

COLUMNS = (
    TableColumn("部分", 8, merged=True),
    TableColumn("任务", 20),
    TableColumn("进度", 6, Align.RIGHT),
)


def make_table(rows, **more):
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    return Table("进展情况表", COLUMNS, cells, **more)


def texts(page):
    return [item.text for item in page.items if isinstance(item, TextItem)]


def edges(item):
    width = text_width(item.text, item.size)
    shift = {Align.LEFT: 0.0, Align.CENTRE: width / 2, Align.RIGHT: width}[item.align]
    return item.x - shift, item.x - shift + width


papers = st.builds(Paper, st.sampled_from(PaperSize), st.booleans())
# A row's key is a word of its own, so that it can be found on the pages again.
tables = st.lists(
    st.tuples(st.sampled_from(["一、压实责任", "二、严格监管执法工作"]), st.integers(0, 400)),
    max_size=60,
).map(
    lambda rows: make_table(
        [
            (part, f"编{number:04d}" + "抽检，" * length, "5%")
            for number, (part, length) in enumerate(rows)
        ],
        subtitle=("填报单位：区食药安办", "报告期：2026年6月"),
        footer=("制表：", "审核：", "日期："),
    )
)


@given(tables, papers)
def test_every_row_stands_on_one_page_once_and_nothing_leaves_the_paper(table, paper):
    pages = lay_out(table, paper)
    words = Counter(line[:5] for page in pages for line in texts(page) if line.startswith("编"))
    assert words == Counter(f"编{number:04d}" for number in range(len(table.rows)))
    drawn = "".join(line for page in pages for line in texts(page)).count("抽")
    assert drawn == sum(row[1].text.count("抽") for row in table.rows)
    for page in pages:
        for item in page.items:
            if isinstance(item, TextItem):
                left, right = edges(item)
                assert left >= 0
                assert right <= page.width
                assert item.size < item.y < page.height
            elif isinstance(item, RectItem):
                assert item.y + item.height <= page.height - paper.margin + 0.01


@given(tables, papers)
def test_every_page_has_header_title_and_its_number(table, paper):
    pages = lay_out(table, paper)
    for number, page in enumerate(pages, start=1):
        found = texts(page)
        assert {"部分", "任务", "进度", "报告期：2026年6月"} <= set(found)
        assert f"第 {number} 页 共 {len(pages)} 页" in found
        assert "进展情况表" in found[0]
    assert "制表：" in texts(pages[-1])


def test_a_row_goes_whole_to_the_next_page():
    pages = lay_out(make_table([("一", "字" * 300, "") for _ in range(12)]))
    assert len(pages) > 1
    for page in pages:
        assert sum(text.count("字") for text in texts(page)) % 300 == 0


def test_a_row_taller_than_a_page_is_split_and_says_so():
    pages = lay_out(make_table([("一", "短", "长" * 4500)]))
    assert len(pages) > 1
    assert "短" in texts(pages[0])
    assert f"短{CONTINUED}" in "".join(texts(pages[1]))
    assert sum(text.count("长") for page in pages for text in texts(page)) == 4500


def test_equal_first_cells_are_written_once_on_a_page():
    pages = lay_out(make_table([("甲", f"行{n}", "") for n in range(4)] + [("乙", "末", "")]))
    assert texts(pages[0]).count("甲") == 1
    assert texts(pages[0]).count("乙") == 1
    assert [mark.title for mark in pages[0].bookmarks] == ["进展情况表", "甲", "乙"]


def test_a_merged_text_is_repeated_on_each_page_that_it_spans():
    pages = lay_out(make_table([("甲", "字" * 200, "") for _ in range(30)]))
    assert len(pages) > 1
    assert all(texts(page).count("甲") == 1 for page in pages)


def test_characters_that_the_font_lacks_are_shown_as_missing():
    (page,) = lay_out(make_table([("甲", "鳊鲫鳢\U0001f600", "")]))
    assert "鳊鲫鳢〓" in texts(page)


def test_paper_that_leaves_no_room_is_refused():
    with pytest.raises(ValueError, match="no room"):
        lay_out(make_table([], notes=("注" * 6000,)))


@given(tables, papers)
def test_the_last_page_never_holds_one_row_that_had_room_with_another(table, paper):
    pages = lay_out(table, paper)
    keys = [[line[:5] for line in texts(page) if line.startswith("编")] for page in pages]
    if len(pages) > 1 and len(keys[-2]) > 2 and len(keys[-1]) == 1:
        # Only where both rows together are taller than a page are they apart.
        long = sum(row[1].text.count("抽") for row in table.rows[-2:])
        assert long > 300


codes = st.from_regex(
    r"[A-Z][0-9]{2}-[0-9]|[0-9]{1,6}([.][0-9]{1,2})?%?|20[0-9]{2}-0[1-9]-1[0-9]", fullmatch=True
)
wide_tables = st.integers(2, 14).flatmap(
    lambda count: st.lists(
        st.lists(codes | st.just("严格监管，守牢底线" * 9), min_size=count, max_size=count),
        min_size=1,
        max_size=8,
    ).map(
        lambda rows: Table(
            "表",
            tuple(TableColumn(f"列{n}", 1 + n * 5 % 17, list(Align)[n % 3]) for n in range(count)),
            tuple(tuple(map(Cell, row)) for row in rows),
        )
    )
)


@given(wide_tables, papers)
def test_no_number_date_or_code_is_cut_or_else_the_paper_is_refused(table, paper):
    if paper not in papers_for(table, paper.margin_mm):
        with pytest.raises(InputRejectedError) as refused:
            lay_out(table, paper)
        assert refused.value.tells(FindingCode.TOO_WIDE)
        return
    pages = lay_out(table, paper)
    drawn = Counter(line for page in pages for line in texts(page))
    whole = Counter(cell.text for row in table.rows for cell in row if "严" not in cell.text)
    assert whole <= drawn
    for page in pages:
        for item in page.items:
            if isinstance(item, TextItem):
                left, right = edges(item)
                assert paper.margin - 0.1 <= left
                assert right <= paper.width - paper.margin + 0.1


def test_a_refusal_names_the_paper_that_is_wide_enough():
    columns = tuple(TableColumn(f"列{n}", 5) for n in range(14))
    table = Table("表", columns, (tuple(Cell("2026-03-05") for _ in columns),))
    with pytest.raises(InputRejectedError) as refused:
        lay_out(table, Paper(landscape=False))
    (finding,) = refused.value.findings
    assert "A4 纵向放不下这张表的 14 列" in finding.message
    assert finding.remedy == "请改用 A4 横向、A3 纵向、A3 横向，或少选几列"


def test_rows_of_another_length_are_refused():
    with pytest.raises(ValueError, match="3 cells"):
        make_table([("甲",)])
