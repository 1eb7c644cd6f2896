"""Packets of every released format version are read for ever, and say what they said."""

from __future__ import annotations

import json

import pytest

from fsdesk.packets.reader import read_packet
from fsdesk.store.packet.keys import seal_holds
from tests.packets.golden import FOLDER, told

VERSIONS = sorted(folder for folder in FOLDER.parent.iterdir() if folder.is_dir())
FILES = [
    (folder, name)
    for folder in VERSIONS
    for name in json.loads((folder / "said.json").read_text(encoding="utf-8"))
]


def test_there_is_one_of_each_kind_and_form():
    assert {name for _, name in FILES} == {
        "plan.xlsx", "report.xlsx", "feedback.xlsx", "report.zip", "report.ods", "report.xls",
    }  # fmt: skip


def without_news(now, said):
    """Leave out what programs of then did not know: fields that came later, at their defaults."""
    if isinstance(now, dict) and isinstance(said, dict):
        return {name: without_news(now[name], said[name]) for name in said if name in now}
    if isinstance(now, list) and isinstance(said, list) and len(now) == len(said):
        return [without_news(one, other) for one, other in zip(now, said, strict=True)]
    return now


@pytest.mark.parametrize(("folder", "name"), FILES, ids=[f"{f.name}-{n}" for f, n in FILES])
def test_it_says_what_it_said(folder, name):
    said = json.loads((folder / "said.json").read_text(encoding="utf-8"))[name]
    packet = read_packet(folder / name)
    now = json.loads(json.dumps(told(packet), default=str))
    assert without_news(now, said) == said
    assert not packet.hand_edited
    assert seal_holds(packet.seal, packet.noted)
