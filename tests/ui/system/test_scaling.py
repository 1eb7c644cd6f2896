"""The scale is chosen in the settings, remembered, and given to Qt at the next start."""

from __future__ import annotations

import pytest

from ui import remember
from ui.pages.settings.settings import SettingsPage
from ui.system.scaling import SCALES, prepare_scale, scale, set_scale


def test_nothing_is_told_to_qt_at_a_hundred_per_cent():
    environment = {}
    prepare_scale(environment)
    assert environment == {}


@pytest.mark.parametrize("percent", SCALES[1:])
def test_the_chosen_scale_is_given_to_qt(percent):
    set_scale(percent)
    environment = {}
    prepare_scale(environment)
    assert float(environment["QT_SCALE_FACTOR"]) == percent / 100


def test_what_the_environment_says_stays_and_nonsense_is_passed_over():
    set_scale(150)
    environment = {"QT_SCALE_FACTOR": "2"}
    prepare_scale(environment)
    assert environment == {"QT_SCALE_FACTOR": "2"}
    remember.store("scale", "77")
    assert scale() == 100


def test_it_is_chosen_in_the_settings(page_test, office, theme):
    test = page_test(office)
    page = test.show(SettingsPage(test.desk, theme))
    page.scale.setCurrentIndex(page.scale.findText("150%"))
    page.scale.activated.emit(page.scale.currentIndex())
    assert scale() == 150
    assert "重新打开" in test.told.news[-1]
