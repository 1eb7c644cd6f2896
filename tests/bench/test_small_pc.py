"""The month's work in the real window on a PC of half the speed, with a slow disk."""

from __future__ import annotations

import pytest

from fsdesk.bench.small_pc import measure_small_pc


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.foreign("gcc")
def test_in_a_month_on_an_old_pc_the_windows_thread_waits_for_no_database(tmp_path):
    found = measure_small_pc(tmp_path, units=3, rounds=1)
    window = found["window"]

    steps = {"office_first_ledger", "take_reports", "publish", "print", "unit_store", "unit_export"}
    assert steps < set(found["pauses"])
    assert window["times_slower"] > 1.5  # it was slowed, and so was its disk
    assert window["disk_waits_of_others"] > 50
    assert window["statements"] == 0
    # What the window remembers of its own shape, two waits for each writing of that file.
    assert window["disk_waits_in_a_step"] <= 16
    # Printing took 870 of these forms, and opening the ledgers 100, while they held up the window.
    assert max(found["work"].values()) < 130
