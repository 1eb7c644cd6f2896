"""The line that tells how far long work is, and for how long it will go on."""

from __future__ import annotations

import io
import sys

import pytest

from fsdesk.commands import output
from fsdesk.domain.steps import Progress, time_left


class _Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("done", "seconds", "words"),
    [
        (0, 30.0, ""),
        (1, 1.0, ""),
        (25, 10.0, "约还需 30 秒"),
        (10, 60.0, "约还需 9 分钟"),
        (100, 60.0, ""),
    ],
)
def test_the_rest_takes_as_long_as_the_pace_says(done, seconds, words):
    assert time_left(Progress(done, 100), seconds) == words


def _work():
    yield Progress(0, 2, "正在填报和汇总")
    yield Progress(1, 2, "完成")
    return "done"


def test_on_a_terminal_one_line_is_written_over_and_over(monkeypatch):
    monkeypatch.setattr(sys, "stderr", _Terminal())
    assert output.followed(_work()) == "done"
    assert sys.stderr.getvalue() == f"\r[0/2] 正在填报和汇总\r[1/2] 完成{' ' * 10}\n"


def test_in_a_log_there_is_a_line_now_and_then(monkeypatch, capsys):
    assert output.followed(_work()) == "done"
    assert not capsys.readouterr().err
    monkeypatch.setattr(output, "_EVERY", 0.0)
    output.followed(_work())
    assert capsys.readouterr().err.splitlines() == ["[0/2] 正在填报和汇总", "[1/2] 完成"]
