"""A document is the same in every form that people have it in, or says where it isn't sure."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.reflow.flow import reflowed
from fsdesk.documents.official.sources.text import read_text
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.text import fold
from fsdesk.services.plan_document.plan_documents import read_document, read_pasted
from tests.documents.official.corpus_files import built, sources
from tests.documents.official.forms import (
    FILE_FORMS,
    INVISIBLE,
    TABLE_FORMS,
    TEXT_FORMS,
    pdf_file,
    scanned_pdf,
    web_page,
)

KNOWN = Known(load_builtin_plan(2026).directory, year=2026)


def plain_text(source):
    """Return a source as text, or None where only a Word file can hold what is in it."""
    text = source.read_text(encoding="utf-8")
    return None if "[0] " in text or "[1] " in text else text.replace("**", "")


ALL = {s.name: text for s in sources() if (text := plain_text(s)) is not None}
TEXTS = {name: text for name, text in ALL.items() if "\n|" not in text and text[0] != "|"}
TABLES = {name: text for name, text in ALL.items() if name not in TEXTS}


def facts(parsed):
    """Return what a reader would compare: tasks, who answers, targets, deadlines, headings."""
    plan, names = parsed.plan, parsed.plan.directory
    tasks = [
        (
            re.sub(r"\s", "", task.text),
            [(fold(names.name(a.party)), a.role) for a in task.assignments],
            [indicator.target_text for indicator in task.indicators],
            [(item.due, item.kind) for item in task.deliverables],
        )
        for task in plan.tasks
    ]
    titles = [fold(section.title) for section in plan.sections]
    return tasks, titles, [fold(point.title) for point in plan.points], plan.year


@pytest.fixture(scope="module")
def as_it_is(tmp_path_factory):
    """Read a document of the corpus as the file that it is, once for all its forms."""
    folder = tmp_path_factory.mktemp("corpus")
    read = {}

    def read_once(name):
        if name not in read:
            file_name, data = built(next(s for s in sources() if s.name == name))
            path = folder / file_name
            path.write_bytes(data)
            read[name] = read_document(path)
        return read[name]

    return read_once


@pytest.mark.parametrize("form", TEXT_FORMS)
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_the_same_however_it_was_copied(as_it_is, name, form):
    assert facts(read_pasted(TEXT_FORMS[form](TEXTS[name]))) == facts(as_it_is(name))


@pytest.mark.parametrize("form", TABLE_FORMS)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_same_as_text(as_it_is, name, form):
    """Text can't show which cells are merged; where that matters, the row is told."""
    parsed, whole = read_pasted(TABLE_FORMS[form](TABLES[name])), as_it_is(name)
    guessed = sum("与上一行合并" in doubt.message for doubt in parsed.warnings)
    found, wanted = facts(parsed), facts(whole)
    different = sum(a != b for a, b in zip(found[0], wanted[0], strict=True))

    assert different <= guessed
    assert found[1:] == wanted[1:]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_from_the_clipboard_is_the_same_with_its_merged_cells(as_it_is, name):
    pasted = read_pasted(TABLE_FORMS["tabs"](TABLES[name]), html=web_page(TABLES[name]))

    assert facts(pasted) == facts(as_it_is(name))


@pytest.mark.parametrize(
    ("name", "form"),
    # The OFD files that are made here have no tables.
    [(name, form) for name in ALL for form in FILE_FORMS if form != "ofd" or name not in TABLES],
)
def test_a_document_is_the_same_as_a_file_of_another_kind(as_it_is, tmp_path, name, form):
    ending, made = FILE_FORMS[form]
    path = tmp_path / f"工作要点.{ending}"
    path.write_bytes(made(ALL[name]))

    assert facts(read_document(path)) == facts(as_it_is(name))


def test_each_document_is_read_in_at_least_eight_forms():
    of_text = len(TEXT_FORMS) + len(FILE_FORMS)
    of_tables = len(TABLE_FORMS) + 1 + len(FILE_FORMS) - 1
    assert min(of_text, of_tables) + 1 >= 8  # and as the file that it is


def is_told(parsed, whole):
    """Tell whether a reading doubts more than another; a name that is lost takes its own along."""

    def others(it):
        return [doubt for doubt in it.doubts if "单位表中" not in doubt.message]

    return len(parsed.doubts) > len(whole.doubts) or len(others(parsed)) > len(others(whole))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_line_breaks_and_format_characters_change_nothing_or_are_told(data):
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    places = data.draw(st.lists(st.integers(1, len(text) - 1), max_size=12, unique=True))
    marks = data.draw(st.lists(st.integers(1, len(text) - 1), max_size=40, unique=True))
    put = dict.fromkeys(places, "\n") | {at: INVISIBLE[at % len(INVISIBLE)] for at in marks}
    broken = "".join(put.get(at, "") + character for at, character in enumerate(text))
    whole = parse(read_text(text, "文字"), KNOWN)
    parsed = parse(read_text(broken, "文字"), KNOWN)

    assert is_told(parsed, whole) or facts(parsed)[0] == facts(whole)[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(TEXTS)), form=st.sampled_from(sorted(TEXT_FORMS)))
def test_every_character_keeps_its_place(name, form):
    source = read_text(TEXT_FORMS[form](TEXTS[name]), "文字")
    for block in reflowed(source).blocks:
        for piece in block.passage.pieces:
            line = source.lines[piece.line - 1].text
            assert line[piece.start : piece.start + len(piece.text)] == piece.text


def test_a_bracket_that_says_who_answers_is_sought_over_broken_lines():
    broken = "1.严查。检查企业。（区公安分\n局负责）严查违法。（甲局负责）"
    plan = read_pasted(f"2026年食品安全工作要点\n一、监管\n{broken}").plan
    names = [plan.directory.name(task.assignments[0].party) for task in plan.tasks]

    assert names == ["区公安分局", "甲局"]


@pytest.mark.parametrize("begin", ["——\n开", "——开\n"])
def test_a_list_mark_with_hardly_a_word_on_its_line_belongs_to_the_next(begin):
    first, second = "开展检查。检查企业。（甲局负责）", "展抽检。抽检食品。（乙局负责）"
    plan = read_pasted(f"2026年工作要点\n一、监管\n——{first}\n{begin}{second}").plan

    assert [point.title for point in plan.points] == ["开展检查", "开展抽检"]


def test_characters_that_only_look_chinese_are_the_chinese_ones():
    text = "2026年⻝品安全工作要点\n⼀、压实责任\n1.监管。检查企业100家。（区市场监管局负责）\n"
    plan = parse(read_text(text, "文字"), KNOWN).plan

    assert plan.title == "2026年食品安全工作要点"
    assert [section.title for section in plan.sections] == ["压实责任"]


RUN_TOGETHER = {
    "behind a colon": (
        "现就有关事项通知如下：一、压实责任（一）属地责任。落实包保。（甲局负责）"
        "二、强化监管（一）开展整治。严查违法。（乙局负责）"
    ),
    "behind a title": (
        "2026年食品安全工作要点 一、压实责任 1.属地责任。落实包保。[甲局负责]"
        " 二、强化监管 2.开展整治。严查违法。[乙局负责]"
    ),
    "behind a section's title": (
        "2026年食品安全工作要点\n一、压实责任1.属地责任。落实包保。（甲局负责）\n"
        "二、强化监管2.企业责任。开展培训。（乙局负责）\n"
    ),
}


@pytest.mark.parametrize("text", RUN_TOGETHER.values(), ids=RUN_TOGETHER)
def test_a_heading_begins_wherever_its_number_stands(text):
    plan = read_pasted(text).plan

    assert [section.title for section in plan.sections] == ["压实责任", "强化监管"]
    assert [len(section.points) for section in plan.sections] == [1, 1]


def test_what_names_who_answers_before_the_first_heading_is_a_task_and_told():
    text = (
        "2026年食品安全工作要点\n全面落实包保督导，督导完成率100%。（区食药安办负责）\n一、监管\n"
    )
    parsed = read_pasted(text + "1.整治。严查违法。（区市场监管局负责）\n")

    assert len(parsed.plan.tasks) == 2
    assert any("第一个标题之前" in doubt.message for doubt in parsed.warnings)


def test_a_table_that_lays_out_a_page_is_text():
    points = "<p>1.包保。落实包保。（甲局负责）</p><p>2.培训。开展培训。（乙局负责）</p>"
    row = f"<tr><td>一、压实责任</td><td>{points}</td></tr>"
    html = f"<p>2026年食品安全工作要点</p><table>{row}</table>"
    plan = read_pasted("-", html=html).plan

    assert [point.title for point in plan.points] == ["包保", "培训"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("扫描件.pdf", scanned_pdf(), "扫描件"),
        ("加密.pdf", pdf_file("2026年工作要点", "锁"), "已加密"),
        ("损坏.pdf", b"%PDF-1.7\n" + bytes(300), "损坏"),
    ],
)
def test_a_pdf_file_without_text_is_refused_with_the_reason(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FsdeskError, match=message):
        read_document(path)
