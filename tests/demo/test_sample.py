"""The sample: made once, opened as office or unit, never taken for real data."""

from __future__ import annotations

import pytest

from fsdesk.demo import demo, sample
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.steps import Progress, run_through
from fsdesk.services.care import setup
from fsdesk.services.care.known import SAMPLE, is_sample


def make_little(out):
    """A demo of no months: only the workspaces."""
    yield Progress(0, 1, "正在准备")
    plan = setup.read_plan(None, demo.DEMO_YEAR)
    setup.create_office(out / "office", plan).close()
    setup.create_unit(out / "units" / "区市场监管局", plan, "scjg").close()


def test_it_is_made_once_and_opened_in_either_role(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "make_demo", make_little)
    folder = tmp_path / f"fsdesk-{SAMPLE}"
    assert [step.message for step in sample.prepare(folder)] == ["正在准备"]
    assert list(sample.prepare(folder)) == []
    with sample.open_sample(folder) as office, sample.open_sample(folder, "scjg") as unit:
        assert office.identity.is_office
        assert unit.identity.unit == "scjg"
        assert is_sample(unit.folder)
    assert not is_sample(tmp_path / "own")


def test_one_that_was_broken_off_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "make_demo", make_little)
    folder = tmp_path / SAMPLE
    next(sample.prepare(folder))
    assert run_through(sample.prepare(folder)) == folder
    assert list(sample.prepare(folder)) == []


def test_ones_own_folder_is_refused(tmp_path):
    with pytest.raises(InputRejectedError, match="示例"):
        run_through(sample.prepare(tmp_path / "工作"))
