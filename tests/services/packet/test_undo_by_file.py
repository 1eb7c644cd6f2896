"""Taking back single files of an import: what stays is what would stand had they never come."""

from __future__ import annotations

import random
import shutil

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.services.care import maintenance
from fsdesk.services.packet import checking, conflicts, exchange, import_undo, reviewing, signing
from fsdesk.services.packet.taken_files import last_files
from fsdesk.services.records import evidence, recording
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import keys
from fsdesk.store.records import attachments, records, submissions
from fsdesk.workspace import open_workspace
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

SEEDS = range(8)
UNITS = ("scj", "fgj", "xx")
MONTHS = ("2026-01", "2026-02", "2026-03")


def all_that_stands(workspace):
    """All that a file may bring, without the moments at which it came."""
    with workspace.reading() as session:
        declared = ledgers.load_ledgers(session)
        return (
            sorted(
                (str(h.record.key), str(h.record.revision), str(h.record.content), h.leading)
                for h in records.held(session, leading_only=False)
            ),
            submissions.submissions(session),
            sorted(note.digest for note in submissions.packets(session)),
            sorted(s.fingerprint for s in keys.signers(session)),
            sorted(str(e) for x in declared for e in ledgers.all_entries(session, x.code)),
            sorted(str(a) for a in attachments.attachments(session)),
            sorted(
                f"{c.mine} {c.theirs}"
                for c in (*conflicts.conflicts(workspace), *conflicts.ledger_conflicts(workspace))
            ),
        )


def a_month_of_reports(rng, office, folder, clock):
    """What units sent in any order: edited between, some twice, some with rows or evidence."""
    files = []
    for code in rng.sample(UNITS, rng.randint(2, 3)):
        with make_unit(office, folder / code, code, clock) as unit:
            proof = folder / "证.txt"
            proof.write_text(code, encoding="utf-8")
            for number in range(rng.randint(1, 3)):
                period = rng.choice(MONTHS)
                text = ProgressReport(text=f"{code}{number}")
                recording.record_progress(unit, "T01-2", period, text)
                if code == "scj" and rng.random() < 0.5:
                    recording.record_value(unit, "I01-5", period, DataValue(number))
                if rng.random() < 0.4:
                    with unit.writing() as writing:
                        ledger = ledgers.load_ledgers(writing.session)[0]
                        row = dict.fromkeys(ledger.key, f"{code}{number}")
                        entry = LedgerEntry("", ledger.code, code, row)
                        ledgers.edit_entries(writing, [entry])
                if rng.random() < 0.3:
                    key = RecordKey(RecordKind.PROGRESS, "T01-2", code, period)
                    evidence.attach(unit, key, proof)
                file = folder / f"{code}-{number}.zip"
                files.append(exchange.export_report(unit, Period.parse(period), file).file)
    rng.shuffle(files)
    return files


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stays_is_as_if_the_file_had_never_come(tmp_path, seed):
    rng, clock = random.Random(seed), Clock()
    with make_office(tmp_path / "office", clock) as office:
        files = a_month_of_reports(rng, office, tmp_path, clock)
        if rng.random() < 0.5:  # something stands there before
            recording.record_progress(office, "T01-2", MONTHS[0], ProgressReport(text="办"), "xx")
    shutil.copytree(tmp_path / "office", tmp_path / "other")
    with open_workspace(tmp_path / "office", clock=clock) as office:
        import_files(office, *files)
        found = last_files(office)
        free = [each for each in found.files if not each.built_upon]
        assert len(free) == len(found.files)  # nobody did anything since
        first = rng.choice(free)
        gone = {first.place, *first.under}
        names = {each.note.digest for each in found.files if each.place in gone}
        import_undo.undo_files(office, found.batch.id, gone)
        stands = all_that_stands(office)
        assert maintenance.verify(office) == ()
        rest = last_files(office)
        assert [e.place for e in rest.files if e.place not in gone] if rest else True
    with open_workspace(tmp_path / "other", clock=clock) as other:
        import_files(other, *(file for file in files if checking.read(file).digest not in names))
        assert stands == all_that_stands(other)


@pytest.fixture
def received(tmp_path):
    """An office that took reports of two units in one go, and the file of the first."""
    clock = Clock()
    with make_office(tmp_path / "office", clock) as office:
        files = []
        for code in ("scj", "xx"):
            with make_unit(office, tmp_path / code, code, clock) as unit:
                recording.record_progress(unit, "T01-2", str(MARCH), ProgressReport(text=code))
                file = tmp_path / f"{code}.xlsx"
                files.append(exchange.export_report(unit, MARCH, file).file)
        import_files(office, *files)
        yield office, files


def test_one_file_goes_and_the_other_stays(received):
    office, files = received
    found = last_files(office)
    assert [(f.note.unit, f.records, f.built_upon, f.under) for f in found.files] == [
        ("scj", 1, "", ()),
        ("xx", 1, "", ()),
    ]
    undone = import_undo.undo_files(office, found.batch.id, {0})
    assert (undone.packets, undone.records, undone.kept) == (1, 1, ())
    assert [f.note.unit for f in last_files(office).files] == ["xx"]
    import_files(office, files[0])  # it may come again, as another import
    assert [f.note.unit for f in last_files(office).files] == ["scj"]


def test_what_is_left_of_the_import_is_undone_as_a_whole(received):
    office, _ = received
    import_undo.undo_files(office, last_files(office).batch.id, {0})
    undone = import_undo.undo_last_import(office)
    assert (undone.packets, undone.records, undone.kept) == (1, 1, ())
    assert last_files(office) is None
    assert maintenance.verify(office) == ()


def test_the_import_ends_with_its_last_file(received):
    office, _ = received
    batch = last_files(office).batch.id
    import_undo.undo_files(office, batch, {1})
    import_undo.undo_files(office, batch, {0})
    assert last_files(office) is None
    with pytest.raises(InputRejectedError, match="没有可以撤销的导入"):
        import_undo.undo_files(office, batch, {0})


def edit(office):
    key = RecordKey(RecordKind.PROGRESS, "T01-2", "scj", str(MARCH))
    recording.save(office, key, ProgressReport(text="改"))


def compare(office):
    (waiting,) = [k for k in signing.known_keys(office) if k.signer.unit == "scj"]
    signing.compared(office, waiting.signer.fingerprint, waiting.signer.spoken)


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (edit, "接收后又改过或处理过其中 1 项"),
        (lambda office: reviewing.accept(office, "scj", MARCH), "已审核接收"),
        (lambda office: reviewing.return_report(office, "scj", MARCH, "补正"), "接收后已审核"),
        (compare, "密钥已核对"),
    ],
    ids=["edited", "accepted", "returned", "compared"],
)
def test_what_was_built_upon_is_not_taken_back_singly(received, build, why):
    office, _ = received
    build(office)
    before, found = all_that_stands(office), last_files(office)
    assert why in found.files[0].built_upon
    assert not found.files[1].built_upon
    with pytest.raises(InputRejectedError, match=why):
        import_undo.undo_files(office, found.batch.id, {0})
    assert all_that_stands(office) == before


def test_what_a_later_file_rests_on_goes_only_with_it(tmp_path):
    with make_office(tmp_path / "office") as office, make_unit(office, tmp_path / "u") as unit:
        files = []
        for number in range(2):
            recording.record_value(unit, "I01-1", str(MARCH), DataValue(number + 1))
            file = tmp_path / f"{number}.xlsx"
            files.append(exchange.export_report(unit, MARCH, file).file)
        import_files(office, *files)
        found = last_files(office)
        assert [each.under for each in found.files] == [(1,), ()]
        with pytest.raises(InputRejectedError, match="其后又接收了该单位的文件"):
            import_undo.undo_files(office, found.batch.id, {0})
        import_undo.undo_files(office, found.batch.id, {0, 1})
        assert last_files(office) is None


def test_a_list_that_was_shown_before_another_import_is_refused(received, tmp_path):
    office, _ = received
    before = last_files(office).batch.id
    with make_unit(office, tmp_path / "fgj", "fgj") as unit:
        recording.record_progress(unit, "T01-2", str(MARCH), ProgressReport(text="三"))
        import_files(office, exchange.export_report(unit, MARCH, tmp_path / "三.xlsx").file)
    with pytest.raises(InputRejectedError, match="其后又接收了其他文件"):
        import_undo.undo_files(office, before, {0})
