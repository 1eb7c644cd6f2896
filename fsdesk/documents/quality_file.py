"""The program's own rules of data quality as declared in a data file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fsdesk.documents.codes import Codes
from fsdesk.documents.ledger_file import load_builtin_ledgers
from fsdesk.documents.ledger_formula_file import FormulaReader
from fsdesk.documents.node import read_yaml
from fsdesk.domain.findings import Severity
from fsdesk.domain.quality.rules import COMPARING, LEDGER_KINDS, VALUE_KINDS, QualityKind
from fsdesk.domain.quality.rules import QualityRule as Rule
from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.documents.node import YamlNode
    from fsdesk.domain.ledger.ledger import Ledger


@cache
def load_builtin_quality() -> tuple[Rule, ...]:
    """Return the rules beside those of ledgers; refused when their file was damaged."""
    return load_quality(project_file("data/quality.yaml"))


def load_quality(path: Path) -> tuple[Rule, ...]:
    """Read a file of rules like `data/quality.yaml`; refused with every problem and line."""
    root = read_yaml(path).only("rules")
    codes = Codes()
    ledgers = {ledger.code: ledger for ledger in load_builtin_ledgers()}
    rules: list[Rule] = []
    for node in root.nodes("rules"):
        rule = _rule(node, ledgers)
        codes.once(node, rule.code)
        rules.append(rule)
    root.problems.raise_all()
    return tuple(rules)


def _rule(node: YamlNode, ledgers: Mapping[str, Ledger]) -> Rule:
    node.only("code", "kind", "level", "ledger", "column", "other", "indicator", "where", "message")
    code = node.code()
    ledger = node.text("ledger", "")
    kind = _kind(node, LEDGER_KINDS if ledger else VALUE_KINDS)
    level = node.text("level", kind.level.value)
    if level not in set(Severity):
        node.note(f"“level”的取值“{level}”无效", f"可用：{'、'.join(Severity)}", "level")
        level = kind.level.value
    known = ledgers.get(ledger)
    if ledger and known is None:
        node.note(f"没有台账“{ledger}”", f"可用：{'、'.join(ledgers)}", "ledger")
    reader = FormulaReader(known.columns if known else ())
    return Rule(
        code,
        kind,
        Severity(level),
        ledger,
        reader.title(node, "column") if known else "",
        _other(node, reader, kind, in_ledger=known is not None),
        node.text("indicator", ""),
        reader.where(node) if known else (),
        node.text("message", ""),
    )


def _other(node: YamlNode, reader: FormulaReader, kind: QualityKind, *, in_ledger: bool) -> str:
    if kind not in COMPARING:
        return ""
    return reader.title(node, "other") if in_ledger else node.code("other")


def _kind(node: YamlNode, kinds: tuple[QualityKind, ...]) -> QualityKind:
    found = node.text("kind")
    if found not in {kind.value for kind in kinds}:
        node.note(f"“kind”的取值“{found}”无效", f"可用：{'、'.join(kinds)}", "kind")
        return kinds[0]
    return QualityKind(found)
