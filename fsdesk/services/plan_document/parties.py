"""Correcting who is meant by the names of a document: known units, or new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from fsdesk.documents.official.sources.passage import plain
from fsdesk.domain.findings import reject
from fsdesk.domain.plan import unit_edits
from fsdesk.domain.plan.codes import FreshCodes
from fsdesk.domain.plan.plan import Role
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.domain.plan_document import NewParty
from fsdesk.domain.text import fold
from fsdesk.services.plan_document.corrections import followed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fsdesk.domain.plan.plan import Assignment, Plan, Task
    from fsdesk.domain.plan_document import ParsedPlan, ReadingDoubt

_Party = TypeVar("_Party", Unit, UnitGroup)
_WEIGHT = [Role.LEAD, Role.SOLE, Role.SHARED, Role.SUPPORT]


def suggestions(parsed: ParsedPlan, party: NewParty) -> tuple[str, ...]:
    """Return the codes of known units and groups that a new name may stand for, likeliest first.

    The one found while reading comes first, then the others of its kind in their order.
    """
    from fsdesk.documents.official.answers.parties import suggest

    directory = parsed.plan.directory
    new = {one.code for one in parsed.new_parties}
    known = Directory(
        tuple(unit for unit in directory.units if unit.code not in new),
        tuple(group for group in directory.groups if group.code not in new),
    )
    best = party.suggestion or suggest(party.name, known)
    is_group = party.code in directory.groups_by_code
    first, second = (known.groups, known.units) if is_group else (known.units, known.groups)
    codes = [best, *(one.code for one in (*first, *second))]
    return tuple(dict.fromkeys(code for code in codes if code))


def matched(parsed: ParsedPlan, code: str, known: str) -> ParsedPlan:
    """Let a new party be a known one; the document's name becomes another name of that one."""
    directory = parsed.plan.directory
    name = directory.name(code)
    units = (_named(unit, known, name) for unit in directory.units if unit.code != code)
    named = (_named(group, known, name) for group in directory.groups if group.code != code)
    groups = (
        replace(group, members=tuple(unit for unit in group.members if unit != code))
        for group in named
    )
    changed = replace(parsed.plan, directory=Directory(tuple(units), tuple(groups)))

    def meant(_task: str, party: str) -> str:
        return known if party == code else party

    corrected = followed(_with_spans(parsed, meant), _reassigned(changed, meant))
    return replace(
        corrected,
        new_parties=tuple(one for one in parsed.new_parties if one.code != code),
        doubts=tuple(doubt for doubt in corrected.doubts if doubt.item != code),
    )


def created(parsed: ParsedPlan, code: str, name: str, kind: UnitKind) -> ParsedPlan:
    """Keep a new party as a unit of its own, with the right name and kind.

    Raises:
        InputRejectedError: When the name is missing or taken, or there would be two offices.
    """
    directory = parsed.plan.directory
    group = directory.groups_by_code.get(code)
    if group is not None:
        members = group.members or tuple(unit.code for unit in directory.units)
        plan = unit_edits.put_group(parsed.plan, replace(group, name=name, members=members))
    else:
        unit = directory.by_code[code]
        written = () if fold(unit.name) == fold(name) else (unit.name,)
        aliases = (*unit.aliases, *written)
        changed = replace(unit, name=name, kind=kind, aliases=aliases)
        plan = unit_edits.put_unit(parsed.plan, changed)
    corrected = followed(parsed, plan)
    return replace(
        corrected, doubts=tuple(doubt for doubt in corrected.doubts if doubt.item != code)
    )


def open_parties(parsed: ParsedPlan) -> tuple[NewParty, ...]:
    """Return the new names that nobody has looked at yet."""
    doubted = {doubt.item for doubt in parsed.doubts}
    return tuple(party for party in parsed.new_parties if party.code in doubted)


def matched_as_suggested(parsed: ParsedPlan) -> ParsedPlan:
    """Let each new name that a known party was found for be that one."""
    for party in open_parties(parsed):
        if party.suggestion:
            parsed = matched(parsed, party.code, party.suggestion)
    return parsed


def all_created(parsed: ParsedPlan) -> ParsedPlan:
    """Keep all new names that are left as units or groups of their own.

    Raises:
        InputRejectedError: As in `created`.
    """
    for party in open_parties(parsed):
        directory = parsed.plan.directory
        unit = directory.by_code.get(party.code)
        kind = unit.kind if unit else UnitKind.DEPARTMENT
        parsed = created(parsed, party.code, directory.name(party.code), kind)
    return parsed


def parted(parsed: ParsedPlan, doubt: ReadingDoubt) -> ParsedPlan:
    """Take a name that was matched by another name as a unit of its own, wherever it stands.

    The doubt's text is the name.

    Raises:
        InputRejectedError: When the doubt isn't about a known unit's other name.
    """
    directory = parsed.plan.directory
    known = directory.by_code.get(doubt.item)
    if known is None:
        raise reject("这里不是按别名对应的单位", "请在责任分工中直接增减单位")
    name = plain(doubt.text).strip()
    aliases = tuple(alias for alias in known.aliases if fold(alias) != fold(name))
    code = FreshCodes(parsed.plan).next("dw")
    former = tuple(each for each in known.former_names if fold(each) != fold(name))
    units = [
        replace(u, aliases=aliases, former_names=former) if u is known else u
        for u in directory.units
    ]
    units.append(Unit(code, name, UnitKind.DEPARTMENT))
    changed = replace(parsed.plan, directory=Directory(tuple(units), directory.groups))
    here = {
        task
        for (task, party), span in parsed.assignment_spans.items()
        if party == known.code and fold(parsed.text_of(span)) == fold(name)
    }

    def meant(task: str, party: str) -> str:
        return code if task in here and party == known.code else party

    corrected = followed(_with_spans(parsed, meant), _reassigned(changed, meant))
    new = NewParty(code, name, known.code, doubt.span)
    return replace(
        corrected,
        new_parties=(*corrected.new_parties, new),
        doubts=tuple(one for one in corrected.doubts if one != doubt),
    )


def _named(party: _Party, code: str, name: str) -> _Party:
    """Give the party of that code another name, unless it has it."""
    names = {fold(one) for one in (party.name, *party.aliases)}
    if party.code != code or fold(name) in names:
        return party
    return replace(party, aliases=(*party.aliases, name))


def _with_spans(parsed: ParsedPlan, meant: Callable[[str, str], str]) -> ParsedPlan:
    spans = parsed.assignment_spans
    moved = {(task, meant(task, party)): span for (task, party), span in spans.items()}
    return replace(parsed, assignment_spans=moved)


def _reassigned(plan: Plan, meant: Callable[[str, str], str]) -> Plan:
    """Put other parties in place of those that tasks name; who is named twice counts once."""

    def changed(task: Task) -> Task:
        parts = (replace(a, party=meant(task.code, a.party)) for a in task.assignments)
        return replace(task, assignments=_once(parts))

    sections = tuple(
        replace(
            section,
            points=tuple(
                replace(point, tasks=tuple(map(changed, point.tasks))) for point in section.points
            ),
        )
        for section in plan.sections
    )
    return replace(plan, sections=sections)


def _once(parts: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Keep each party once, with its weightiest role, in the place where it is first named."""
    found: dict[str, Assignment] = {}
    for part in parts:
        held = found.get(part.party)
        if held is None or _WEIGHT.index(part.role) < _WEIGHT.index(held.role):
            found[part.party] = part
    return tuple(found.values())
