"""`ladder`: what answers the plan of the level above, taking its figures from the own aggregate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, PARTLY, answer, tell
from fsdesk.domain.findings import reject
from fsdesk.domain.ladder.drawing import Basis, content_text
from fsdesk.domain.ladder.handing_down import HandingDown
from fsdesk.domain.ladder.matching import ItemKind, MatchState
from fsdesk.domain.plan.plan import Assignment, Role
from fsdesk.domain.records.records import content_to_dict
from fsdesk.services.ladder import drawing, handing_down, matching, own_workspace
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status.aggregation import period_in_year

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.services.ladder.drawing import DrawDesk, DrawLine, DrawResult
    from fsdesk.services.ladder.matching import MatchDesk


def run(options: Namespace) -> int:
    """Do what the options say."""
    return {
        "own": _own,
        "matches": _matches,
        "match": _match,
        "show": _show,
        "draw": _draw,
        "differences": _differences,
        "hand-down": _hand_down,
    }[options.action](options)


def _own(options: Namespace) -> int:
    with opened(options, write=options.own is not None) as workspace:
        if options.own is not None:
            own_workspace.choose(workspace, options.own)
        chosen, offered = own_workspace.chosen(workspace), own_workspace.candidates(workspace)
    plain = {
        "own": {"folder": str(chosen.folder), "name": chosen.name} if chosen else None,
        "candidates": [{"folder": each.path, "name": each.name} for each in offered],
    }
    lines = [f"本级工作区：{chosen.name}\t{chosen.folder}" if chosen else "还没有选择本级工作区"]
    answer(options, plain, [*lines, *(f"可选：{each.title}\t{each.path}" for each in offered)])
    return DONE


def _matches(options: Namespace) -> int:
    with opened(options, write=options.confirm) as workspace:
        if options.confirm:
            desk, count = matching.confirm_proposed(workspace)
            tell(f"已确认 {count} 项。")
        else:
            desk = matching.match_desk(workspace)
    return _tell_matches(options, desk)


def _match(options: Namespace) -> int:
    kind = ItemKind(options.kind)
    with opened(options, write=True) as workspace:
        if options.take_back:
            matching.take_back(workspace, kind, options.upper)
            desk = matching.match_desk(workspace)
        elif options.lower is None and not options.none:
            raise reject(
                "没有说明对应本级计划的哪一项", "请写本级计划的编码，或用 --none（无对应）"
            )
        else:
            partner = "" if options.none else str(options.lower)
            desk = matching.confirm_matches(workspace, [(kind, options.upper, partner)])
    return _tell_matches(options, desk)


def _tell_matches(options: Namespace, desk: MatchDesk) -> int:
    plain = [
        {
            "kind": match.upper.kind.value,
            "upper": match.upper.code,
            "upper_name": match.upper.name,
            "own": match.lower.code if match.lower else None,
            "own_name": match.lower.name if match.lower else None,
            "state": match.state.value,
            "why": match.why,
        }
        for match in desk.matches
    ]
    lines = [
        "\t".join(
            (
                match.upper.kind.label,
                f"{match.upper.code} {match.upper.name}",
                f"{match.lower.code} {match.lower.name}" if match.lower else "—",
                match.state.label + (f"（{match.why}）" if match.why else ""),
            )
        )
        for match in desk.matches
    ]
    answer(options, plain, lines)
    open_ = desk.count(MatchState.PROPOSED, MatchState.CHANGED, MatchState.NOTHING_FOUND)
    if open_:
        tell(f"还有 {open_} 项没有确定对应关系。")
    return PARTLY if open_ else DONE


def _basis(options: Namespace) -> Basis:
    return Basis.LATEST if options.latest else Basis.PUBLISHED


def _show(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        period = period_in_year(workspace, options.period)
        desk = drawing.draw_desk(workspace, period, _basis(options))
    _tell_desk(options, desk)
    return DONE


def _tell_desk(options: Namespace, desk: DrawDesk, told: DrawResult | None = None) -> None:
    plain: dict[str, Any] = {
        "period": str(desk.period),
        "basis": desk.basis.value,
        "basis_text": desk.basis_text,
        "note": desk.note,
        "sent": desk.sent,
        "lines": [_plain(line) for line in desk.lines],
    }
    if told is not None:
        plain["filled"], plain["kept"] = told.filled, told.kept
        plain["unreported"], plain["unmatched"] = told.unreported, told.unmatched
        plain["refused"] = [str(each) for each in told.refused]
    answer(options, plain, [_line(line) for line in desk.lines])
    if desk.note:
        tell(f"{desk.note}。")


def _plain(line: DrawLine) -> dict[str, Any]:
    return {
        "kind": line.key.kind.value,
        "item": line.key.item,
        "name": line.name,
        "present": content_to_dict(line.present),
        "computed": content_to_dict(line.now.content) if line.now else None,
        "drawn": content_to_dict(line.drawn.content) if line.drawn else None,
        "known": line.now.known if line.now else None,
        "expected": line.now.expected if line.now else None,
        "origin": line.now.origin if line.now else "",
        "state": line.state.value,
    }


def _line(line: DrawLine) -> str:
    computed = content_text(line.now.content) if line.now else "—"
    origin = line.now.origin if line.now else ""
    return "\t".join(
        (
            f"{line.key.item} {line.name}",
            f"已填 {content_text(line.present)}",
            f"汇总 {computed}",
            line.state.label,
            origin,
        )
    )


def _draw(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        period = period_in_year(workspace, options.period)
        if options.correct:
            told = drawing.correct(workspace, period)
        else:
            told = drawing.draw(workspace, period, _basis(options), again=options.again)
        desk = drawing.draw_desk(workspace, period, _basis(options))
    for finding in told.refused:
        tell(str(finding))
    _tell_desk(options, desk, told)
    tell(
        f"已取数 {told.filled} 项，保留手工填报 {told.kept} 项，"
        f"下级未报 {told.unreported} 项，未对应 {told.unmatched} 项。"
    )
    return PARTLY if told.refused else DONE


def _differences(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        found = drawing.differences(workspace)
    plain = [
        {
            "period": str(each.period),
            "locked": each.locked,
            "lines": [_plain(line) | {"words": line.correction} for line in each.lines],
        }
        for each in found
    ]
    lines = [f"{each.period.label}\t{line.correction}" for each in found for line in each.lines]
    answer(options, plain, lines or ["与已报送的一致。"])
    return PARTLY if found else DONE


def _hand_down(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        with own_workspace.own_workspace(workspace) as own:
            plan = current_plan(own)
        lead = [plan.find_unit(name).code for name in options.lead]
        rest = [plan.find_unit(name).code for name in options.unit]
        if not lead and not rest:
            raise reject("没有指定责任单位", "请用 --unit 指定，可以多次；牵头的用 --lead")
        role = Role.SUPPORT if lead else (Role.SOLE if len(rest) == 1 else Role.SHARED)
        parties = [Assignment(code, Role.LEAD) for code in lead]
        parties += [Assignment(code, role) for code in rest if code not in lead]
        task = current_plan(workspace).find_task(options.task).code
        made = handing_down.hand_down(workspace, HandingDown(task, tuple(parties)))
    plain = {"task": made.task, "items": dict(made.items), "left_out": list(made.left_out)}
    words = [f"已在本级计划中新增任务 {made.task}，请在本级工作区重新下发。"]
    answer(options, plain, [*words, *made.left_out])
    return PARTLY if made.left_out else DONE
