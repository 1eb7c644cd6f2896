"""Long documents: their reading takes time by their length, and tells what it left out."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from fsdesk.documents.official.answers.parties import resolve
from fsdesk.documents.official.draft import Answer
from fsdesk.documents.official.same_again import are_the_same_again
from fsdesk.domain.likeness import likeness
from fsdesk.domain.plan.plan import Role
from fsdesk.domain.plan.units import Directory
from fsdesk.domain.plan_document import TextSpan
from fsdesk.services.plan_document.plan_documents import read_pasted

SECONDS = 5  # of the processor, however busy the machine is
NOT_COMPARED, OTHERWISE = "没有对照", "会得出不同的任务"


def breaks(count):
    return "2026年工作要点\n一、监管\n" + "".join(
        f"{at}.整治。严查违法{at}家，\n由区\n市场监管局负责查处。\n" for at in range(1, count)
    )


def said(text):
    """Count the breaks told because another reading differs, and those that weren't compared."""
    messages = [doubt.message for doubt in read_pasted(text).doubts]
    return [sum(words in one for one in messages) for words in (OTHERWISE, NOT_COMPARED)]


def test_breaks_too_many_to_be_compared_are_told_as_not_compared():
    differing, not_compared = said(breaks(20))
    assert differing
    assert not not_compared

    differing, not_compared = said(breaks(400))
    assert not_compared > differing


def answered(names):
    return [
        [Answer(name, Role.SOLE, TextSpan(at, 0, len(name)))] for at, name in enumerate(names, 1)
    ]


def test_thousands_of_new_names_each_become_a_unit_in_seconds():
    names = [f"县第{at}局(第{at}科)" for at in range(10_100)]
    begin = time.process_time()
    parties = resolve(answered(names), Directory(), ours=False)

    assert len(set(parties.codes.values())) == len(names)
    assert time.process_time() - begin < SECONDS


def test_a_short_name_is_the_body_that_has_it_in_brackets():
    names = ["发改局", "农业农村局", "县发改局(粮食局、农业农村局)", "县粮食局", "县卫健局"]
    codes = resolve(answered(names), Directory(), ours=False).codes

    assert codes["农业农村局"] == codes["县粮食局"] == codes["县发改局(粮食局、农业农村局)"]
    assert codes["县卫健局"] != codes["县粮食局"]


WORDS = st.lists(st.text("检查学校食堂市场", max_size=12), max_size=8)


@given(WORDS, WORDS)
def test_a_table_is_the_text_again_when_most_of_its_tasks_are_like_one_of_it(texts, told):
    like = sum(any(likeness(text, one) >= 0.7 for one in told) for text in texts)

    assert are_the_same_again(texts, told) == (bool(told) and like > len(texts) * 0.6)


def test_a_long_table_beside_a_long_text_is_compared_in_seconds():
    told = [f"整治第{at}号市场，严查违法经营{at}家" for at in range(8000)]
    texts = [f"检查第{at}所学校食堂，抽检食品{at}批次" for at in range(8000)]
    begin = time.process_time()

    assert not are_the_same_again(texts, told)
    assert are_the_same_again([text + "。" for text in told], told)
    assert time.process_time() - begin < SECONDS
