from __future__ import annotations

import pytest

from tests.workspaces import Clock, make_office, make_unit


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as workspace:
        yield workspace
