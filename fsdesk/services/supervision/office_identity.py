"""What the office says of itself: names, document numbers, contact; asked once, editable later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.office import OfficeIdentity, check_identity
from fsdesk.domain.plan.naming import office_of, subject_of
from fsdesk.domain.supervision.letters import LetterKind, next_number, number_prefix, number_word
from fsdesk.domain.supervision.steps import LetterSeries
from fsdesk.services.plan.planning import plan_in, require_office
from fsdesk.store import identity, settings
from fsdesk.store.care import restored
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

# From which number each kind goes on; it is of this year and this PC alone.
NUMBERS = "letter-numbers"


class OfficeDetails(Struct, frozen=True):
    """The office's identity as it is used.

    Attributes:
        told: What was said; what is empty there is derived.
        issuer: What the plan calls the office.
        next_numbers: The number that the next letter of each kind takes.
        office: What it is called among the plan's units; letters in front of numbers follow from
            it.
        subject: What the plan is about, from which the committee's name follows; may be empty.
    """

    told: OfficeIdentity
    issuer: str
    next_numbers: Mapping[LetterKind, int]
    office: str
    subject: str

    @property
    def lacking(self) -> tuple[str, ...]:
        """What papers should say and nobody has told yet."""
        told = self.told
        known = (("所在地区", told.district), ("办公室全称", told.name), ("联系人", told.contact))
        return tuple(word for word, value in known if not value)


def details(workspace: Workspace) -> OfficeDetails:
    """Return the office's identity; in a unit's workspace as the office last sent it."""
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        office = identity.load_office(session)
        used, begun = _used(session), settings.load_setting(session, NUMBERS)
    year = workspace.identity.year
    numbers = {
        kind: next_number(used, kind, year, int(begun.get(kind.value, 1))) for kind in LetterKind
    }
    return OfficeDetails(office, plan.issuer, numbers, office_of(plan), subject_of(plan))


def save(
    workspace: Workspace,
    office: OfficeIdentity,
    next_numbers: Mapping[LetterKind, int] | None = None,
) -> None:
    """Store what the office says of itself; letters that were issued keep their numbers.

    `next_numbers`: from which number a kind goes on, since those before were used on paper.

    Raises:
        InputRejectedError: When this isn't the office, something can't stand on paper, a number was
            used already, or two kinds would give the same numbers.
    """
    require_office(workspace, "修改办公室的名称和文号")
    check_identity(office)
    year = workspace.identity.year
    with workspace.writing() as writing:
        used = _used(writing.session)
        for kind, number in (next_numbers or {}).items():
            least = next_number(used, kind, year)
            if number < least:
                raise reject(
                    f"{kind.label}已用到第 {least - 1} 号，下一号不能是第 {number} 号",
                    f"请填 {least} 或更大的数",
                )
        _check_words(writing.session, office, plan_in(writing.session, year))
        if office != identity.load_office(writing.session):
            identity.save_office(writing, office)
        begun = settings.load_setting(writing.session, NUMBERS)
        told = begun | {kind.value: number for kind, number in (next_numbers or {}).items()}
        if told != begun:
            settings.save_setting(writing, NUMBERS, told)


def series_in(session: Session, kind: LetterKind, plan: Plan) -> LetterSeries:
    """Return how the numbers of a kind go under a plan, within a transaction."""
    begun = settings.load_setting(session, NUMBERS)
    word = number_prefix(kind, identity.load_office(session), office_of(plan))
    return LetterSeries(word, int(begun.get(kind.value, 1)))


def _used(session: Session) -> set[str]:
    return letters.keys_used(session) | restored.given_letters(session)


def _check_words(session: Session, office: OfficeIdentity, plan: Plan) -> None:
    """Make sure that no two letters of a year come to have the same number."""
    now = {kind: number_word(kind, office, office_of(plan)) for kind in LetterKind}
    known = {(word, kind) for kind, word in now.items()}
    issued = [each for each in letters.letters(session) if each.year == plan.year]
    known |= {(each.document_number.partition("〔")[0], each.kind) for each in issued}
    for kind, word in now.items():
        other = next((k for w, k in known if w == word and k is not kind), None)
        if other is not None:
            raise reject(
                f"{kind.label}和{other.label}的机关代字都是“{word}”，两种函件的文号会重复",
                "请给每种函件不同的代字",
            )
