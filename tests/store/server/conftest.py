"""A workspace on a server, and two desks that work in it."""

from __future__ import annotations

import pytest

from fsdesk.services.care import setup
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock


@pytest.fixture
def place(postgres, new_database):
    return postgres.address(new_database())


@pytest.fixture
def first(tmp_path, place):
    with setup.create_office(tmp_path / "first", small_plan(), place, Clock()) as workspace:
        yield workspace


@pytest.fixture
def second(tmp_path, place, first):
    with open_workspace(tmp_path / "second", place, clock=Clock()) as workspace:
        yield workspace
