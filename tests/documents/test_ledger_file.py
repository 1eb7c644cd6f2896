"""Ledgers as data: complete, and damage is told with its line."""

from __future__ import annotations

import pytest

from fsdesk.documents.ledger_file import load_builtin_ledgers, load_ledgers
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import ColumnType

GOOD = """ledgers:
  - code: a
    title: 甲
    key: [编号]
    columns:
      - {title: 编号}
      - {title: 结论, type: choice, choices: [合格, 不合格]}
"""


def test_the_ledgers_of_the_field_are_declared():
    ledgers = {ledger.title: ledger for ledger in load_builtin_ledgers()}
    assert len(ledgers) == 15
    types = {column.title: column.type for column in ledgers["监督抽检"].columns}
    assert types["抽样日期"] is ColumnType.DATE
    assert types["检验结论"] is ColumnType.CHOICE
    assert ledgers["追溯上链"].key == ("主体", "品种")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("key: [编号]", "key: [名称]", 4, "不是这个台账的列"),
        ("key: [编号]", "key: []", 2, "缺少"),
        ("type: choice,", "type: colour,", 7, "取值"),
        (", choices: [合格, 不合格]", "", 7, "choices"),
        ("title: 结论", "title: 编号", 5, "重复"),
        ("title: 甲", "name: 甲", 2, "缺少"),
    ],
)
def test_damage_is_told_with_its_line(tmp_path, old, new, line, words):
    file = tmp_path / "ledgers.yaml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputRejectedError) as refused:
        load_ledgers(file)
    told = [(finding.place.line, finding.message) for finding in refused.value.findings]
    assert any(words in message for _, message in told)
    assert any(abs((at or 0) - line) <= 2 for at, _ in told)
