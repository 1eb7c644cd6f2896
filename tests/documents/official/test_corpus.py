"""Documents of many conventions, each with what it must give: tasks, who answers, targets."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.text import fold
from fsdesk.services.plan_document.plan_documents import read_document
from tests.documents.official.corpus_files import CORPUS, built, sources

NAMES = [source.name.removesuffix(".txt") for source in sources()]


def expected(name):
    return yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def read(tmp_path):
    def read_by_name(name):
        file_name, data = built(CORPUS / f"{name}.txt")
        path = tmp_path / file_name
        path.write_bytes(data)
        return read_document(path)

    return read_by_name


def who(plan, task):
    names = plan.directory
    return "、".join(f"{names.name(a.party)}:{a.role.label}" for a in task.assignments)


def begins(text, words):
    return fold(text).startswith(fold(words))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_gives_what_a_reader_finds_in_it(read, name):
    want, parsed = expected(name), read(name)
    plan = parsed.plan

    assert (plan.title, plan.year) == (want["title"], want["year"])
    assert [section.title for section in plan.sections] == want["sections"]
    if "points" in want:
        assert [point.title for point in plan.points] == want["points"]
    found = [
        [who(plan, task), " ".join(i.target_text for i in task.indicators)] for task in plan.tasks
    ]
    assert found == [[fold(line[1]), line[2]] for line in want["tasks"]]
    assert all(begins(t.text, w[0]) for t, w in zip(plan.tasks, want["tasks"], strict=True))
    dues = [
        {item.due for item in task.deliverables if item.kind is not DeliverableKind.RECURRING}
        for task in plan.tasks
    ]
    for line, due in zip(want["tasks"], dues, strict=True):
        assert (due or {None}) == {line[3] if len(line) > 3 else None}, line
    schedules = {
        item.title: item.schedule_text
        for item in plan.deliverables_by_code.values()
        if item.kind is not DeliverableKind.ONCE
    }
    assert want.get("schedules", {}).items() <= schedules.items()
    told = sorted(doubt.message for doubt in parsed.warnings)
    assert len(told) == len(want["warnings"]), told
    for words in want["warnings"]:
        assert any(words in message for message in told), (words, told)


@pytest.mark.parametrize("name", NAMES)
def test_every_span_is_the_text_that_it_stands_for(read, name):
    parsed = read(name)
    names = parsed.plan.directory
    for (task, party), span in parsed.assignment_spans.items():
        written = fold(parsed.text_of(span))
        assert written
        assert written in fold(names.name(party)) or fold(names.name(party)) in written, task
    for indicator in parsed.plan.indicators:
        words = "".join(parsed.text_of(span) for span in parsed.spans[indicator.code])
        assert any(character.isdigit() or character in "全百" for character in words)
    for task in parsed.plan.tasks:
        words = "".join(parsed.text_of(span) for span in parsed.spans[task.code])
        assert fold(task.text).replace("\n", "") == fold(words)
    assert all(doubt.text == parsed.text_of(doubt.span) for doubt in parsed.doubts)


def test_the_corpus_is_wide_enough():
    years = {expected(name)["year"] for name in NAMES}
    assert len(NAMES) >= 12
    assert years == set(range(2023, 2028))
    assert any(
        isinstance(part, date) for n in NAMES for line in expected(n)["tasks"] for part in line
    )
