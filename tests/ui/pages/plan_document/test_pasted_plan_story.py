"""A district's whole plan, copied out of a PDF file, becomes the plan in a few clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.plan.plan import Role
from fsdesk.services.plan import planning
from tests.documents.official.expected_plan import TASKS
from tests.documents.official.forms import printed
from tests.workspaces import make_office
from ui.pages.plan_document.page import PlanDocumentPage
from ui.pages.plan_document.pasting import PasteDialog

LEFT = Qt.MouseButton.LeftButton
PARTS = "一二三四五六"
MOST_CLICKS = 15


def document_of(plan):
    """Write a plan as a district does: points with several tasks, each closed by who answers.

    It has the flaws of a real one: no title and no year, half-wide commas, a bracket closed by
    one of another kind.
    """
    lines = [f"全区工作总体要求是：{plan.overall_requirement}"]
    for number, section in zip(PARTS, plan.sections, strict=True):
        lines.append(f"{number}、{section.title}")
        for point in section.points:
            tasks = "".join(task.text + goals(task) + closer(plan, task) for task in point.tasks)
            lines.append(f"{point.number}.{point.title}。{tasks}")
    text = "\n".join(lines).replace("，", ",").replace("：", ":")
    return text.replace("区科技局按职责分工负责]", "区科技局按职责分工负责)")


def goals(task):
    reached = [
        indicator.name
        + ("达到" if indicator.operator == "=" else "不少于")
        + indicator.target_text.strip("=≥")
        for indicator in task.indicators
    ]
    return "，".join(reached) + "。" if reached else ""


def closer(plan, task):
    names = [plan.directory.name(assignment.party) for assignment in task.assignments]
    first = task.assignments[0].role
    if first is Role.SOLE:
        words = "、".join(names) + "负责"
    elif first is Role.LEAD:
        words = f"{names[0]}牵头，{'、'.join(names[1:])}按职责分工负责"
    else:
        words = "、".join(names) + "按职责分工负责"
    return f"[{words}]"


class Mouse:
    """One hand on the mouse that counts its clicks."""

    def __init__(self, test):
        self._test, self.clicks = test, 0

    def click(self, widget, at=None):
        assert widget.isVisible()
        assert widget.isEnabled()
        self.clicks += 1
        if at is None:
            self._test.qtbot.mouseClick(widget, LEFT)
        else:
            self._test.qtbot.mouseClick(widget, LEFT, pos=at)
        self._test.settle()

    def click_first(self, table):
        self.click(table.viewport(), table.visualRect(table.model().index(0, 2)).center())

    def in_dialog(self, kind, words):
        """Click a button of the dialog that is about to open."""

        def look():
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, kind):
                QTimer.singleShot(20, look)
                return
            buttons = dialog.findChildren(QPushButton)
            self._test.qtbot.mouseClick(next(b for b in buttons if b.text() == words), LEFT)

        QTimer.singleShot(0, look)


def paste(test, mouse, text):
    QApplication.clipboard().setText(text)
    mouse.in_dialog(PasteDialog, "读取")
    mouse.click(test.page.beginning.paste)
    assert test.page.checking.isVisible()


def settle_all(test, mouse):
    """Settle doubts from the first to the last, those of a kind at once."""
    checking = test.page.checking
    mouse.clicks = 0
    mouse.click_first(checking.doubts.table)
    while checking.doubts.model.rows:
        party = checking.forms.party
        if party.isVisible() and party.create_all.isVisible():
            mouse.click(party.create_all)
        elif checking.doubts.alike.isEnabled():
            mouse.click(checking.doubts.alike)
        else:
            mouse.click(checking.doubts.settle)
        assert mouse.clicks <= MOST_CLICKS


def parties_of(plan):
    return [
        "、".join(f"{plan.directory.name(a.party)}:{a.role.name}" for a in task.assignments)
        for task in plan.tasks
    ]


@pytest.fixture(params=["its own units", "few units"])
def desk_with(request, office, tmp_path, clock):
    """An office that knows the units of the document, and one to which most are new."""
    if request.param == "few units":
        yield office
        return
    with make_office(tmp_path / "built in", clock, load_builtin_plan(2026)) as workspace:
        yield workspace


def test_a_plan_pasted_from_a_pdf_is_settled_in_a_few_clicks(page_test, desk_with):
    plan = load_builtin_plan(2026)
    test = page_test(desk_with)
    test.page = test.show(PlanDocumentPage(test.desk))
    mouse = Mouse(test)

    paste(test, mouse, printed(document_of(plan)))
    assert "46 项任务" in test.page.header._note.text()
    settle_all(test, mouse)
    mouse.click(test.page.confirm)
    mouse.click(test.page.taking.effect.answer.from_day)
    mouse.click(test.page.taking.confirm)

    taken = planning.current_plan(desk_with)
    assert parties_of(taken) == [task.parties for task in TASKS.values()]
    targets = [[i.target_text for i in task.indicators] for task in taken.tasks]
    assert targets == [[i.target_text for i in task.indicators] for task in plan.tasks]
