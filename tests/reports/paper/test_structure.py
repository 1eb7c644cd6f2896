"""What a PDF says of its parts: read aloud or taken apart, each is said once and in order."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

from pypdf import PdfReader

from fsdesk.domain.output.pages import PaperPage, Part, PictureItem, Role, TextItem
from fsdesk.reports.paper.pdf import pdf_bytes
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.paper.table_drawing import lay_out
from tests.reports.typography import file_faults, part_faults, sheets_of

COLUMNS = (
    TableColumn("部分", 6, merged=True),
    TableColumn("一月", 6, group="各月"),
    TableColumn("二月", 6, group="各月"),
)


def table(rows):
    cells = tuple((Cell("一、压实责任"), Cell(f"{n}"), Cell("按时")) for n in range(rows))
    return Table("报送情况表", COLUMNS, cells, ("填报单位：某局", "2026年6月"), notes=("注：无。",))


def told(data):
    """The tree as lists of kinds, and of what each cell goes over."""
    root = PdfReader(BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]
    return root["/K"].get_object()


def kinds(element):
    kids = element["/K"]
    found = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
    below = [each for each in found if not isinstance(each, int) and "/S" in each]
    return [element["/S"], *(kind for each in below for kind in kinds(each))]


def test_each_cell_of_a_table_is_told_once_with_what_it_goes_over():
    pages = lay_out(table(60))
    assert len(pages) > 1  # its header and the merged cell are drawn again on each
    data = pdf_bytes(pages, "报送情况表")
    assert [*file_faults(data), *part_faults(data, sheets_of(data))] == []
    counts = Counter(kinds(told(data)))
    assert counts == {
        "/Document": 1, "/H1": 1, "/P": 3, "/Table": 1, "/TR": 62, "/TH": 4, "/TD": 121,
    }  # fmt: skip
    rows = next(e.get_object() for e in told(data)["/K"] if e.get_object()["/S"] == "/Table")["/K"]
    head, _below, first = (row.get_object() for row in rows[:3])
    assert [cell.get_object()["/A"].get("/ColSpan") for cell in head["/K"]] == [None, 2]
    assert head["/K"][0].get_object()["/A"]["/RowSpan"] == 2
    assert first["/K"][0].get_object()["/A"]["/RowSpan"] == 60


def test_of_a_very_long_table_each_row_is_a_paragraph():
    data = pdf_bytes(lay_out(table(1700)), "报送情况表")
    assert list(part_faults(data, sheets_of(data)[:1] * len(PdfReader(BytesIO(data)).pages))) == []
    counts = Counter(kinds(told(data)))
    assert counts["/P"] == 1700 + 1 + 3  # its header is one too
    assert "/TD" not in counts


def test_a_part_goes_on_over_pages_and_a_picture_is_said_in_words():
    words = Part(1)
    pages = (
        PaperPage(400, 300, (TextItem(20, 20, "上半句", 16, part=words),)),
        PaperPage(400, 300, (
            TextItem(20, 20, "下半句", 16, part=words),
            TextItem(20, 290, "— 2 —", 14),
            PictureItem(20, 40, 50, 50, PNG, part=Part(2, Role.PICTURE, words="走势图：6月38.4%")),
        )),
    )  # fmt: skip
    paragraph, picture = (each.get_object() for each in told(pdf_bytes(pages, "通报"))["/K"])
    assert paragraph["/S"] == "/P"
    assert len(paragraph["/K"]) == 2
    assert (picture["/S"], picture["/Alt"]) == ("/Figure", "走势图：6月38.4%")


def test_a_file_names_no_day_on_which_it_was_not_made():
    data = pdf_bytes((PaperPage(400, 300, ()),), "空白")
    told_of = PdfReader(BytesIO(data)).metadata
    assert told_of.title == "空白"
    assert told_of.creation_date is None
    assert told_of.modification_date is None


def _png():
    from PIL import Image

    buffer = BytesIO()
    Image.new("RGB", (2, 2), "#1f4e79").save(buffer, "png")
    return buffer.getvalue()


PNG = _png()
