"""What the window's search can find in a workspace: made anew when data changed, in a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.search import Findable, FindKind, Index
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.search.spelling import spell, spell_fast
from fsdesk.store.ledger import ledgers
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

# Of each ledger the newest rows; the ledger's own page searches all of them.
MOST_ROWS = 100_000


def build_index(workspace: Workspace, commands: Sequence[Findable] = ()) -> Index:
    """Return all that can be found: commands, plan, units, letters, ledgers and their rows.

    The commands are what the window can do, still without pronunciation.
    """
    whose = workspace.identity
    with workspace.reading() as session:
        plan = plan_in(session, whose.year)
        few = [*commands, *_of_plan(plan, "" if whose.is_office else whose.unit)]
        if whose.is_office:
            few += _units(plan)
        few += _letters(session, plan)
        declared = ledgers.load_ledgers(session)
        few += [Findable(FindKind.LEDGER, it.title, "", "ledger", it.code) for it in declared]
        things = [replace(thing, spelled=spell(_name(thing))) for thing in few]
        for each in declared:
            things += _entries(session, each, plan)
    return Index(things)


def _name(thing: Findable) -> str:
    """Return a title without the code before it, so that initials begin with the name."""
    coded = thing.kind in (FindKind.TASK, FindKind.INDICATOR, FindKind.DELIVERABLE)
    return thing.title.partition(" ")[2] if coded else thing.title


def _of_plan(plan: Plan, own: str) -> Iterator[Findable]:
    """Tasks with what hangs on them; a unit's own open where it fills them in."""
    mine = {task.code for task in plan.tasks_for(own)} if own else set[str]()
    for task in plan.tasks:
        page = "recording" if task.code in mine else "plan"
        where = f"{task.code} {task.title}"
        yield Findable(FindKind.TASK, where, "", page, task.code)
        for indicator in task.indicators:
            title = f"{indicator.code} {indicator.name}"
            yield Findable(FindKind.INDICATOR, title, where, page, task.code)
        for thing in task.deliverables:
            title = f"{thing.code} {thing.title}"
            yield Findable(FindKind.DELIVERABLE, title, where, page, task.code)


def _units(plan: Plan) -> Iterator[Findable]:
    for unit in plan.directory.units:
        if plan.tasks_for(unit.code):
            aliases = "、".join(unit.names[1:])
            yield Findable(FindKind.UNIT, unit.name, aliases, "recording", ("unit", unit.code))


def _letters(session: Session, plan: Plan) -> Iterator[Findable]:
    for letter in letters.letters(session):
        addressee = plan.unit_name(letter.unit)
        title = f"{letter.kind.label} {letter.document_number}"
        note = f"{addressee} {letter.state.label}"
        yield Findable(FindKind.LETTER, title, note, "supervision", letter.document_number)


def _entries(session: Session, ledger: Ledger, plan: Plan) -> Iterable[Findable]:
    for unit, words in ledgers.row_names(session, ledger.code, MOST_ROWS):
        title = " ".join(words)
        note = f"{ledger.title} {plan.unit_name(unit)}"
        spelled = spell_fast(title)
        yield Findable(FindKind.ENTRY, title, note, "ledger", (ledger.code, words[0]), spelled)
