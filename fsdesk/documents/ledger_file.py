"""Ledgers as declared in a data file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fsdesk.documents.codes import Codes
from fsdesk.documents.ledger_formula_file import FormulaReader
from fsdesk.documents.node import read_yaml
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.ledger.declarations import fitting
from fsdesk.domain.ledger.ledger import ColumnType, Ledger, LedgerColumn
from fsdesk.places import project_file

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.documents.node import YamlNode
    from fsdesk.domain.plan.plan import Plan


@cache  # reading the file takes a third of a second
def load_builtin_ledgers() -> tuple[Ledger, ...]:
    """Return the ledgers that come with the program; refused when their file was damaged."""
    return load_ledgers(project_file("data/ledgers.yaml"))


def builtin_ledgers_for(plan: Plan) -> tuple[Ledger, ...]:
    """Return the built-in ledgers; they feed what a plan asks for as the built-in plan does."""
    return fitting(load_builtin_ledgers(), load_builtin_plan(plan.year), plan)


def load_ledgers(path: Path) -> tuple[Ledger, ...]:
    """Read a file of ledgers like `data/ledgers.yaml`; refused with every problem and line."""
    root = read_yaml(path).only("ledgers")
    codes = Codes()
    ledgers = tuple(_ledger(node, codes) for node in root.nodes("ledgers"))
    root.problems.raise_all()
    return ledgers


def _ledger(node: YamlNode, codes: Codes) -> Ledger:
    node.only("code", "title", "key", "keyed_by_unit", "columns", "feeds", "rules")
    code = node.code()
    codes.once(node, code)
    columns = tuple(_column(child) for child in node.nodes("columns"))
    titles = [column.title for column in columns]
    for title in titles:
        if titles.count(title) > 1:
            node.note(f"列“{title}”重复", "每列名称只能用一次", "columns")
            break
    key = node.texts("key")
    for title in key:
        if title not in titles:
            node.note(f"“key”中的“{title}”不是这个台账的列", "请核对列名", "key")
    if not key or not columns:
        node.note("台账缺少“columns”或“key”", "请列出各列和识别同一条记录的列")
    reader = FormulaReader(columns)
    return Ledger(
        code,
        node.text("title"),
        columns,
        key,
        tuple(reader.feed(child) for child in node.nodes("feeds")),
        tuple(reader.rule(child) for child in node.nodes("rules")),
        node.value.get("keyed_by_unit") is True,
    )


def _column(node: YamlNode) -> LedgerColumn:
    node.only("title", "type", "choices", "personal", "aliases", "words")
    kind = node.text("type", ColumnType.TEXT)
    if kind not in set(ColumnType):
        node.note(f"“type”的取值“{kind}”无效", f"可用：{'、'.join(ColumnType)}", "type")
        kind = ColumnType.TEXT
    choices = node.texts("choices")
    if (kind == ColumnType.CHOICE) is not bool(choices):
        node.note("选项列要写“choices”，其他列不写", "请补上或删去", "type")
    words = node.child("words")
    pairs = tuple((str(word), str(choice)) for word, choice in words.value.items()) if words else ()
    if words and any(choice not in choices for _, choice in pairs):
        node.note("“words”中有的说法没有对应到选项", "冒号后面应为“choices”中的一项", "words")
    return LedgerColumn(
        node.text("title"),
        ColumnType(kind),
        choices,
        node.value.get("personal") is True,
        node.texts("aliases"),
        pairs,
    )
