"""Stories of other tests, told again in workspaces with a password: nothing else changes.

What is imported runs here with the fixtures below.
"""
# ruff: noqa: F401, F811

from __future__ import annotations

import pytest

from fsdesk import sealed
from tests.protected import protected
from tests.services.care.test_next_year import (
    clock,
    next_office,
    next_unit,
    packet,
    test_a_packet_of_the_other_year_is_told_with_its_workspace,
    test_both_years_stay_in_use,
    test_the_office_knows_the_unit_by_its_key,
    test_the_units_new_workspace_lies_beside_and_signs_with_the_same_key,
)
from tests.services.packet.test_evidence_packets import (
    report,
    test_another_file_under_the_name_is_no_proof,
    test_names_are_never_paths,
    test_without_files_the_workbook_travels_alone,
)
from tests.services.packet.test_signing import (
    test_a_lost_key_is_replaced_and_the_old_one_counts_no_longer,
    test_another_key_is_refused_until_a_person_registers_it,
)
from tests.workspaces import make_office, make_unit

pytestmark = pytest.mark.file_database


@pytest.fixture
def pair(tmp_path, clock, monkeypatch):
    """An office and a unit, each with a password."""
    monkeypatch.setattr(sealed, "_MEMORY", 8)
    office = make_office(tmp_path / "office", clock)
    unit = make_unit(office, tmp_path / "unit", clock=clock)
    with protected(office) as office, protected(unit) as unit:
        yield office, unit


@pytest.fixture
def office(pair):
    return pair[0]


@pytest.fixture
def unit(pair):
    return pair[1]
