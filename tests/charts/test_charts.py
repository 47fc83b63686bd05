"""Pictures: geometry that tells the truth, stays on its sheet and carries its data."""

import datetime as dt
import inspect
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

import webapp
from webapp import charts, styleguide
from webapp.charts import marks

PICTURES = {name: function for name, function in inspect.getmembers(styleguide, inspect.isfunction)
            if name in {"_radar", "_ranking", "_stacked", "_grouped", "_funnel", "_curve", "_service", "_paths"}}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_picture_stays_on_its_sheet_and_has_its_data(name: str) -> None:
    picture = PICTURES[name]()
    assert picture.title
    assert picture.sentence
    assert picture.rows
    assert all(len(row) == len(picture.columns) for row in picture.rows)
    for drawing in (picture.wide, picture.narrow):
        for mark in drawing.marks:
            if isinstance(mark, marks.Rect):
                assert mark.x >= 0
                assert mark.x + mark.width <= drawing.width + 0.5
                assert mark.y >= 0
                assert mark.y + mark.height <= drawing.height
            if isinstance(mark, marks.Text):
                assert 0 <= mark.x <= drawing.width
                assert 0 < mark.y <= drawing.height


def bars(drawing: charts.Drawing, fill: str) -> list[marks.Rect]:
    return [mark for mark in drawing.marks if isinstance(mark, marks.Rect) and mark.fill == fill and mark.note]


def test_bars_are_as_long_as_their_values() -> None:
    picture = charts.ranked_bars([charts.Bar("ก", 100, "100"), charts.Bar("ข", 50, "50")], title="t", sentence="s")
    long, short = bars(picture.wide, marks.GREEN)
    assert long.width == pytest.approx(2 * short.width, abs=0.2)


def test_the_line_stands_after_the_fifth_bar() -> None:
    picture = charts.ranked_bars(
        [charts.Bar(str(n), 90 - n, "x", str(n)) for n in range(1, 8)], title="t", sentence="s"
    )
    line = next(mark for mark in picture.wide.marks if isinstance(mark, marks.Line) and mark.dash)
    above, below = bars(picture.wide, marks.GREEN), bars(picture.wide, marks.STONE)
    assert (len(above), len(below)) == (5, 2)
    assert above[-1].y + above[-1].height < line.y1 < below[0].y


def test_no_line_where_nobody_stands_below_it() -> None:
    picture = charts.ranked_bars([charts.Bar("ก", 9, "9")], title="t", sentence="s")
    assert not [mark for mark in picture.wide.marks if isinstance(mark, marks.Line)]


def test_a_competency_below_its_expected_level_carries_a_diamond_and_one_at_it_does_not() -> None:
    assert charts.Axis("x", 3, 4).short
    assert not charts.Axis("x", 4, 4).short
    assert not charts.Axis("x", None, 4).short


def test_an_unassessed_competency_is_said_and_breaks_the_outline() -> None:
    picture = charts.radar(
        [charts.Axis("ก", 3, 4), charts.Axis("ข", None, 4), charts.Axis("ค", 4, 4)], title="t", sentence="s"
    )
    assert picture.rows[1] == ("ข", "ยังไม่มี", "4")
    assert not [mark for mark in picture.wide.marks if isinstance(mark, marks.Path) and mark.opacity != 1]


@pytest.mark.parametrize(
    ("share", "level"), [(None, None), (0, 0), (0.01, 1), (0.49, 1), (0.5, 2), (0.74, 2), (0.75, 3), (0.99, 3), (1, 4)]
)
def test_heat_levels_at_just_below_and_just_above_every_step(share: float | None, level: int | None) -> None:
    assert charts.heat_level(share) == level


def test_words_that_do_not_fit_end_in_an_ellipsis_and_never_inside_a_stacked_letter() -> None:
    words = "ผู้ช่วยผู้อำนวยการเขต"
    assert marks.fitted(words, 1000, 15) == words
    cut = marks.fitted(words, 60, 15)
    assert cut.endswith("…")
    assert words.startswith(cut[:-1])
    assert marks.words_width(cut, 15) <= 62
    assert words[len(cut) - 1] not in "ุูิีึื่้๊๋ั"


def test_years_are_shown_in_the_readers_era() -> None:
    lane = charts.Lane("ตำแหน่ง", (charts.Spell("หัวหน้าฝ่าย", dt.date(2020, 10, 1), None, "2563–"),))
    thai = charts.timeline([lane], title="t", sentence="s", today=dt.date(2026, 11, 22))
    english = charts.timeline([lane], title="t", sentence="s", today=dt.date(2026, 11, 22), year_shift=0)
    words = [{mark.words for mark in picture.wide.marks if isinstance(mark, marks.Text)} for picture in (thai, english)]
    assert "2563" in words[0]
    assert "2020" in words[1]
    assert "2563" not in words[1]


def test_empty_pictures_do_not_fail() -> None:
    for drawing in (charts.sparkline([]), charts.sparkline([4])):
        assert drawing.width
    assert charts.ranked_bars([], title="t", sentence="s").rows == ()
    assert charts.timeline([], title="t", sentence="s", today=dt.date(2026, 11, 22)).rows == ()
    assert charts.funnel([], title="t", sentence="s").rows == ()
    assert charts.grouped_bars([], [], title="t", sentence="s", label_word="x").rows == ()


@pytest.mark.parametrize(("span", "step"), [(1, 1), (15, 5), (142, 50), (400, 100), (4000, 1000)])
def test_scales_step_in_numbers_people_count_in(span: float, step: float) -> None:
    assert marks.round_step(span, 4) == step


def test_a_document_gets_sara_am_in_two_letters_with_the_tone_between() -> None:
    app = Flask("webapp", root_path=str(Path(webapp.__file__).parent))
    Babel(app)
    picture = charts.ranked_bars([charts.Bar("น้ำ ตำแหน่ง", 1, "1")], title="t", sentence="s")
    with app.test_request_context():
        drawn = charts.document_svg("x", picture)
    assert "นํ้า ตําแหน่ง" in drawn
    assert "ำ" not in drawn
    assert "style=" not in drawn
    assert "class=" not in drawn
