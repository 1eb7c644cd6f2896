"""Opinions on a returned report: listed, answered, sent along, and gone once it is accepted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.records.submissions import OpinionAnswer
from fsdesk.domain.steps import run_through
from fsdesk.packets import writer
from fsdesk.services.care import maintenance
from fsdesk.services.packet import checking, exchange, import_undo, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import opinions, recording
from tests.workspaces import MARCH, import_files

# One of every kind of thing that an office can say something about.
ITEMS = {
    "figure": ("I01-1", RecordKind.VALUE, DataValue(12)),
    "ratio": ("I01-3", RecordKind.VALUE, DataValue(None, 1, 2)),
    "words": ("T01-1", RecordKind.PROGRESS, ProgressReport(Status.UNDER_WAY, "进行中")),
    "milestone": ("D01-1-1", RecordKind.MILESTONE, Milestone(Status.UNDER_WAY)),
}


@pytest.fixture
def month(office, unit, tmp_path, clock):
    return Month(office, unit, tmp_path, clock)


class Month:
    """A report that goes back and forth."""

    def __init__(self, office, unit, folder, clock):
        self.office, self.unit, self.folder, self.clock = office, unit, folder, clock
        self.count, self.hour = 0, 1
        self.items = {key.item: key for key in exchange.form_keys(plan_of(unit), "scj", MARCH)}

    def later(self):
        self.hour += 1
        self.clock.set(f"2026-04-02T{self.hour:02}:00:00+00:00")

    def send(self):
        self.later()
        self.count += 1
        file = self.folder / f"{self.count}.xlsx"
        exchange.export_report(self.unit, MARCH, file)
        return file

    def report(self):
        file = self.send()
        return import_files(self.office, file)

    def answer_from_office(self):
        folder = self.folder / f"back-{self.hour}"
        run_through(exchange.answer_reports(self.office, MARCH, folder))
        return import_files(self.unit, *folder.iterdir())

    def give_back(self, rows, comment="请补充"):
        self.later()
        reviewing.return_report(self.office, "scj", MARCH, comment, rows)
        return self.answer_from_office()

    def at_unit(self):
        return opinions.opinions(self.unit, "scj", MARCH)

    def at_office(self):
        return opinions.opinions(self.office, "scj", MARCH)


def plan_of(workspace):
    from fsdesk.services.plan.planning import current_plan

    return current_plan(workspace)


def fill(month, item, kind, content):
    recording.save(month.unit, RecordKey(kind, item, "scj", str(MARCH)), content)


def test_the_small_plan_has_all_of_them(month):
    assert {item for item, *_ in ITEMS.values()} <= month.items.keys()


@pytest.mark.parametrize("kind", ITEMS)
@pytest.mark.parametrize("said", [OpinionAnswer.MENDED, OpinionAnswer.EXPLAINED])
def test_an_opinion_is_listed_answered_sent_and_ends_with_acceptance(month, kind, said):
    item, record, content = ITEMS[kind]
    fill(month, item, record, content)
    month.report()
    summary = month.give_back({item: "数字与台账不符"})
    assert "3月报送被退回：请补充，1 条意见" in summary.files[0].message
    (opinion,) = month.at_unit()
    assert (opinion.item, opinion.text, opinion.open) == (item, "数字与台账不符", True)
    (report,) = opinions.returned(month.unit)
    by = "请于4月8日前重新报送"  # three working days, over the holiday
    assert report.words == f"3月报送被退回：请补充，1 条意见，1 条未答复，{by}"

    month.report()  # as it is: nothing of the opinion goes with that
    assert [each.open for each in month.at_unit()] == [True]
    assert [each.open for each in month.at_office()] == [True]
    assert opinions.returned(month.unit)[0].presses

    words = "已按台账更正" if said is OpinionAnswer.EXPLAINED else ""
    opinions.answer(month.unit, MARCH, item, said, words)
    assert not opinions.returned(month.unit)[0].presses
    summary = month.report()
    assert "答复意见 1 条" in summary.files[0].message
    (there,) = month.at_office()
    assert (there.answer, there.words, there.text) == (said, words, "数字与台账不符")

    month.later()
    reviewing.accept(month.office, "scj", MARCH)
    month.answer_from_office()
    assert month.at_unit() == month.at_office() == ()
    assert opinions.returned(month.unit) == ()
    assert maintenance.verify(month.unit) == () == maintenance.verify(month.office)


def test_the_reason_is_the_one_opinion_where_no_record_is_named(month):
    fill(month, *ITEMS["figure"])
    month.report()
    month.give_back({}, "缺少佐证材料")
    (opinion,) = month.at_unit()
    assert (opinion.item, opinion.text) == ("", "缺少佐证材料")
    opinions.answer(month.unit, MARCH, "", OpinionAnswer.EXPLAINED, "材料另送")
    month.report()
    assert [each.words for each in month.at_office()] == ["材料另送"]


def test_taking_the_same_report_twice_changes_nothing_and_undo_takes_the_answers_back(month):
    fill(month, *ITEMS["figure"])
    month.report()
    month.give_back({"I01-1": "请核对"})
    opinions.answer(month.unit, MARCH, "I01-1", OpinionAnswer.MENDED)
    file = month.send()
    import_files(month.office, file)
    assert import_files(month.office, file).files[0].result is Result.UNCHANGED
    import_undo.undo_last_import(month.office)
    assert [each.open for each in month.at_office()] == [True]
    import_files(month.office, file)
    assert [each.open for each in month.at_office()] == [False]


def test_the_latest_answer_counts_whatever_came_first(month):
    fill(month, *ITEMS["figure"])
    month.report()
    month.give_back({"I01-1": "请核对"})
    opinions.answer(month.unit, MARCH, "I01-1", OpinionAnswer.EXPLAINED, "原数无误")
    first = month.send()
    opinions.answer(month.unit, MARCH, "I01-1", OpinionAnswer.MENDED)
    second = month.send()
    import_files(month.office, second)
    import_files(month.office, first)
    assert [each.answer for each in month.at_office()] == [OpinionAnswer.MENDED]


def test_an_answer_is_for_the_words_that_it_answers(month):
    fill(month, *ITEMS["figure"])
    month.report()
    month.give_back({"I01-1": "请核对"})
    opinions.answer(month.unit, MARCH, "I01-1", OpinionAnswer.MENDED)
    file = month.send()
    import_files(month.office, file)
    month.give_back({"I01-1": "仍与台账不符"})
    assert [(each.text, each.open) for each in month.at_unit()] == [("仍与台账不符", True)]
    assert import_files(month.office, file).files[0].result is Result.UNCHANGED
    assert [each.open for each in month.at_office()] == [True]


def test_an_explanation_without_words_is_none(month):
    fill(month, *ITEMS["figure"])
    month.report()
    month.give_back({"I01-1": "请核对"})
    opinions.answer(month.unit, MARCH, "I01-1", OpinionAnswer.EXPLAINED, " ")
    assert [each.open for each in month.at_unit()] == [True]


def test_what_is_not_asked_can_not_be_answered(month):
    with pytest.raises(InputRejectedError, match="已经不在了"):
        opinions.answer(month.unit, MARCH, "I01-1", OpinionAnswer.MENDED)


def test_answers_that_somebody_changed_on_the_way_are_not_taken(month):
    fill(month, *ITEMS["figure"])
    month.report()
    month.give_back({"I01-1": "请核对"})
    opinions.answer(month.unit, MARCH, "I01-1", OpinionAnswer.EXPLAINED, "原数无误")
    packet = checking.read(month.send())
    forged = replace(packet.answers[0], words="已经改了")
    from fsdesk.services.packet.signing import signed_answers

    assert signed_answers(packet)
    assert not signed_answers(replace(packet, answers=(forged,)))
    assert not signed_answers(replace(packet, noted="f" * 64))


def test_without_answers_a_packet_is_as_it_was(month):
    fill(month, *ITEMS["figure"])
    packet = checking.read(month.send())
    assert packet.answers == ()
    assert not [row for row in writer.meta_rows(writer.note(packet), None) if "answer" in row[0]]
