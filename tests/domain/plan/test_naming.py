"""What a plan is about, and of which level: nothing is said of a field that it isn't of."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.demo.levels import CITY, FOOD, bureaus, plan_of
from fsdesk.domain.office import OfficeIdentity, committee_of
from fsdesk.domain.plan.naming import level_of, office_of, subject_of, whole_of
from fsdesk.domain.supervision.letters import letter_words
from tests.plans import small_plan

SAFETY = plan_of(replace(CITY, subject="安全生产", office="安委办"), bureaus("市", 2), FOOD, 1)


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("2026年全区食品药品安全工作要点", "食品药品安全"),
        ("全市2026年安全生产重点工作安排", "安全生产"),
        ("2026年某市某区食品安全工作计划", "食品安全"),
        ("2026年度全省药品安全工作计划", "药品安全"),
        ("关于印发工作要点的通知", ""),
        ("2026年全市工作要点", ""),
    ],
)
def test_the_subject_is_what_the_title_says(title, subject):
    assert subject_of(replace(SAFETY, title=title)) == subject


def test_an_office_for_food_and_drugs_says_it_where_the_title_does_not():
    assert subject_of(small_plan()) == "食品药品安全"


def test_level_and_office_follow_from_the_plan():
    assert (office_of(SAFETY), level_of(SAFETY), whole_of(SAFETY)) == ("市安委办", "市", "全市")


def test_numbers_of_letters_and_the_committee_follow_from_the_office():
    assert letter_words("区食药安办") == {}
    assert letter_words("市安委办")["reminder"] == "安委办提醒"
    assert letter_words("市安委办")["listed"] == "安委会督办"
    assert committee_of("区食药安办") == "区食药安委"
    assert OfficeIdentity("某市").proposed("安全生产").committee == "某市安全生产委员会"


@pytest.mark.parametrize(
    ("area", "name", "full"),
    [
        ("某市某区", "区食药安办", "某市某区食药安办"),
        ("某市", "市食药安办", "某市食药安办"),
        ("某省", "省食药安办", "某省食药安办"),
        ("某市", "市市场监管局", "某市市场监管局"),
        ("某市", "市场监管局", "市场监管局"),
        ("某区", "区域协作办", "区域协作办"),
        ("某市", "滨江区", "滨江区"),
    ],
)
def test_a_name_gets_the_area_in_front_where_it_begins_with_its_level(area, name, full):
    assert OfficeIdentity(area).in_full(name) == full
