"""Stories of going back, told again where the unit has a password: nothing else changes."""
# ruff: noqa: F401, F811

from __future__ import annotations

import pytest

from fsdesk import sealed
from fsdesk.services.care import protecting
from tests.protected import protect
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
