"""Whatever people do, in whatever order: no number twice, none left out, no illegal step."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.supervision.letters import LetterKind, LetterState
from fsdesk.services.packet import reviewing
from fsdesk.services.supervision import follow_up, supervision, taking_back
from fsdesk.services.working_calendar import is_working_day
from fsdesk.store.records import submissions
from fsdesk.store.records.submissions import Submission
from fsdesk.store.supervision import letters
from tests.workspaces import MARCH, SETTLED, Clock, make_office

AUGUST = Period.parse("2026-08")
UNITS = st.sampled_from(["scj", "fgj", "xx"])
# What each state may become in one step.
MAY_BECOME = {
    LetterState.ISSUED: set(LetterState) - {LetterState.DRAFTED},
    LetterState.REPLIED: set(LetterState) - {LetterState.DRAFTED, LetterState.ISSUED},
    LetterState.CLOSED: {LetterState.CLOSED, LetterState.ISSUED, LetterState.REPLIED},
    # Open again as the letter that went beyond it is void.
    LetterState.ESCALATED: {LetterState.ESCALATED, LetterState.ISSUED, LetterState.REPLIED},
    LetterState.VOID: {LetterState.VOID},
}


class Register(RuleBasedStateMachine):
    """The office at work on letters and reports, with a model of what must be."""

    drafts, issued = Bundle("drafts"), Bundle("issued")

    def __init__(self):
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.clock = Clock("2026-09-21T01:00:00+00:00")
        self.office = make_office(Path(self._folder.name) / "office", self.clock)
        self.numbers: dict[LetterKind, int] = {}
        self.states: dict[str, LetterState] = {}

    def teardown(self):
        self.office.close()
        self._folder.cleanup()

    @rule(days=st.integers(1, 20))
    def time_passes(self, days):
        self.clock.now = (self.clock.now + timedelta(days=days)).astimezone(UTC)

    @rule(target=drafts, unit=UNITS, kind=st.sampled_from(LetterKind))
    def draft(self, unit, kind):
        draft = supervision.draft_for(self.office, AUGUST, unit, kind)
        assert draft.reply_by > draft.drafted_on
        assert is_working_day(draft.reply_by)
        return draft.key

    @rule(target=drafts)
    def agree_to_everything(self):
        found = supervision.case_desk(self.office, AUGUST)
        return multiple(*(d.key for d in supervision.agree(self.office, AUGUST, found.proposals)))

    @rule(key=drafts)
    def settle_the_interview(self, key):
        self._try(lambda: supervision.arrange(self.office, key, SETTLED))

    @rule(key=drafts)
    def withdraw(self, key):
        self._try(lambda: supervision.withdraw(self.office, key))

    @rule(target=issued, key=drafts)
    def issue(self, key):
        made = self._try(lambda: supervision.issue(self.office, [key]))
        if not made:
            return multiple()
        (letter,) = made
        self.numbers[letter.kind] = self.numbers.get(letter.kind, 0) + 1
        assert letter.number == self.numbers[letter.kind]
        return letter.key

    @rule(key=issued, text=st.sampled_from(["", "已整改"]))
    def reply(self, key, text):
        self._try(lambda: follow_up.register_reply(self.office, key, text))

    @rule(key=issued, days=st.integers(-3, 30), granted=st.booleans())
    def ask_and_answer(self, key, days, granted):
        until = self.clock.now.date() + timedelta(days=days)
        self._try(lambda: follow_up.ask_extension(self.office, key, until, "客观原因"))
        self._try(lambda: follow_up.answer_extension(self.office, key, granted=granted))

    @rule(key=issued, why=st.sampled_from(["", "数据已补报"]), upheld=st.booleans())
    def object_and_rule(self, key, why, upheld):
        self._try(lambda: follow_up.object_to(self.office, key, why))
        self._try(lambda: follow_up.rule_on(self.office, key, "已核对", upheld=upheld))

    @rule(key=issued, proof=st.sampled_from(["", "核查合格"]))
    def close(self, key, proof):
        self._try(lambda: follow_up.close(self.office, key, proof))

    @rule(key=issued, why=st.sampled_from(["", "发错单位"]))
    def declare_void(self, key, why):
        self._try(lambda: taking_back.void(self.office, key, why))

    @rule(key=issued, why=st.sampled_from(["", "仍未整改"]))
    def open_again(self, key, why):
        self._try(lambda: taking_back.reopen(self.office, key, why))

    @rule(unit=UNITS)
    def report_comes(self, unit):
        made = Submission(
            unit, str(MARCH), SubmissionState.SUBMITTED, self.office.now(), digest="d"
        )
        with self.office.writing() as writing:
            submissions.save_submission(writing, made)

    @rule(unit=UNITS, good=st.booleans())
    def review(self, unit, good):
        if good:
            self._try(lambda: reviewing.accept(self.office, unit, MARCH))
        else:
            self._try(lambda: reviewing.return_report(self.office, unit, MARCH, "请补正"))

    @rule(unit=UNITS)
    def reopen(self, unit):
        with self.office.reading() as session:
            before = submissions.find_submission(session, unit, str(MARCH))
        if self._try(lambda: reviewing.reopen(self.office, unit, MARCH, "口径调整")):
            assert before is not None
            assert before.state == "accepted"

    def _try(self, step):
        try:
            return step()
        except InputRejectedError:
            return None

    @invariant()
    def numbers_have_neither_gap_nor_repeat(self):
        with self.office.reading() as session:
            known = letters.letters(session)
        for kind in LetterKind:
            numbers = [letter.number for letter in known if letter.kind is kind]
            assert numbers == list(range(1, self.numbers.get(kind, 0) + 1))

    @invariant()
    def only_legal_steps_were_taken(self):
        with self.office.reading() as session:
            known = letters.letters(session)
        for letter in known:
            before = self.states.get(letter.key, LetterState.ISSUED)
            assert letter.state in MAY_BECOME[before]
            self.states[letter.key] = letter.state
            ended = letter.state in (LetterState.CLOSED, LetterState.VOID)
            assert ended == bool(letter.evidence) == bool(letter.closed_on)
            assert not (letter.ruling and not letter.objection)
            assert isinstance(letter.issued_on, date)
            assert letter.reply_by > letter.issued_on
            if letter.state is LetterState.ESCALATED:
                assert any(other.follows == letter.key for other in known)


TestRegister = pytest.mark.slow(Register.TestCase)
TestRegister.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
