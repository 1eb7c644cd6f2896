"""The demo year's supervision: letters from July on, and what the units answer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from fsdesk.domain.agenda.working_days import add_working_days, next_working_day
from fsdesk.domain.periods import MONTHS, QUARTER_MONTHS
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.interviews import moment_text
from fsdesk.domain.supervision.letters import REPORT_ITEM, LetterKind, LetterState
from fsdesk.domain.supervision.steps import ProposedAction
from fsdesk.services import working_calendar
from fsdesk.services.packet import exchange, importing
from fsdesk.services.supervision import follow_up, supervision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.domain.supervision.steps import Proposal
    from fsdesk.workspace import Workspace

FIRST_MONTH = 6
# Who answers nothing but the last letter, and who says that one is wrong.
_SILENT, _OBJECTS = "mzj", "sfj"
_BEFORE_REPLY = 3
_ARRANGED = {
    "place": "区政府三楼会议室",
    "host": "区食药安办主任",
    "contact": "王立新，0123-4567890",
}


def press(
    office: Workspace, units: Mapping[str, Workspace], month: Period, folder: Path
) -> list[Path]:
    """Do what is proposed after a month, new reminders once a quarter; the units answer.

    Return the FEEDBACK packets, none when nothing was done; they go below the folder.
    """
    if month.last_month < FIRST_MONTH:
        return []
    proposals = supervision.case_desk(office, month).proposals
    wanted = [each for each in proposals if _letter_wanted(each, month)]
    settled = [_settle(office, each) for each in proposals if each not in wanted]
    drafts = supervision.agree(office, month, wanted)
    for draft in drafts:
        if draft.kind is LetterKind.INTERVIEW:
            # The report on it is due some working days afterwards.
            day = add_working_days(draft.reply_by, -_BEFORE_REPLY, working_calendar.is_working_day)
            moment = moment_text(datetime.combine(day, time(9, 30)))
            supervision.arrange(office, draft.key, {**_ARRANGED, "time": moment})
    supervision.issue(office, [draft.key for draft in drafts])
    if not (drafts or any(settled)):
        return []
    packets = run_through(exchange.answer_reports(office, month, folder / f"反馈-{month}"))
    for packet in packets:
        unit = units[packet.unit]
        run_through(importing.import_packets(unit, [packet.file]))
        for notice in follow_up.inbox(unit):
            if notice.letter.state is LetterState.ISSUED:
                _answer(unit, notice.letter)
    return [packet.file for packet in packets]


def _letter_wanted(proposal: Proposal, month: Period) -> bool:
    """No letters are begun when the year is over; who answered and lags in little has time."""
    if month.last_month == MONTHS or proposal.kind is None:
        return False
    if proposal.letter is None:
        return month.last_month % QUARTER_MONTHS == 0
    return not proposal.letter.reply or len(proposal.items) > 1


def _settle(office: Workspace, proposal: Proposal) -> bool:
    """Answer, rule or strike off; tells whether anything was done."""
    if proposal.letter is None:
        return False
    key = proposal.letter.key
    if proposal.action is ProposedAction.ANSWER:
        follow_up.answer_extension(office, key, granted=True)
    elif proposal.action is ProposedAction.RULE:
        follow_up.rule_on(office, key, "经核对，数据已随纸质材料报送", upheld=True)
    elif proposal.action is ProposedAction.CLOSE:
        follow_up.close(office, key, "已达到序时进度，经核查属实")
    elif proposal.letter.reply and all(item.startswith(REPORT_ITEM) for item in proposal.items):
        # Only reports were missing, and the unit has explained that.
        follow_up.close(office, key, "已补报纸质材料，经核查属实")
    else:
        return False
    return True


def _answer(unit: Workspace, letter: Letter) -> None:
    today = unit.clock().astimezone().date()
    if letter.kind is LetterKind.LISTED and letter.wanted_until is None:
        until = next_working_day(
            letter.reply_by + timedelta(days=20), working_calendar.is_working_day
        )
        if today <= letter.reply_by:
            why = "设备采购仍在公示期，已完成六成，预计下月中旬办结"
            follow_up.ask_extension(unit, letter.key, until, why)
    elif letter.unit == _OBJECTS and not letter.objection and today <= letter.reply_by:
        follow_up.object_to(unit, letter.key, "所列月份的数据已随纸质材料报送")
    elif letter.unit != _SILENT:
        text = "已召开专题会议，逐项明确责任人和完成时限，按周调度，滞后事项正在补齐。"
        follow_up.reply(unit, letter.key, text)
