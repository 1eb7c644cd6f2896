"""诊断包: says how the program stands, and repeats nothing that anybody typed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from fsdesk import __version__, unforeseen
from fsdesk.commands.run import run
from fsdesk.services.care import diagnosis
from fsdesk.store.care.integrity import LABELS
from fsdesk.workspace import open_workspace
from tests.worked import worked_folder
from tests.workspaces import changed_beside, rows_of

NOW = datetime(2026, 9, 22, 1, 0, tzinfo=UTC)
# Words of the report itself that a plan may hold as well.
OWN_WORDS = {*LABELS.values(), "单位", "设置", "检查", "进展"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The office's folder after a year's work, with a log and a report of a failure."""
    made = worked_folder(tmp_path_factory.mktemp("worked") / "all")
    typed = all_texts(made)
    logs = made / "logs"
    logs.mkdir(exist_ok=True)
    line = "2026-09-22 09:00:00,000 INFO fsdesk.window 已导入“{}”。"
    lines = [line.format(text) for text in typed]
    (logs / "fsdesk.log").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(KeyError) as failed:
        dict[tuple[str, ...], int]()[tuple(typed)]
    assert unforeseen.write_report(logs, failed.value, NOW)
    return made


def all_texts(folder):
    """Return every text in the database, in pieces between punctuation, with Chinese in it."""
    found = set()
    with open_workspace(folder, write=False) as workspace:
        rows = rows_of(workspace)
    cells = [cell for table in rows.values() for row in table for cell in row]
    for cell in cells:
        text = cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)
        found.update(re.findall(r"[\u4e00-\u9fff]{2,}", text))
    return sorted(found - OWN_WORDS)


@pytest.fixture(scope="module")
def told(folder):
    with open_workspace(folder) as workspace:
        return diagnosis.report(folder, workspace, {"Qt": "6"})


def test_nothing_that_was_typed_is_in_it(folder, told):
    typed = all_texts(folder)
    assert len(typed) > 200
    # The office's own sentences hold short words like 报送 as well: what is typed is looked for
    # outside of them.
    empty = diagnosis.report(folder / "nothing")
    own = set(re.findall(r"[\u4e00-\u9fff]{2,}", empty))
    longer = [word for word in typed if not any(word in sentence for sentence in own)]
    labels = "".join(LABELS.values())
    assert [word for word in longer if word in told and word not in labels] == []
    assert str(folder) not in told
    assert folder.name not in told.split()


def test_it_says_how_the_program_stands(told):
    for part in (
        f"版本：{__version__}（从源代码运行）",
        "Qt：6",
        "身份：office，年度：2026",
        "数据库版本：00",
        "磁盘剩余：",
        "表“变更记录”（change）：",
        "due_days：5",
        "完好",
        "2026-09-22 09:00:00,000 INFO fsdesk.window（略去 ",
        "【故障报告 1】",
        "KeyError",
    ):
        assert part in told, part


def test_what_is_wrong_is_counted_by_its_place(folder, tmp_path):
    damaged = worked_folder(tmp_path / "all")
    with open_workspace(damaged) as workspace:
        changed_beside(workspace, "UPDATE milestone SET evidence = '某某酒店'")
        found = diagnosis.report(damaged, workspace)
    assert re.search(r"数据库，表“事项”（milestone）：\d+ 处", found)
    assert "某某酒店" not in found


def test_a_workspace_that_does_not_open_is_told_of_as_well(tmp_path):
    (tmp_path / "fsdesk.db").write_bytes(b"no database " * 100)
    found = diagnosis.report(tmp_path)
    assert "已打开：否" in found
    assert "数据库版本：读不出" in found
    assert "各表行数：" in found
    assert "数据库：1 处" in found


def test_the_command_writes_it_and_says_where(folder, tmp_path, capsys):
    file = tmp_path / "诊断包.txt"
    assert run(["--workspace", str(folder), "diagnose", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file)}
    assert file.read_text(encoding="utf-8").startswith("食药安工作台诊断包\n")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "fsdesk.db").write_bytes(b"no database " * 100)
    other = tmp_path / "b.txt"
    assert run(["--workspace", str(broken), "diagnose", str(other)]) == 0
    assert "已打开：否" in other.read_text(encoding="utf-8")
