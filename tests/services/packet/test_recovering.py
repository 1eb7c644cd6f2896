"""Recovery codes: sent sealed in a report, read out by the office, typed once by the unit."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from fsdesk import sealed
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.care import protecting, setup
from fsdesk.services.packet import exchange, importing, recovering
from fsdesk.services.packet.importing import Accepted, Result
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.store.engine import sqlite_url
from fsdesk.workspace import DATABASE, open_workspace
from tests.protected import forget, protect
from tests.workspaces import MARCH, import_files, make_office, make_unit


@pytest.fixture(autouse=True)
def no_password_given(monkeypatch):
    forget()
    monkeypatch.setattr(sealed, "_MEMORY", 8)


@pytest.fixture
def unit(office, tmp_path, clock):
    """A unit at its own PC: only there a workspace has a password."""
    with make_unit(office, tmp_path / "unit", clock=clock, in_folder=True) as workspace:
        yield workspace


def report(workspace, tmp_path, name="报送包.xlsx", value=6):
    recording.record_value(workspace, "I01-1", str(MARCH), DataValue(value))
    return exchange.export_report(workspace, MARCH, tmp_path / name).file


def test_the_office_reads_out_the_code_by_which_the_unit_opens_its_workspace(
    office, unit, tmp_path
):
    unit.close()
    mark = protect(unit.folder).mark
    unit = open_workspace(unit.folder, clock=unit.clock)
    with unit:
        file = report(unit, tmp_path)
    forget()
    assert import_files(office, file).count(Result.IMPORTED) == 1
    (held,) = recovering.held_codes(office)
    assert (held.unit, held.unit_name, held.mark) == ("scj", "区市场监管局", mark)
    assert protecting.mark_of(unit.folder) == mark
    code = recovering.read_out(office, "区市场监管局", mark.lower())
    protecting.unlock_by_code(unit.folder, code)
    with open_workspace(unit.folder, write=False) as again:
        assert again.identity.unit == "scj"


def test_nobody_but_the_office_learns_the_code_from_a_report(office, unit, tmp_path):
    unit.close()
    code = protect(unit.folder).code
    unit = open_workspace(unit.folder, clock=unit.clock)
    with unit:
        file = report(unit, tmp_path)
    texts = [
        str(cell)
        for sheet in load_workbook(file)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert protecting.mark_of(unit.folder) in texts
    assert not [text for text in texts if code in text or code.replace("-", "") in text]
    with make_unit(office, tmp_path / "other", "fgj") as other, pytest.raises(InputRejectedError):
        recovering.read_out(other, "scj")


def test_an_older_code_stays_for_older_backups(office, unit, tmp_path):
    unit.close()
    made = [protect(unit.folder)]
    unit = open_workspace(unit.folder, clock=unit.clock)
    with unit:
        import_files(office, report(unit, tmp_path, "first.xlsx", 1))
    made.append(protect(unit.folder, "another password"))
    for name, value in (("second.xlsx", 2), ("third.xlsx", 3)):
        unit = open_workspace(unit.folder, clock=unit.clock)
        with unit:
            import_files(office, report(unit, tmp_path, name, value))
    assert [it.mark for it in recovering.held_codes(office)] == [made[1].mark, made[0].mark]
    assert recovering.read_out(office, "scj") == made[1].code
    assert recovering.read_out(office, "scj", made[0].mark) == made[0].code


def test_without_a_password_nothing_is_sent_and_the_office_says_so(office, unit, tmp_path):
    import_files(office, report(unit, tmp_path))
    assert recovering.held_codes(office) == ()
    with pytest.raises(InputRejectedError, match="没有收到过区市场监管局恢复码"):
        recovering.read_out(office, "scj")


def test_the_offices_own_code_goes_nowhere(tmp_path, clock):
    office = make_office(tmp_path / "office", clock, in_folder=True)
    office.close()
    protect(office.folder)
    with open_workspace(office.folder, clock=office.clock) as again:
        assert recovering.for_office(again, current_plan(again)) is None
        assert recovering.about_code(again).endswith("不交给别人保管，只有您抄存的这一份。")


def test_a_unit_that_took_nothing_of_the_office_is_told_that_the_code_stays(
    office, tmp_path, clock
):
    plan, folder = current_plan(office), tmp_path / "chosen"
    place = sqlite_url(folder / DATABASE)
    with setup.create_unit(folder, plan, "scj", place, clock) as unit:
        assert recovering.about_code(unit) == (
            "还没有登记区食药安办的密钥，恢复码不能随报送包交出，只有您抄存的这一份："
            "请先导入区食药安办的下发包或反馈包，并抄存好恢复码。"
        )
        recording.record_value(unit, "I01-1", str(MARCH), DataValue(6))
        exported = exchange.export_report(unit, MARCH, tmp_path / "没有密码.xlsx")
        assert "恢复码" not in exported.notice
    protect(folder)
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "issued"))
    with open_workspace(folder, clock=clock) as unit:
        exported = exchange.export_report(unit, MARCH, tmp_path / "没有密钥.xlsx")
        assert exported.notice == (
            "还没有登记区食药安办的密钥，恢复码没有随包交出："
            "请先导入区食药安办的下发包或反馈包，并抄存好恢复码。"
        )
        packet = next(each.file for each in issued if each.unit == "scj")
        accepted = Accepted(plan=True)  # who sits there asked the office
        run_through(importing.import_packets(unit, [packet], accepted=accepted))
        assert "密封在下一次的报送包中，交区食药安办保管" in recovering.about_code(unit)
        exported = exchange.export_report(unit, MARCH, tmp_path / "有密钥.xlsx")
        assert exported.notice == ""
    import_files(office, exported.file)
    assert [it.unit for it in recovering.held_codes(office)] == ["scj"]
