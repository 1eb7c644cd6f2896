"""Ledgers: looking at their rows, editing them, and what people are told about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import Finding, InputRejectedError, error, reject
from fsdesk.domain.ledger.conditions import EVERYTHING, View
from fsdesk.domain.ledger.ledger import LedgerEntry, check_entry
from fsdesk.domain.quality.ledgers import name_of
from fsdesk.domain.text import fold, tidy
from fsdesk.services.plan.planning import plan_in
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.ledger.ledger import Ledger, LedgerValue
    from fsdesk.store.ledger.ledgers import ImportedRows
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

_NAMED = 3


def find_ledger(workspace: Workspace, name: str) -> Ledger:
    """Return the ledger with this code or title.

    Raises:
        InputRejectedError: When there is none.
    """
    with workspace.reading() as session:
        return ledger_in(session, name)


def ledger_in(session: Session, name: str) -> Ledger:
    """Return the ledger with this code or title within an open transaction.

    Raises:
        InputRejectedError: When there is none.
    """
    wanted = fold(name)
    known = ledgers.load_ledgers(session)
    for ledger in known:
        if wanted in (fold(ledger.code), fold(ledger.title)):
            return ledger
    titles = "、".join(ledger.title for ledger in known)
    raise reject(f"没有台账“{name}”", f"可用的台账：{titles}")


def allowed_unit(workspace: Workspace, session: Session, name: str) -> str:
    """Return the code of the unit whose rows may be written here.

    No name stands for this workspace's own unit.

    Raises:
        InputRejectedError: When the unit is unknown, or another one in a unit's workspace.
    """
    identity = workspace.identity
    if not name:
        return identity.unit
    code = plan_in(session, identity.year).find_unit(name).code
    if not identity.is_office and code != identity.unit:
        raise reject(f"“{name}”不是本单位", "只能登记本单位的台账")
    return code


def page(
    workspace: Workspace, ledger: str, view: View = EVERYTHING, offset: int = 0, limit: int = 200
) -> tuple[LedgerEntry, ...]:
    """Return some of the rows that a view shows, in its order.

    Raises:
        InputRejectedError: When the ledger or a column isn't declared.
    """
    with workspace.reading() as session:
        return tuple(ledgers.entries(session, ledger, view, offset=offset, limit=limit))


def summary(
    workspace: Workspace, ledger: str, view: View = EVERYTHING
) -> tuple[int, Mapping[str, float]]:
    """Return how many rows a view shows, and the sums of their columns of numbers.

    Raises:
        InputRejectedError: When the ledger or a column isn't declared.
    """
    with workspace.reading() as session:
        return ledgers.count(session, ledger, view), ledgers.totals(session, ledger, view)


def doubles_text(workspace: Workspace, ledger: str) -> str:
    """Say what several units registered, which counts for one of them; empty where nothing.

    Raises:
        InputRejectedError: When the ledger isn't declared.
    """
    with workspace.reading() as session:
        found = ledgers.doubles(session, ledger)
        if not found:
            return ""
        declared = ledger_in(session, ledger)
        rows = ledgers.numbered(session, ledger, [each.row for each in found[:_NAMED]])
        name = plan_in(session, workspace.identity.year).unit_name
    named: list[str] = []
    for each in found[:_NAMED]:
        units = "、".join(map(name, (each.unit, *each.others)))
        named.append(f"“{name_of(declared, rows[each.row])}”（{units}）")
    more = "等" if len(found) > _NAMED else ""
    what = f"{len(found):,} 个{'、'.join(declared.key)}由几个单位重复登记"
    rule = "台账数只计一次，计入承担该指标的单位中编码最小的一个"
    return f"{what}，{rule}：{'、'.join(named)}{more}。"


def save_rows(workspace: Workspace, entries: Sequence[LedgerEntry]) -> ImportedRows:
    """Store rows that somebody typed; all or none.

    A row without an id is new, or the one with its natural key.

    Raises:
        InputRejectedError: With everything that is wrong, or when a row is another unit's.
    """
    with workspace.writing() as writing:
        declared = {ledger.code: ledger for ledger in ledgers.load_ledgers(writing.session)}
        tidied = [replace(entry, values=_tidy(entry.values)) for entry in entries]
        faults: list[Finding] = []
        for unit in {entry.unit for entry in tidied}:
            allowed_unit(workspace, writing.session, unit)
        for entry in tidied:
            ledger = declared.get(entry.ledger)
            faults += (
                check_entry(ledger, entry)
                if ledger
                else [error(f"没有台账“{entry.ledger}”", "请核对台账编码")]
            )
        if faults:
            raise InputRejectedError(*faults)
        return ledgers.edit_entries(writing, tidied)


def _tidy(values: Mapping[str, LedgerValue]) -> dict[str, LedgerValue]:
    tidied = {t: tidy(v) if isinstance(v, str) else v for t, v in values.items()}
    return {title: value for title, value in tidied.items() if value is not None and value != ""}
