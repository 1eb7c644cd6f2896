"""The rules of data quality: what the program brings, and what the office makes of it."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.quality.rules import (
    OWN,
    QualityChoices,
    all_rules,
    declared_rules,
    fault_of,
    rule_text,
)
from fsdesk.services.plan.planning import plan_in, require_office
from fsdesk.store.ledger import ledgers
from fsdesk.store.quality import choices as rule_choices

if TYPE_CHECKING:
    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.quality.rules import QualityRule
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

_WHAT = "修改数据质量规则"


class RuleLine(Struct, frozen=True):
    """A rule as the office sees it.

    Attributes:
        text: What it looks for, in words.
        subject: What it examines, in words.
        fault: Why it can't be applied; empty when it can.
    """

    rule: QualityRule
    applied: bool
    text: str
    subject: str
    fault: str
    changed: bool


class RuleBook(Struct, frozen=True):
    """All rules with what is needed to make more of them."""

    lines: tuple[RuleLine, ...]
    plan: Plan
    ledgers: tuple[Ledger, ...]


def working_rules(session: Session, plan: Plan) -> tuple[QualityRule, ...]:
    """Return the rules that are applied; those that no longer fit their ledger are left out."""
    known = {ledger.code: ledger for ledger in ledgers.load_ledgers(session)}
    rules = all_rules(_declared(session), rule_choices.load_choices(session))
    return tuple(rule for rule, on in rules if on and not fault_of(rule, plan, known))


def rule_book(workspace: Workspace) -> RuleBook:
    """Return all rules, applied or not; those for ledgers that are not declared are left out."""
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        declared = ledgers.load_ledgers(session)
        choices = rule_choices.load_choices(session)
        rules = all_rules(_declared(session), choices)
    known = {ledger.code: ledger for ledger in declared}
    changed = {rule.code for rule in choices.rules if not rule.own}
    lines = [
        RuleLine(
            rule,
            applied,
            rule_text(rule, plan),
            f"台账“{known[rule.ledger].title}”" if rule.ledger else "填报数据",
            fault_of(rule, plan, known),
            rule.code in changed,
        )
        for rule, applied in rules
        if rule.own or not rule.ledger or rule.ledger in known
    ]
    return RuleBook(tuple(lines), plan, declared)


def save_rule(workspace: Workspace, rule: QualityRule) -> QualityRule:
    """Add a rule, or change one; a rule without a code is new. Return it as it was stored.

    Raises:
        InputRejectedError: When this isn't the office, or the rule doesn't fit what it examines.
    """
    require_office(workspace, _WHAT)
    stored = rule if rule.code else replace(rule, code=OWN + secrets.token_hex(5))
    with workspace.writing() as writing:
        plan = plan_in(writing.session, workspace.identity.year)
        known = {ledger.code: ledger for ledger in ledgers.load_ledgers(writing.session)}
        fault = fault_of(stored, plan, known)
        if fault:
            raise reject(f"规则没有保存：{fault}", "请改正后再保存")
        choices = rule_choices.load_choices(writing.session)
        rest = {each.code: each for each in choices.rules}
        rest[stored.code] = stored
        rule_choices.save_choices(writing, replace(choices, rules=tuple(rest.values())))
    return stored


def switch_rule(workspace: Workspace, code: str, *, on: bool) -> None:
    """Apply a rule, or don't.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, _WHAT)
    with workspace.writing() as writing:
        choices = rule_choices.load_choices(writing.session)
        off = [each for each in choices.off if each != code]
        off += [] if on else [code]
        rule_choices.save_choices(writing, replace(choices, off=tuple(off)))


def drop_rule(workspace: Workspace, code: str) -> None:
    """Remove a rule that the office added; a declared one becomes again what it was.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, _WHAT)
    with workspace.writing() as writing:
        choices = rule_choices.load_choices(writing.session)
        kept = tuple(rule for rule in choices.rules if rule.code != code)
        off = tuple(each for each in choices.off if each != code or not code.startswith(OWN))
        rule_choices.save_choices(writing, QualityChoices(kept, off))


def _declared(session: Session) -> tuple[QualityRule, ...]:
    return declared_rules(_builtin(), ledgers.load_ledgers(session))


@lru_cache(maxsize=1)
def _builtin() -> tuple[QualityRule, ...]:
    """Return the rules that come with the program; the file is read once."""
    from fsdesk.documents.quality_file import load_builtin_quality

    return load_builtin_quality()
