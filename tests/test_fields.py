"""Days, points and reasons as people type them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Optional

from webapp.fields import LONGEST_REASON, PointsField, ReasonField, Required, ThaiDateField, read_points

FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)


class Sample(Form):
    day = ThaiDateField("วันที่", [Required()], earliest=FIRST, latest=LAST)
    points = PointsField("คะแนน", [Optional()], maximum=Decimal("10"))
    reason = ReasonField()


@pytest.fixture(autouse=True)
def _thai() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="th")
    with app.test_request_context():
        yield


def sent(**values: str) -> Any:
    form = Sample(MultiDict({"day": "1/10/2569", "points": "", "reason": "ครบเกณฑ์", **values}))
    form.validate()
    return form


@pytest.mark.parametrize("typed", ["1/10/2569", "1 ต.ค. 2569", "2026-10-01", "๑/๑๐/๒๕๖๙", " 1 ตุลาคม 2569 "])
def test_a_day_is_read_however_it_is_typed(typed: str) -> None:
    form = sent(day=typed)
    assert form.day.data == FIRST
    assert not form.errors


def test_the_first_and_the_last_day_are_within_and_the_next_is_not() -> None:
    assert not sent(day="31/10/2569").errors
    assert sent(day="1/11/2569").day.errors == ["ต้องไม่หลังวันที่ 31 ต.ค. 2569"]
    assert sent(day="30/9/2569").day.errors == ["ต้องไม่ก่อนวันที่ 1 ต.ค. 2569"]


def test_a_day_that_is_not_in_the_calendar_says_so_and_comes_back_as_typed() -> None:
    form = sent(day="31/2/2569")
    assert form.day.errors == ["ไม่มีวันนี้ในปฏิทิน"]
    assert 'value="31/2/2569"' in form.day()


def test_a_missing_day_asks_for_it() -> None:
    assert sent(day="  ").day.errors == ["ต้องกรอกช่องนี้"]


def test_a_known_day_is_shown_in_the_buddhist_era() -> None:
    assert 'value="1/10/2569"' in Sample(day=FIRST).day()


def test_month_names_are_all_there_for_showing_a_day_back() -> None:
    assert Sample().day.months.split("|")[9] == "ตุลาคม"
    assert Sample().day.months.count("|") == 11


@pytest.mark.parametrize(
    ("typed", "value"),
    [("7", "7"), ("7.25", "7.25"), ("๗.๕", "7.5"), ("7.500", "7.5"), ("1,234.5", "1234.5"), ("0", "0")],
)
def test_points_are_read_exactly(typed: str, value: str) -> None:
    assert read_points(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["7,5", "NaN", "Infinity", "1e3", "เจ็ด", "7.2.1", "", "1,23,456"])
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="พิมพ์เป็นตัวเลข"):
        read_points(typed)


def test_a_third_decimal_is_refused() -> None:
    assert sent(points="7.125").points.errors == ["มีทศนิยมได้ไม่เกิน 2 ตำแหน่ง"]


def test_the_maximum_itself_is_allowed_and_above_it_not() -> None:
    assert sent(points="10").points.data == 10
    assert not sent(points="10").errors
    assert sent(points="10.01").points.errors == ["ต้องไม่เกิน 10"]
    assert sent(points="-0.01").points.errors == ["ต้องไม่น้อยกว่า 0"]


def test_points_may_stay_empty_where_the_form_allows_it() -> None:
    assert sent(points="").points.data is None
    assert not sent(points="").errors


def test_a_reason_of_spaces_is_no_reason() -> None:
    assert sent(reason=" \n ").reason.errors == ["ต้องระบุเหตุผล"]


def test_a_reason_keeps_its_lines_and_is_bounded() -> None:
    assert sent(reason="  ครบ  เกณฑ์ \r\nทุกข้อ").reason.data == "ครบ เกณฑ์\nทุกข้อ"
    assert not sent(reason="ก" * LONGEST_REASON).errors
    assert sent(reason="ก" * (LONGEST_REASON + 1)).reason.errors
