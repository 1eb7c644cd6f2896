"""Tables as they come out on paper: the written PDF is opened again and measured."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from fsdesk.domain.output.pages import Align, Paper, PaperSize
from fsdesk.reports.paper.fonts import font_file
from fsdesk.reports.paper.pdf import pdf_bytes
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.paper.table_drawing import lay_out

LINES = 4


def long_table(rows=300, lines=LINES, **more):
    """A table whose every line says to which row it belongs."""
    columns = (
        TableColumn("部分", 8, merged=True),
        TableColumn("编码", 8, Align.CENTRE),
        TableColumn("内容", 30),
        TableColumn("数量", 8, Align.RIGHT),
    )
    texts = ["完成抽检，及时处置；", "“阳光配送”≥20%。", "鳊鲫鳢鱼（镉）抽样", "整改到位。"]
    cells = tuple(
        (
            Cell(f"第{row // 50 + 1}部分"),
            Cell(f"R{row:03d}"),
            Cell("\n".join(f"R{row:03d}{text}" for text in texts[:lines])),
            Cell(str(row), row),
        )
        for row in range(rows)
    )
    around = {"subtitle": ("填报单位：区食药安办", "报告期：2026年9月")}
    return Table(
        "进展情况表", columns, cells, footer=("制表：", "审核：", "日期："), **around, **more
    )


def read(table, paper=None):
    return PdfReader(BytesIO(pdf_bytes(lay_out(table, paper), table.title)))


def placed_texts(page):
    """Give each text of a page with its baseline's height."""
    found = []
    page.extract_text(visitor_text=lambda text, _cm, tm, *_: found.append((tm[5], text.strip())))
    return [(height, text) for height, text in found if text]


@pytest.mark.slow
@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("landscape", [True, False])
def test_every_page_has_the_paper_the_header_the_period_and_its_number(size, landscape):
    reader = read(long_table(), Paper(size, landscape))
    short, long = (round(side * 72 / 25.4) for side in size.value)
    for number, page in enumerate(reader.pages, start=1):
        box = [round(float(side)) for side in page.mediabox[2:]]
        assert box == ([long, short] if landscape else [short, long])
        text = page.extract_text()
        for words in ("部分", "编码", "内容", "数量", "进展情况表", "报告期：2026年9月"):
            assert words in text
        assert f"第 {number} 页 共 {len(reader.pages)} 页" in text


def test_no_row_is_cut_and_nothing_is_written_into_the_margin():
    paper = Paper()
    reader = read(long_table(), paper)
    seen = {}
    for number, page in enumerate(reader.pages):
        for height, text in placed_texts(page):
            if text.startswith("R"):
                seen.setdefault(text[:4], []).append((number, height))
            if not text.startswith("第 "):
                assert paper.margin < height < paper.height - paper.margin
    assert len(seen) == 300
    for places in seen.values():
        assert len({number for number, _ in places}) == 1
        assert len(places) == 1 + LINES


def test_every_character_has_a_glyph_and_is_found_again():
    reader = read(long_table(40))
    with TTFont(font_file()) as font:
        glyphs = font.getBestCmap()
    text = "".join(page.extract_text() for page in reader.pages)
    assert not {char for char in text if char.strip() and ord(char) not in glyphs}
    assert text.count("“阳光配送”≥20%。") == 40
    assert text.count("鳊鲫鳢鱼（镉）抽样") == 40


def test_all_fonts_are_embedded_in_part():
    for page in read(long_table(40)).pages:
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            name, described = font["/BaseFont"], font["/FontDescriptor"].get_object()
            assert name[7:8] == "+"
            assert "/FontFile2" in described
            assert len(described["/FontFile2"].get_object().get_data()) < 400_000


def test_sections_are_bookmarks_that_lead_to_their_page():
    reader = read(long_table())
    title, sections = reader.outline
    assert title.title == "进展情况表"
    assert [mark.title for mark in sections] == [f"第{n}部分" for n in range(1, 7)]
    for mark in sections:
        page = reader.pages[reader.get_destination_page_number(mark)]
        assert mark.title in page.extract_text()


def test_a_section_begins_a_new_page_where_that_is_wanted():
    together, apart = read(long_table(60, 1)), read(long_table(60, 1, section_pages=True))
    assert len(apart.pages) > len(together.pages)
    for page in apart.pages:
        rows = {text[:4] for _, text in placed_texts(page) if text.startswith("R")}
        assert len({int(row[1:]) // 50 for row in rows}) == 1


def test_three_hundred_rows_on_forty_pages_take_less_than_three_seconds_and_two_megabytes():
    table = long_table(300, 4)
    narrow = Paper(PaperSize.A4, landscape=True, margin_mm=33)
    read(long_table(2))  # the font is read once a run
    begun = time.process_time()
    data = pdf_bytes(lay_out(table, narrow), table.title)
    seconds = time.process_time() - begun
    assert len(PdfReader(BytesIO(data)).pages) >= 40
    assert len(data) < 2 * 2**20
    assert seconds < 3
