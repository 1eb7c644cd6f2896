"""A peer of the benchmark that comes to a bad end is told in words."""

from __future__ import annotations

import shutil
import sys

import pytest

from fsdesk.bench import benchmark, peers
from fsdesk.bench.peers import PeerFailedError, run_peer
from fsdesk.bench.writing import measure_writing
from fsdesk.places import project_file

MISSING = "raise ModuleNotFoundError('no pandas here')"
CRASH = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Write a peer and let it be found."""
    folder = tmp_path / "resources" / "bench"
    shutil.copytree(project_file("resources/bench"), folder)
    monkeypatch.setattr(
        peers, "project_file", lambda name: tmp_path / name if name != "." else project_file(name)
    )

    def write(name, text):
        (folder / name).write_text(text, encoding="utf-8")

    return write


def test_what_a_peer_prints_comes_back(script):
    script("peer.py", "import sys; print(sys.argv[1])")
    assert run_peer("peer.py", "12.5").strip() == b"12.5"


def test_an_error_is_told_with_its_last_line(script):
    script("peer.py", MISSING)
    with pytest.raises(PeerFailedError, match=r"出错，退出码 1：.*no pandas here"):
        run_peer("peer.py")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no signals")
def test_a_crash_is_told(script):
    script("peer.py", CRASH)
    with pytest.raises(PeerFailedError, match="崩溃，被信号 SIGSEGV 终止"):
        run_peer("peer.py")


def test_the_import_is_measured_beside_the_peers_that_are_left(script, tmp_path):
    script("read_openpyxl.py", MISSING)
    script("read_calamine.py", "print(0.5)")
    script("read_pandas.py", "import sys; sys.exit(3)")
    row = benchmark._measure_import(tmp_path, 1, 0)
    assert row["ratio_to_calamine"] > 0
    assert "no pandas here" in row["openpyxl_failed"]
    assert row["pandas_failed"] == "出错，退出码 3" or "没有安装" in row["pandas_failed"]
    assert "openpyxl" not in row


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no signals")
def test_the_measuring_goes_on_when_a_peer_kills_itself(script, tmp_path):
    for peer in ("read_openpyxl", "write_xlsxwriter"):
        script(f"{peer}.py", CRASH)

    reading = benchmark._measure_import(tmp_path, 2, 0)
    writing = measure_writing(tmp_path, rows=50, rounds=2)

    assert "崩溃，被信号 SIGSEGV 终止" in reading["openpyxl_failed"]
    assert reading["ratio_to_calamine"] > 0
    assert "崩溃，被信号 SIGSEGV 终止" in writing["xlsxwriter_failed"]
    assert writing["forms"] > 0
    assert writing["ratio_to_openpyxl"] > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no signals")
def test_what_is_measured_may_crash_as_well(script):
    script("draw_charts.py", CRASH)
    row = benchmark._measured(benchmark._measure_charts)
    assert row == {"failed": "崩溃，被信号 SIGSEGV 终止"}
