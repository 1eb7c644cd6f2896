from __future__ import annotations

import pytest

from tests.levels import make_levels


@pytest.fixture
def levels(tmp_path):
    """The district's two workspaces and the city's; nothing is chosen yet."""
    made = make_levels(tmp_path / "levels")
    with made.city, made.upper, made.own:
        yield made
