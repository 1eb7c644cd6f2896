"""Drafting what is proposed."""

from __future__ import annotations

from fsdesk.services.supervision import supervision
from tests.workspaces import MARCH, Clock, make_office


def test_a_second_press_on_the_same_proposals_drafts_no_second_letter(tmp_path):
    with make_office(tmp_path / "office", Clock("2026-05-11T01:00:00+00:00")) as office:
        proposed = supervision.case_desk(office, MARCH).proposals
        made = supervision.agree(office, MARCH, proposed)
        assert {draft.unit for draft in made} == {each.unit for each in proposed} != set()
        assert supervision.agree(office, MARCH, proposed) == ()
