"""Of a log and a crash report only that may leave whose form the program itself gives it."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.findings import FsdeskError, error, raise_errors
from fsdesk.services.care.traces import stripped

HEAD = "2026-04-02 09:30:00,123"
LEFT_OUT = re.compile(r"（略去 \d+ [行字]）")
TYPED = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1)
ANYTHING = st.text(st.characters(blacklist_categories=["Cs", "Cc"]))


def without_counts(lines):
    return LEFT_OUT.sub("", "\n".join(lines))


def test_of_an_entry_the_time_the_rank_and_the_module_are_kept():
    assert stripped([f"{HEAD} INFO fsdesk.window 已导入“某某酒店.xlsx”。"]) == [
        f"{HEAD} INFO fsdesk.window（略去 15 字）"
    ]


def test_of_a_traceback_the_places_in_the_program_and_the_kind_are_kept():
    frames = [
        "Traceback (most recent call last):",
        '  File "/home/zhangsan/李四/fsdesk/services/records/recording.py", line 12, in record',
        "    raise reject(typed)",
        '  File "C:\\Users\\张三\\ui\\tasks.py", line 40, in run',
        '  File "/usr/lib/python3.11/zipfile.py", line 7, in read',
        '  File "/home/zhangsan/own.py", line 1, in secret',
        "fsdesk.domain.findings.InputRejectedError: 某某酒店",
        "KeyError: '某某酒店'",
        "张三说：KeyError",
    ]
    assert stripped(frames) == [
        "Traceback (most recent call last):",
        "  fsdesk/services/records/recording.py:12 record",
        "（略去 1 行）",
        "  ui/tasks.py:40 run",
        "  zipfile.py:7 read",
        "（略去 1 行）",
        "fsdesk.domain.findings.InputRejectedError",
        "KeyError",
        "（略去 1 行）",
    ]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/home/ui/zhangsan/fsdesk/workspace.py", "fsdesk/workspace.py"),
        (r"D:\fsdesk\qushiyaoan\_internal\fsdesk\workspace.py", "fsdesk/workspace.py"),
        (r"D:\fsdesk\qushiyaoan\_internal\ui\pages\plan\plan.py", "ui/pages/plan/plan.py"),
        (r"fsdesk\services\care\known.py", "fsdesk/services/care/known.py"),
        ("/srv/ui/fsdesk/__init__.py", "fsdesk/__init__.py"),
        ("/opt/numpy/lisi/site-packages/numpy/linalg/linalg.py", "numpy/linalg/linalg.py"),
        ("/home/ui/zhangsan/own.py", ""),
        ("/home/numpy/zhangsan/own.py", ""),
        ("/home/fsdesk/zhangsan/zipfile.py", "zipfile.py"),
    ],
)
def test_folders_that_are_called_as_the_program_is_are_not_kept(path, kept):
    (line,) = stripped([f'  File "{path}", line 3, in run'])
    assert line == (f"  {kept}:3 run" if kept else "（略去 1 行）")


def test_to_know_its_own_modules_the_core_loads_no_window():
    code = (
        "import sys; from fsdesk.services.care.traces import stripped;"
        "print(stripped(['  File \"/a/ui/tasks.py\", line 3, in run']), 'ui' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "['  ui/tasks.py:3 run'] False"


@given(TYPED, TYPED)
def test_no_typed_character_gets_through_wherever_it_stands(said, named):
    with pytest.raises(FsdeskError) as failed:
        raise_errors([error(said, named)])
    trace = "".join(traceback.format_exception(failed.value)).splitlines()
    lines = [
        f"{HEAD} ERROR ui.tasks {said}",
        said,
        f"{HEAD} WARNING {named} {said}",
        f'  File "/{named}/fsdesk/{said}.py", line 3, in {named}',
        f'  File "{named}.py", line 3, in run',
        f"{named}: {said}",
        f"ValueError: {said}",
        f"时间：{said}",
        f"食药安工作台 {said} 版故障报告",
        *trace,
    ]
    told = without_counts(stripped(lines))
    assert not set(re.findall(r"[\u4e00-\u9fff]", told)), told
    assert "ValueError" in told  # it is not that nothing gets through


@given(st.lists(ANYTHING))
def test_every_line_is_kept_in_part_or_counted(lines):
    told = stripped(lines)
    counted = sum(int(n) for n in re.findall(r"^（略去 (\d+) 行）$", "\n".join(told), re.MULTILINE))
    kept = [line for line in told if not re.fullmatch(r"（略去 \d+ 行）", line)]
    assert counted + len(kept) == len(lines)


@pytest.mark.parametrize("rank", ["INFO", "WARNING", "ERROR", "CRITICAL"])
def test_the_form_is_that_of_the_window_s_log(tmp_path, rank):
    from ui.app import _log_to

    handler = _log_to(tmp_path / "fsdesk.log")
    try:
        logging.getLogger("ui.tasks").log(getattr(logging, rank), "某某酒店")
    finally:
        for name in ("ui", "fsdesk"):
            logging.getLogger(name).removeHandler(handler)
        handler.close()
    (line,) = stripped((tmp_path / "fsdesk.log").read_text(encoding="utf-8").splitlines())
    assert line.endswith(f" {rank} ui.tasks（略去 4 字）")
