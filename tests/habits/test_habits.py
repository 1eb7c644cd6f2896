"""Form × program × habit: what a clerk did is taken, changes nothing, or is told at its place.

The table is in `habits.py`. Beside what it expects, one rule holds in each of its cells: nothing
that was put into a workbook ends as nothing (`account.py`).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from openpyxl import load_workbook

from tests.habits.account import Standing, lost
from tests.habits.forms import CASE_ROWS, LEDGER, LIST, PLAN, REPORT, make_forms
from tests.habits.habits import HABITS, Desk, refused_whole
from tests.habits.programs import ENCODINGS, LIBRE_OFFICE, as_text, save_again

HEAVY = settings().max_examples >= 1000
FORMS = (REPORT, PLAN, LEDGER, LIST)
# Whoever signs a report answers for what it says: nothing that somebody else changed is taken.
SIGNED = refused_whole("", "签名以后内容被改动")


# Of a list, which case stands in which row.
ROW_OF = {number: case["案号"] for number, case in enumerate(CASE_ROWS, start=4)}


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    return make_forms(tmp_path_factory.mktemp("forms"))


@pytest.fixture(scope="module")
def before(forms):
    """What each form says before any habit, and what stands in it."""
    return {
        name: (form.read(form.file), Standing(load_workbook(form.file)))
        for name, form in forms.items()
    }


def edited(form, habit, file):
    """Give the workbook of a form after a habit, saved in a file."""
    desk = Desk(form, load_workbook(form.file))
    habit.edit(desk)
    file.parent.mkdir(exist_ok=True)
    desk.book.save(file)
    return desk.book


def expected(name, habit, again=""):
    outcome = habit.of(name, again)
    return SIGNED if name == REPORT and outcome.data else outcome


def judge(name, form, outcome, was, read, book):
    """Compare what a file was read as with what should become of it, cell by cell.

    `was`: what the form said, and what stood in it; `book`: what stands in it after the habit.
    """
    was, standing = was
    found = [each for each in read.findings if each[1:] not in {one[1:] for one in was.findings}]
    wanted = [(form.place(place), words) for place, words in outcome.told + outcome.refused]
    for (sheet, cell), words in wanted:
        if outcome is SIGNED:  # told for the whole, or for the row
            assert any(words in said for _, _, said in found), found
        else:
            assert any((sheet, cell) == (s, c) and words in said for s, c, said in found), (
                sheet,
                cell,
                words,
                found,
            )
    assert bool(found) == bool(wanted), found
    whole = outcome.whole or (outcome.refused and name != LIST)
    assert read.refused == bool(whole), found
    if whole:
        return
    meant = {form.meant.get(k, k) if isinstance(k, str) else k: v for k, v in outcome.data.items()}
    data = {**was.data, **meant}
    if outcome.refused:  # the row of a list is refused, the others are taken
        rows = {ROW_OF[int(cell[1:])] for (_, cell), _ in wanted}
        data = {k: v for k, v in data.items() if k[0] not in rows}
    assert read.data == {k: v for k, v in data.items() if v is not None}
    assert lost(standing.put_in(book), read, standing.sheets) == []


@pytest.mark.parametrize(
    ("name", "habit"),
    [
        pytest.param(form, habit, id=f"{habit}, {form}")
        for habit, each in HABITS.items()
        for form in FORMS
    ],
)
def test_as_it_was_typed(forms, before, tmp_path, name, habit):
    """As a program saved it, and lists also exported as text."""
    form, habit, title = forms[name], HABITS[habit], HABITS[habit].named or "x"
    file = tmp_path / f"{title}.xlsx"
    book = edited(form, habit, file)
    judge(name, form, expected(name, habit), before[name], form.read(file), book)
    if name != LIST or not habit.text:
        return
    outcome = habit.as_text or habit.of(name)
    for encoding in ENCODINGS:
        text = as_text(book[form.sheet], file.with_suffix(".csv"), encoding)
        read = form.read(text)
        # Text has no sheets, and so none is named.
        read = replace(read, findings=tuple((form.sheet, *found[1:]) for found in read.findings))
        judge(name, form, outcome, before[name], read, book)


@pytest.mark.slow
@pytest.mark.foreign("soffice")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("ending", LIBRE_OFFICE)
def test_saved_again_by_libreoffice(forms, before, tmp_path, ending):
    """All at once, for the program takes its time to start.

    Each day every habit in every form of file, at one of the forms in turn; all in the heavy
    profile.
    """
    typed, turn = {}, list(LIBRE_OFFICE).index(ending)
    for number, (title, habit) in enumerate(HABITS.items()):
        for place, name in enumerate(FORMS):
            if not HEAVY and (number + turn) % len(FORMS) != place:
                continue
            letter = "abcd"[place]
            file = tmp_path / "typed" / f"{letter}{number}.xlsx"
            typed[file] = name, title, edited(forms[name], habit, file)
    folder, wrong = save_again(ending, tmp_path, typed), []
    for file, (name, title, book) in typed.items():
        form, habit = forms[name], HABITS[title]
        saved = folder / f"{file.stem}.{ending}"
        if habit.named:
            saved = saved.rename(folder / f"{habit.named}{name}.{ending}")
        outcome = expected(name, habit, ending)
        try:
            judge(name, form, outcome, before[name], form.read(saved), book)
        except AssertionError as problem:
            wrong.append(f"{name}, {title}: {problem}")
    assert wrong == [], "\n".join(wrong)
