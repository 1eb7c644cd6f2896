"""What a million ledger rows cost, beside the same grouping in bare sqlite3 and pandas."""

from __future__ import annotations

import json
import statistics
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fsdesk.bench.packets import YEAR
from fsdesk.bench.peers import PeerFailedError, run_peer
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.ledger.conditions import CellCheck, Condition, View
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import months_of
from fsdesk.domain.steps import run_through
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.ledger.ledger_figures import LedgerYear
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.quality import data_quality
from fsdesk.services.status import aggregation
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from fsdesk.workspace import Workspace

ROWS, _WRITTEN, _ROUNDS, _PAGE = 1_000_000, 4_000, 5, 200
LEDGER = "sampling"
_PEERS = ("sqlite3", "pandas")
_FAILED = Condition("检验结论", CellCheck.IS, ("不合格",))
_DRUGS = Condition("类别", CellCheck.IS, ("药品",))


def measure_ledgers(scratch: Path, rows: int = ROWS) -> Mapping[str, float | str]:
    """Time formulas, status and pages of the grid over many rows of one ledger.

    Returns:
        Median seconds: ``formulas`` computes every indicator that the ledger feeds, ``status`` is
        the whole aggregate, ``page`` a filtered page of the grid, ``page_sorted`` the same in
        another order, ``quality`` all rules of data quality; the peers, and the ratio of formulas
        to each; why, where a peer failed.

    Raises:
        PeerFailedError: When the rows can't be written.
    """
    folder = scratch / "ledger-office"
    database = make_office(folder, rows)
    peers: dict[str, float] = {}
    failed: dict[str, str] = {}
    for peer in _PEERS:
        try:
            peers |= json.loads(run_peer("ledger_peers.py", database, LEDGER, peer))
        except PeerFailedError as problem:
            failed[f"{peer}_failed"] = str(problem)
    with open_workspace(folder) as office:
        found = _measured(office)
    ratios = {f"ratio_to_{name}": found["formulas"] / peer for name, peer in peers.items()}
    return {"rows": float(rows), **found, **peers, **ratios, **failed}


def make_office(folder: Path, rows: int) -> Path:
    """Make an office's workspace with many rows in one ledger, and return its database.

    Raises:
        PeerFailedError: When the rows can't be written.
    """
    with setup.create_office(folder, load_builtin_plan(YEAR)) as office:
        ledgers.save_rows(office, list(rows_of_year()))
    database = folder / "fsdesk.db"
    run_peer("ledger_rows.py", database, LEDGER, str(rows))
    return database


def _measured(office: Workspace) -> dict[str, float]:
    december = months_of(YEAR)[-1]

    def formulas() -> None:
        with office.reading() as session:
            year = LedgerYear(session, plan_in(session, YEAR), {}, only_counting=False)
            year.at(december)

    def status() -> None:
        office.engine.dispose()  # nothing is remembered from the round before
        aggregation.status(office, december)

    filtered = View(conditions=(_FAILED, _DRUGS))
    in_order = View(conditions=(_FAILED, _DRUGS), sort="抽样日期", descending=True)
    return {
        "formulas": _median(formulas),
        "status": _median(status),
        "page": _median(lambda: ledgers.page(office, LEDGER, filtered, 0, _PAGE)),
        "page_sorted": _median(lambda: ledgers.page(office, LEDGER, in_order, 0, _PAGE)),
        "quality": _median(lambda: run_through(data_quality.examine(office, december))),
    }


def rows_of_year() -> Iterator[LedgerEntry]:
    """Yield rows of every kind, month and unit, as they come over a year."""
    kinds = ("食用农产品", "其他食品", "药品", "医疗器械", "化妆品")
    units = ("scjg", "fgj", "wjj")
    for number in range(_WRITTEN):
        failed = number % 29 == 0
        values = {
            "抽样编号": f"S{number:05}",
            "类别": kinds[number % len(kinds)],
            "样品名称": f"样品{number % 97}",
            "被抽样单位": f"经营者{number % 389}",
            "抽样日期": date(YEAR, 1, 1) + timedelta(days=number % 365),
            "检验结论": "不合格" if failed else "合格",
        }
        if failed:
            values["核查处置状态"] = "已处置" if number % 2 else "处置中"
        yield LedgerEntry("", LEDGER, units[number % len(units)], values)


def _median(job: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        job()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
