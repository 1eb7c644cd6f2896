"""`conflicts`, `submission …` and `keys …`: what a person decides on what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.domain.findings import reject
from fsdesk.domain.packet.signing import KeyState
from fsdesk.services.as_json import conflicts_json, record_json
from fsdesk.services.packet import conflicts as edits_apart
from fsdesk.services.packet import reviewing, signing
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.domain.packet.signing import Signer


def conflicts(options: Namespace) -> int:
    """List conflicts, or decide one."""
    if options.action == "resolve":
        return _resolve(options)
    with opened(options, write=False) as workspace:
        found, rows = edits_apart.conflicts(workspace), edits_apart.ledger_conflicts(workspace)
        plan = current_plan(workspace)
    plain = conflicts_json(plan, found, rows)
    lines = [f"{c['id']}\t{c['unit']}\t{c['period'] or ''}\t{c['item']}" for c in plain]
    answer(options, plain, lines or ["没有待处理的差异"])
    return DONE


def _resolve(options: Namespace) -> int:
    keep_mine = options.keep == "mine"
    with opened(options, write=True) as workspace:
        if options.all:
            count = edits_apart.resolve_all(workspace, keep_mine=keep_mine)
            answer(options, {"resolved": count}, [f"已处理 {count} 项"])
            return DONE
        kept = edits_apart.resolve(workspace, options.id, keep_mine=keep_mine)
        plan = current_plan(workspace)
    answer(options, record_json(plan, kept), [f"已处理 {options.id}"])
    return DONE


def submissions(options: Namespace) -> int:
    """List who has reported for a period; accept, return, open again or leave out."""
    with opened(options, write=options.action != "list") as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        if options.action == "accept":
            rows = dict(_row(text) for text in options.row)
            reviewing.accept(workspace, options.unit, period, options.comment, rows)
        elif options.action == "return":
            rows = dict(_row(text) for text in options.row)
            reviewing.return_report(workspace, options.unit, period, options.comment, rows)
        elif options.action == "reopen":
            reviewing.reopen(workspace, options.unit, period, options.reason)
        elif options.action == "exclude":
            reviewing.leave_out(workspace, options.unit, period, options.reason)
        listed = aggregation.reports_of(workspace.latest, period)
        if options.action != "list":
            unit = current_plan(workspace).find_unit(options.unit).code
            listed = tuple(item for item in listed if item.unit == unit)
    plain: list[dict[str, Any]] = [
        {
            "unit": item.name,
            "period": str(period),
            "state": item.state,
            "submitted_at": item.made_at or None,
            "on_time": item.on_time,
            "time_doubted": item.doubted,
            "excluded": item.left_out or None,
        }
        for item in listed
    ]
    lines = [f"{item.name}\t{item.state_label}\t{item.made_at}" for item in listed]
    answer(options, plain if options.action == "list" else plain[0], lines)
    return DONE


def _row(text: str) -> tuple[str, str]:
    code, equals, comment = text.partition("=")
    if not (code.strip() and equals and comment.strip()):
        raise reject(f"“{text}”不是“编码=意见”的形式", "如 --row I04-3=请核对批次")
    return code.strip(), comment.strip()


def keys(options: Namespace) -> int:
    """List the registered keys, register one or let one count no longer."""
    with opened(options, write=options.action != "list") as workspace:
        chosen: Signer | None = None
        if options.action == "accept":
            chosen = signing.register_key_of(
                workspace, options.file, options.last, instead=options.instead
            )
        elif options.action == "compared":
            chosen = signing.compared(workspace, options.fingerprint, options.last)
        elif options.action == "revoke":
            chosen = signing.revoke(workspace, options.fingerprint)
        known = signing.known_keys(workspace)
    found = [k for k in known if chosen is None or k.signer.public_key == chosen.public_key]
    plain = [
        {
            "unit": each.unit_name,
            "fingerprint": each.signer.fingerprint,
            "state": each.state.value,
            "revoked": each.signer.revoked,
            "compared": each.state is not KeyState.WAITING and not each.signer.first_contact,
            "came_by": each.came_by,
            "added_at": each.signer.added_at or None,
            "compared_at": each.compared_at or None,
            "compared_by": each.signer.added_by if each.compared_at else None,
        }
        for each in found
    ]
    lines = [
        f"{each.unit_name}\t{each.signer.fingerprint}\t{each.state.label}\t{each.came_by}"
        for each in found
    ]
    answer(options, plain if options.action == "list" else plain[0], lines)
    return DONE
