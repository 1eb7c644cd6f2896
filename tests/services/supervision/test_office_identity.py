"""The office's identity: in its name, with its numbers; what was issued stays as it was."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.commands.run import run as run_command
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.output.kinds import KINDS, Form
from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.output import heads
from fsdesk.services.packet import exchange
from fsdesk.services.supervision import letter_files, office_identity, supervision
from tests.papers import NEEDS_LAST_YEAR, of_file, words_of
from tests.workspaces import MARCH, SETTLED, Clock, import_files, make_office, make_unit

APRIL = Period.parse("2026-04")
DISTRICT = "某市某区"
TOLD = OfficeIdentity(
    district=DISTRICT,
    seal="某区食药安办",
    signatory="李四",
    contact="张三",
    phone="0571-1234",
    words=(("reminder", "某食药安办函"),),
).proposed()


def issue(office, kind=LetterKind.REMINDER, unit="scj"):
    draft = supervision.draft_for(office, APRIL, unit, kind)
    if kind is LetterKind.INTERVIEW:
        supervision.arrange(office, draft.key, SETTLED)
    (letter,) = supervision.issue(office, [draft.key])
    return letter


@pytest.fixture
def office(office, clock):
    clock.set("2026-05-11T01:00:00+00:00")
    return office


def test_names_follow_from_the_district_and_from_the_plan():
    told = OfficeIdentity("某市某区").proposed()
    assert told.name == "某市某区食品药品安全委员会办公室"
    assert told.committee_name("区食药安办") == "某市某区食品药品安全委员会"
    assert OfficeIdentity("某市某区").office_name("区食药安办") == "某市某区食药安办"
    assert OfficeIdentity("某市某区").in_full("市海关") == "市海关"
    nothing = OfficeIdentity()
    assert nothing.office_name("区食药安办") == "区食药安办"
    assert nothing.committee_name("区食药安办") == "区食药安委"
    assert nothing.in_full("区教育局") == "区教育局"


def test_a_letter_that_was_issued_keeps_its_number_whatever_the_words_become(office):
    first = issue(office)
    office_identity.save(office, TOLD, {LetterKind.REMINDER: 5})
    second = issue(office, unit="fgj")
    assert first.document_number == "食药安办提醒〔2026〕1号"
    assert second.document_number == "某食药安办函〔2026〕5号"
    office_identity.save(office, replace(TOLD, words=(("reminder", "新代字"),)))
    names = {each.key: each.name for each in letter_files.listed(office)}
    assert names[first.key].startswith("食药安办提醒〔2026〕1号")
    assert names[second.key].startswith("某食药安办函〔2026〕5号")
    assert office_identity.details(office).next_numbers[LetterKind.REMINDER] == 6


def test_numbers_never_go_back_below_what_is_used(office):
    issue(office)
    with pytest.raises(InputRejectedError, match="已用到第 1 号，下一号不能是第 1 号"):
        office_identity.save(office, TOLD, {LetterKind.REMINDER: 1})
    assert not office_identity.details(office).told.is_told


@pytest.mark.parametrize("word", ["食药安办整改", "某函"])
def test_two_kinds_never_come_to_one_number(office, word):
    if word == "某函":
        office_identity.save(office, OfficeIdentity(words=(("reminder", "某函"),)))
        issue(office)
        office_identity.save(office, OfficeIdentity(words=(("reminder", "别函"),)))
    kind = "reminder" if word != "某函" else "rectification"
    with pytest.raises(InputRejectedError, match="文号会重复"):
        office_identity.save(office, OfficeIdentity(words=((kind, word),)))


@pytest.mark.parametrize("word", ["某函〔2026〕", "某函3号", "字" * 61])
def test_a_word_that_is_none_is_refused(office, word):
    with pytest.raises(InputRejectedError):
        office_identity.save(office, OfficeIdentity(words=(("reminder", word),)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(LetterKind))
@pytest.mark.parametrize("ending", [".docx", ".pdf"])
def test_each_letter_bears_the_full_name_the_seal_and_whom_to_ask(office, tmp_path, kind, ending):
    office_identity.save(office, TOLD)
    letter = issue(office, kind)
    letter_files.write_letter(office, letter.key, tmp_path / f"a{ending}")
    words = of_file(tmp_path / f"a{ending}")
    head = TOLD.committee if kind is LetterKind.LISTED else TOLD.name
    if ending == ".pdf" or kind is not LetterKind.REMINDER:  # a 函 has its head in the header
        assert head in words
    assert (TOLD.seal in words) == (kind is not LetterKind.LISTED)
    assert "（联系人：张三，联系电话：0571-1234）" in words
    assert "食药安办提醒" not in words


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """An office that said who it is, and a unit that has it by its packet alone."""
    folder, clock = tmp_path_factory.mktemp("told"), Clock()
    with make_office(folder / "office", clock) as office:
        office_identity.save(office, TOLD)
        with make_unit(office, folder / "unit", clock=clock) as unit:
            clock.set("2026-05-11T01:00:00+00:00")
            issue(office)
            written = run_through(exchange.answer_reports(office, MARCH, folder / "feedback"))
            import_files(unit, *(each.file for each in written if each.unit == "scj"))
            yield {True: office, False: unit}


@pytest.mark.slow
@pytest.mark.parametrize("is_office", [True, False], ids=["office", "unit"])
@pytest.mark.parametrize("kind", KINDS, ids=[f"{k.form}/{k.kind}" for k in KINDS])
def test_no_paper_names_a_district_without_its_name(told, tmp_path, kind, is_office):
    if not kind.maker.may_be(office=is_office) or (kind.form, kind.kind) == NEEDS_LAST_YEAR:
        return
    if kind.form is Form.CHART:
        return  # a unit's chart is told by the plan's name for it
    words = words_of(told[is_office], kind, MARCH, tmp_path)
    if not is_office and kind.form is not Form.LETTER:
        assert f"{DISTRICT}市场监管局" in words
        assert "填报单位：区市场监管局" not in words
        return
    assert TOLD.name in words
    if kind.form is Form.LETTER:
        assert f"{DISTRICT}市场监管局：" in words
    assert "单位：区食药安办" not in words
    if kind.form is Form.BULLETIN:
        assert f"抄送：中共{DISTRICT}委办公室、{DISTRICT}人民政府办公室。" in words
        assert "签发：李四" in words


def test_the_identity_comes_with_the_packet_and_goes_when_the_import_is_taken_back(told):
    office, unit = told[True], told[False]
    assert office_identity.details(unit).told == office_identity.details(office).told
    assert heads.head_of(unit).maker == f"{DISTRICT}市场监管局"
    with pytest.raises(InputRejectedError, match="只有区食药安办可以"):
        office_identity.save(unit, TOLD)


@pytest.mark.slow
def test_the_command_sets_and_shows_it(tmp_path, capsys):
    base = ["--workspace", str(tmp_path / "office")]
    init = ["init", "--role", "office", "--year", "2026", "--district", DISTRICT]
    assert run_command([*base, *init]) == 0
    change = ["office", "set", "--contact", "张三", "--word", "reminder=某食药安办函"]
    assert run_command([*base, *change, "--next", "reminder=8"]) == 0
    capsys.readouterr()
    assert run_command([*base, "office", "show"]) == 0
    said = capsys.readouterr().out
    assert "办公室全称\t某市某区食品药品安全委员会办公室" in said
    assert "提醒敦促函\t某食药安办函，下一号 8" in said
    assert run_command([*base, "office", "set", "--next", "reminder"]) == 2
    assert "种类=内容" in capsys.readouterr().err
