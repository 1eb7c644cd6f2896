"""Results as JSON: the keys are promises of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.domain.plain import to_plain
from fsdesk.domain.records.records import Record, content_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.domain.packet.handover import HandedOver
    from fsdesk.domain.plan.changes import PlanDifference
    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.plan_document import ParsedPlan, ReadingDoubt
    from fsdesk.domain.records.figures import Marks
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.published import Publication
    from fsdesk.domain.status.results import IndicatorResult, YearStatus
    from fsdesk.services.packet.checking import CheckedPacket
    from fsdesk.services.packet.conflicts import Conflict, LedgerConflict
    from fsdesk.services.packet.importing import ImportSummary

Plain = dict[str, Any]


def plan_json(plan: Plan) -> Plain:
    """Return the plan as `plan show` gives it."""
    return {
        "year": plan.year,
        "title": plan.title,
        "carried_from": plan.carried_from,
        "issuer": plan.issuer,
        "overall_requirement": plan.overall_requirement,
        "revision": plan.revision,
        "sections": [
            {
                "number": section.number,
                "title": section.title,
                "points": [
                    {
                        "number": point.number,
                        "title": point.title,
                        "tasks": [_task_json(plan, task) for task in point.tasks],
                    }
                    for point in section.points
                ],
            }
            for section in plan.sections
        ],
    }


def parsed_json(parsed: ParsedPlan) -> Plain:
    """Return a document's draft as `plan parse` gives it."""
    return {
        **plan_json(parsed.plan),
        "warnings": [_doubt_json(doubt) for doubt in parsed.warnings],
        "notices": [_doubt_json(d) for d in parsed.doubts if d not in parsed.warnings],
        "new_units": [
            {
                "name": party.name,
                "suggestion": parsed.plan.directory.name(party.suggestion) or None,
                "line": party.span.line,
            }
            for party in parsed.new_parties
        ],
    }


def difference_json(difference: PlanDifference) -> Plain:
    """Return what differs between two plans as `plan diff` and `plan import` give it."""
    return to_plain(difference)


def _doubt_json(doubt: ReadingDoubt) -> Plain:
    return {
        "line": doubt.span.line,
        "message": doubt.message,
        "remedy": doubt.remedy,
        "text": doubt.text,
        "start": doubt.span.start,
        "end": doubt.span.end,
        "task": doubt.item or None,
    }


def _task_json(plan: Plan, task: Task) -> Plain:
    names = plan.directory
    return {
        "code": task.code,
        "title": task.title,
        "text": task.text,
        "assignments": [
            {
                "unit": names.name(a.party),
                "role": a.role.value,
                "members": [names.name(unit) for unit in names.expand(a.party)],
            }
            for a in task.assignments
        ],
        "indicators": [
            {
                "code": i.code,
                "name": i.name,
                "kind": i.kind.value,
                "aggregation": i.aggregation.value,
                "operator": i.operator.value,
                "target": _number(i.target),
                "unit": i.measure_unit,
                "pace": i.pace.rule.value,
                "part_of": i.part_of or None,
            }
            for i in task.indicators
        ],
        "deliverables": to_plain(list(task.deliverables)),
    }


def units_json(plan: Plan) -> list[Plain]:
    """Return units and groups as `units` gives them."""
    directory = plan.directory
    units: list[Plain] = [
        {
            "code": unit.code,
            "name": unit.name,
            "aliases": list(unit.aliases),
            "former_names": list(unit.former_names),
            "kind": unit.kind.value,
            "groups": [group.name for group in directory.groups_of(unit.code)],
        }
        for unit in directory.units
    ]
    groups: list[Plain] = [
        {
            "code": group.code,
            "name": group.name,
            "aliases": list(group.aliases),
            "kind": "group",
            "groups": [],
            "members": [directory.name(unit) for unit in group.members],
        }
        for group in directory.groups
    ]
    return units + groups


def ledgers_json(listed: Iterable[tuple[Ledger, int]], rules: Rules) -> list[Plain]:
    """Return ledgers with their columns, how many entries they have, and if those go sealed."""
    return [
        {
            "code": ledger.code,
            "title": ledger.title,
            "key": list(ledger.key),
            "columns": [
                {"title": c.title, "type": c.type.value, "choices": list(c.choices)}
                for c in ledger.columns
            ],
            "entries": count,
            "sealed": rules.seals(ledger.code),
        }
        for ledger, count in listed
    ]


def record_json(plan: Plan, record: Record | LedgerEntry) -> Plain:
    """Return a stored record, or a row of a ledger, as commands give it."""
    if not isinstance(record, Record):
        return {"kind": "ledger", "item": record.ledger, **_row_json(record)}
    key = record.key
    return {
        "kind": key.kind.value,
        "item": key.item,
        "unit": plan.unit_name(key.unit),
        "period": key.period,
        **content_to_dict(record.content),
        "revision": str(record.revision),
    }


def status_json(status: YearStatus) -> Plain:
    """Return the aggregate as `status` gives it."""
    return {
        "year": status.plan.year,
        "carried_from": status.plan.carried_from,
        "period": str(status.period),
        "progress": status.progress,
        "pace": status.pace,
        "light": status.light.value,
        "coverage": to_plain(status.coverage),
        "known_tasks": status.known_tasks,
        "paced_to": status.paced_to,
        "reports": to_plain(status.reports),
        "reporting_rate": status.reporting_rate,
        "timeliness": status.timeliness,
        "margin": status.rules.yellow_margin,
        "published": _published_json(status),
        "indicators": [_indicator_json(status, result) for result in status.indicators],
        "tasks": [
            {
                "code": result.task.code,
                "title": result.task.title,
                "progress": result.progress,
                "pace": result.pace,
                "light": result.light.value,
                "known_parts": result.known_parts,
                "parts": len(result.parts),
                "coverage": to_plain(result.coverage),
                "marks": _marks(result.marks),
            }
            for result in status.tasks
        ],
        "units": [
            {
                "code": result.unit,
                "name": result.name,
                "progress": result.progress,
                "pace": result.pace,
                "light": result.light.value,
                "coverage": to_plain(result.coverage),
                "standing": result.standing,
                "marks": _marks(result.marks),
            }
            for result in status.units
        ],
    }


def handed_over_json(stands: HandedOver) -> Plain:
    """Return how far what a unit hands over has come: in words, what waits, and how many."""
    from fsdesk.domain.packet.handover import Handover

    return {
        "words": stands.words,
        "unsent": [
            {
                "kind": thing.kind.value,
                "key": thing.key,
                "period": thing.period or None,
                "count": thing.count,
                "since": thing.since or None,
            }
            for thing in stands.unsent
        ],
        "states": {state.value: len(stands.in_state(state)) for state in Handover},
        "owed": [str(period) for period in stands.owed],
    }


def _published_json(status: YearStatus) -> Plain | None:
    """Return as what these figures were published; None for figures of now."""
    found = status.publication if status.as_published else None
    return found and publication_json(found)


def publication_json(publication: Publication) -> Plain:
    """Return a publication as `publish` gives it."""
    return {
        "period": str(publication.period),
        "at": publication.at,
        "who": publication.who,
        "occasion": publication.occasion,
    }


def _marks(marks: Marks) -> list[str]:
    return sorted(mark.value for mark in marks)


def _indicator_json(status: YearStatus, result: IndicatorResult) -> Plain:
    return {
        "code": result.indicator.code,
        "name": result.indicator.name,
        "value": _number(result.figure.value),
        "numerator": _number(result.figure.numerator),
        "denominator": _number(result.figure.denominator),
        "target": _number(result.indicator.target),
        "unit": result.indicator.measure_unit,
        "attainment": result.attainment,
        "pace": result.pace,
        "light": result.light.value,
        "as_of": str(result.figure.as_of) if result.figure.as_of else None,
        "coverage": to_plain(result.coverage),
        "marks": _marks(result.figure.marks),
        "by_unit": {
            status.plan.unit_name(part.unit): {
                "value": _number(part.figure.value),
                "numerator": _number(part.figure.numerator),
                "denominator": _number(part.figure.denominator),
                "target": _number(part.target),
                "attainment": part.attainment,
                "light": part.light.value,
                "reported": part.figure.reported,
                "former": part.former,
                "marks": _marks(part.figure.marks),
            }
            for part in result.by_unit
        },
    }


def checked_json(checked: CheckedPacket) -> Plain:
    """Return a checked file as `packet check` gives it."""
    header = checked.packet.header if checked.packet else None
    return {
        "file": str(checked.file),
        "ok": checked.ok,
        "kind": header.kind.value if header else None,
        "unit": header.unit_name if header else None,
        "period": header.period if header else None,
        "signature": checked.signature.value if checked.signature else None,
        "fingerprint": checked.fingerprint or None,
        "changes": checked.changed,
        "conflicts": checked.conflicts,
        "sealed": bool(checked.packet and checked.packet.sealed),
        "sheets": [{"sheet": sheet.title, "rows": sheet.rows} for sheet in checked.sheets],
        "problems": [problem_json(finding) for finding in checked.findings],
    }


def problem_json(finding: Finding) -> Plain:
    """Return a finding with its place."""
    return {
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "line": finding.place.line,
        "level": finding.level.value,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def summary_json(summary: ImportSummary) -> Plain:
    """Return what became of files as `packet import` gives it."""
    from fsdesk.services.packet.importing import Result

    return {
        "imported": summary.count(Result.IMPORTED),
        "unchanged": summary.count(Result.UNCHANGED),
        "rejected": summary.count(Result.REJECTED),
        "conflicts": summary.conflicts,
        "files": [
            {
                "file": str(item.file),
                "result": item.result.value,
                "message": item.message,
                "sheets": [{"sheet": s.title, "rows": s.rows} for s in item.checked.sheets],
                "problems": [problem_json(finding) for finding in item.checked.findings],
            }
            for item in summary.files
        ],
    }


def conflicts_json(
    plan: Plan, found: Iterable[Conflict], rows: Iterable[LedgerConflict]
) -> list[Plain]:
    """Return conflicts as `conflicts` gives them, those of ledgers after those of records."""
    listed: list[Plain] = [
        {
            "id": item.id,
            "kind": item.mine.key.kind.value,
            "item": item.mine.key.item,
            "unit": plan.unit_name(item.mine.key.unit),
            "period": item.mine.key.period,
            "mine": content_to_dict(item.mine.content),
            "theirs": content_to_dict(item.theirs.content),
        }
        for item in found
    ]
    return listed + [
        {
            "id": row.id,
            "kind": "ledger",
            "item": row.mine.ledger,
            "unit": plan.unit_name(row.mine.unit),
            "period": None,
            "mine": _row_json(row.mine),
            "theirs": _row_json(row.theirs),
        }
        for row in rows
    ]


def _row_json(entry: LedgerEntry) -> Plain:
    from fsdesk.domain.ledger.codec import entry_to_dict

    plain = entry_to_dict(entry)
    return {**plain["values"], "gone": plain["gone"]}


def _number(value: float | None) -> float | None:
    """Return whole numbers without a decimal point, as people and other programs expect."""
    return int(value) if value is not None and value.is_integer() else value
