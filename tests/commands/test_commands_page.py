"""The page of commands: each command and option that it names is one."""

from __future__ import annotations

import re

import pytest

from fsdesk.commands.parser import build_parser
from fsdesk.places import project_file

PAGE = project_file("docs/commands.md").read_text(encoding="utf-8")
# "python main.py" is how they are called, and no command.
NAMED = sorted({
    (found[1], *re.findall(r"^[a-z][a-z-]+$", found[2] or ""))
    for found in re.finditer(r"`([a-z]+)(?: ([^ `]+)[^`]*)?`", PAGE)
} - {("python",)})  # fmt: skip


def help_of(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("words", NAMED, ids=" ".join)
def test_each_command_of_the_page_is_one(capsys, words):
    assert "用法" in help_of(capsys, *words)


def test_each_option_of_the_page_is_one(capsys):
    known = "\n".join([help_of(capsys), *(help_of(capsys, *words) for words in NAMED)])
    options = set(re.findall(r"(--[a-z][a-z-]+)", PAGE))
    assert [option for option in sorted(options) if option not in known] == []


def test_a_command_is_asked_of_the_same_parser_that_knows_all(capsys):
    def known_to(arguments):
        with pytest.raises(SystemExit):
            build_parser(arguments).parse_args(["?"])
        return set(re.findall(r"'([a-z]+)'", capsys.readouterr().err))

    everything = known_to(())
    for command in everything:
        assert command in known_to(["--workspace", "units", command]) < everything
    assert known_to(["--help", "units"]) == known_to(["unknown"]) == everything
