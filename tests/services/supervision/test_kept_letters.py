"""What was issued stays as it was issued, whatever changes afterwards."""

from __future__ import annotations

import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace
from PIL import Image

from fsdesk import pdfium
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.output.issued_papers import Kept
from fsdesk.domain.output.pages import PRINTER_DOTS, SCREEN_DOTS, Paper, PaperSize
from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind, LetterState
from fsdesk.reports.paper import fonts
from fsdesk.reports.word import letter_pages
from fsdesk.services import word_templates
from fsdesk.services.care import lost_changes, maintenance
from fsdesk.services.packet import exchange, import_undo
from fsdesk.services.plan import plan_editing
from fsdesk.services.supervision import (
    follow_up,
    kept_letters,
    letter_files,
    office_identity,
    supervision,
    taking_back,
)
from fsdesk.store import audit
from fsdesk.store.identity import save_rules
from fsdesk.store.supervision import letters
from fsdesk.workspace import open_workspace
from tests.templates import edited
from tests.workspaces import (
    MARCH,
    SETTLED,
    Clock,
    changed_beside,
    import_files,
    make_office,
    make_unit,
)

APRIL = Period.parse("2026-04")
NOW = "2026-05-11T01:00:00+00:00"


@pytest.fixture
def clock():
    return Clock(NOW)


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


def issue(office, kind=LetterKind.REMINDER, unit="scj"):
    draft = supervision.draft_for(office, APRIL, unit, kind)
    if kind is LetterKind.INTERVIEW:
        supervision.arrange(office, draft.key, SETTLED)
    (letter,) = supervision.issue(office, [draft.key])
    return letter.key


def paper(workspace, key, folder):
    """All that people can get of a letter: both files as bytes, and its pages."""
    files = [folder / f"函{ending}" for ending in letter_files.ENDINGS]
    for file in files:
        letter_files.write_letter(workspace, key, file)
    return [file.read_bytes() for file in files], letter_files.pages_of(workspace, key)


def rename_unit(plan, _taken):
    units = tuple(replace(unit, name=f"{unit.name}新") for unit in plan.directory.units)
    directory = replace(plan.directory, units=units)
    return replace(plan, directory=directory, issuer=f"{plan.issuer}改")


class Changes(RuleBasedStateMachine):
    """An office that issued letters, and everything that may change after that."""

    def __init__(self):
        super().__init__()
        self._scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self._scratch.name)
        self.office = make_office(self.folder / "office", Clock(NOW))
        self.patch = pytest.MonkeyPatch()
        self.issued, self.amended, self.count = {}, {}, 0
        self.issue(LetterKind.REMINDER)

    def teardown(self):
        self.patch.undo()
        fonts.font_of.cache_clear()
        self.office.close()
        self._scratch.cleanup()

    @precondition(lambda self: len(self.issued) < 3)
    @rule(kind=st.sampled_from(LetterKind))
    def issue(self, kind):
        key = issue(self.office, kind)
        self.issued[key] = paper(self.office, key, self.folder)

    @rule(name=st.sampled_from(["某市某区", "海州市新浦区"]))
    def the_office_is_called_otherwise(self, name):
        office_identity.save(self.office, OfficeIdentity(name, f"{name}办公室", contact="李四"))

    @rule()
    def units_are_renamed(self):
        plan_editing.edit_plan(self.office, rename_unit)

    @rule(kind=st.sampled_from(LetterKind))
    def a_template_is_replaced(self, kind):
        template, file = letter_files.TEMPLATES[kind], self.folder / "模板.docx"
        word_templates.take(
            self.office, template, edited(self.office, template, file, "关于", "有关")
        )

    @rule(days=st.integers(20, 40))
    def more_time_is_granted(self, days):
        key = list(self.issued)[-1]
        until = date.fromordinal(date(2026, 5, 11).toordinal() + days)
        try:
            follow_up.ask_extension(self.office, key, until, "客观原因")
            follow_up.answer_extension(self.office, key, granted=True)
        except InputRejectedError:
            return  # a letter that is not open any more

    @rule()
    def it_is_declared_void(self):
        key = next(iter(self.issued))
        try:
            taking_back.void(self.office, key, "发错单位")
        except InputRejectedError:
            return

    @rule(words=st.sampled_from(["甲更正为乙", "联系电话更正为 0123"]))
    def it_is_corrected(self, words):
        key = list(self.issued)[-1]
        try:
            made = taking_back.correct(self.office, key, words)
        except InputRejectedError:
            return  # it is void
        self.amended[made.key] = paper(self.office, made.key, self.folder)

    @rule(days=st.integers(1, 9))
    def rules_change(self, days):
        with self.office.writing() as writing:
            save_rules(writing, replace(self.office.rules, yellow_margin=days / 100))

    @rule(face=st.sampled_from(["NotoSansSC-Regular.ttf", "NotoSerifSC-Title.ttf"]))
    def fonts_come_and_go(self, face):
        self.patch.setattr(fonts, "_BUNDLED", dict.fromkeys(fonts._BUNDLED, face))
        fonts.font_of.cache_clear()

    @rule(pitch=st.sampled_from([20.0, 30.0]))
    def the_program_lays_letters_out_otherwise(self, pitch):
        self.patch.setattr(letter_pages, "LINE_PITCH", pitch)
        self.patch.setattr(letter_pages, "REPLY_FORM", "回复单")

    @rule()
    def the_program_is_started_again(self):
        folder, clock = self.office.folder, self.office.clock
        self.office.close()
        self.office = open_workspace(folder, clock=clock)

    @rule()
    def a_backup_is_brought_back(self):
        self.count += 1
        file, folder = self.folder / f"{self.count}.zip", self.folder / f"again-{self.count}"
        maintenance.back_up(self.office, file)
        clock = self.office.clock
        self.office.close()
        maintenance.restore(file, folder)
        self.office = open_workspace(folder, clock=clock)

    @invariant()
    def what_was_issued_is_the_same(self):
        for key, before in (self.issued | self.amended).items():
            assert paper(self.office, key, self.folder) == before
        with self.office.reading() as session:
            assert set(kept_letters.known(session)) == set(self.issued)


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=3, stateful_step_count=9, deadline=None)
TestChanges.pytestmark = [pytest.mark.slow]


def test_an_extension_is_told_beside_the_letter_and_not_in_it(office, tmp_path):
    key = issue(office)
    before = paper(office, key, tmp_path)
    assert "其后" not in letter_files.remark_of(office, key)

    follow_up.ask_extension(office, key, date(2026, 5, 29), "客观原因")
    follow_up.answer_extension(office, key, granted=True)

    assert follow_up.named(office, key).reply_by == date(2026, 5, 29)
    assert paper(office, key, tmp_path) == before
    assert "其后回复期限已改为2026年5月29日" in letter_files.remark_of(office, key)


def test_a_letter_taken_back_is_issued_anew_as_it_is_then(office, tmp_path):
    key = issue(office)
    first = letter_files.pages_of(office, key)
    (draft,) = taking_back.take_back(office, [key])
    with office.reading() as session:
        assert kept_letters.known(session) == {}
    supervision.edit_draft(office, draft.key, f"{draft.body}\n特此函告。", draft.reply_by)
    (again,) = supervision.issue(office, [draft.key])

    assert again.key == key
    assert letter_files.pages_of(office, key) != first
    letter_files.write_letter(office, key, tmp_path / "1.docx")
    assert "特此函告。" in [p.text for p in Document(tmp_path / "1.docx").paragraphs]
    assert maintenance.verify(office) == ()


def test_many_are_issued_at_once_and_each_is_kept(office):
    drafts = [supervision.draft_for(office, APRIL, u, LetterKind.REMINDER) for u in ("scj", "fgj")]
    found = supervision.issue(office, [draft.key for draft in drafts])
    with office.reading() as session:
        assert kept_letters.known(session) == {letter.key: Kept.ISSUED for letter in found}
    assert supervision.case_desk(office, APRIL).kept == {each.key: Kept.ISSUED for each in found}


def issued_before(office):
    """A letter as an earlier program left it: registered, and not kept."""
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (letter,) = supervision.would_issue(office, [draft.key])
    with office.writing() as writing:
        letters.remove_draft(writing, draft)
        letters.save_letter(writing, letter, draft.items, draft.body)
    return letter.key


@pytest.mark.parametrize("way", ["first opened", "all at once"])
def test_letters_of_an_earlier_program_are_kept_as_they_are_shown_then(office, tmp_path, way):
    key = issued_before(office)
    assert maintenance.verify(office) == ()

    assert (way == "first opened") or kept_letters.keep_missing(office) == 1
    before = paper(office, key, tmp_path)
    office_identity.save(office, OfficeIdentity("某市某区"))

    assert paper(office, key, tmp_path) == before
    assert kept_letters.keep_missing(office) == 0
    assert "按升级时的内容留存" in letter_files.remark_of(office, key)
    assert maintenance.verify(office) == ()


def test_who_only_looks_sees_such_a_letter_and_keeps_nothing(office):
    key = issued_before(office)
    with open_workspace(office.folder, write=False, clock=office.clock) as looked_at:
        assert letter_files.pages_of(looked_at, key)
        with looked_at.reading() as session:
            assert kept_letters.known(session) == {}


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE issued_paper SET data = :data WHERE part = '.pdf'", "内容摘要应为"),
        ("UPDATE issued_paper SET kept = 'upgraded'", "留存方式应为“issued”"),
        ("DELETE FROM issued_paper WHERE part = '.docx'", "变更记录中有，库中没有"),
    ],
)
def test_what_was_kept_is_checked_against_its_digest(office, statement, named):
    issue(office)
    assert maintenance.verify(office) == ()
    changed_beside(office, statement, data=b"\0")
    assert any("“印发原件”" in line and named in line for line in maintenance.verify(office))


def test_a_damaged_original_is_refused_and_no_other_put_in_its_place(office, tmp_path):
    key = issue(office)
    changed_beside(office, "UPDATE issued_paper SET data = :data", data=b"\0")
    with pytest.raises(InputRejectedError, match="留存的印发原件已损坏"):
        letter_files.write_letter(office, key, tmp_path / "1.pdf")


def test_a_letter_that_was_issued_and_not_kept_is_named(office):
    issue(office, unit="fgj")
    issued_before(office)
    (line,) = maintenance.verify(office)
    assert "没有留存印发原件" in line


def test_a_unit_keeps_a_letter_as_it_came_in(office, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as unit:
        key = issue(office)
        import_files(unit, *sent(office, tmp_path / "1"))
        before = paper(unit, key, tmp_path)
        follow_up.ask_extension(office, key, date(2026, 5, 29), "客观原因")
        follow_up.answer_extension(office, key, granted=True)
        office_identity.save(office, OfficeIdentity("某市某区"))
        clock.set("2026-05-12T01:00:00+00:00")
        import_files(unit, *sent(office, tmp_path / "2"))

        assert follow_up.named(unit, key).reply_by == date(2026, 5, 29)
        assert paper(unit, key, tmp_path) == before
        assert "收到时留存" in letter_files.remark_of(unit, key)
        assert maintenance.verify(unit) == ()


def test_an_import_that_is_undone_and_done_again_keeps_the_letter_anew(office, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as unit:
        key, packets = issue(office), sent(office, tmp_path / "1")
        import_files(unit, *packets)
        import_undo.undo_last_import(unit)
        assert follow_up.register(unit) == ()
        assert maintenance.verify(unit) == ()
        import_files(unit, *packets)

        assert follow_up.named(unit, key).state is LetterState.ISSUED
        assert letter_files.pages_of(unit, key)
        assert maintenance.verify(unit) == ()


def sent(office, folder):
    return [
        packet.file
        for packet in run_through(exchange.answer_reports(office, MARCH, folder))
        if packet.unit == "scj"
    ]


def test_keeping_is_no_change_of_its_own_where_a_restore_tells_what_is_lost(office):
    key = issue(office)
    with office.reading() as session:
        (line,) = audit.history(session, f"letter/{key}")
    assert line.action == "paper"
    assert lost_changes.kind_of(line) is None


@pytest.mark.parametrize("dots", [SCREEN_DOTS, PRINTER_DOTS])
def test_preview_and_printer_get_the_pages_of_the_kept_pdf(office, tmp_path, dots):
    key = issue(office)
    letter_files.write_letter(office, key, tmp_path / "1.pdf")
    with pdfium.opened((tmp_path / "1.pdf").read_bytes()) as document:
        sheets = [sheet.render(scale=dots / 72).to_pil() for sheet in document]
        wanted = [sheet.convert("RGB").tobytes() for sheet in sheets]

    pages = letter_files.pages_of(office, key, dots)

    pictures = [Image.open(BytesIO(item.png)) for page in pages for item in page.items]
    assert [picture.convert("RGB").tobytes() for picture in pictures] == wanted
    assert pictures[0].mode == "RGB"  # its head is red
    assert pages[0].paper.size is PaperSize.A4
    assert pictures[0].height == pytest.approx(Paper(landscape=False).height * dots / 72, abs=1)


def test_other_fonts_of_the_pc_change_a_draft_and_not_what_was_issued(
    office, tmp_path, monkeypatch
):
    key = issue(office)
    draft = supervision.draft_for(office, APRIL, "fgj", LetterKind.REMINDER)

    def seen():
        letter_files.write_letter(office, draft.key, tmp_path / "draft.pdf")
        return letter_files.pages_of(office, key), (tmp_path / "draft.pdf").read_bytes()

    before = seen()
    monkeypatch.setattr(fonts, "_BUNDLED", dict.fromkeys(fonts._BUNDLED, "NotoSansSC-Regular.ttf"))
    fonts.font_of.cache_clear()
    after = seen()
    monkeypatch.undo()
    fonts.font_of.cache_clear()

    assert after[0] == before[0]
    assert after[1] != before[1]
