from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError
from fsdesk.reports.figures import (
    DARK_STYLE,
    overview_figure,
    render_png,
    save_figure,
    section_figure,
    unit_figure,
)


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def names(figure):
    return [label.get_text().replace("\n", "") for label in figure.axes[0].get_yticklabels()]


def test_a_bar_for_each_indicator_with_data_as_long_as_its_attainment(status):
    figure = overview_figure(status)
    known = [found for found in status.indicators if found.attainment is not None]
    bars = [patch.get_width() for patch in figure.axes[0].patches]
    assert bars == [found.attainment for found in known]
    assert names(figure) == [found.indicator.name for found in status.indicators]
    assert words(figure)[0] == "■ 34.2%  650批次 / ≥1900批次"
    assert words(figure)[2] == "○ —"


def test_pace_marks_stand_at_the_pace_of_the_status(status):
    (marks,) = overview_figure(status).axes[0].collections
    places = [segment[0][0] for segment in marks.get_segments()]
    assert places == [found.pace for found in status.indicators]


def test_units_are_ranked_and_those_without_reports_come_last(status):
    figure = unit_figure(status)
    progress = {unit.name: unit.progress for unit in status.units}
    shown = [progress[name] for name in names(figure)]
    known = [value for value in shown if value is not None]
    assert shown[: len(known)] == sorted(known, reverse=True)
    assert len(figure.axes[0].patches) == len(known)
    assert "○ 未报" in words(figure)


def test_lights_of_a_section_add_up_to_its_tasks(status):
    figure = section_figure(status)
    total = sum(patch.get_width() for patch in figure.axes[0].patches)
    assert total == len(status.tasks)
    assert sorted(words(figure)) == sorted(["●1", "■1", "●1", "○1"])


def test_lights_differ_without_colour(status):
    hatches = {patch.get_hatch() for patch in overview_figure(status).axes[0].patches}
    assert len(hatches) == 2


@pytest.mark.parametrize("draw", [overview_figure, unit_figure, section_figure])
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_every_chart_can_be_saved_without_a_missing_character(status, tmp_path, draw, ending):
    # matplotlib warns of a missing glyph, and warnings are errors here.
    path = tmp_path / f"图.{ending}"
    save_figure(draw(status), path)
    first = path.read_bytes()
    save_figure(draw(status), path)
    assert path.read_bytes() == first
    if ending == "pdf":
        assert status.period.label in PdfReader(path).pages[0].extract_text()


def test_another_ending_is_refused(status, tmp_path):
    with pytest.raises(InputRejectedError, match="\\.png、\\.svg 或 \\.pdf"):
        save_figure(unit_figure(status), tmp_path / "图.gif")
    assert not list(tmp_path.iterdir())


def test_the_screen_gets_the_size_that_it_asks_for(status):
    with Image.open(BytesIO(render_png(overview_figure(status, DARK_STYLE), 640, 320, 1.5))) as png:
        assert png.size == (960, 480)
        assert png.convert("RGB").getpixel((2, 2)) == (0x1F, 0x23, 0x29)
