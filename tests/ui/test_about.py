"""关于: what is new, whose work is in the program, from source and from a package."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from fsdesk import __version__
from fsdesk.services import about
from tests.workspaces import make_office
from ui.pages.about import AboutPage
from ui.pages.settings import SettingsPage


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
