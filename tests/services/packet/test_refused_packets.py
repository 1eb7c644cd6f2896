"""A folder of odd and hostile packets: each is refused by itself, and nothing is changed."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from fsdesk.domain.steps import run_through
from fsdesk.services.packet import checking
from fsdesk.services.packet.importing import Result
from tests.packets.odd import Refused, make
from tests.packets.other_forms import xls_of
from tests.packets.test_hostile_forms import HOSTILE
from tests.packets.test_odd_packets import ODD
from tests.workspaces import import_files, make_office, rows_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder of packets as none of them should arrive; it is only read."""
    changes = {name: change for name, (change, words) in HOSTILE.items() if words}
    changes |= {name: change for name, (change, expected) in ODD.items()
                if isinstance(expected, Refused)}  # fmt: skip
    inbox = tmp_path_factory.mktemp("inbox")
    for number, change in enumerate(changes.values()):
        change(make(inbox, f"{number:03}.xlsx"))
    return inbox


def test_all_are_refused_with_a_reason_and_nothing_changes(tmp_path, folder):
    office = make_office(tmp_path / "office")
    before = rows_of(office)
    summary = import_files(office, folder, accept_unsigned=True)
    assert len(summary.files) == len(list(folder.iterdir())) > 80
    assert summary.count(Result.REJECTED) == len(summary.files)
    assert rows_of(office) == before
    for taken in summary.files:
        assert taken.checked.findings
        assert all(finding.message for finding in taken.checked.findings)


def test_those_with_bad_cells_are_sent_back_with_comments_and_hostile_ones_are_not(
    tmp_path, folder
):
    office = make_office(tmp_path / "office")
    checked = run_through(checking.check_packets(office, [folder]))
    assert not any(packet.ok for packet in checked)
    copies = checking.annotate(checked, tmp_path / "back")
    assert len(copies) > 20
    for copy in copies:
        assert load_workbook(copy).sheetnames[0] == "检查结果"


def test_what_wps_saves_in_its_own_form_is_found_and_read(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    file = make(folder)
    (folder / "三月.et").write_bytes(xls_of(file))
    file.unlink()
    (found,) = checking.packet_files([folder])
    assert checking.read(found).filled
