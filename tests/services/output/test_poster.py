from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from fsdesk.demo.story import Story
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.drawing import Drawing
from fsdesk.domain.output.pages import PaperSize
from fsdesk.domain.output.reporting import Reporting
from fsdesk.domain.periods import months_of
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.shares import paced, share_text
from fsdesk.reports.charts.output import figure_bytes
from fsdesk.reports.poster import poster_figure
from fsdesk.reports.word.bulletin import BulletinFacts
from fsdesk.services.care import setup
from fsdesk.services.output import poster
from fsdesk.services.output.bulletin import bulletin_facts
from fsdesk.services.output.charts import progress
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from tests.reports.golden import differences, same
from tests.workspaces import Clock, all_year

pytestmark = pytest.mark.slow

JUNE = months_of(2026)[5]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Half a year of three units, typed in at the office."""
    folder = tmp_path_factory.mktemp("poster") / "office"
    plan = setup.read_plan(None, 2026)
    clock = Clock("2026-07-08T01:00:00+00:00")
    with setup.create_office(folder, plan, clock=clock, begin=all_year(2026)) as made:
        for unit in ("scjg", "mzj", "jyj"):
            story = Story(plan, unit, slow=unit == "mzj")
            for month in months_of(2026)[:6]:
                recording.save_all(made, story.entries(month))
        yield made


@pytest.mark.parametrize("size", PaperSize)
def test_it_is_one_upright_page_of_the_paper(office, tmp_path, size):
    poster.write_poster(office, JUNE, tmp_path / "a.pdf", size)
    (page,) = PdfReader(tmp_path / "a.pdf").pages
    wanted = [round(side * 72 / 25.4) for side in size.value]
    assert [round(float(side)) for side in page.mediabox[2:]] == wanted
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert [font["/BaseFont"][8:] for font in fonts] == ["NotoSansSC-Regular"]


def test_its_figures_are_those_of_the_status(office, tmp_path):
    poster.write_poster(office, JUNE, tmp_path / "a.pdf")
    text = PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    status = aggregation.status(office, JUNE)
    assert f"一图读懂：{status.plan.title}" in text
    assert "截至2026年6月" in text
    shown = paced(status.progress, status.pace, status.rules)
    assert f"序时进度 {shown.pace}" in text
    assert shown.reached in text
    assert f"本期报送率\n{share_text(status.reporting_rate)}" in text
    lights = [task.light for task in status.tasks]
    assert "　".join(f"{light.mark}{lights.count(light)}" for light in Light) in text
    for result in status.indicators:
        assert (
            f"{result.light.mark} {paced(result.attainment, result.pace, status.rules).reached}"
            in text
        )
    for unit in status.units:
        assert unit.name in text
        assert f"{unit.light.mark} {paced(unit.progress, unit.pace, status.rules).reached}" in text
    red = sum(task.light is Light.RED for unit in status.units for task in unit.tasks)
    whole = sum(task.light is Light.RED for task in status.tasks)
    assert f"滞后任务（单位任务滞后{red}项次，区级任务滞后{whole}项）" in text


def test_nothing_is_written_outside_the_page_or_over_another_line(office):
    figure = poster_figure(bulletin_facts(office, JUNE), progress(office, JUNE))
    figure.canvas.draw()
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]
    width, height = figure.canvas.get_width_height()
    for words, box in boxes:
        assert box.x0 >= 0, words
        assert box.y0 >= 0, words
        assert box.x1 <= width, words
        assert box.y1 <= height, words
    for number, (words, box) in enumerate(boxes):
        for other, place in boxes[number + 1 :]:
            across = min(box.x1, place.x1) - max(box.x0, place.x0)
            down = min(box.y1, place.y1) - max(box.y0, place.y0)
            assert across <= 1 or down <= 0.35 * min(box.height, place.height), (words, other)


def test_a_picture_of_a3_is_as_much_larger_as_the_paper(office, tmp_path):
    sizes = []
    for size in PaperSize:
        file = tmp_path / f"{size.name}.png"
        poster.write_poster(office, JUNE, file, size)
        with Image.open(file) as image:
            sizes.append(image.size)
    assert sizes[0] == (1653, 2338)
    assert sizes[1][0] / sizes[0][0] == pytest.approx(2**0.5, abs=0.003)


def test_another_ending_is_refused(office, tmp_path):
    with pytest.raises(InputRejectedError, match="\\.pdf 或 \\.png"):
        poster.write_poster(office, JUNE, tmp_path / "a.docx")


def test_it_looks_as_it_did_when_it_was_reviewed(office):
    data = figure_bytes(
        poster_figure(bulletin_facts(office, JUNE), progress(office, JUNE)), "png", dpi=70
    )
    with Image.open(BytesIO(data)) as png:
        image = png.convert("RGBA")
    drawing = Drawing(image.width, image.height, image.tobytes(), (), "")
    assert same(differences(drawing, "poster"))


def test_an_empty_year_has_its_page_too(tmp_path):
    plan = setup.read_plan(None, 2026)
    with setup.create_office(tmp_path / "office", plan, clock=Clock()) as made:
        facts = bulletin_facts(made, JUNE)
        assert isinstance(facts, BulletinFacts)
        assert isinstance(facts.head.reporting, Reporting)
        assert poster.poster(made, JUNE, "pdf").startswith(b"%PDF")
