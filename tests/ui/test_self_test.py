"""The program tries itself out; here over a year of one unit, in the packages over the demo."""

from __future__ import annotations

import json
import logging

import pytest
from PySide6.QtWidgets import QApplication

import main
from fsdesk.demo import demo
from fsdesk.domain.steps import Progress
from fsdesk.services.care import known
from tests.workspaces import make_office, make_unit
from ui import self_test
from ui.pages.plan.plan import PlanPage


@pytest.fixture
def small_year(monkeypatch, only_theme):
    """A year that is made at once: an office and a unit without records."""

    def make(out):
        yield Progress(0, 1)
        with make_office(out / "office") as office:
            make_unit(office, out / "units" / "区市场监管局").close()
        return demo.Demo(1, 0, (out / "说明.txt",))

    monkeypatch.setattr(demo, "make_demo", make)
    monkeypatch.setattr("ui.start.Theme", lambda _application: only_theme)


def test_every_page_of_both_roles_and_the_first_run_are_shown(small_year, qtbot):
    outcome = self_test.tried(QApplication.instance())
    assert not known.place().exists()  # the user's list of workspaces is as it was
    assert not outcome.problems
    assert outcome.files == 1
    assert {"office/overview", "office/plan", "office/settings", "nobody/start"} <= {*outcome.pages}
    assert "区市场监管局/recording" in outcome.pages


def test_a_page_that_fails_makes_the_test_fail_and_leaves_no_handler(
    small_year, qtbot, monkeypatch, tmp_path, capfdbinary
):
    def refresh(page, period):
        raise OSError("no such file: resources/lost")

    monkeypatch.setattr(PlanPage, "refresh", refresh)
    before = logging.getLogger("ui").handlers[:]
    result = tmp_path / "result.json"
    assert main.main(["--self-test", str(result)]) == 1
    told = json.loads(result.read_text(encoding="utf-8"))
    assert not told["ok"]
    assert "resources/lost" in "".join(told["problems"])
    assert json.loads(capfdbinary.readouterr().out) == told
    assert logging.getLogger("ui").handlers == before
