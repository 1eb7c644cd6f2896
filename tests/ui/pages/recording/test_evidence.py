"""Evidence in the form: added, shown, opened, removed, and taken along in a .zip."""

from __future__ import annotations

import zipfile

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage

from fsdesk.domain.records.records import Milestone, RecordKey, RecordKind, Status
from fsdesk.services.records import evidence, recording
from tests.held import attachments_of
from ui.pages.exchange.report_export import EXPORT
from ui.pages.recording.evidence import PICTURE
from ui.pages.recording.evidence_sorting import EvidenceSorting
from ui.pages.recording.recording import RecordingPage

KEY = RecordKey(RecordKind.MILESTONE, "D01-1-1", "scj", "2026-03")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def form(page_test, unit, tmp_path, monkeypatch):
    recording.save(unit, KEY, Milestone(Status.DONE))
    test = page_test(unit)
    test.photo = tmp_path / "照片.jpg"
    test.photo.write_bytes(b"\xff\xd8\xff picture")
    monkeypatch.setattr(test.files, "open_many", lambda *_: [test.photo])
    test.page = test.show(RecordingPage(test.desk))
    test.page.tasks.choose("T01-1")
    test.settle()
    return test


def row(test):
    return test.page.forms.views["T01-1"].evidence[KEY.item]


def click(test, button):
    test.qtbot.mouseClick(button, LEFT)
    test.settle()


def test_a_file_is_added_and_shown(form, unit):
    click(form, row(form).add)
    assert [link.text() for link in row(form).links] == ["照片.jpg（1 KB）"]
    assert [file.name for file in attachments_of(unit, KEY)] == ["照片.jpg"]


def test_files_can_be_dropped(form, unit):
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(form.photo))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, urls, LEFT, Qt.KeyboardModifier.NoModifier
    )
    row(form).dropEvent(drop)
    form.settle()
    assert len(attachments_of(unit, KEY)) == 1


@pytest.mark.parametrize("item", ["D01-1-1", "D01-1-2"])
def test_a_file_is_added_before_anything_is_said_of_the_item(page_test, unit, form, item):
    """No state is needed first, and nothing is refused after the file was chosen."""
    key = RecordKey(RecordKind.MILESTONE, item, "scj", "2026-03")
    recording.save(unit, key, Milestone())
    click(form, form.page.forms.views["T01-1"].evidence[item].add)
    assert form.told.errors == []
    assert [file.name for file in attachments_of(unit, key)] == ["照片.jpg"]


def test_several_files_go_to_several_items_by_one_drop(form, unit, tmp_path):
    files = [tmp_path / name for name in ("抽检计划（印发）.pdf", "预警网络名单.xlsx", "其他.txt")]
    for file in files:
        file.write_bytes(b"proof")
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, urls, LEFT, Qt.KeyboardModifier.NoModifier
    )
    form.page.forms.views["T01-1"].dropEvent(drop)
    dialog = form.page.findChild(EvidenceSorting)
    assert [choice.currentText() for choice in dialog.choices] == [
        "D01-1-1 制定抽检计划",
        "D01-1-2 预警网络",
        "不添加",
    ]
    click(form, dialog.add)
    other = RecordKey(RecordKind.MILESTONE, "D01-1-2", "scj", "2026-03")
    assert [file.name for file in attachments_of(unit, KEY)] == ["抽检计划（印发）.pdf"]
    assert [file.name for file in attachments_of(unit, other)] == ["预警网络名单.xlsx"]


def test_a_file_is_removed_after_a_question(form, unit):
    click(form, row(form).add)
    (remove,) = [a for a in row(form).links[0].menu().actions() if a.text() == "移除"]
    remove.trigger()
    form.settle()
    assert len(attachments_of(unit, KEY)) == 1
    form.told.answer = "移除"
    remove.trigger()
    form.settle()
    assert attachments_of(unit, KEY) == ()
    assert row(form).links == []


def test_a_file_is_opened_as_a_copy_under_its_own_name(form, monkeypatch):
    click(form, row(form).add)
    opened = []
    monkeypatch.setattr(form.files, "launch", opened.append)
    (look,) = [a for a in row(form).links[0].menu().actions() if a.text() == "打开"]
    look.trigger()
    form.settle()
    assert opened[0].name == "照片.jpg"
    assert opened[0].read_bytes() == form.photo.read_bytes()


def test_an_empty_file_is_refused(form, unit):
    form.photo.write_bytes(b"")
    click(form, row(form).add)
    assert "空文件" in str(form.told.errors[0])
    assert attachments_of(unit, KEY) == ()


def test_the_report_takes_the_files_along(form, tmp_path, monkeypatch):
    click(form, row(form).add)
    asked = []

    def save(_title, name, kinds, _purpose):
        asked.append((name, kinds[0]))
        return tmp_path / name

    monkeypatch.setattr(form.files, "save", save)
    form.page.show_item(EXPORT)
    form.settle()
    form.press("更改…")
    form.press("导出报送包")
    assert asked[0][0] == "报送包-区市场监管局-2026-03.zip"
    with zipfile.ZipFile(tmp_path / asked[0][0]) as archive:
        assert any(name.endswith("照片.jpg") for name in archive.namelist())


def test_a_picture_is_shown_small_and_turned_into_no_more_than_needed(form, unit, qtbot):
    image = QImage(1200, 800, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(form.photo), "JPG")
    click(form, row(form).add)
    link = row(form).links[0]
    assert link.iconSize() == PICTURE
    middle = link.icon().pixmap(PICTURE).toImage().pixelColor(PICTURE.width() // 2, 20)
    assert middle.red() > 200
    assert middle.green() < 60


def test_many_files_go_on_in_the_next_line(form, unit):
    for number in range(12):
        file = form.photo.with_name(f"很长很长的材料名称第{number}号文件的扫描件和附图说明.pdf")
        file.write_bytes(b"%PDF" + bytes([number]))
        evidence.attach(unit, KEY, file)
    form.page.refresh("2026-03")
    form.settle()
    links = row(form).links
    assert len({link.y() for link in links}) > 1
    assert max(link.geometry().right() for link in links) <= row(form).width()
    assert "…" in links[0].text()
    assert links[0].toolTip().startswith("很长很长")


def test_what_others_can_not_open_is_added_with_a_hint(form, unit):
    form.photo = form.photo.rename(form.photo.with_suffix(".heic"))
    row(form).add_wanted.emit([form.photo])
    form.settle()
    assert "“照片.heic”是手机的 HEIC 照片" in form.told.warnings[0]
    assert [file.name for file in attachments_of(unit, KEY)] == ["照片.heic"]
