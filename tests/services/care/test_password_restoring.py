"""Stories of going back, told again where the unit has a password: nothing else changes."""
# ruff: noqa: F401, F811

from __future__ import annotations

import pytest

from fsdesk import files, sealed
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance, protecting, restoring
from fsdesk.services.output.bulletin import TEMPLATE
from tests.protected import PASSWORD, protect, protected
from tests.services.care.test_restoring import (
    test_a_copy_is_put_back_and_the_state_before_can_be_put_back_too,
    test_all_copies_are_listed_by_what_is_in_them,
    test_what_was_put_back_is_told_once_at_opening_and_stays_in_the_log,
)
from tests.services.care.test_restoring import unit as plain_unit

pytestmark = pytest.mark.file_database


@pytest.fixture
def unit(plain_unit, monkeypatch):
    """The folder of a unit, closed, with 210 typed in March, and with a password."""
    monkeypatch.setattr(sealed, "_MEMORY", 8)
    protect(plain_unit)
    assert protecting.is_protected(plain_unit)
    return plain_unit


def test_the_office_s_own_templates_come_back_though_no_password_covers_them(office, tmp_path):
    place = TEMPLATE.place(office)
    files.save_bytes(place, b"own")
    office = protected(office)
    maintenance.back_up(office, tmp_path / "b.zip")
    files.save_bytes(place, b"later")
    office.close()
    done = run_through(restoring.put_back(office.folder, tmp_path / "b.zip", password=PASSWORD))
    assert place.read_bytes() == b"own"
    run_through(restoring.put_back(office.folder, office.folder / done.kept))
    assert place.read_bytes() == b"later"
