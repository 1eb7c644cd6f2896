"""关于: what is new, whose work is in the program, from source and from a package."""

from __future__ import annotations

import platform
import re
import sys

import pytest
from PySide6.QtWidgets import QPushButton

from fsdesk import __version__
from fsdesk.domain.packet import updates
from fsdesk.places import project_file
from fsdesk.services.care import about, updating
from tests.workspaces import make_office, make_unit
from ui.help import book
from ui.pages.settings.about import AboutPage
from ui.pages.settings.settings import SettingsPage


def test_changes_begin_with_the_version_that_runs():
    assert about.changes().startswith(f"{__version__} 版")


def test_from_source_the_page_says_where_licences_are_named(page_test, tmp_path):
    with make_office(tmp_path / "office") as workspace:
        test = page_test(workspace)
        page = AboutPage(test.desk)
        test.show(page)
        assert "requirements.txt" in page.licences.toPlainText()
        assert page.materials.isHidden()


def test_a_package_brings_its_lists(page_test, tmp_path, monkeypatch):
    folder = tmp_path / "resources/about"
    folder.mkdir(parents=True)
    for name in ("changes.txt", "licences.txt", "sbom.json"):
        (folder / name).write_text(f"在 {name} 中\n", encoding="utf-8")
    monkeypatch.setattr(about, "project_file", tmp_path.joinpath)
    with make_office(tmp_path / "office") as workspace:
        test = page_test(workspace)
        page = AboutPage(test.desk)
        test.show(page)
        assert page.licences.toPlainText() == "在 licences.txt 中\n"
        assert page.materials.text() == f"软件物料清单：{folder / 'sbom.json'}"


def test_what_is_new_since_a_version_is_shown_alone(page_test, tmp_path, monkeypatch):
    file = tmp_path / "changes.txt"
    file.write_text("0.3.0 版\n\n· 三\n\n0.2.0 版\n\n· 二\n\n0.1.0 版\n\n· 一\n", encoding="utf-8")
    monkeypatch.setattr(about, "project_file", lambda _name: file)
    assert about.changes_since("0.1.0") == "0.3.0 版\n\n· 三\n\n0.2.0 版\n\n· 二\n\n"
    assert about.changes_since("0.2.9").startswith("0.3.0 版")
    assert about.changes_since("0.3.0") == ""
    with make_office(tmp_path / "office") as workspace:
        test = page_test(workspace)
        page = AboutPage(test.desk)
        test.show(page)
        assert "· 一" in page.changes.toPlainText()
        page.show_item("0.2.0")
        test.settle()
        assert page.changes.toPlainText().split() == ["0.3.0", "版", "·", "三"]


def about_links():
    """Every link from one book to another: in which it stands, and the file that it names."""
    for name in book.FILES:
        text = project_file(name).read_text(encoding="utf-8")
        yield from ((name, target) for target in re.findall(r"\]\((\w+\.md)\)", text))


def test_the_handbook_leads_to_nothing_that_the_program_lacks(tmp_path, monkeypatch):
    assert about.dead_links(book.FILES) == ()
    for name, target in about_links():
        assert book.title_of(target), name  # a click leads to the book that has this name
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "more.md").write_text("![图](pictures/gone.png) [回](handbook.md)")
    (docs / "handbook.md").write_text("[一](more.md) [二](https://a.example/b) [三](none.md#x)")
    monkeypatch.setattr(about, "project_file", tmp_path.joinpath)
    assert about.dead_links(["docs/handbook.md", "docs/gone.md"]) == (
        "docs/handbook.md → none.md",
        "docs/gone.md",
        "docs/more.md → pictures/gone.png",
    )


def test_the_diagnosis_is_looked_at_before_it_is_saved(page_test, tmp_path, monkeypatch):
    with make_office(tmp_path / "office") as workspace:
        test = page_test(workspace)
        page = AboutPage(test.desk)
        test.show(page)
        asked = []
        target = tmp_path / "诊断包.txt"
        monkeypatch.setattr(test.files, "save", lambda *given: asked.append(given) or target)
        test.press("诊断包…")
        dialog = page.diagnosis.dialog
        assert dialog.isVisible()
        shown = dialog.text.toPlainText()
        assert f"版本：{__version__}" in shown
        assert "界面缩放：100%" in shown
        assert not asked
        test.press("保存…")
        assert not dialog.isVisible()
        assert target.read_text(encoding="utf-8") == shown
        assert test.told.news == ["诊断包已保存，可以交给技术人员。"]


def test_settings_lead_there(page_test, tmp_path, theme, qtbot):
    with make_office(tmp_path / "office") as workspace:
        test = page_test(workspace)
        page = SettingsPage(test.desk, theme)
        test.show(page)
        (more,) = (it for it in page.findChildren(QPushButton) if it.text() == "更新内容和许可")
        with qtbot.waitSignal(page.open_requested) as asked:
            more.click()
        assert asked.args == ["about", None]
        test.settle()


@pytest.fixture
def update(tmp_path):
    """A unit's workspace and an update packet of its office for this system."""
    system = updates.system_name(sys.platform, platform.machine())
    installer = tmp_path / {
        "windows-amd64": "fsdesk-9.1.0-windows-x64.exe",
        "linux-arm64": "fsdesk_9.1.0_arm64.deb",
    }.get(system, "fsdesk_9.1.0_amd64.deb")
    installer.write_bytes(b"newer")
    file = tmp_path / "更新包.fsupdate"
    with make_office(tmp_path / "office") as office:
        updating.write_update(office, [installer], file)
        with make_unit(office, tmp_path / "unit") as unit:
            yield unit, file


def test_an_update_is_checked_then_offered_then_started(page_test, update, monkeypatch):
    workspace, file = update
    test = page_test(workspace)
    page = AboutPage(test.desk)
    test.show(page)
    started = []
    monkeypatch.setattr(test.files, "start", lambda path: started.append(path) or True)
    page.show_item(file)
    test.settle()
    assert not started  # the user said 取消
    assert "更新到 9.1.0 版吗" in test.told.questions[0][0]
    test.told.answer = "关闭程序并更新"
    monkeypatch.setattr(test.files, "open_one", lambda *_: file)
    test.press("打开更新包…")
    (installer,) = started
    assert installer.read_bytes() == b"newer"
    assert not test.window.isVisible()  # closed, so that the installer can replace the program
    test.window.show()
    monkeypatch.setattr(test.files, "start", lambda _path: False)
    page.check(file)
    test.settle()
    assert "双击" in test.told.warnings[0]
    assert test.window.isVisible()


def test_the_portable_program_starts_no_installer(page_test, update, tmp_path, monkeypatch):
    workspace, file = update
    test = page_test(workspace)
    page = AboutPage(test.desk)
    test.show(page)
    started = []
    monkeypatch.setattr(test.files, "start", lambda path: started.append(path) or True)
    monkeypatch.setattr(updating, "portable_data", lambda: tmp_path / "数据")
    test.told.answer = "关闭程序并更新"
    page.show_item(file)
    test.settle()
    assert any("便携版不能用更新包升级" in str(each) for each in test.told.errors)
    assert (started, test.told.questions) == ([], [])
    assert test.window.isVisible()


def test_the_office_makes_an_update_packet(page_test, tmp_path, monkeypatch):
    installer = tmp_path / "fsdesk_9.1.0_amd64.deb"
    installer.write_bytes(b"newer")
    with make_office(tmp_path / "office") as workspace:
        test = page_test(workspace)
        page = AboutPage(test.desk)
        test.show(page)
        monkeypatch.setattr(test.files, "open_many", lambda *_: [installer])
        monkeypatch.setattr(test.files, "save", lambda *_: tmp_path / "更新包.fsupdate")
        test.press("生成更新包…")
        assert test.told.news == ["已生成 9.1.0 版更新包，请发给各单位。"]
        assert (tmp_path / "更新包.fsupdate").is_file()
