from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.output.pages import Paper, PaperPage, PaperSize, PictureItem
from fsdesk.files import save_bytes
from fsdesk.reports.paper.pdf import pdf_bytes, write_pdf
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.paper.table_drawing import lay_out
from fsdesk.reports.tables.standing import progress_table

HEAD = PaperHead("区食药安办", date(2026, 7, 3))


def test_text_title_boxes_and_bookmarks_can_be_read_back(status, tmp_path):
    table = progress_table(status, {}, HEAD)
    path = tmp_path / "新文件夹" / "进展情况表.pdf"
    write_pdf(path, lay_out(table, Paper(PaperSize.A3)), table.title)
    reader = PdfReader(path)
    text = reader.pages[0].extract_text()
    assert "食品监督抽检批次：650批次" in text.replace("\n", "")
    assert "第 1 页 共 1 页" in text
    assert reader.metadata.title == "2026年食品药品安全工作要点进展情况表"
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [1191, 842]
    assert reader.outline[0].title == table.title
    assert [mark.title for mark in reader.outline[1]] == ["一、压实安全责任", "二、严格监管执法"]


def test_header_and_page_number_are_on_every_page_and_the_font_is_embedded(tmp_path):
    rows = tuple((Cell(f"鳊鲫鳢{n}"), Cell("●▲■○≥—")) for n in range(120))
    table = Table("清单", (TableColumn("名称", 1), TableColumn("亮灯", 1)), rows)
    write_pdf(tmp_path / "a.pdf", lay_out(table), "清单")
    reader = PdfReader(tmp_path / "a.pdf")
    count = len(reader.pages)
    assert count > 2
    found = ""
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert "名称" in text
        assert f"第 {number} 页 共 {count} 页" in text
        fonts = page["/Resources"]["/Font"].get_object().values()
        files = [font.get_object().get("/FontDescriptor") for font in fonts]
        assert any(file and "/FontFile2" in file.get_object() for file in files)
        found += text
    assert all(f"鳊鲫鳢{n}" in found for n in range(120))
    assert "●▲■○≥—" in found


def test_the_same_pages_give_the_same_bytes(status):
    pages = lay_out(progress_table(status, {}, HEAD))
    assert pdf_bytes(pages, "表") == pdf_bytes(pages, "表")


def test_a_picture_keeps_its_place_and_its_points():
    png = BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(png, "png")
    page = PaperPage(300, 200, (PictureItem(50, 60, 100, 50, png.getvalue()),))
    (read,) = PdfReader(BytesIO(pdf_bytes([page], "图"))).pages
    (picture,) = read.images
    assert picture.image.size == (40, 20)
    assert picture.image.convert("RGB").getpixel((20, 10)) == (200, 30, 30)
    # 60 below the upper edge and 50 high: its lower edge stands 90 above the page's.
    assert b"100 0 0 50 50 90 cm" in read.get_contents().get_data()


def test_a_locked_file_is_explained_and_left_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "表.pdf"
    path.write_bytes(b"old")

    def refuse(self, target):
        raise PermissionError(13, "denied")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(InputRejectedError, match=r"换一个文件名保存，例如“表（2）.pdf”"):
        save_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_is_no_folder_is_explained(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputRejectedError, match=r"换一个位置保存"):
        save_bytes(tmp_path / "file" / "表.pdf", b"new")
