from __future__ import annotations

import pytest

from tests.levels import make_levels


@pytest.fixture
def levels(tmp_path):
    made = make_levels(tmp_path / "levels")
    made.link()
    with made.city, made.upper, made.own:
        yield made
