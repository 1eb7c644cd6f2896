"""`supervision …`: the register of letters, what should come next, and every step of a letter."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, after, answer, tell
from fsdesk.domain.findings import reject
from fsdesk.domain.output.kinds import REGISTER
from fsdesk.domain.plain import to_plain
from fsdesk.domain.records.attachments import hard_to_open
from fsdesk.domain.supervision.interviews import moment_text
from fsdesk.domain.supervision.letters import LetterDraft, LetterKind
from fsdesk.domain.supervision.steps import ProposedAction
from fsdesk.services.output import reporting
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.quality import data_quality
from fsdesk.services.status import aggregation
from fsdesk.services.supervision import follow_up, letter_files, supervision, taking_back

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Mapping

    from fsdesk.domain.packet.directives import LetterNotice
    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.workspace import Workspace


def run(options: Namespace) -> int:
    """Do one step, or list."""
    with opened(options, write=options.action not in _READING) as workspace:
        plain, lines = _STEPS[options.action](workspace, options)
    answer(options, plain, lines)
    return DONE


_Answer = tuple[Any, list[str]]


def _list(workspace: Workspace, options: Namespace) -> _Answer:
    """The office lists drafts and all letters, a unit the letters to it."""
    del options
    today = workspace.clock().astimezone().date()
    names = _names(workspace)
    notices = follow_up.register(workspace)
    drafts = supervision.drafts(workspace) if workspace.identity.is_office else ()
    plain = [
        *(_draft_json(each, names) for each in drafts),
        *(_letter_json(each, names, today) for each in notices),
    ]
    lines = [
        "\t".join((each["number"] or each["key"], each["state_label"], each["unit"],
                   f"回复期限 {each['reply_by']}"))
        for each in plain
    ]  # fmt: skip
    return plain, lines or ["登记簿中没有函件"]


def _propose(workspace: Workspace, options: Namespace) -> _Answer:
    found = supervision.case_desk(workspace, aggregation.period_in_year(workspace, options.period))
    plain = [
        {
            "action": each.action.value,
            "kind": each.kind.value if each.kind else None,
            "unit": found.names[each.unit],
            "items": list(each.items),
            "letter": each.letter.document_number if each.letter else None,
            "why": each.why,
        }
        for each in found.proposals
    ]
    lines = [
        "\t".join(((each.kind or each.action).label, found.names[each.unit], each.why))
        for each in found.proposals
    ]
    return plain, lines or ["没有督办建议"]


def _draft(workspace: Workspace, options: Namespace) -> _Answer:
    """Draft one letter to a unit, or everything that is proposed."""
    period = aggregation.period_in_year(workspace, options.period)
    if options.found:
        unit = current_plan(workspace).directory.unit(options.found).code
        found = [doubt for _, doubt in data_quality.doubts_in(workspace, period, unit)]
        return _drafts_told(workspace, supervision.draft_found(workspace, period, found))
    if not options.all:
        made = supervision.draft_for(workspace, period, options.unit, LetterKind(options.kind))
        return _drafts_told(workspace, [made])
    proposed = supervision.case_desk(workspace, period).proposals
    wanted = [each for each in proposed if each.kind is not None]
    return _drafts_told(workspace, supervision.agree(workspace, period, wanted))


def _escalate(workspace: Workspace, options: Namespace) -> _Answer:
    """Draft the next stronger letter where that is proposed."""
    period = aggregation.period_in_year(workspace, options.period)
    letter = follow_up.named(workspace, options.letter)
    proposed = supervision.case_desk(workspace, period).proposals
    wanted = [
        each
        for each in proposed
        if each.action is ProposedAction.ESCALATE and each.letter == letter
    ]
    if not wanted:
        raise reject(
            f"{letter.document_number}不需要升级",
            "期限已过而没有达到要求的函件才升级，请先查看建议",
        )
    return _drafts_told(workspace, supervision.agree(workspace, period, wanted))


def _drafts_told(workspace: Workspace, made: Iterable[LetterDraft]) -> _Answer:
    names = _names(workspace)
    plain = [_draft_json(each, names) for each in made]
    lines = [f"{each['key']}\t已拟稿，未编号\t{each['unit']}" for each in plain]
    return plain, lines or ["没有需要拟稿的建议"]


def _arrange(workspace: Workspace, options: Namespace) -> _Answer:
    """Settle when, where and by whom an interview is held; what is not given stays."""
    told = {name: getattr(options, name) for name in ("place", "host", "contact")}
    if options.time is not None:
        told["time"] = moment_text(_moment(options.time))
    given = {name: text for name, text in told.items() if text is not None}
    return _drafts_told(workspace, [supervision.arrange(workspace, options.draft, given)])


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as problem:
        raise reject(f"时间“{text}”无法识别", "请写成 2026-06-05T09:30 的形式") from problem


def _issue(workspace: Workspace, options: Namespace) -> _Answer:
    step = supervision.would_issue if options.preview else supervision.issue
    issued = step(workspace, options.drafts)
    names = _names(workspace)
    done = "将印发" if options.preview else "已印发"
    plain = [
        {"key": each.key, "number": each.document_number, "unit": names[each.unit]}
        for each in issued
    ]
    return plain, [f"{done}\t{each['number']}\t{each['unit']}" for each in plain]


def _withdraw(workspace: Workspace, options: Namespace) -> _Answer:
    names = _names(workspace)
    plain = [_draft_json(each, names) for each in supervision.withdraw(workspace, *options.drafts)]
    return plain, [f"{each['key']}\t已撤回\t{each['unit']}" for each in plain]


def _extend(workspace: Workspace, options: Namespace) -> _Answer:
    """A unit asks for more time; the office answers."""
    key = follow_up.named(workspace, options.letter).key
    if workspace.identity.is_office:
        if not (options.grant or options.refuse):
            raise reject("没有说明是否同意延期", "请加 --grant 或 --refuse")
        answered = follow_up.answer_extension(workspace, key, options.why, granted=options.grant)
        return _told(workspace, answered)
    if options.until is None:
        raise reject("没有说明延期到哪一天", "请加 --until 日期和 --why 理由")
    until = _day(options.until)
    return _told(workspace, follow_up.ask_extension(workspace, key, until, options.why))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise reject(f"日期“{text}”无法识别", "请写成 2026-06-05 的形式") from problem


def _object(workspace: Workspace, options: Namespace) -> _Answer:
    """A unit objects; the office rules."""
    key = follow_up.named(workspace, options.letter).key
    if not workspace.identity.is_office:
        return _told(workspace, follow_up.object_to(workspace, key, options.text))
    if not (options.uphold or options.overrule):
        raise reject("没有说明异议是否成立", "请加 --uphold 或 --overrule")
    ruled = follow_up.rule_on(workspace, key, options.text, upheld=options.uphold)
    return _told(workspace, ruled)


def _reply(workspace: Workspace, options: Namespace) -> _Answer:
    """A unit replies, with files as proof; the office enters what came on paper."""
    key = follow_up.named(workspace, options.letter).key
    if workspace.identity.is_office:
        return _told(workspace, follow_up.register_reply(workspace, key, options.text))
    lost = next((file for file in options.attach if not file.is_file()), None)
    if lost is not None:
        raise reject(f"找不到文件“{lost}”", "请核对路径")
    replied = follow_up.reply(workspace, key, options.text)
    with after("回复已保存，以下佐证材料没有存上"):
        for file in options.attach:
            follow_up.attach(workspace, key, file)
    for finding in hard_to_open(file.name for file in options.attach):
        tell(str(finding))
    return _told(workspace, replied)


def _close(workspace: Workspace, options: Namespace) -> _Answer:
    keys = [follow_up.named(workspace, name).key for name in options.letters]
    closed = follow_up.close_all(workspace, keys, options.evidence)
    told = [_told(workspace, each) for each in closed]
    plain = [each for each, _ in told]
    return plain[0] if len(plain) == 1 else plain, [line for _, lines in told for line in lines]


def _take_back(workspace: Workspace, options: Namespace) -> _Answer:
    """Undo an issue or a closing that nobody outside knows of yet."""
    keys = [follow_up.named(workspace, name).key for name in options.letters]
    plain: list[Any] = []
    lines: list[str] = []
    for each in taking_back.take_back(workspace, keys):
        told, said = (
            _drafts_told(workspace, [each])
            if isinstance(each, LetterDraft)
            else _told(workspace, each)
        )
        plain += told if isinstance(told, list) else [told]
        lines += said
    return plain, lines


def _void(workspace: Workspace, options: Namespace) -> _Answer:
    key = follow_up.named(workspace, options.letter).key
    return _told(workspace, taking_back.void(workspace, key, options.why))


def _reopen(workspace: Workspace, options: Namespace) -> _Answer:
    key = follow_up.named(workspace, options.letter).key
    return _told(workspace, taking_back.reopen(workspace, key, options.why))


def _correct(workspace: Workspace, options: Namespace) -> _Answer:
    letter = follow_up.named(workspace, options.letter)
    made = taking_back.correct(workspace, letter.key, options.text)
    plain, _ = _told(workspace, letter)
    return plain, [f"{letter.document_number}\t{made.remark}\t{made.key}"]


def _told(workspace: Workspace, letter: Letter) -> _Answer:
    today = workspace.clock().astimezone().date()
    notice = next(n for n in follow_up.register(workspace) if n.letter.key == letter.key)
    line = f"{letter.document_number}\t{letter.state.label}\t回复期限 {letter.reply_by}"
    return _letter_json(notice, _names(workspace), today), [line]


def _export(workspace: Workspace, options: Namespace) -> _Answer:
    period = aggregation.working_period(workspace)
    pages = reporting.write_table(workspace, REGISTER, period, options.file)
    return {"file": str(options.file), "pages": pages}, [f"已生成：{options.file}"]


def _save(workspace: Workspace, options: Namespace) -> _Answer:
    """Write a draft as it stands, or what was issued as it was then."""
    drafts = supervision.drafts(workspace) if workspace.identity.is_office else ()
    draft = next((each.key for each in drafts if each.key == options.letter), "")
    since = {each.key for told in follow_up.register(workspace) for each in told.amendments}
    other = draft or (options.letter if options.letter in since else "")
    key = other or follow_up.named(workspace, options.letter).key
    letter_files.write_letter(workspace, key, options.file)
    told = [f"已生成：{options.file}", letter_files.remark_of(workspace, key)]
    return {"file": str(options.file)}, [line for line in told if line]


def _names(workspace: Workspace) -> Mapping[str, str]:
    return {unit.code: unit.name for unit in current_plan(workspace).units_in_year.values()}


def _draft_json(draft: LetterDraft, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": draft.key,
        "number": None,
        "kind": draft.kind.value,
        "unit": names.get(draft.unit, draft.unit),
        "period": draft.period,
        "items": list(draft.items),
        "state": "drafted",
        "state_label": "拟稿",
        "reply_by": draft.reply_by.isoformat(),
    }


def _letter_json(notice: LetterNotice, names: Mapping[str, str], today: date) -> dict[str, Any]:
    letter = notice.letter
    waits = letter.open and not letter.reply
    return {
        "key": letter.key,
        "number": letter.document_number,
        "kind": letter.kind.value,
        "unit": names.get(letter.unit, letter.unit),
        "period": letter.period,
        "items": list(notice.tasks),
        "state": letter.state.value,
        "state_label": letter.state.label,
        "issued_on": letter.issued_on.isoformat() if letter.issued_on else None,
        "reply_by": letter.reply_by.isoformat(),
        "days_left": (letter.reply_by - today).days if waits else None,
        "reply": letter.reply or None,
        "extension": _extension(letter),
        "objection": letter.objection or None,
        "ruling": letter.ruling.value or None,
        "closed_on": letter.closed_on.isoformat() if letter.closed_on else None,
        "evidence": letter.evidence or None,
        "reopened_why": letter.reopened_why or None,
        "amendments": [{"key": each.key, **to_plain(each)} for each in notice.amendments],
    }


def _extension(letter: Letter) -> dict[str, str | None] | None:
    if letter.wanted_until is None:
        return None
    return {
        "until": letter.wanted_until.isoformat(),
        "why": letter.wanted_why,
        "answer": letter.wanted_answer.value or None,
    }


_READING = frozenset({"list", "propose", "export"})
_STEPS: Mapping[str, Callable[[Workspace, Namespace], _Answer]] = {
    "list": _list,
    "propose": _propose,
    "draft": _draft,
    "arrange": _arrange,
    "issue": _issue,
    "extend": _extend,
    "object": _object,
    "reply": _reply,
    "escalate": _escalate,
    "close": _close,
    "withdraw": _withdraw,
    "take-back": _take_back,
    "void": _void,
    "reopen": _reopen,
    "correct": _correct,
    "export": _export,
    "save": _save,
}
