"""A review that was written down is the same review when it goes on."""

from __future__ import annotations

import pytest

from fsdesk.services.plan_document import corrections, marking
from fsdesk.services.plan_document.keeping import Review, review_in, written
from fsdesk.services.plan_document.plan_documents import read_document, read_pasted
from tests.documents.official.corpus_files import built, sources

TEXT = (
    "2026年工作要点\n一、监管\n"
    "1.整治。检查企业100家左右，查办案件5件。（区市场监管局牵头，区公安分局配合）"
)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_a_review_that_is_written_down_is_the_same_when_it_goes_on(source, tmp_path):
    name, data = built(source)
    (tmp_path / name).write_bytes(data)
    review = Review(name, read_document(tmp_path / name))

    assert review_in(written(review)) == review


def test_what_was_corrected_and_looked_at_is_written_down_with_it():
    draft = read_pasted(TEXT)
    task = draft.plan.tasks[0].code
    draft = marking.with_deliverable(draft, task, draft.spans[task][:1])
    draft = corrections.settled(draft, draft.doubts[0])
    review = Review("粘贴的文字", draft, corrected=True)

    assert review_in(written(review)) == review


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": "要点.docx"}', "2026年工作要点"])
def test_text_that_is_no_review_gives_none(text):
    assert review_in(text) is None
